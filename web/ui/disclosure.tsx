// Room: web/ui. A button that opens a small panel under it. Esc, a click elsewhere or leaving it by Tab closes it.
import { useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

export function Disclosure({
  label,
  icon,
  wordFrom,
  at = 'end',
  children,
}: {
  readonly label: string;
  readonly icon: IconName;
  /** Below this width only the icon is seen. */
  readonly wordFrom: 'always' | 'wide';
  /** Which edge of the button the panel keeps to. */
  readonly at?: 'start' | 'end';
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
        className={`flex min-h-11 min-w-11 items-center justify-center gap-1 rounded-8 px-2 ${wordFrom === 'wide' ? 'text-oln-16N-100 hover:bg-solid-gray-50' : 'border border-key-900 px-3 text-oln-16B-100 text-key-900 hover:bg-key-200 hover:underline'}`}
      >
        <Icon name={icon} className="size-6" />
        <span className={wordFrom === 'wide' ? 'max-w-[10em] truncate py-1 max-wide:sr-only' : ''}>{label}</span>
        <Icon name="chevron-down" className="size-4" />
      </button>
      <div
        id={id}
        hidden={!open}
        tabIndex={-1}
        className={`absolute top-full z-20 mt-1 w-max max-w-[min(20rem,calc(100vw-2rem))] min-w-56 rounded-8 border border-solid-gray-420 bg-white shadow-1 ${at === 'end' ? 'right-0' : 'left-0'}`}
      >
        {open && children}
      </div>
    </div>
  );
}
