// The flow as a picture: each stage a number, what it became below it, and beneath every split the sum that must hold.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { KIND_WORDS } from '../../../src/rules/papers/kinds.ts';
import { PAPER_STATE_LABELS } from '../../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import type { IssuancePage } from '../../api/work.ts';
import { paths } from '../../paths.ts';
import { Icon } from '../../ui/icons.tsx';
import { formatNumber, formatRate } from '../../ui/text.tsx';
import type { Unit } from '../../ui/text.tsx';
import { IN_ORDER_OF_LIFE, LISTED, NEEDS_STAFF } from '../listed-states.ts';
import { useMay } from '../signed-in.tsx';

interface Part {
  readonly name: string;
  readonly count: number;
  readonly to?: string | undefined;
  readonly attention?: boolean;
}

interface Stage {
  readonly name: string;
  readonly count: number;
  readonly unit: Unit;
  /** What it is made of or became; their sum is the stage's count. */
  readonly parts: readonly Part[];
}

/** The stages of an issuance from its counts. */
function stagesOf(
  { overview, states }: IssuancePage,
  listOf: (state: PaperState) => string | undefined,
  people: (target: 'yes' | 'no') => string | undefined,
): Stage[] {
  const at = (state: PaperState): number =>
    states.find((row) => row.subject === 'mailpiece' && row.state === state)?.count ?? 0;
  const piece = (state: PaperState): Part => {
    const count = at(state);
    return {
      name: PAPER_STATE_LABELS[state],
      count,
      to: count > 0 ? listOf(state) : undefined,
      attention: count > 0 && NEEDS_STAFF.includes(state),
    };
  };
  const { members, decided, targets, certificates, exits, mailpieces } = overview;
  const stages: Stage[] = [
    {
      name: '加入者',
      count: members,
      unit: '人',
      parts: [
        { name: '対象者', count: targets, to: people('yes') },
        { name: '対象外', count: decided - targets, to: people('no') },
        ...(decided < members ? [{ name: '判定待ち', count: members - decided }] : []),
      ],
    },
  ];
  if (overview.enclosed > 0 || overview.remake !== null) {
    stages.push({
      name: '対象者',
      count: targets,
      unit: '人',
      parts: [
        { name: KIND_WORDS[overview.kind].paper, count: certificates },
        {
          name: KIND_WORDS[overview.kind].notSent,
          count: exits,
        },
        ...(targets > certificates + exits ? [{ name: '封入計画待ち', count: targets - certificates - exits }] : []),
      ],
    });
    stages.push({
      name: '郵便物',
      count: mailpieces,
      unit: '通',
      parts: IN_ORDER_OF_LIFE.map(piece),
    });
  }
  return stages;
}

export function Flow({ page }: { readonly page: IssuancePage }): ReactNode {
  const maySee = useMay('see-papers');
  const maySeePeople = useMay('see-decisions');
  const { id } = page.overview;
  const stages = stagesOf(
    page,
    (state) => (maySee && LISTED.includes(state) ? paths.pieces(state, { issuance: String(id) }) : undefined),
    (target) => (maySeePeople ? paths.decided(id, { target }) : undefined),
  );
  return (
    <ol className="flex flex-col">
      {stages.map((stage, index) => (
        <li key={stage.name}>
          {index > 0 && (
            <div
              aria-hidden
              className="flex justify-center py-1 text-solid-gray-600 desktop:justify-start desktop:pl-16"
            >
              <Icon name="down" />
            </div>
          )}
          <StageBox stage={stage} />
        </li>
      ))}
    </ol>
  );
}

function StageBox({ stage: { name, count, unit, parts } }: { readonly stage: Stage }): ReactNode {
  const sum = parts.reduce((n, part) => n + part.count, 0);
  const there = parts.filter((part) => part.count > 0);
  const seen = there.length > 0 ? there : parts.slice(0, 1);
  return (
    <div className="grid overflow-hidden rounded-12 border border-solid-gray-420 desktop:grid-cols-[11rem_minmax(0,1fr)]">
      <div className="flex flex-col justify-center bg-blue-50 p-4">
        <h3 className="text-dns-16N-130">{name}</h3>
        <p className="whole text-solid-gray-900">
          <span className="text-std-28B-150">{formatNumber(count)}</span>
          <span className="ml-1">{unit}</span>
        </p>
      </div>
      <div className="p-4">
        <ul className="grid grid-cols-1 gap-x-8 gap-y-2 desktop:grid-cols-2">
          {seen.map((part) => (
            <li
              key={part.name}
              className={`flex items-baseline justify-between gap-4 border-b border-solid-gray-200 pb-1 ${part.attention ? 'font-700' : ''}`}
            >
              <span className="min-w-0">
                {part.attention && (
                  <Icon
                    name="warning"
                    label="対応が要ります"
                    className="mr-1 size-5 align-[-0.3em] text-warning-yellow-2"
                  />
                )}
                {part.to === undefined ? part.name : <Link to={part.to}>{part.name}</Link>}
              </span>
              <span className="whole">
                {formatNumber(part.count)}
                {unit}
                <span className="ml-2 inline-block min-w-[4.5em] text-right text-dns-14N-130 font-400 text-solid-gray-700">
                  {formatRate(part.count, count)}
                </span>
              </span>
            </li>
          ))}
        </ul>
        <Sum parts={seen} sum={sum} count={count} unit={unit} />
      </div>
    </div>
  );
}

/** 「9,100 + 21,967 = 31,067人」, and whether it holds. */
function Sum({
  parts,
  sum,
  count,
  unit,
}: {
  readonly parts: readonly Part[];
  readonly sum: number;
  readonly count: number;
  readonly unit: Unit;
}): ReactNode {
  const isRight = sum === count;
  const terms = parts.map((part) => formatNumber(part.count)).join(' + ');
  return (
    <p
      className={`figures mt-2 flex items-start gap-1 text-dns-14N-130 ${isRight ? 'text-green-900' : 'font-700 text-error-2'}`}
    >
      <Icon name={isRight ? 'success' : 'error'} className="size-5" />
      <span className="mt-0.5">
        {terms} = {formatNumber(sum)}
        {unit}
        {isRight
          ? '（合っています）'
          : `（${formatNumber(count)}${unit}と${formatNumber(Math.abs(count - sum))}${unit}違います）`}
      </span>
    </p>
  );
}
