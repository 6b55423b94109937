// Room: web/ui. Ways to see one thing, each with its own address.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { formatNumber } from './text.tsx';

export interface Tab {
  readonly to: string;
  readonly label: string;
  readonly current: boolean;
  /** How many are there; none where it is not known or does not matter. */
  readonly count?: number | undefined;
}

export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }): ReactNode {
  return (
    <nav aria-label={label} className="mb-6 print:hidden">
      <ul className="flex flex-wrap gap-2">
        {tabs.map((tab) => (
          // Where little room is, what holds nothing does not take any.
          <li key={tab.to} className={tab.count === 0 && !tab.current ? 'hidden desktop:block' : ''}>
            <Link
              to={tab.to}
              data-control
              aria-current={tab.current ? 'page' : undefined}
              className="inline-flex min-h-11 items-center rounded-8 border border-solid-gray-420 px-3 text-dns-16N-130 text-solid-gray-800 no-underline visited:text-solid-gray-800 hover:bg-solid-gray-50 hover:underline aria-[current=page]:border-2 aria-[current=page]:border-blue-900 aria-[current=page]:bg-blue-50 aria-[current=page]:font-700 aria-[current=page]:text-blue-1000"
            >
              {tab.label}
              {tab.count !== undefined && <span className="figures ml-2 font-400">{formatNumber(tab.count)}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
