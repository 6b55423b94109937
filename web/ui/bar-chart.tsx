// Room: web/ui. A breakdown as bars: one table whose rows carry their bar, so that the chart and its numbers can never
// differ, a screen reader reads it as the table it is, and it prints.
import type { ReactNode } from 'react';
import { formatNumber, formatRate } from './text.tsx';
import type { Unit } from './text.tsx';

export interface Bar {
  readonly key: string;
  readonly label: ReactNode;
  readonly count: number;
}

export function BarChart({
  title,
  finding,
  unit,
  bars,
  labelTitle,
  total,
  notes,
}: {
  readonly title: string;
  /** One sentence that says what is seen. */
  readonly finding?: ReactNode;
  readonly unit: Unit;
  readonly bars: readonly Bar[];
  /** Heading of the labels' column. */
  readonly labelTitle: string;
  /** What the shares are of; the bars' sum where left out. */
  readonly total?: number;
  /** Denominator, as-of date, rounding, source. */
  readonly notes?: ReactNode;
}): ReactNode {
  const sum = bars.reduce((n, bar) => n + bar.count, 0);
  const of = total ?? sum;
  const longest = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <figure className="break-inside-avoid">
      <figcaption>
        <p className="text-std-17B-170 text-solid-gray-900">{title}</p>
        {finding && <p className="mb-2">{finding}</p>}
      </figcaption>
      <table className="w-full border-collapse text-dns-16N-130">
        <thead className="sr-only">
          <tr>
            <th scope="col">{labelTitle}</th>
            <td />
            <th scope="col">数</th>
            <th scope="col">割合</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.key} className="border-b border-solid-gray-200">
              <th scope="row" className="py-2 pr-3 text-left font-400 desktop:w-64">
                {bar.label}
                <span aria-hidden className="mt-1 block h-3 desktop:hidden print:hidden">
                  <Stroke share={bar.count / longest} />
                </span>
              </th>
              <td aria-hidden className="hidden py-2 desktop:table-cell print:table-cell">
                <span className="block h-6">
                  <Stroke share={bar.count / longest} />
                </span>
              </td>
              <td className="whole w-0 min-w-[6.5em] py-2 pl-3 text-right align-top desktop:w-[7.5em] desktop:align-middle">
                {formatNumber(bar.count)}
                {unit}
              </td>
              <td className="whole w-0 py-2 pl-3 text-right align-top text-solid-gray-700 desktop:w-[5.5em] desktop:align-middle">
                {formatRate(bar.count, of)}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-700">
            <th scope="row" className="py-2 text-left">
              計
            </th>
            <td aria-hidden className="hidden desktop:table-cell print:table-cell" />
            <td className="whole py-2 pl-3 text-right">
              {formatNumber(sum)}
              {unit}
            </td>
            <td className="whole py-2 pl-3 text-right">{formatRate(sum, of)}</td>
          </tr>
        </tfoot>
      </table>
      {notes && <div className="mt-2 text-dns-14N-130 text-solid-gray-700">{notes}</div>}
    </figure>
  );
}

/** From zero, as long as its share of the longest; what is there at all is seen. */
function Stroke({ share }: { readonly share: number }): ReactNode {
  return (
    <span
      className="block h-full rounded-r-4 bg-blue-900 forced-colors:bg-[Highlight]"
      style={{ width: `${share * 100}%`, minWidth: share > 0 ? '2px' : '0' }}
    />
  );
}
