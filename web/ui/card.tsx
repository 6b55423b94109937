// Room: web/ui. Big figures and facts: a card that links to its list, and pairs of a name and what it is.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import { formatNumber } from './text.tsx';
import type { Unit } from './text.tsx';

/** A count that leads to what it counts. `count` null: it could not be had, which is not zero. */
export function FigureCard({
  to,
  title,
  icon,
  count,
  unit,
  note,
  urgent = false,
}: {
  readonly to: string;
  readonly title: string;
  readonly icon?: IconName;
  readonly count: number | null;
  readonly unit: Unit;
  /** The oldest, the date it is due by. */
  readonly note?: ReactNode;
  readonly urgent?: boolean;
}): ReactNode {
  return (
    <Link
      to={to}
      data-control
      className={`group flex h-full flex-col gap-1 rounded-12 border bg-white p-4 text-solid-gray-800 no-underline visited:text-solid-gray-800 hover:bg-blue-50 active:text-solid-gray-800 desktop:p-5 ${urgent ? 'border-2 border-error-1' : 'border-solid-gray-420'}`}
    >
      <span className="flex items-center gap-2 text-std-16B-170 text-blue-1000 underline underline-offset-[0.1875rem] group-hover:decoration-[0.1875rem]">
        {icon && <Icon name={icon} className="size-5" />}
        {title}
      </span>
      {count === null ? (
        <span className="text-std-18B-160 text-error-2">数えられませんでした</span>
      ) : (
        <span className="whole text-solid-gray-900">
          <span className="text-std-32B-150">{formatNumber(count)}</span>
          <span className="ml-1 text-std-16N-170">{unit}</span>
        </span>
      )}
      {note && (
        <span className={`text-dns-14N-130 ${urgent ? 'font-700 text-error-2' : 'text-solid-gray-700'}`}>{note}</span>
      )}
    </Link>
  );
}

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** Names and values of one thing. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="grid grid-cols-1 border-t border-solid-gray-200 desktop:grid-cols-[max-content_1fr]">
      {facts.map((fact) => (
        <div
          key={fact.name}
          className="col-span-full grid gap-x-6 border-b border-solid-gray-200 py-2 desktop:grid-cols-subgrid"
        >
          <dt className="text-dns-14N-130 leading-[1.7] text-solid-gray-700 desktop:text-std-16B-170 desktop:text-solid-gray-900">
            {fact.name}
          </dt>
          <dd className="min-w-0">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
