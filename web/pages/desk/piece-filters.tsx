// The filters of the lists of mailpieces: a form whose words stand in the address; each choice says how many it would leave.
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { HELD_LABELS } from '../../../src/rules/printing/print-batches.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import type { PieceCounts, PieceFilter } from '../../api/papers.ts';
import { Button } from '../../ui/button.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import type { Option } from '../../ui/field.tsx';
import { textOf } from '../../ui/form-values.ts';
import { formatNumber } from '../../ui/text.tsx';
import { useAccount } from '../signed-in.tsx';

const NAMES = ['issuance', 'lot', 'branch', 'workplace', 'reason'] as const;

/** States that have their reasons, and what these are. */
const REASON_LABELS: Readonly<Partial<Record<PaperState, string>>> = {
  returned: '不着の理由',
  held: '止まっている理由',
};

/** What the address says of a state's list. */
export function filterOf(state: PaperState, search: URLSearchParams): PieceFilter {
  const words = NAMES.map((name) => [name, search.get(name) ?? ''] as const);
  return { state, ...Object.fromEntries(words.filter(([, value]) => value !== '')) };
}

/** The filter as it goes along to the list of another state: a reason is one state's own. */
export function elsewhere({ state: _state, reason: _reason, ...rest }: PieceFilter): Readonly<Record<string, string>> {
  return rest;
}

/** Whether anything narrows the list besides its state and issuance. */
export function isPart({ lot = '', branch = '', workplace = '', reason = '' }: PieceFilter): boolean {
  return [lot, branch, workplace, reason].some((value) => value !== '');
}

type Choice = PieceCounts['issuances'][number];

function optionsOf(any: string, choices: readonly Choice[], chosen: string): readonly Option[] {
  const options = choices.map(({ value, label, count }) => ({ value, label: `${label}（${formatNumber(count)}通）` }));
  // What the address asks for stays chosen though nothing is in it.
  const missing = chosen === '' || choices.some(({ value }) => value === chosen) ? [] : [chosen];
  return [{ value: '', label: any }, ...options, ...missing.map((value) => ({ value, label: `${value}（0通）` }))];
}

export function PieceFilters({
  filter,
  counts,
}: {
  readonly filter: PieceFilter;
  readonly counts: PieceCounts | undefined;
}): ReactNode {
  const [, setSearch] = useSearchParams();
  const isBranch = useAccount().branchCode !== null;
  const { state, issuance = '', lot = '', branch = '', workplace = '', reason = '' } = filter;
  const go = (words: Readonly<Record<string, string>>): void =>
    setSearch(() => new URLSearchParams(Object.entries(words).filter(([, value]) => value !== '')));
  const isNarrowed = issuance !== '' || isPart(filter);
  const lots = counts?.lots ?? [];
  const branches = counts?.branches ?? [];
  const hasBranches = !isBranch && (branch !== '' || branches.length > 1);
  const reasonLabel = REASON_LABELS[state];
  const reasons: readonly Option[] =
    state === 'held'
      ? [{ value: '', label: 'すべて' }, ...Object.entries(HELD_LABELS).map(([value, label]) => ({ value, label }))]
      : optionsOf('すべて', counts?.reasons ?? [], reason);
  return (
    <search className="mb-4 block print:hidden">
      <form
        // Drawn anew when the address or its choices change: what stands in it is what the list shows.
        key={JSON.stringify([filter, counts])}
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const words = Object.fromEntries(NAMES.map((name) => [name, textOf(form, name).normalize('NFKC').trim()]));
          // A lot is one of its issuance.
          go({ ...words, ...(words['issuance'] !== issuance && { lot: '' }) });
        }}
        className="flex flex-wrap items-end gap-x-4 gap-y-3"
      >
        <div className="w-full desktop:w-auto">
          <Select
            label="発行"
            name="issuance"
            box="sm"
            chars={24}
            defaultValue={issuance}
            options={optionsOf('すべての発行', counts?.issuances ?? [], issuance)}
          />
        </div>
        {issuance !== '' && state !== 'held' && lots.length > 1 && (
          <Select
            label="ロット"
            name="lot"
            box="sm"
            chars={10}
            defaultValue={lot}
            options={optionsOf('すべてのロット', lots, lot)}
          />
        )}
        {hasBranches && (
          <Select
            label="支部"
            name="branch"
            box="sm"
            chars={9}
            defaultValue={branch}
            options={optionsOf('すべての支部', branches, branch)}
          />
        )}
        {reasonLabel !== undefined && (
          <div className="w-full desktop:w-auto">
            <Select label={reasonLabel} name="reason" box="sm" chars={15} defaultValue={reason} options={reasons} />
          </div>
        )}
        <TextField label="事業所の記号" name="workplace" box="sm" chars={8} maxLength={8} defaultValue={workplace} />
        <Button type="submit" size="sm" icon="search" className="min-h-10">
          絞り込む
        </Button>
        {isNarrowed && (
          <Button variant="text" size="sm" className="min-h-10" onClick={() => go({})}>
            条件を消す
          </Button>
        )}
      </form>
    </search>
  );
}
