// What one file of a proposal would change: rows that come, go and change, with the first of each by name; cells to look at; what
// stops it.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { importList } from '../../api/imports.ts';
import type { ImportPage, ReportedFile } from '../../api/imports.ts';
import { KINDS } from '../../forms/import-form.tsx';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { Facts } from '../../ui/card.tsx';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Section } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Count, DateText, formatNumber } from '../../ui/text.tsx';
import type { Unit } from '../../ui/text.tsx';
import { RowFaults } from './row-faults.tsx';

type Change = NonNullable<ReportedFile['change']>;
type Row = Change['first']['come'][number];

export function ImportedFile({ page, file }: { readonly page: ImportPage; readonly file: ReportedFile }): ReactNode {
  const { kind, fault, stops, change, known } = file;
  const isOpen = page.state === 'open' || page.state === 'checking';
  return (
    <Section title={`${KINDS[kind]}　${file.fileName}`}>
      <div className="flex flex-col gap-4">
        {fault && (
          <Banner kind="error" title={fault.message} live={false}>
            {isOpen && 'このファイルは取り込めません。いままでの内容は変わっていません。'}
          </Banner>
        )}
        {stops.map(({ code, message }) => (
          <Banner key={code} kind="warning" title={message.replace('何も取り込みませんでした。', '')} live={false}>
            このファイルで正しければ、別々の二人が理由を書いて確定できます。
          </Banner>
        ))}
        {known && (
          <Banner
            kind="information"
            title={known.isInUse ? 'いま使っているファイルと同じです（変更なし）' : '前に取り込んだファイルです'}
            live={false}
          >
            {!known.isInUse && '確定すると、このファイルに戻ります。戻す理由が要ります。'}
          </Banner>
        )}
        {!fault && <Numbers file={file} />}
        {change && <Changes page={page} file={file} change={change} />}
        <Suspects page={page} file={file} />
        {(fault?.code === 'invalid-rows' || file.rejectedCount > 0) && isOpen && (
          <RowFaults page={page} kind={kind} mayFix={fault !== null} />
        )}
      </div>
    </Section>
  );
}

function Numbers({ file }: { readonly file: ReportedFile }): ReactNode {
  const { rowCount, rejectedCount, before, asOf, notes, unknownColumns, change } = file;
  const unit: Unit = file.kind === 'workplaces' ? '事業所' : file.kind === 'members' ? '人' : '行';
  const facts = [
    { name: '行', value: <Count n={rowCount} unit="行" /> },
    ...(asOf ? [{ name: '基準日', value: <DateText date={asOf as LocalDate} /> }] : []),
    {
      name: 'いま使っているファイル',
      value: before ? (
        <>
          {before.fileName}（<Count n={before.rowCount} unit="行" />）
        </>
      ) : (
        'まだありません（はじめての取込です）'
      ),
    },
    ...(change
      ? [
          {
            name: 'いまとの違い',
            value: (
              <>
                増える <Count n={change.come} unit={unit} />
                {'　'}なくなる <Count n={change.gone} unit={unit} />
                {'　'}変わる <Count n={change.changed} unit={unit} />
              </>
            ),
          },
        ]
      : []),
    ...(rejectedCount > 0 ? [{ name: '誤りのため除く行', value: <Count n={rejectedCount} unit="行" /> }] : []),
    ...(unknownColumns.length > 0 ? [{ name: '使わない見出し', value: unknownColumns.join('、') }] : []),
    ...(notes.length > 0 ? [{ name: '読み方', value: notes.join('。') }] : []),
  ];
  return <Facts facts={facts} />;
}

function Changes({
  page,
  file,
  change,
}: {
  readonly page: ImportPage;
  readonly file: ReportedFile;
  readonly change: Change;
}): ReactNode {
  const { first, come, gone, changed, goneWithPaper, columns } = change;
  const isPlaces = file.kind === 'workplaces';
  const unit: Unit = isPlaces ? '事業所' : file.kind === 'members' ? '人' : '行';
  const isThere = come + gone + changed > 0;
  return (
    <>
      {goneWithPaper > 0 && (
        <Banner
          kind="warning"
          title={`なくなる人のうち${formatNumber(goneWithPaper)}人は、資格確認書が手元にあります`}
          live={false}
        >
          取り込んでも、資格確認書は失効しません。喪失なら届書を取り込み、回収してください。
        </Banner>
      )}
      {columns.length > 0 && (
        <Table
          caption={`変わる列（${KINDS[file.kind]}）`}
          rows={columns}
          rowKey={(row) => row.column}
          dense
          columns={[
            { key: 'column', title: '列', names: true, cell: (row) => row.column },
            { key: 'count', title: '変わる行', end: true, cell: (row) => <Count n={row.count} unit="行" /> },
          ]}
        />
      )}
      <Rows
        label="資格確認書が手元にある、なくなる人"
        rows={first['gone-with-paper']}
        total={goneWithPaper}
        unit="人"
        open
        links
      />
      <Rows
        label="なくなる"
        rows={first.gone}
        total={gone}
        unit={unit}
        open={isPlaces}
        links={file.kind === 'members'}
      />
      <Rows label="増える" rows={first.come} total={come} unit={unit} open={isPlaces} />
      <Rows label="変わる" rows={first.changed} total={changed} unit={unit} links={file.kind === 'members'} />
      {isThere && page.endedAt === null && (
        <div>
          <CsvChoice
            label="違う行をすべてCSVで受け取る"
            href={(encoding) => importList(page.id, file.kind, 'changes', encoding)}
          />
        </div>
      )}
    </>
  );
}

/** The first rows of a group, by key and name. */
function Rows({
  label,
  rows,
  total,
  unit,
  open = false,
  links = false,
}: {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly total: number;
  readonly unit: Unit;
  readonly open?: boolean;
  /** Whether a key leads to the person's page: of people in the file in use. */
  readonly links?: boolean;
}): ReactNode {
  if (rows.length === 0) return null;
  return (
    <details open={open}>
      <summary className="cursor-pointer rounded-4 py-2 text-blue-1000 underline">
        {label} <Count n={total} unit={unit} />
        {rows.length < total && `（はじめの${formatNumber(rows.length)}）`}
      </summary>
      <ul className="flex flex-wrap gap-x-6 gap-y-1 py-2">
        {rows.map((row) => (
          <li key={row.key}>
            {links ? <Link to={paths.person(row.key)}>{row.key}</Link> : <span className="code">{row.key}</span>}
            {row.name && ` ${row.name}`}
            {row.columns.length > 0 && (
              <span className="text-dns-14N-130 text-solid-gray-700">（{row.columns.join('、')}）</span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Suspects({ page, file }: { readonly page: ImportPage; readonly file: ReportedFile }): ReactNode {
  const { total, first } = file.suspects;
  if (total === 0) return null;
  return (
    <div>
      <h3 className="mb-1 text-std-18B-160">職員が見るべきセル {formatNumber(total)}か所</h3>
      <p className="mb-3 text-solid-gray-700">
        取り込めますが、このままでは郵便物が「職員の確認待ち」になるか、誤りかもしれません。
      </p>
      {first.length > 0 && (
        <Table
          caption={`職員が見るべきセル（${KINDS[file.kind]}）${first.length < total ? `、はじめの${formatNumber(first.length)}か所` : ''}`}
          rows={first.map((row, index) => ({ ...row, index }))}
          rowKey={(row) => String(row.index)}
          dense
          columns={[
            { key: 'line', title: '行', names: true, end: true, cell: (row) => <Count n={row.line} unit="行" /> },
            { key: 'column', title: '列', chars: 5, cell: (row) => row.column },
            { key: 'what', title: '内容', chars: 14, cell: (row) => row.what },
          ]}
        />
      )}
      {page.endedAt === null && (
        <div className="mt-3">
          <CsvChoice
            label="見るべきセルをCSVで受け取る"
            href={(encoding) => importList(page.id, file.kind, 'suspects', encoding)}
          />
        </div>
      )}
    </div>
  );
}
