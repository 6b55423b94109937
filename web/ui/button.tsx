// Room: web/ui. Buttons and links that look like them. One that cannot be used now keeps its place in the tab order and
// says why: `reason` makes it `aria-disabled`, and the reason stands beside it, not in a tooltip.
import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'react-router';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

export type ButtonVariant = 'filled' | 'outline' | 'text' | 'danger';
export type ButtonSize = 'lg' | 'md' | 'sm' | 'xs';

const SIZES = {
  lg: 'min-h-14 min-w-34 rounded-8 px-4 py-3 text-oln-16B-100',
  md: 'min-h-12 min-w-24 rounded-8 px-4 py-2 text-oln-16B-100',
  sm: 'min-h-9 min-w-20 rounded-6 px-3 py-0.5 text-oln-16B-100',
  xs: 'min-h-7 min-w-18 rounded-4 px-2 py-0.5 text-oln-14B-100',
} as const satisfies Record<ButtonSize, string>;

// The small ones are touched in 44 px though they are drawn in less.
const TOUCH =
  "relative after:absolute after:inset-x-0 after:top-1/2 after:h-11 after:-translate-y-1/2 after:content-['']";

const VARIANTS = {
  filled: 'border border-transparent bg-key-900 text-white hover:bg-key-1000 active:bg-key-1200',
  outline:
    'border border-current bg-white text-key-900 hover:bg-key-200 hover:text-key-1000 active:bg-key-300 active:text-key-1200',
  text: 'border border-transparent text-key-900 underline hover:bg-key-50 hover:text-key-1000 active:bg-key-100 active:text-key-1200',
  danger: 'border border-transparent bg-red-900 text-white hover:bg-red-1000 active:bg-red-1200',
} as const satisfies Record<ButtonVariant, string>;

const UNUSABLE = {
  filled: 'border border-transparent bg-solid-gray-100 text-solid-gray-700',
  outline: 'border border-solid-gray-420 bg-white text-solid-gray-600',
  text: 'border border-transparent text-solid-gray-600 underline',
  danger: 'border border-transparent bg-solid-gray-100 text-solid-gray-700',
} as const satisfies Record<ButtonVariant, string>;

const SHAPE =
  'inline-flex items-center justify-center gap-2 text-center underline-offset-[0.1875rem] desktop:whitespace-nowrap hover:underline hover:decoration-[0.1875rem] print:hidden';

function variant(kind: ButtonVariant, size: ButtonSize, unusable: boolean, className: string): string {
  const touch = size === 'sm' || size === 'xs' ? TOUCH : '';
  return `${SHAPE} ${SIZES[size]} ${touch} ${unusable ? UNUSABLE[kind] : VARIANTS[kind]} ${className}`;
}

interface Variants {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: IconName;
}

export interface ButtonProps extends Variants, Omit<ComponentProps<'button'>, 'disabled'> {
  /** Why it cannot be used now; undefined where it can. */
  readonly reason?: string | undefined;
  /** Its work is under way: it stays where it is and does nothing twice. */
  readonly busy?: boolean;
}

export function Button({
  variant: kind = 'outline',
  size = 'md',
  icon,
  reason,
  busy = false,
  className = '',
  onClick,
  type = 'button',
  children,
  ...rest
}: ButtonProps): ReactNode {
  const reasonId = useId();
  const unusable = reason !== undefined;
  const button = (
    <button
      {...rest}
      type={type}
      className={variant(kind, size, unusable, className)}
      aria-disabled={unusable || busy || undefined}
      aria-busy={busy || undefined}
      {...(unusable && { 'aria-describedby': reasonId })}
      onClick={(event) => {
        if (unusable || busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon && <Icon name={icon} className={size === 'xs' ? 'size-4' : 'size-5'} />}
      {children}
    </button>
  );
  if (!unusable) return button;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1 print:hidden">
      {button}
      <span id={reasonId} className="text-dns-14N-130 text-solid-gray-700">
        {reason}
      </span>
    </span>
  );
}

export function LinkButton({
  variant: kind = 'outline',
  size = 'md',
  icon,
  className = '',
  children,
  ...rest
}: Variants & ComponentProps<typeof Link>): ReactNode {
  return (
    <Link {...rest} data-control className={linkVariant(kind, size, className)}>
      {icon && <Icon name={icon} className={size === 'xs' ? 'size-4' : 'size-5'} />}
      {children}
    </Link>
  );
}

/** A link the browser follows itself: a download, another server. */
export function ButtonLink({
  variant: kind = 'outline',
  size = 'md',
  icon,
  className = '',
  children,
  ...rest
}: Variants & ComponentProps<'a'>): ReactNode {
  return (
    <a {...rest} data-control className={linkVariant(kind, size, className)}>
      {icon && <Icon name={icon} className={size === 'xs' ? 'size-4' : 'size-5'} />}
      {children}
    </a>
  );
}

function linkVariant(kind: ButtonVariant, size: ButtonSize, className: string): string {
  const colour =
    kind === 'filled' || kind === 'danger'
      ? 'visited:text-white hover:text-white active:text-white'
      : 'visited:text-key-900';
  return `${variant(kind, size, false, className)} ${kind === 'text' ? '' : 'no-underline'} ${colour}`;
}
