// Files in: drop one, watch it being read, and where rows are at fault see each with its line, column and how to mend it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { datasetsQuery, fixImport, rowErrorsQuery } from '../../api/exchange.ts';
import type { DatasetKind, Datasets, Fix, RowErrors } from '../../api/exchange.ts';
import { jobQuery, jobsQuery } from '../../api/work.ts';
import type { Job } from '../../api/work.ts';
import { ImportForm, KINDS } from '../../forms/import-form.tsx';
import { JobOverride } from '../../forms/override-form.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { BOX } from '../../ui/field.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Count, DateText, InstantText, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { JobChip, JobProgress, isOpen } from '../job-view.tsx';
import { useAccount } from '../signed-in.tsx';

export function ImportsPage(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const jobId = search.get('job');
  const datasets = useQuery(datasetsQuery);
  return (
    <Page title="取込" lead="全部の行が正しいときだけ取り込みます。一行でも誤りがあれば、何も変わりません。">
      {jobId !== null && (
        <Section title="いまの取込">
          <Running key={jobId} jobId={jobId} onOverrideRequested={(job) => setSearch({ job: job.id })} />
        </Section>
      )}
      <Section title="ファイルを取り込む">
        <ImportForm onOverrideRequested={(job) => setSearch({ job: job.id })} />
      </Section>
      <Section title="いま使われているファイル">
        <Fetched query={datasets}>{(newest) => <Newest newest={newest} />}</Fetched>
      </Section>
      <Earlier />
    </Page>
  );
}

/** Imports asked for of late, whatever came of them: each opens again with its rows at fault. */
function Earlier(): ReactNode {
  const jobs = useQuery(jobsQuery);
  const imports = jobs.data?.items.filter((job) => job.kind === 'import') ?? [];
  if (imports.length === 0) return null;
  return (
    <Section title="これまでの取込">
      <Table
        caption="これまでの取込、新しい順"
        rows={imports}
        rowKey={(job) => job.id}
        dense
        columns={[
          { key: 'at', title: '日時', cell: (job) => <InstantText at={job.createdAt} /> },
          { key: 'actor', title: '取り込んだ人', cell: (job) => job.actor },
          { key: 'state', title: '結果', cell: (job) => <JobChip state={job.state} /> },
          {
            key: 'message',
            title: '内容',
            names: true,
            chars: 16,
            cell: (job) => <Link to={{ search: `job=${job.id}` }}>{job.message || job.step || job.label}</Link>,
          },
        ]}
      />
    </Section>
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

function Running({
  jobId,
  onOverrideRequested,
}: {
  readonly jobId: string;
  readonly onOverrideRequested: (job: Job) => void;
}): ReactNode {
  const job = useQuery(jobQuery(jobId));
  const account = useAccount();
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
              actions={
                found.canOverride && (
                  <JobOverride account={account} job={found} onOverrideRequested={onOverrideRequested} />
                )
              }
            >
              {found.state === 'failed' &&
                (found.canOverride
                  ? 'いままでの内容は変わっていません。正しいファイルを選び直すか、このファイルで正しければ、理由を書いて許可してください。'
                  : 'いままでの内容は変わっていません。下の表で直すか、ファイルを直して取り込み直してください。')}
              {found.override && `許可した人 ${found.override.person}（${found.override.reason}）`}
            </Banner>
            {found.state !== 'stopped' && <RowFaults job={found} onOverrideRequested={onOverrideRequested} />}
          </>
        )
      }
    </Fetched>
  );
}

const FIRST = 50;
const MOST = 1000;

type Fault = RowErrors['rows'][number];

/** A row's fault by its place; a whole row at fault has no cell to mend. */
const placeOf = (row: Fault): string => `${row.line} ${row.column}`;

/** The rows at fault: as many as can be read on a page, how many there are, and a place to put each cell right. */
function RowFaults({
  job,
  onOverrideRequested,
}: {
  readonly job: Job;
  readonly onOverrideRequested: (job: Job) => void;
}): ReactNode {
  const [limit, setLimit] = useState(FIRST);
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const query = useQuery(rowErrorsQuery(job.id, limit));
  const mayFix = job.state === 'failed';
  const fixing = useAction((fixes: readonly Fix[], key) => fixImport(job.id, fixes, key), onOverrideRequested);
  const columns: readonly Column<Fault>[] = [
    { key: 'line', title: '行', names: true, end: true, cell: (row) => <Count n={row.line} unit="行" /> },
    { key: 'column', title: '列', chars: 5, cell: (row) => row.column || '行全体' },
    { key: 'message', title: '直すところ', chars: 14, cell: (row) => row.message },
    ...(mayFix
      ? [
          {
            key: 'value',
            title: '正しい値',
            cell: (row: Fault) =>
              row.column !== '' && (
                <input
                  aria-label={`${row.line}行目の${row.column}の正しい値`}
                  autoComplete="off"
                  maxLength={500}
                  value={values.get(placeOf(row)) ?? ''}
                  onChange={(event) => setValues(new Map(values).set(placeOf(row), event.target.value))}
                  className={`h-10 w-full min-w-[12em] ${BOX}`}
                />
              ),
          },
        ]
      : []),
  ];
  return (
    <Fetched query={query}>
      {({ total, rows }) => {
        if (total === 0) return null;
        const fixes = rows
          .filter((row) => row.column !== '' && values.has(placeOf(row)))
          .map((row) => ({ line: row.line, column: row.column, value: values.get(placeOf(row)) ?? '' }));
        return (
          <div className="mt-6">
            <h3 className="mb-1 text-std-18B-160">
              {mayFix ? '直すところ' : '除いた行'} {formatNumber(total)}か所
            </h3>
            <p className="mb-3 text-solid-gray-700">行の番号は表計算ソフトと同じです（見出しが1行目）。</p>
            <Table
              caption="誤りのある行"
              columns={columns}
              rows={rows}
              rowKey={(row) => `${placeOf(row)} ${row.code}`}
              dense
            />
            <div className="mt-3 flex flex-wrap items-center gap-4">
              {mayFix && (
                <Button
                  variant="filled"
                  busy={fixing.isPending}
                  reason={fixes.length === 0 ? '正しい値を一つ以上入れてください' : undefined}
                  onClick={() => fixing.mutate(fixes)}
                >
                  {fixes.length > 0
                    ? `${formatNumber(fixes.length)}か所を直して、もう一度取り込む`
                    : 'もう一度取り込む'}
                </Button>
              )}
              {rows.length < total && limit < MOST && (
                <Button size="sm" onClick={() => setLimit(MOST)}>
                  {formatNumber(Math.min(total, MOST))}か所まで見る
                </Button>
              )}
              {rows.length < total && (
                <p className="text-dns-16N-130 text-solid-gray-700">はじめの{formatNumber(rows.length)}か所です。</p>
              )}
            </div>
            {fixing.error && (
              <div className="mt-3">
                <Banner kind="error" title={wordsOf(fixing.error) ?? ''} />
              </div>
            )}
          </div>
        );
      }}
    </Fetched>
  );
}
