// The breakdown of one group of members: targets and the others, and the reasons of each (source 003).
import type { ReactNode } from 'react';
import type { Figures } from '../../api/work.ts';
import { BarChart } from '../../ui/bar-chart.tsx';
import { Count, formatNumber, formatRate } from '../../ui/text.tsx';

type Group = Figures['groups'][number];

/** Members, those with an enrolled card, targets and the others of a group. */
export function countsOf(group: Group): {
  readonly members: number;
  readonly verifiable: number;
  readonly targets: number;
  readonly outside: number;
} {
  const sum = (rows: Group['reasons']): number => rows.reduce((n, row) => n + row.count, 0);
  const targets = sum(group.reasons.filter((row) => row.isTarget));
  const members = sum(group.reasons);
  const verifiable = sum(group.reasons.filter((row) => row.reason === 'verifiable'));
  return { members, verifiable, targets, outside: members - targets };
}

/** Who gets a paper and why, and who does not and why. */
export function Breakdown({
  group,
  rounding,
}: {
  readonly group: Figures['groups'][number];
  readonly rounding: string;
}): ReactNode {
  const { members, targets, outside } = countsOf(group);
  const bars = (isTarget: boolean) =>
    group.reasons
      .filter((reason) => reason.isTarget === isTarget)
      .map(({ reason, label, count }) => ({ key: reason, label, count }));
  const [most] = bars(true);
  const finding = (n: number): string => `加入者${formatNumber(members)}人のうち ${formatRate(n, members)}。`;
  return (
    <div className="grid gap-10">
      <Split targets={targets} outside={outside} />
      {targets > 0 && (
        <BarChart
          title={`対象者 ${formatNumber(targets)}人の理由`}
          finding={`${finding(targets)}いちばん多いのは「${typeof most?.label === 'string' ? most.label : ''}」です。`}
          unit="人"
          labelTitle="理由"
          bars={bars(true)}
          notes={`分母は対象者 ${formatNumber(targets)}人。${rounding}。`}
        />
      )}
      {outside > 0 && (
        <BarChart
          title={`対象外 ${formatNumber(outside)}人の理由`}
          finding={finding(outside)}
          unit="人"
          labelTitle="理由"
          bars={bars(false)}
          notes={`分母は対象外の ${formatNumber(outside)}人。${rounding}。`}
        />
      )}
    </div>
  );
}

/** Targets and the others as one bar with both numbers on it. */
function Split({ targets, outside }: { readonly targets: number; readonly outside: number }): ReactNode {
  const members = targets + outside;
  return (
    <div className="break-inside-avoid">
      <div aria-hidden className="mb-2 flex h-8 border border-solid-gray-420">
        <div
          className="bg-blue-900 forced-colors:bg-[Highlight]"
          style={{ width: `${members === 0 ? 0 : (targets / members) * 100}%` }}
        />
        <div className="grow bg-solid-gray-100" />
      </div>
      <dl className="flex flex-wrap justify-between gap-x-8 gap-y-1">
        {(
          [
            ['対象', targets, 'bg-blue-900'],
            ['対象外', outside, 'bg-solid-gray-100'],
          ] as const
        ).map(([name, n, ground]) => (
          <div key={name} className="flex flex-wrap items-baseline gap-x-2">
            <dt className="flex items-center gap-2">
              <span aria-hidden className={`size-4 border border-solid-gray-536 ${ground}`} />
              {name}
            </dt>
            <dd className="text-std-20B-150">
              <Count n={n} unit="人" of={members} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
