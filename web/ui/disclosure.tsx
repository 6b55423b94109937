// Room: web/ui. A button that opens a small panel under it. Esc, a click elsewhere or leaving it by Tab closes it.
import { useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

export function Disclosure({
  label,
  icon,
  wordFrom,
  children,
}: {
  readonly label: string;
  readonly icon: IconName;
  /** Below this width only the icon is seen. */
  readonly wordFrom: 'always' | 'wide';
  readonly children: ReactNode;
}): ReactNode {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of what is inside pass through here
    <div
      className="relative"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        setOpen(false);
        button.current?.focus();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex min-h-11 min-w-11 items-center justify-center gap-1 rounded-8 px-2 text-oln-16N-100 hover:bg-solid-gray-50"
      >
        <Icon name={icon} className="size-6" />
        <span className={wordFrom === 'wide' ? 'max-w-[10em] truncate py-1 max-wide:sr-only' : ''}>{label}</span>
        <Icon name="chevron-down" className="size-4" />
      </button>
      <div
        id={id}
        hidden={!open}
        tabIndex={-1}
        className="absolute top-full right-0 z-20 mt-1 min-w-56 rounded-8 border border-solid-gray-420 bg-white shadow-1"
      >
        {open && children}
      </div>
    </div>
  );
}
