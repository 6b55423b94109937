// Files in: drop them, see together what they would change, and which of those taken in are in use.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { importsQuery, takenFilesQuery } from '../../api/imports.ts';
import type { ImportRow, TakenFiles } from '../../api/imports.ts';
import { TakeUpFile } from '../../forms/confirm-import.tsx';
import { ImportForm, KINDS } from '../../forms/import-form.tsx';
import { paths } from '../../paths.ts';
import { Chip } from '../../ui/chip.tsx';
import type { Tone } from '../../ui/chip.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Count, DateText, InstantText } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { useAccount } from '../signed-in.tsx';

export function ImportsPage(): ReactNode {
  const navigate = useNavigate();
  const imports = useQuery(importsQuery);
  const files = useQuery(takenFilesQuery);
  return (
    <Page title="取込" lead="送ったファイルで何が変わるかを、取り込む前に確かめます。確定するまで、何も変わりません。">
      <Section title="ファイルを送る">
        <ImportForm onProposed={(page) => void navigate(paths.import(page.id))} />
      </Section>
      <Section title="送られたファイル">
        <Fetched query={imports}>{({ items }) => <Proposals items={items} />}</Fetched>
      </Section>
      <Section title="取り込んだファイル">
        <Fetched query={files}>{({ items }) => <Taken items={items} />}</Fetched>
      </Section>
    </Page>
  );
}

const STATES = {
  checking: { tone: 'blue', word: '調べている' },
  open: { tone: 'yellow', word: '確定待ち' },
  'taking-in': { tone: 'blue', word: '取り込んでいる' },
  'taken-in': { tone: 'green', word: '取り込んだ' },
  rejected: { tone: 'gray', word: '取りやめた' },
  unchanged: { tone: 'gray', word: '変更なし' },
} as const satisfies Record<ImportRow['state'], { tone: Tone; word: string }>;

function Proposals({ items }: { readonly items: readonly ImportRow[] }): ReactNode {
  if (items.length === 0) return <p>まだありません。送ったファイルは、確かめて確定するまでここに残ります。</p>;
  return (
    <Table
      caption="送られたファイル、新しい順"
      rows={items}
      rowKey={(row) => String(row.id)}
      dense
      columns={[
        {
          key: 'files',
          title: 'ファイル',
          names: true,
          chars: 14,
          cell: (row) => <Link to={paths.import(row.id)}>{row.files.map(({ fileName }) => fileName).join('、')}</Link>,
        },
        {
          key: 'state',
          title: '状態',
          cell: (row) => <Chip tone={STATES[row.state].tone}>{STATES[row.state].word}</Chip>,
        },
        { key: 'at', title: '送った日時', cell: (row) => <InstantText at={row.createdAt} /> },
        { key: 'by', title: '送った人', cell: (row) => row.createdBy },
      ]}
    />
  );
}

function Taken({ items }: { readonly items: TakenFiles['items'] }): ReactNode {
  const account = useAccount();
  if (items.length === 0) return <p>まだありません。加入者・事業所・マイナ保険証の三つがそろうと、判定できます。</p>;
  return (
    <Table
      caption="取り込んだファイル、新しい順"
      rows={items}
      rowKey={(row) => String(row.id)}
      dense
      columns={[
        { key: 'file', title: 'ファイル', names: true, chars: 10, cell: (row) => row.fileName },
        { key: 'kind', title: '種類', cell: (row) => KINDS[row.kind] },
        { key: 'rows', title: '行', end: true, cell: (row) => <Count n={row.rowCount} unit="行" /> },
        {
          key: 'asOf',
          title: '基準日',
          cell: (row) => row.asOf !== null && <DateText date={row.asOf as LocalDate} />,
        },
        {
          key: 'at',
          title: '取り込んだ日時',
          cell: (row) => (
            <>
              <InstantText at={row.importedAt} /> {row.importedBy}
            </>
          ),
        },
        {
          key: 'use',
          title: '使用',
          cell: (row) => {
            if (row.isInUse) return <Chip tone="green">使用中</Chip>;
            if (row.isErased) return '消去済み';
            return <TakeUpFile id={row.id} what={KINDS[row.kind]} name={row.fileName} person={account.displayName} />;
          },
        },
      ]}
    />
  );
}
