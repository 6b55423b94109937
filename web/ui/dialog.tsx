// Room: web/ui. The browser's own dialog: it holds the keyboard, Esc closes it and the keyboard goes back to where it came
// from. What went wrong in it is said in it.
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { Icon } from './icons.tsx';

export function Dialog({
  title,
  open,
  onClose,
  actions,
  children,
}: {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) {
      element.showModal();
      heading.current?.focus();
    } else if (!open) element?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => {
        // A file field's own cancel bubbles up here.
        if (event.target !== dialog.current) event.stopPropagation();
      }}
      className="max-h-[calc(100dvh-2rem)] w-[40rem] max-w-[calc(100vw-2rem)] rounded-16 bg-white p-0 text-solid-gray-800 shadow-4 backdrop:bg-opacity-gray-600"
    >
      {open && (
        <div className="flex flex-col gap-4 p-4 desktop:p-8">
          <div className="flex items-start justify-between gap-4">
            <h2 id={id} ref={heading} tabIndex={-1} className="text-std-20B-150 desktop:text-std-24B-150">
              {title}
            </h2>
            <button
              type="button"
              onClick={onClose}
              className="-mt-1 -mr-2 grid size-11 shrink-0 place-items-center rounded-8 hover:bg-solid-gray-50"
            >
              <Icon name="close" label="閉じる" />
            </button>
          </div>
          <div className="text-std-16N-170">{children}</div>
          {actions && <div className="mt-2 flex flex-wrap gap-4">{actions}</div>}
        </div>
      )}
    </dialog>
  );
}

/** Asks once before something in the world changes: the sentence holds the number, the button repeats the verb. */
export function Confirm({
  title,
  verb,
  variant = 'filled',
  open,
  busy = false,
  error,
  reason,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  readonly verb: string;
  readonly variant?: 'filled' | 'danger';
  readonly open: boolean;
  readonly busy?: boolean;
  /** Why it was not done. */
  readonly error?: string | undefined;
  /** Why it cannot be confirmed yet. */
  readonly reason?: string | undefined;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <Dialog
      title={title}
      open={open}
      onClose={onClose}
      actions={
        <>
          <Button variant={variant} busy={busy} reason={reason} onClick={onConfirm}>
            {busy ? '処理しています…' : verb}
          </Button>
          <Button onClick={onClose}>やめる</Button>
        </>
      }
    >
      {children}
      {error && (
        <div className="mt-4">
          <Banner kind="error" title={error} />
        </div>
      )}
    </Dialog>
  );
}
