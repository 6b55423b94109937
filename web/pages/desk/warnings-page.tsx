// Rows of an issuance that staff should look at before print: by what they are listed for, each with its person.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { address } from '../../api/client.ts';
import { warningsQuery } from '../../api/issuance-files.ts';
import type { WarningList } from '../../api/issuance-files.ts';
import { paths } from '../../paths.ts';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Page } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Count, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';

const COLUMNS: readonly Column<WarningList['items'][number]>[] = [
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
  { key: 'label', title: '内容', chars: 16, cell: (row) => row.label },
  { key: 'group', title: '組', end: true, cell: (row) => row.group !== null && formatNumber(row.group) },
];

export function WarningsPage(): ReactNode {
  const id = Number(useParams()['id']);
  const [search] = useSearchParams();
  const code = search.get('code') ?? '';
  const query = useQuery(warningsQuery(id, code, search.get('after') ?? ''));
  return (
    <Page
      title="職員が見るべき行"
      crumbs={[
        { to: paths.issuances, label: '発行' },
        { to: paths.issuance(id), label: `第${id}号` },
        { to: paths.files(id), label: '一覧とファイル' },
      ]}
      lead="発行を止めるものではありません。印刷の前に見て、必要ならファイルを直してください。同じ組の行は、同じ住所や同じ人と思われる行です。"
    >
      <Fetched query={query}>
        {(list) =>
          list.counts.length === 0 ? (
            <Empty title="見るべき行はありません">住所や郵便番号、氏名に気になる行があると、ここに並びます。</Empty>
          ) : (
            <>
              <Kinds id={id} code={code} counts={list.counts} />
              <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
                <CsvChoice
                  href={(encoding) => address(`/exports/issuances/${id}/warnings.csv`, { code, as: encoding })}
                />
                <AsOf at={list.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
              </div>
              <Table
                caption="職員が見るべき行"
                columns={COLUMNS}
                rows={list.items}
                rowKey={(row) => `${row.code} ${row.key}`}
                busy={query.isFetching}
                dense
              />
              <Paging next={list.next} shown={list.items.length} pageSize={50} total={list.total} unit="行" />
            </>
          )
        }
      </Fetched>
    </Page>
  );
}

/** What rows are listed for, with how many: each leads to its own list. */
function Kinds({
  id,
  code,
  counts,
}: {
  readonly id: number;
  readonly code: string;
  readonly counts: WarningList['counts'];
}): ReactNode {
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <nav aria-label="内容で絞り込む" className="mb-6">
      <ul className="flex flex-col gap-1">
        {[{ value: '', label: 'すべて', count: all }, ...counts].map(({ value, label, count }) => (
          <li key={value}>
            <Link to={paths.warnings(id, value)} aria-current={value === code ? 'page' : undefined}>
              {label}
            </Link>{' '}
            <Count n={count} unit="行" />
          </li>
        ))}
      </ul>
    </nav>
  );
}
