// Room: web/ui. What a page or a list shows when it has nothing to show: not yet, nothing there, could not, may not.
// Each says what is the case, why, and what comes next.
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

function Plate({
  icon,
  title,
  actions,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="flex flex-col items-center gap-3 rounded-12 border border-solid-gray-200 px-4 py-10 text-center desktop:px-8">
      <span className="grid size-14 place-items-center rounded-full bg-blue-50 text-blue-1000">
        <Icon name={icon} className="size-7" />
      </span>
      <p className="max-w-[36em] text-std-18B-160 text-solid-gray-900">{title}</p>
      {children && <div className="max-w-[40em] text-std-16N-170 text-solid-gray-700">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-3">{actions}</div>}
    </div>
  );
}

/** Nothing here: what will be here, and the first step or the way on. */
export function Empty(props: {
  readonly title: string;
  readonly icon?: IconName;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  return <Plate icon={props.icon ?? 'check'} {...props} />;
}

/** Could not be fetched: never shown as zero. */
export function Failed({
  title = '読み込めませんでした',
  reference,
  onRetry,
  children,
}: {
  readonly title?: string;
  /** Number by which staff find it in the log. */
  readonly reference?: string | undefined;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div role="alert">
      <Plate
        icon="error"
        title={title}
        actions={
          onRetry && (
            <Button icon="refresh" onClick={onRetry}>
              もう一度読み込む
            </Button>
          )
        }
      >
        {children ?? '記録は失われていません。通信を確かめて、もう一度お試しください。'}
        {reference && <p className="text-dns-14N-130 mt-2">問い合わせ番号：{reference}</p>}
      </Plate>
    </div>
  );
}

/** For an account that may not: the roles that may. */
export function Forbidden({ who, actions }: { readonly who: string; readonly actions?: ReactNode }): ReactNode {
  return (
    <Plate icon="lock" title="この画面を開く権限がありません" actions={actions}>
      {who}
    </Plate>
  );
}

/** Not yet: nothing for 300 ms, so that a quick answer does not flicker. */
export function Loading({ label = '読み込んでいます' }: { readonly label?: string }): ReactNode {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" className="flex min-h-24 items-center justify-center gap-3 py-8 text-solid-gray-700">
      {late && (
        <>
          <Spinner />
          {label}
        </>
      )}
    </div>
  );
}

export function Spinner({ className = 'size-6' }: { readonly className?: string }): ReactNode {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={`animate-spin text-blue-900 motion-reduce:hidden ${className}`}>
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeOpacity="0.25" strokeWidth="3" />
      <path d="M12 3a9 9 0 0 1 9 9" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
