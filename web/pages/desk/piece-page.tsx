// One mailpiece: where it is, what lies in it, what was made again of it, what may be done now, its pages, and the line of
// custody.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { KIND_WORDS } from '../../../src/rules/papers/kinds.ts';
import { formatPaperNumber } from '../../../src/rules/words/check-digits.ts';
import { ROUTE_LABELS } from '../../../src/rules/issuing/enveloping.ts';
import { PAPER_STATE_LABELS } from '../../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { pieceQuery } from '../../api/papers.ts';
import type { PiecePage as PieceData } from '../../api/papers.ts';
import { PaperActions } from '../../forms/paper-actions.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/card.tsx';
import { StateChip } from '../../ui/chip.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Table } from '../../ui/table.tsx';
import { DateText, PaperNumber } from '../../ui/text.tsx';
import { Custody } from '../posting/custody.tsx';
import { Fetched } from '../fetched.tsx';
import { HeldTexts } from '../printing/held-texts.tsx';
import { PrintedPages } from '../printing/printed-pages.tsx';
import { useMay } from '../signed-in.tsx';

export function PiecePage(): ReactNode {
  const query = useQuery(pieceQuery(useParams()['number'] ?? ''));
  return (
    <Fetched query={query} page="郵便物">
      {(page) => {
        const state = page.state as PaperState;
        return (
          <Page
            title={`郵便物 ${formatPaperNumber(page.mailpieceNumber)}`}
            crumbs={[{ to: paths.pieces(state), label: `郵便物：${PAPER_STATE_LABELS[state]}` }]}
            lead={<StateChip state={state} />}
            actions={<AsOf at={page.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
          >
            <Section title="この郵便物">
              <About page={page} />
            </Section>
            <Section title="中身">
              <Contents page={page} />
            </Section>
            <Section title="経過">
              <Custody events={page.events} />
            </Section>
          </Page>
        );
      }}
    </Fetched>
  );
}

function About({ page }: { readonly page: PieceData }): ReactNode {
  const maySeeIssuance = useMay('see-issuances');
  const mayChange = useMay('change-papers');
  return (
    <>
      <Facts
        facts={[
          {
            name: '発行',
            value: maySeeIssuance ? (
              <Link to={paths.issuance(page.issuanceId)}>{page.issuanceTitle}</Link>
            ) : (
              page.issuanceTitle
            ),
          },
          {
            name: KIND_WORDS[page.kind].issuedOn,
            value: <DateText date={page.issuedOn as LocalDate} />,
          },
          { name: '送り先', value: `${ROUTE_LABELS[page.route]}（${page.addressee}）` },
          {
            name: '世帯',
            value: (
              <>
                <Link to={paths.find(page.household)} className="code">
                  {page.household}
                </Link>
                {page.sequenceCount > 1 && `　${page.sequenceCount}通のうち${page.sequence}通目`}
              </>
            ),
          },
          ...(page.madeOf.length === 0 ? [] : [{ name: '作り直しのもと', value: <Pieces numbers={page.madeOf} /> }]),
          ...(page.madeAgain.length === 0
            ? []
            : [{ name: '作り直した郵便物', value: <Pieces numbers={page.madeAgain} /> }]),
        ]}
      />
      {mayChange && page.state === 'held' && <HeldTexts mailpieceNumber={page.mailpieceNumber} />}
      {page.actions.length > 0 && (
        <div className="mt-4">
          <PaperActions isWhole paper={{ ...page, certificateNumber: null }} />
        </div>
      )}
    </>
  );
}

function Pieces({ numbers }: { readonly numbers: readonly string[] }): ReactNode {
  return (
    <ul className="flex flex-col gap-1">
      {numbers.map((number) => (
        <li key={number}>
          <Link to={paths.piece(number)}>
            <PaperNumber number={number} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

const CONTENTS_WORDS = {
  certificate: { title: '資格確認書', noPages: '印刷したページはまだありません。' },
  notice: {
    title: '用紙',
    noPages: '印刷していないか、紙面に個人番号の下4桁があるため、画面には出しません。',
  },
} as const;

function Contents({ page }: { readonly page: PieceData }): ReactNode {
  const maySeePages = useMay('see-pages');
  const words = CONTENTS_WORDS[page.kind];
  return (
    <>
      <Table
        caption="この郵便物に入っているもの"
        rows={page.papers}
        rowKey={(row) => row.certificateNumber ?? row.key}
        dense
        columns={[
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
          {
            key: 'paper',
            title: words.title,
            cell: (row) =>
              row.certificateNumber === null ? '資格情報のお知らせ' : <PaperNumber number={row.certificateNumber} />,
          },
          {
            key: 'state',
            title: '状態',
            cell: (row) => <StateChip state={(row.state ?? page.state) as PaperState} />,
          },
        ]}
      />
      {maySeePages && <PrintedPages mailpieceNumber={page.mailpieceNumber} none={words.noPages} />}
    </>
  );
}
