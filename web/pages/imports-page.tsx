// Files in: drop one, watch it being read, and where rows are at fault see each with its line, column and how to mend it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { LocalDate } from '../../src/rules/member.ts';
import { datasetsQuery, rowErrorsQuery } from '../api/exchange.ts';
import type { DatasetKind, Datasets, RowErrors } from '../api/exchange.ts';
import { jobQuery } from '../api/work.ts';
import type { Job } from '../api/work.ts';
import { ImportForm, KINDS } from '../forms/import-form.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Table } from '../ui/table.tsx';
import type { Column } from '../ui/table.tsx';
import { Count, DateText, InstantText, formatNumber } from '../ui/text.tsx';
import { Fetched } from './fetched.tsx';
import { JobProgress, isOpen } from './job-view.tsx';

export function ImportsPage(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const jobId = search.get('job');
  const datasets = useQuery(datasetsQuery);
  return (
    <Page title="取込" lead="全部の行が正しいときだけ取り込みます。一行でも誤りがあれば、何も変わりません。">
      {jobId !== null && (
        <Section title="いまの取込">
          <Running jobId={jobId} />
        </Section>
      )}
      <Section title="ファイルを取り込む">
        <ImportForm onAsked={(job) => setSearch({ job: job.id })} />
      </Section>
      <Section title="いま使われているファイル">
        <Fetched query={datasets}>{(newest) => <Newest newest={newest} />}</Fetched>
      </Section>
    </Page>
  );
}

function Newest({ newest }: { readonly newest: Datasets }): ReactNode {
  const rows = (Object.keys(KINDS) as DatasetKind[]).map((kind) => ({ kind, set: newest[kind] }));
  return (
    <Table
      caption="いちばん新しい取込"
      rows={rows}
      rowKey={(row) => row.kind}
      columns={[
        { key: 'kind', title: '種類', names: true, cell: (row) => KINDS[row.kind] },
        { key: 'file', title: 'ファイル', chars: 10, cell: (row) => row.set?.fileName ?? 'まだありません' },
        {
          key: 'rows',
          title: '行',
          end: true,
          cell: (row) => (row.set ? <Count n={row.set.rowCount} unit="行" /> : '－'),
        },
        {
          key: 'asOf',
          title: '時点',
          cell: (row) => (row.set?.asOf ? <DateText date={row.set.asOf as LocalDate} /> : '－'),
        },
        {
          key: 'at',
          title: '取り込んだ日時',
          cell: (row) => (row.set ? <InstantText at={row.set.importedAt} /> : '－'),
        },
      ]}
    />
  );
}

function Running({ jobId }: { readonly jobId: string }): ReactNode {
  const job = useQuery(jobQuery(jobId));
  return (
    <Fetched query={job}>
      {(found) =>
        isOpen(found) ? (
          <JobProgress job={found} mayStop />
        ) : (
          <>
            <Banner
              kind={found.state === 'done' ? 'success' : found.state === 'failed' ? 'error' : 'information'}
              title={found.message}
              live={false}
            >
              {found.state === 'failed' &&
                'いままでの内容は変わっていません。ファイルを直して、下からもう一度取り込んでください。'}
            </Banner>
            {found.state !== 'stopped' && <RowFaults job={found} />}
          </>
        )
      }
    </Fetched>
  );
}

const FIRST = 50;
const MOST = 1000;

const COLUMNS: readonly Column<RowErrors['rows'][number]>[] = [
  { key: 'line', title: '行（表計算ソフトと同じ）', names: true, end: true, cell: (row) => formatNumber(row.line) },
  { key: 'column', title: '列', cell: (row) => row.column || '行全体' },
  { key: 'message', title: '直すところ', chars: 20, cell: (row) => row.message },
  {
    key: 'code',
    title: '符号',
    cell: (row) => <span className="text-dns-14N-130 text-solid-gray-700">{row.code}</span>,
  },
];

/** The rows at fault: as many as can be read on a page, and how many there are. */
function RowFaults({ job }: { readonly job: Job }): ReactNode {
  const [limit, setLimit] = useState(FIRST);
  const query = useQuery(rowErrorsQuery(job.id, limit));
  return (
    <Fetched query={query}>
      {({ total, rows }) =>
        total > 0 && (
          <div className="mt-6">
            <h3 className="mb-2 text-std-18B-160">
              {job.state === 'done' ? '除いた行' : '直す行'} {formatNumber(total)}行
            </h3>
            <Table
              caption="誤りのある行"
              columns={COLUMNS}
              rows={rows}
              rowKey={(row) => `${row.line}-${row.column}-${row.code}`}
              dense
            />
            <div className="mt-3 flex flex-wrap items-center gap-4">
              <p className="text-dns-16N-130 text-solid-gray-700">
                {rows.length < total && `はじめの${formatNumber(rows.length)}行です。`}
              </p>
              {rows.length < total && limit < MOST && (
                <Button size="sm" onClick={() => setLimit(MOST)}>
                  {formatNumber(Math.min(total, MOST))}行まで見る
                </Button>
              )}
            </div>
          </div>
        )
      }
    </Fetched>
  );
}
