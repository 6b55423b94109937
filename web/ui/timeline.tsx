// Room: web/ui. What happened, newest first, by day: when, who, what, why, and the paper it left.
import type { ReactNode } from 'react';
import { DateText, InstantText, dayOf } from './text.tsx';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

export interface TimelineEntry {
  readonly key: string;
  /** ISO 8601. */
  readonly at: string;
  readonly title: ReactNode;
  readonly who?: string;
  readonly reason?: ReactNode;
  readonly icon?: IconName;
  readonly link?: ReactNode;
}

export function Timeline({
  entries,
  level = 3,
}: {
  readonly entries: readonly TimelineEntry[];
  /** Level of the days' headings. */
  readonly level?: 2 | 3 | 4;
}): ReactNode {
  const Day = `h${level}` as const;
  const sorted = [...entries].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const days = Map.groupBy(sorted, (entry) => dayOf(entry.at));
  return (
    <div>
      {[...days].map(([day, items]) => (
        <div key={day} className="mb-4 break-inside-avoid">
          <Day className="mb-2 text-std-16B-170">
            <DateText date={day} weekday />
          </Day>
          <ol>
            {items.map((entry, index) => (
              <li key={entry.key} className="grid grid-cols-[2rem_1fr] gap-x-3">
                <div className="flex flex-col items-center">
                  <span className="grid size-8 place-items-center rounded-full bg-blue-50 text-blue-1000">
                    <Icon name={entry.icon ?? 'dot'} className="size-5" />
                  </span>
                  {index < items.length - 1 && <span className="w-0.5 grow bg-solid-gray-200" />}
                </div>
                <div className="min-w-0 pb-4">
                  <p className="flex flex-wrap items-baseline gap-x-3">
                    <span className="text-solid-gray-600">
                      <InstantText at={entry.at} part="time" />
                    </span>
                    <span className="font-700 text-solid-gray-900">{entry.title}</span>
                    {entry.who && <span className="text-dns-14N-130 text-solid-gray-700">{entry.who}</span>}
                  </p>
                  {entry.reason && <p className="text-dns-16N-130 mt-1 text-solid-gray-700">{entry.reason}</p>}
                  {entry.link && <p className="mt-1">{entry.link}</p>}
                </div>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </div>
  );
}
