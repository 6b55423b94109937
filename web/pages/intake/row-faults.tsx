// Rows at fault of a file: as many as can be read on a page, how many there are, and a place to put each cell right.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { fixImport, importList, rowErrorsQuery } from '../../api/imports.ts';
import type { DatasetKind, Fix, ImportPage, RowErrors } from '../../api/imports.ts';
import { KINDS } from '../../forms/import-form.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { BOX } from '../../ui/field.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Count, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';

const FIRST = 50;
const MOST = 1000;

type Fault = RowErrors['rows'][number];

/** A row's fault by its place; a whole row at fault has no cell to mend. */
const placeOf = (row: Fault): string => `${row.line} ${row.column}`;

export function RowFaults({
  page: { id, version },
  kind,
  mayFix,
}: {
  readonly page: ImportPage;
  readonly kind: DatasetKind;
  /** The file is refused for them, and is still there. */
  readonly mayFix: boolean;
}): ReactNode {
  const [limit, setLimit] = useState(FIRST);
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const query = useQuery(rowErrorsQuery(id, version, kind, limit));
  const fixing = useAction(
    (fixes: readonly Fix[], key) => fixImport(id, kind, fixes, key),
    () => setValues(new Map()),
  );
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
              {mayFix ? '直すところ' : '除く行'} {formatNumber(total)}か所
            </h3>
            <p className="mb-3 text-solid-gray-700">行の番号は表計算ソフトと同じです。</p>
            <Table
              caption={`誤りのある行（${KINDS[kind]}）`}
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
                  {fixes.length > 0 ? `${formatNumber(fixes.length)}か所を直して、もう一度調べる` : 'もう一度調べる'}
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
              <CsvChoice
                label="誤りの一覧をCSVで受け取る"
                href={(encoding) => importList(id, kind, 'errors', encoding)}
              />
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
