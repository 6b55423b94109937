// Room: web/ui. Rates of a hundred, one a row: the bar's whole length is a hundred per cent, so rows compare. The rows are
// a table, so that chart and numbers can never differ.
import type { ReactNode } from 'react';
import { Count, formatNumber, formatRate } from './text.tsx';
import type { Unit } from './text.tsx';

export interface Rate {
  readonly key: string;
  readonly label: ReactNode;
  readonly part: number;
  readonly whole: number;
}

/** Hundredths of a point: 70.71％ after 69.48％ is 「＋1.23ポイント」. */
export function formatChange(rate: Rate, before: Rate): string {
  const points = (rate.part / rate.whole - before.part / before.whole) * 100;
  const text = Math.abs(points).toFixed(2);
  if (text === '0.00') return '変わらず';
  return `${points > 0 ? '＋' : '－'}${text}ポイント`;
}

export function RateChart({
  title,
  finding,
  labelTitle,
  partTitle,
  wholeTitle,
  unit,
  rates,
  compares = false,
  notes,
}: {
  readonly title: string;
  readonly finding?: ReactNode;
  readonly labelTitle: string;
  readonly partTitle: string;
  readonly wholeTitle: string;
  readonly unit: Unit;
  readonly rates: readonly Rate[];
  /** The rows are times: each says how far it is from the one before. */
  readonly compares?: boolean;
  readonly notes?: ReactNode;
}): ReactNode {
  return (
    <figure className="break-inside-avoid">
      <figcaption>
        <p className="text-std-17B-170 text-solid-gray-900">{title}</p>
        {finding && <p className="mb-2">{finding}</p>}
      </figcaption>
      <table className="w-full border-collapse text-dns-16N-130">
        <thead className="text-dns-14N-130 text-solid-gray-700 max-desktop:sr-only">
          <tr className="border-b border-black">
            <th scope="col" className="py-2 pr-3 text-left font-400 whitespace-nowrap">
              {labelTitle}
            </th>
            <td />
            <th scope="col" className="py-2 pl-3 text-right font-400 whitespace-nowrap">
              割合
            </th>
            <th scope="col" className="py-2 pl-3 text-right font-400 whitespace-nowrap">
              {partTitle} / {wholeTitle}
            </th>
            {compares && (
              <th scope="col" className="py-2 pl-3 text-right font-400 whitespace-nowrap">
                前との差
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rates.map((rate, index) => {
            const before = rates[index - 1];
            return (
              <tr
                key={rate.key}
                className="border-b border-solid-gray-200 max-desktop:grid max-desktop:grid-cols-[1fr_auto] max-desktop:py-2 print:table-row"
              >
                <th scope="row" className="py-2 pr-3 text-left font-400 max-desktop:py-0 desktop:w-56">
                  {rate.label}
                </th>
                <td
                  aria-hidden
                  className="py-2 max-desktop:order-last max-desktop:col-span-2 max-desktop:pb-0 print:table-cell"
                >
                  <RateBar part={rate.part} whole={rate.whole} />
                </td>
                <td className="whole py-2 pl-3 text-right font-700 max-desktop:py-0 desktop:w-0">
                  {formatRate(rate.part, rate.whole)}
                </td>
                <td className="whole py-2 pl-3 text-right max-desktop:col-span-2 max-desktop:py-0 max-desktop:pl-0 max-desktop:text-left desktop:w-0">
                  <Count n={rate.part} unit={unit} />
                  <span className="text-solid-gray-700">
                    {' '}
                    / {formatNumber(rate.whole)}
                    {unit}
                  </span>
                </td>
                {compares && (
                  <td className="whole py-2 pl-3 text-right text-solid-gray-700 max-desktop:py-0 max-desktop:pl-0 max-desktop:text-left desktop:w-0">
                    {before ? formatChange(rate, before) : '－'}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {notes && <div className="mt-2 text-dns-14N-130 text-solid-gray-700">{notes}</div>}
    </figure>
  );
}

/** A share of the whole length. */
export function RateBar({ part, whole }: { readonly part: number; readonly whole: number }): ReactNode {
  const share = whole === 0 ? 0 : part / whole;
  return (
    <span
      aria-hidden
      className="block h-4 min-w-24 border border-solid-gray-420 bg-white forced-colors:bg-[Canvas] print:h-3"
    >
      <span
        className="block h-full bg-blue-900 forced-colors:bg-[Highlight]"
        style={{ width: `${share * 100}%`, minWidth: share > 0 ? '2px' : '0' }}
      />
    </span>
  );
}
