// Workplaces by symbol or part of the name, with what passes through each.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { address } from '../../api/client.ts';
import { startJob } from '../../api/work.ts';
import { workplacesQuery } from '../../api/workplaces.ts';
import type { WorkplaceList } from '../../api/workplaces.ts';
import { paths } from '../../paths.ts';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Page } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Count } from '../../ui/text.tsx';
import { WarekiDateField } from '../../ui/wareki-date-field.tsx';
import { Fetched } from '../fetched.tsx';
import { ListSearch } from '../list-search.tsx';
import { useMay } from '../signed-in.tsx';
import { StartButton } from '../start-button.tsx';

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
  const [search] = useSearchParams();
  const mayRun = useMay('run-issuances');
  const navigate = useNavigate();
  const q = search.get('q') ?? '';
  const list = useQuery(workplacesQuery(q, search.get('after') ?? ''));
  return (
    <Page
      title="事業所"
      lead="事業所を通る郵便物と、手渡し・回収の状況です。"
      actions={mayRun && <RecallList onStarted={() => void navigate(paths.jobs)} />}
    >
      <ListSearch label="記号か名称の一部" verb="さがす" />
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
                columns={COLUMNS.filter(({ key }) => key !== 'branch' || items.some((row) => row.branchName !== ''))}
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

/** The monthly list of certificates to collect, for every workplace at once. */
function RecallList({ onStarted }: { readonly onStarted: () => void }): ReactNode {
  const [on, setOn] = useState<LocalDate | null>(null);
  return (
    <StartButton
      verb="回収対象者リストを作る"
      question="回収対象者リストを作りますか"
      size="md"
      icon="list"
      given={on}
      needs={on === null ? '基準の日を入れてください' : undefined}
      start={(key) => (on === null ? Promise.reject(new Error('no date')) : startJob({ kind: 'recall-list', on }, key))}
      onStarted={onStarted}
    >
      <p className="mb-4">
        資格を失った人・利用登録をした人・新しい証ができた人の資格確認書を、事業所ごとに集めます。前に求めたものは二度求めません。
      </p>
      <WarekiDateField label="いつの時点で" required onChange={setOn} />
    </StartButton>
  );
}
