// The members of an issuance by what was decided about them: each number of its page opens here as a list of people.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { address } from '../../api/client.ts';
import { decidedQuery } from '../../api/people.ts';
import type { DecidedFilter, DecidedList } from '../../api/people.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { textOf } from '../../ui/form-values.ts';
import { Page } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { PaperNumber, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';

const COLUMNS: readonly Column<DecidedList['items'][number]>[] = [
  {
    key: 'key',
    title: '記号-番号-枝番',
    names: true,
    cell: (row) => (
      <Link to={paths.person(row.key)} className="code">
        {row.key}
      </Link>
    ),
  },
  { key: 'name', title: '氏名', chars: 8, cell: (row) => row.name },
  { key: 'target', title: '判定', cell: (row) => <span className="whole">{row.isTarget ? '対象' : '対象外'}</span> },
  { key: 'reason', title: '理由', chars: 12, cell: (row) => row.reasonLabel },
  {
    key: 'piece',
    title: '郵便物',
    cell: (row) =>
      row.mailpieceNumber === null ? row.exitLabel || '－' : <PaperNumber number={row.mailpieceNumber} />,
  },
];

const NAMES = ['target', 'reason', 'branch', 'workplace'] as const;

export function DecidedPage(): ReactNode {
  const id = Number(useParams()['id']);
  const [search] = useSearchParams();
  const words = NAMES.map((name) => [name, search.get(name) ?? ''] as const).filter(([, value]) => value !== '');
  const filter: DecidedFilter = Object.fromEntries(words);
  const query = useQuery(decidedQuery(id, filter, search.get('after') ?? ''));
  return (
    <Page
      title="発行の加入者"
      crumbs={[
        { to: paths.issuances, label: '発行' },
        { to: paths.issuance(id), label: `第${id}号` },
      ]}
      lead={query.data && `${query.data.issuanceTitle}の判定の結果です。記号-番号の順に並びます。`}
    >
      <Fetched query={query}>
        {(list) => (
          <>
            <Filters filter={filter} list={list} />
            {list.items.length === 0 ? (
              <Empty
                icon="people"
                title={words.length > 0 ? '条件に合う加入者はいません' : '判定された加入者はまだいません'}
              >
                {words.length === 0 && '対象者の判定が進むと、ここに並びます。'}
              </Empty>
            ) : (
              <>
                <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
                  <CsvChoice
                    href={(encoding) => address(`/exports/issuances/${id}/members.csv`, { ...filter, as: encoding })}
                  />
                  <AsOf at={list.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
                </div>
                <Table
                  caption="発行の加入者"
                  columns={COLUMNS}
                  rows={list.items}
                  rowKey={(row) => row.key}
                  busy={query.isFetching}
                />
                <Paging next={list.next} shown={list.items.length} pageSize={50} total={list.total} unit="人" />
              </>
            )}
          </>
        )}
      </Fetched>
    </Page>
  );
}

/** `target reason` of the one choice that stands for both. */
const decisionOf = ({ target = '', reason = '' }: DecidedFilter): string => `${target} ${reason}`.trim();

function Filters({ filter, list }: { readonly filter: DecidedFilter; readonly list: DecidedList }): ReactNode {
  const [, setSearch] = useSearchParams();
  const go = (words: Readonly<Record<string, string>>): void =>
    setSearch(() => new URLSearchParams(Object.entries(words).filter(([, value]) => value !== '')));
  const side = (isTarget: boolean) => {
    const rows = list.reasons.filter((row) => row.isTarget === isTarget);
    const target = isTarget ? 'yes' : 'no';
    const sum = rows.reduce((n, row) => n + row.count, 0);
    return [
      { value: target, label: `${isTarget ? '対象' : '対象外'}のすべて（${formatNumber(sum)}人）` },
      ...rows.map((row) => ({
        value: `${target} ${row.reason}`,
        label: `${row.label}（${formatNumber(row.count)}人）`,
      })),
    ];
  };
  return (
    <search className="mb-4 block print:hidden">
      <form
        key={JSON.stringify(filter)}
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const [target = '', reason = ''] = textOf(form, 'decision').split(' ');
          const workplace = textOf(form, 'workplace').normalize('NFKC').trim();
          go({ target, reason, branch: textOf(form, 'branch'), workplace });
        }}
        className="flex flex-wrap items-end gap-x-4 gap-y-3"
      >
        <div className="w-full desktop:w-auto">
          <Select
            label="判定と理由"
            name="decision"
            box="sm"
            chars={24}
            defaultValue={decisionOf(filter)}
            options={[{ value: '', label: 'すべて' }, ...side(true), ...side(false)]}
          />
        </div>
        {list.branches.length > 1 && (
          <Select
            label="支部"
            name="branch"
            box="sm"
            chars={9}
            defaultValue={filter.branch ?? ''}
            options={[
              { value: '', label: 'すべての支部' },
              ...list.branches.map(({ code, name }) => ({ value: code, label: name })),
            ]}
          />
        )}
        <TextField
          label="事業所の記号"
          name="workplace"
          box="sm"
          chars={8}
          maxLength={8}
          defaultValue={filter.workplace ?? ''}
        />
        <Button type="submit" size="sm" icon="search" className="min-h-10">
          絞り込む
        </Button>
        {Object.keys(filter).length > 0 && (
          <Button variant="text" size="sm" className="min-h-10" onClick={() => go({})}>
            条件を消す
          </Button>
        )}
      </form>
    </search>
  );
}
