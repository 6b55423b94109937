// Workplaces by symbol or part of the name, with what passes through each.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { address } from '../api/client.ts';
import { workplacesQuery } from '../api/workplaces.ts';
import type { WorkplaceList } from '../api/workplaces.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { CsvChoice } from '../ui/csv-choice.tsx';
import { TextField } from '../ui/field.tsx';
import { textOf } from '../ui/form-values.ts';
import { Page } from '../ui/page.tsx';
import { AsOf, Paging } from '../ui/paging.tsx';
import { Empty } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import type { Column } from '../ui/table.tsx';
import { Count } from '../ui/text.tsx';
import { Fetched } from './fetched.tsx';

const COLUMNS: readonly Column<WorkplaceList['items'][number]>[] = [
  {
    key: 'symbol',
    title: '記号',
    names: true,
    cell: (row) => (
      <Link to={paths.workplace(row.symbol)} className="code">
        {row.symbol}
      </Link>
    ),
  },
  { key: 'name', title: '名称', chars: 16, cell: (row) => row.name },
  { key: 'branch', title: '支部', cell: (row) => row.branchName || '－' },
  { key: 'pieces', title: '郵便物', end: true, cell: (row) => <Count n={row.pieces} unit="通" /> },
];

export function WorkplacesPage(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const q = search.get('q') ?? '';
  const list = useQuery(workplacesQuery(q, search.get('after') ?? ''));
  return (
    <Page title="事業所" lead="事業所を通る郵便物と、手渡し・回収の状況です。">
      <form
        role="search"
        aria-label="事業所"
        className="mb-6 flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const text = textOf(new FormData(event.currentTarget), 'q').trim();
          setSearch(text === '' ? {} : { q: text });
        }}
      >
        <div className="w-full max-w-[24rem]">
          <TextField key={q} label="記号か名称の一部" name="q" type="search" defaultValue={q} maxLength={60} />
        </div>
        <Button type="submit" look="filled" icon="search">
          さがす
        </Button>
        {q !== '' && (
          <Button look="text" onClick={() => setSearch({})}>
            条件を消す
          </Button>
        )}
      </form>
      <Fetched query={list}>
        {({ items, next, asOf }) =>
          items.length === 0 ? (
            <Empty icon="building" title={q === '' ? '事業所はまだありません' : `「${q}」に合う事業所はありません`}>
              {q === '' ? '事業所のファイルを取り込むと、ここに並びます。' : '記号の初めか、名称の一部でさがせます。'}
            </Empty>
          ) : (
            <>
              <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
                <CsvChoice href={(encoding) => address('/exports/workplaces.csv', { q, as: encoding })} />
                <AsOf at={asOf} busy={list.isFetching} onRefresh={() => void list.refetch()} />
              </div>
              <Table
                caption="事業所"
                columns={COLUMNS}
                rows={items}
                rowKey={(row) => row.symbol}
                busy={list.isFetching}
              />
              <Paging next={next} shown={items.length} pageSize={50} total={null} unit="事業所" />
            </>
          )
        }
      </Fetched>
    </Page>
  );
}
