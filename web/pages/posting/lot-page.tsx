// What two persons approve of a lot, beside the approval itself: counts by way, what print held, the change against the working of
// the plan before, pages to look at, and the print files with their hashes.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { approvalQuery } from '../../api/lots.ts';
import type { ApprovalSheet } from '../../api/lots.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/file-drop.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Count, DateText, PaperNumber, formatNumber } from '../../ui/text.tsx';
import type { Unit } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { PagePictures } from '../printing/printed-pages.tsx';
import { useMay } from '../signed-in.tsx';
import { LotBox } from './lot-box.tsx';

export function LotPage(): ReactNode {
  const params = useParams();
  const [id, no] = [Number(params['id']), Number(params['no'])];
  const query = useQuery(approvalQuery(id, no));
  return (
    <Fetched query={query} page="ロット">
      {(sheet) => (
        <Page
          title={`ロット${no}の承認`}
          crumbs={[
            { to: paths.issuances, label: '発行' },
            { to: paths.issuance(id), label: `第${id}号` },
            { to: paths.lots(id), label: 'ロットと二人の確認' },
          ]}
          lead="数・ページ・印刷ファイルを確かめてから、別々の二人が承認します。"
          actions={<AsOf at={sheet.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
        >
          <Section title="承認">
            <LotBox id={id} lot={sheet.lot} />
          </Section>
          <Section title="経路ごとの数">
            <Routes sheet={sheet} />
          </Section>
          <Section title="前の回との違い">
            <Changes sheet={sheet} />
          </Section>
          <Section title="見るページ">
            <Proofs sheet={sheet} />
          </Section>
          <Section title="印刷ファイル">
            <Files sheet={sheet} />
          </Section>
        </Page>
      )}
    </Fetched>
  );
}

function Routes({ sheet: { routes, held } }: { readonly sheet: ApprovalSheet }): ReactNode {
  const maySee = useMay('see-papers');
  if (routes.length === 0) return <p>このロットに郵便物はありません。</p>;
  return (
    <>
      <Table
        caption="経路ごとの数"
        rows={routes}
        rowKey={(row) => row.route}
        dense
        columns={[
          { key: 'route', title: '経路', names: true, cell: (row) => row.label },
          { key: 'pieces', title: '郵便物', end: true, cell: (row) => <Count n={row.pieces} unit="通" /> },
          { key: 'papers', title: '用紙', end: true, cell: (row) => <Count n={row.papers} unit="枚" /> },
          { key: 'printed', title: '印刷', end: true, cell: (row) => <Count n={row.printed} unit="通" /> },
          { key: 'held', title: '確認待ち', end: true, cell: (row) => <Count n={row.held} unit="通" /> },
          {
            key: 'withdrawn',
            title: '印刷前の引き抜き',
            end: true,
            cell: (row) => <Count n={row.withdrawn} unit="通" />,
          },
        ]}
      />
      {held.length > 0 && (
        <ul aria-label="印刷が止めた郵便物" className="mt-3 list-inside list-disc">
          {held.map(({ reason, label, count, first }) => (
            <li key={reason}>
              {label}　{formatNumber(count)}通（たとえば{' '}
              {maySee ? (
                <Link to={paths.piece(first)}>
                  <PaperNumber number={first} />
                </Link>
              ) : (
                <PaperNumber number={first} />
              )}
              ）
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const CHANGES = [
  ['targets', '対象', '人'],
  ['papers', '用紙', '枚'],
  ['mailpieces', '郵便物', '通'],
] as const;

interface Change {
  readonly key: string;
  readonly label: string;
  readonly unit: Unit;
  readonly now: number;
  /** Null = it was not counted then. */
  readonly before: number | null;
}

const BEFORE: readonly Column<Change>[] = [
  {
    key: 'before',
    title: '前の回',
    end: true,
    cell: (row) => (row.before === null ? '－' : <Count n={row.before} unit={row.unit} />),
  },
  {
    key: 'change',
    title: '増減',
    end: true,
    cell: (row) => (row.before === null ? '－' : signed(row.now - row.before)),
  },
];

/** The whole issuance against the working of its plan before it. */
function Changes({ sheet: { now, before } }: { readonly sheet: ApprovalSheet }): ReactNode {
  const rows: readonly Change[] = [
    ...CHANGES.map(([key, label, unit]) => ({ key, label, unit, now: now[key], before: before?.[key] ?? null })),
    ...now.routes.map(({ route, label, pieces }) => ({
      key: route,
      label: `郵便物（${label}）`,
      unit: '通' as const,
      now: pieces,
      before: before?.routes.find((row) => row.route === route)?.pieces ?? null,
    })),
  ];
  return (
    <>
      <p className="mb-3">
        {before === null ? (
          '同じ計画の前の回はありません。発行全体の数です。'
        ) : (
          <>
            発行全体の数を、前の回（<Link to={paths.issuance(before.id)}>第{before.id}号</Link>
            {before.isCancelled && '、取りやめ'}、交付・通知年月日 <DateText date={before.issuedOn as LocalDate} />
            ）と比べます。
          </>
        )}
      </p>
      <Table
        caption="前の回との違い"
        rows={rows}
        rowKey={(row) => row.key}
        dense
        columns={[
          { key: 'label', title: '数えるもの', names: true, cell: (row) => row.label },
          { key: 'now', title: 'この発行', end: true, cell: (row) => <Count n={row.now} unit={row.unit} /> },
          ...(before === null ? [] : BEFORE),
        ]}
      />
    </>
  );
}

function signed(difference: number): string {
  if (difference === 0) return '0';
  return `${difference > 0 ? '+' : '−'}${formatNumber(Math.abs(difference))}`;
}

/** Pieces to look at; their pages are drawn when asked for: looking is recorded. */
function Proofs({ sheet: { proofs } }: { readonly sheet: ApprovalSheet }): ReactNode {
  const maySee = useMay('see-pages');
  const [open, setOpen] = useState(false);
  if (proofs.length === 0) return <p>印刷した郵便物がまだないか、見られる郵便物がありません。</p>;
  return (
    <>
      <p className="mb-3">引き渡す印刷ファイルそのもののページです。宛名・氏名・枚数・改行を確かめてください。</p>
      {maySee && (
        <div className="mb-4">
          <Button size="sm" icon="file" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'ページを閉じる' : 'ページを見る'}
          </Button>
        </div>
      )}
      <ul className="flex flex-col gap-6">
        {proofs.map(({ mailpieceNumber, label }) => (
          <li key={mailpieceNumber}>
            <h3 className="text-std-17B-170">{label}</h3>
            <p>
              <Link to={paths.piece(mailpieceNumber)}>
                <PaperNumber number={mailpieceNumber} />
              </Link>
            </p>
            {open && (
              <div className="mt-2">
                <PagePictures
                  mailpieceNumber={mailpieceNumber}
                  none="紙面に個人番号の下4桁があるため、画面には出しません。"
                />
              </div>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Files({ sheet: { lot, files } }: { readonly sheet: ApprovalSheet }): ReactNode {
  const pages = files.reduce((sum, file) => sum + file.pages, 0);
  return (
    <>
      <p className="mb-1">
        {formatNumber(files.length)}ファイル、{formatNumber(pages)}
        ページ。承認すると、次の照合値（全ファイルの名前とSHA-256をまとめたもの）が数とともに記録され、ファイルが変わると承認は効かなくなります。
      </p>
      <p className="mb-3 text-dns-14N-130 break-all">{lot.filesSha256}</p>
      <details>
        <summary className="cursor-pointer rounded-4 py-2 text-blue-1000 underline">
          ファイルと照合用の値（SHA-256）
        </summary>
        <Table
          caption="ロットの印刷ファイル"
          rows={files}
          rowKey={(file) => file.path}
          dense
          columns={[
            { key: 'path', title: 'ファイル', names: true, chars: 12, cell: (file) => file.path },
            { key: 'pages', title: 'ページ', end: true, cell: (file) => formatNumber(file.pages) },
            {
              key: 'bytes',
              title: '大きさ',
              end: true,
              cell: (file) => <span className="whole">{formatBytes(file.bytes)}</span>,
            },
            {
              key: 'sha256',
              title: 'SHA-256',
              chars: 16,
              cell: (file) => <span className="text-dns-14N-130 break-all">{file.sha256}</span>,
            },
          ]}
        />
      </details>
    </>
  );
}
