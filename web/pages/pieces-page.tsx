// Mailpieces by state, the longest in it first; and those that wait for staff because of a character or an address.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { ROUTE_LABELS } from '../../src/rules/labels.ts';
import { PAPER_STATE_LABELS } from '../../src/rules/lifecycle.ts';
import type { PaperState } from '../../src/rules/lifecycle.ts';
import { address } from '../api/client.ts';
import { heldQuery, piecesQuery } from '../api/papers.ts';
import type { HeldList, PieceList } from '../api/papers.ts';
import { paths } from '../paths.ts';
import { LinkButton } from '../ui/button.tsx';
import { CsvChoice } from '../ui/csv-choice.tsx';
import { Page } from '../ui/page.tsx';
import { AsOf, Paging } from '../ui/paging.tsx';
import { Empty } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import type { Column } from '../ui/table.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Count, InstantText, PaperNumber } from '../ui/text.tsx';
import { Fetched } from './fetched.tsx';
import { RemakeButton } from './issuance-steps.tsx';
import { useMay } from './signed-in.tsx';

type Piece = PieceList['items'][number];

/** In the order of what needs somebody. Papers still where printing left them have no list: nothing has happened yet. */
export const LISTED: readonly PaperState[] = [
  ...(['held', 'returned', 'not-handed-over', 'spoiled', 'withdrawn'] as const),
  ...(['enclosed', 'posted', 'rerouted', 'handed-over', 'destroyed'] as const),
];

const COLUMNS: readonly Column<Piece>[] = [
  {
    key: 'number',
    title: '郵便物',
    names: true,
    cell: (row) => (
      <Link to={paths.find(row.mailpieceNumber)}>
        <PaperNumber number={row.mailpieceNumber} />
      </Link>
    ),
  },
  {
    key: 'household',
    title: '記号-番号',
    cell: (row) => <span className="code">{`${row.symbol}-${row.number}`}</span>,
  },
  { key: 'count', title: '枚数', end: true, cell: (row) => <Count n={row.certificateCount} unit="枚" /> },
  { key: 'route', title: '送り先', cell: (row) => <span className="whole">{ROUTE_LABELS[row.route]}</span> },
  { key: 'reason', title: '理由', chars: 8, cell: (row) => row.reasonLabel || '－' },
  { key: 'since', title: 'いつから', cell: (row) => (row.since === null ? '－' : <InstantText at={row.since} />) },
  {
    key: 'issuance',
    title: '発行',
    cell: (row) => (
      <Link to={paths.issuance(row.issuanceId)} className="whole">
        第{row.issuanceId}号
      </Link>
    ),
  },
];

/** What an empty list of a state means. */
const EMPTY: Partial<Record<PaperState, string>> = {
  held: '書体にない文字や欄に収まらない住所があると、その郵便物だけが止まってここに並びます。',
  returned: '返戻封筒のバーコードを読むと、ここに並びます。',
  'not-handed-over': '事業所が手渡しできなかったと報告すると、ここに並びます。',
  spoiled: '委託業者が損傷を報告すると、ここに並びます。',
};

export function PiecesPage(): ReactNode {
  const state = (useParams()['state'] ?? 'returned') as PaperState;
  const isKnown = LISTED.includes(state);
  return (
    <Page
      title={`郵便物：${isKnown ? PAPER_STATE_LABELS[state] : ''}`}
      lead="状態ごとに、その状態になった古いものから並びます。"
    >
      <Tabs
        label="状態"
        tabs={LISTED.map((each) => ({
          to: paths.pieces(each),
          label: PAPER_STATE_LABELS[each],
          current: each === state,
        }))}
      />
      {!isKnown ? (
        <Empty icon="question" title="その状態はありません" />
      ) : state === 'held' ? (
        <Held />
      ) : (
        <Pieces state={state} />
      )}
    </Page>
  );
}

function Pieces({ state }: { readonly state: PaperState }): ReactNode {
  const [search] = useSearchParams();
  const query = useQuery(piecesQuery(state, search.get('after') ?? ''));
  const mayScan = useMay('scan-returns');
  const mayRemake = useMay('remake');
  return (
    <Fetched query={query}>
      {({ items, next, asOf }) =>
        items.length === 0 ? (
          <Empty
            title={`${PAPER_STATE_LABELS[state]}の郵便物はありません`}
            actions={state === 'returned' && mayScan && <LinkButton to={paths.scan}>不着を読み取る</LinkButton>}
          >
            {EMPTY[state]}
          </Empty>
        ) : (
          <>
            <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
              <div className="flex flex-wrap gap-3">
                <CsvChoice href={(encoding) => address('/exports/pieces.csv', { state, as: encoding })} />
                {mayRemake && state === 'returned' && <Remakes kind="reroute" items={items} />}
                {mayRemake && state === 'spoiled' && <Remakes kind="reprint" items={items} />}
                {mayRemake && state === 'not-handed-over' && <Remakes kind="rehome" items={items} />}
              </div>
              <AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
            </div>
            <Table
              caption={`${PAPER_STATE_LABELS[state]}の郵便物`}
              columns={COLUMNS}
              rows={items}
              rowKey={(row) => row.mailpieceNumber}
              busy={query.isFetching}
            />
            <Paging next={next} shown={items.length} pageSize={50} total={null} unit="通" />
          </>
        )
      }
    </Fetched>
  );
}

const REMAKE_VERBS = {
  reroute: '事業所経由の再送付を作る',
  reprint: '刷り直しを作る',
  rehome: '退職した方への自宅送付を作る',
} as const;

/** Making again goes issuance by issuance; one button for each that is on this page. */
function Remakes({
  kind,
  items,
}: {
  readonly kind: 'reroute' | 'reprint' | 'rehome';
  readonly items: readonly Piece[];
}): ReactNode {
  const ids = [...new Set(items.map((row) => row.issuanceId))];
  const verb = REMAKE_VERBS[kind];
  return ids.map((id) => (
    <RemakeButton
      key={id}
      kind={kind}
      verb={ids.length > 1 ? `第${id}号の${verb}` : verb}
      id={id}
      count={items.filter((row) => row.issuanceId === id).length}
    />
  ));
}

const HELD_COLUMNS: readonly Column<HeldList['items'][number]>[] = [
  {
    key: 'number',
    title: '郵便物',
    names: true,
    cell: (row) => (
      <Link to={paths.find(row.mailpieceNumber)}>
        <PaperNumber number={row.mailpieceNumber} />
      </Link>
    ),
  },
  { key: 'key', title: '記号-番号-枝番', cell: (row) => <span className="code">{row.key}</span> },
  { key: 'reason', title: '理由', chars: 8, cell: (row) => row.reasonLabel },
  { key: 'field', title: '欄', cell: (row) => row.field },
  {
    key: 'character',
    title: '文字',
    cell: (row) => (row.codePoint === '' ? '－' : <Character codePoint={row.codePoint} />),
  },
];

function Character({ codePoint }: { readonly codePoint: string }): ReactNode {
  const value = Number.parseInt(codePoint.replace(/^U\+/i, ''), 16);
  return (
    <span className="whole">
      <span className="mr-2 text-std-24N-150">{Number.isNaN(value) ? '' : String.fromCodePoint(value)}</span>
      {codePoint}
    </span>
  );
}

function Held(): ReactNode {
  const [search] = useSearchParams();
  const query = useQuery(heldQuery(search.get('after') ?? ''));
  return (
    <Fetched query={query}>
      {({ items, next, asOf }) =>
        items.length === 0 ? (
          <Empty title="確認を待つ郵便物はありません">{EMPTY.held}</Empty>
        ) : (
          <>
            <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
              <CsvChoice href={(encoding) => address('/exports/held.csv', { as: encoding })} />
              <AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
            </div>
            <Table
              caption="確認を待つ郵便物"
              columns={HELD_COLUMNS}
              rows={items}
              rowKey={(row) => `${row.mailpieceNumber}-${row.field}-${row.codePoint}`}
            />
            <Paging next={next} shown={items.length} pageSize={50} total={null} unit="件" />
          </>
        )
      }
    </Fetched>
  );
}
