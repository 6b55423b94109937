// Room: web/ui. From page to page of a list that the server cuts by key: the address holds the key, the number of the page
// is only for the eye. Going back is the browser's back, or the first page.
import type { ReactNode } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import { Button } from './button.tsx';
import { Icon } from './icons.tsx';
import { InstantText, formatNumber } from './text.tsx';
import type { Unit } from './text.tsx';

const LINK =
  'inline-flex min-h-11 items-center gap-1 rounded-8 px-3 text-oln-16B-100 text-key-900 visited:text-key-900 hover:bg-key-50';

/** The keys of the pages before this one, kept with the address in the browser's history. */
interface Trail {
  readonly trail?: readonly string[];
}

export function Paging({
  next,
  shown,
  pageSize,
  total,
  unit,
}: {
  /** The server's key of the next page; null on the last. */
  readonly next: string | null;
  readonly shown: number;
  readonly pageSize: number;
  /** Null where counting would take too long. */
  readonly total: number | null;
  readonly unit: Unit;
}): ReactNode {
  const [search] = useSearchParams();
  const state = useLocation().state as Trail | null;
  const after = search.get('after') ?? '';
  const page = Math.max(1, Number(search.get('page') ?? 1) || 1);
  const trail = state?.trail ?? [];
  const first = (page - 1) * pageSize + 1;

  const to = (key: string, number: number): { search: string } => {
    const query = new URLSearchParams(search);
    query.delete('after');
    query.delete('page');
    if (key) {
      query.set('after', key);
      query.set('page', String(number));
    }
    return { search: query.toString() };
  };

  return (
    <nav aria-label="ページ" className="mt-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p className="figures text-dns-16N-130 text-solid-gray-700">
        {shown === 0 || (page === 1 && next === null && total === null)
          ? ''
          : `${formatNumber(first)}～${formatNumber(first + shown - 1)}${unit}目`}
        {total !== null && ` / 全${formatNumber(total)}${unit}`}
      </p>
      <ul className="flex flex-wrap gap-2 print:hidden">
        {page > 1 && (
          <li>
            <Link data-control className={LINK} to={to('', 1)}>
              最初のページ
            </Link>
          </li>
        )}
        {page > 1 && trail.length > 0 && (
          <li>
            <Link
              data-control
              className={LINK}
              to={to(trail.at(-1) ?? '', page - 1)}
              state={{ trail: trail.slice(0, -1) }}
            >
              <Icon name="chevron-left" className="size-5" />
              前の{formatNumber(pageSize)}
              {unit}
            </Link>
          </li>
        )}
        {next !== null && (
          <li>
            <Link data-control className={LINK} to={to(next, page + 1)} state={{ trail: [...trail, after] }}>
              次の{formatNumber(pageSize)}
              {unit}
              <Icon name="chevron-right" className="size-5" />
            </Link>
          </li>
        )}
      </ul>
    </nav>
  );
}

/** 「10:32 時点［更新］」: how old what is shown is. */
export function AsOf({
  at,
  busy = false,
  onRefresh,
}: {
  readonly at: string;
  readonly busy?: boolean;
  readonly onRefresh: () => void;
}): ReactNode {
  return (
    <span className="inline-flex items-center gap-1 text-dns-14N-130 text-solid-gray-700">
      <InstantText at={at} part="time" />
      時点
      <Button variant="text" size="xs" icon="refresh" busy={busy} onClick={onRefresh}>
        更新
      </Button>
    </span>
  );
}
