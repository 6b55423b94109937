// Room: web/ui. The notification banner: what happened, what it means, what to do. It stays until it is closed or its
// cause is gone; nothing here vanishes by time.
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

export type BannerKind = 'success' | 'error' | 'warning' | 'information';

const KINDS = {
  success: { icon: 'success', word: '成功', box: 'border-success-2', mark: 'text-success-2' },
  error: { icon: 'error', word: 'エラー', box: 'border-error-1', mark: 'text-error-1' },
  warning: { icon: 'warning', word: '警告', box: 'border-warning-yellow-2', mark: 'text-warning-yellow-2' },
  information: { icon: 'info', word: 'お知らせ', box: 'border-blue-900', mark: 'text-blue-900' },
} as const satisfies Record<BannerKind, { icon: IconName; word: string; box: string; mark: string }>;

export function Banner({
  kind,
  title,
  actions,
  onClose,
  live = true,
  children,
}: {
  readonly kind: BannerKind;
  readonly title: string;
  readonly actions?: ReactNode;
  readonly onClose?: () => void;
  /** Read out when it appears; false for one that is there from the start. */
  readonly live?: boolean;
  readonly children?: ReactNode;
}): ReactNode {
  const { icon, word, box, mark } = KINDS[kind];
  return (
    <div
      role={live ? (kind === 'error' ? 'alert' : 'status') : undefined}
      className={`rounded-12 border-3 bg-white p-4 desktop:px-6 desktop:py-5 ${box}`}
    >
      <div className="grid grid-cols-[auto_1fr_auto] gap-x-3 desktop:gap-x-4">
        <Icon name={icon} label={word} className={`mt-0.5 size-6 desktop:mt-1 ${mark}`} />
        <div className="min-w-0">
          <p className="text-std-17B-170 text-solid-gray-900 desktop:text-std-18B-160">{title}</p>
          {children && <div className="mt-1 text-std-16N-170">{children}</div>}
          {actions && <div className="mt-4 flex flex-wrap gap-3">{actions}</div>}
        </div>
        {onClose && (
          <button
            type="button"
            onClick={onClose}
            className="-m-2 grid size-11 place-items-center rounded-8 hover:bg-solid-gray-50 print:hidden"
          >
            <Icon name="close" label="閉じる" />
          </button>
        )}
      </div>
    </div>
  );
}
