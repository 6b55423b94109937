// Mailpieces by state, the longest in it first, narrowed by issuance, lot, branch, workplace and reason; one action on many of
// them; and those that wait for staff because of a character or an address.
import { LISTED } from '../listed-states.ts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { ROUTE_LABELS } from '../../../src/rules/issuing/enveloping.ts';
import { ACTIONABLE, LEFT_BY_PRINT, PAPER_STATE_LABELS, WITH_CONTRACTOR } from '../../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import { address } from '../../api/client.ts';
import { heldQuery, pieceCountsQuery, piecesQuery } from '../../api/papers.ts';
import type { HeldList, PieceCounts, PieceFilter, PieceList } from '../../api/papers.ts';
import { ActionResult, PieceActions } from '../../forms/piece-actions.tsx';
import type { ActionDone } from '../../forms/piece-actions.tsx';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Page } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { NONE, useSelection } from '../../ui/selection.ts';
import type { Selection } from '../../ui/selection.ts';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Count, InstantText, PaperNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { RemakeButton } from '../issuing/issuance-steps.tsx';
import { StartedJob } from '../job-view.tsx';
import { PieceFilters, elsewhere, filterOf, isPart } from './piece-filters.tsx';
import { useMay } from '../signed-in.tsx';

type Piece = PieceList['items'][number];

const NUMBER = {
  key: 'number',
  title: '郵便物',
  names: true,
  cell: (row: { readonly mailpieceNumber: string }) => (
    <Link to={paths.piece(row.mailpieceNumber)}>
      <PaperNumber number={row.mailpieceNumber} />
    </Link>
  ),
};

const ISSUANCE = {
  key: 'issuance',
  title: '発行',
  cell: (row: { readonly issuanceId: number }) => (
    <Link to={paths.issuance(row.issuanceId)} className="whole">
      第{row.issuanceId}号
    </Link>
  ),
};

function columnsOf(state: PaperState): readonly Column<Piece>[] {
  return [
    NUMBER,
    {
      key: 'household',
      title: '記号-番号',
      cell: (row) => <span className="code">{`${row.symbol}-${row.number}`}</span>,
    },
    { key: 'count', title: '枚数', end: true, cell: (row) => <Count n={row.certificateCount} unit="枚" /> },
    { key: 'route', title: '経路', cell: (row) => <span className="whole">{ROUTE_LABELS[row.route]}</span> },
    ...(WITH_CONTRACTOR.includes(state)
      ? []
      : [
          {
            key: 'reason',
            title: state === 'returned' ? '理由と行き先' : '理由',
            chars: 9,
            cell: (row: Piece) =>
              row.nextStepLabel === '' ? (
                row.reasonLabel || '－'
              ) : (
                <>
                  {row.reasonLabel}
                  <span className="block font-700">→ {row.nextStepLabel}</span>
                </>
              ),
          },
        ]),
    ...(state === 'printed'
      ? []
      : [
          {
            key: 'since',
            title: 'いつから',
            cell: (row: Piece) => (row.since === null ? '－' : <InstantText at={row.since} />),
          },
        ]),
    ISSUANCE,
  ];
}

/** What an empty list of a state means. */
const EMPTY: Partial<Record<PaperState, string>> = {
  held: '書体にない文字や欄に収まらない住所があると、その郵便物だけが止まってここに並びます。',
  released: '確認を待つ郵便物を確認済みにすると、ここに並び、まとめて作り直せます。',
  returned: '返戻封筒のバーコードを読むと、ここに並びます。',
  'not-handed-over': '事業所が手渡しできなかったと報告すると、ここに並びます。',
  'left-workplace': '事業所が退職を報告すると、ここに並びます。',
  spoiled: '委託業者が損傷を報告すると、ここに並びます。',
};

export function PiecesPage(): ReactNode {
  const state = (useParams()['state'] ?? 'returned') as PaperState;
  const isKnown = LISTED.includes(state);
  return (
    <Page
      title={`郵便物：${isKnown ? PAPER_STATE_LABELS[state] : ''}`}
      lead={
        LEFT_BY_PRINT.includes(state)
          ? '状態ごとの一覧です。番号の順に並びます。'
          : '状態ごとの一覧です。その状態になった古いものから並びます。'
      }
    >
      {isKnown ? <List state={state} /> : <Unknown />}
    </Page>
  );
}

function Unknown(): ReactNode {
  return (
    <>
      <States filter={{ state: 'returned' }} counts={undefined} current={null} />
      <Empty icon="question" title="その状態はありません" />
    </>
  );
}

/** Every state with a list, and how many are in it under the other filters. */
function States({
  filter,
  counts,
  current,
}: {
  readonly filter: PieceFilter;
  readonly counts: PieceCounts | undefined;
  readonly current: PaperState | null;
}): ReactNode {
  return (
    <Tabs
      label="状態"
      tabs={LISTED.map((each) => ({
        to: paths.pieces(each, elsewhere(filter)),
        label: PAPER_STATE_LABELS[each],
        current: each === current,
        count: counts && (counts.states.find(({ value }) => value === each)?.count ?? 0),
      }))}
    />
  );
}

function List({ state }: { readonly state: PaperState }): ReactNode {
  const [search] = useSearchParams();
  const filter = filterOf(state, search);
  // Why print held a piece is in the list alone: the counts do not have it.
  const { reason: _reason, ...unreasoned } = filter;
  const counts = useQuery(pieceCountsQuery(state === 'held' ? unreasoned : filter));
  const [done, setDone] = useState<ActionDone | null>(null);
  const [started, setStarted] = useState<string | null>(null);
  const selection = useSelection(JSON.stringify(filter));
  const onDone = (what: ActionDone): void => {
    setDone(what);
    selection.set(NONE);
  };
  const common = {
    filter,
    counts: counts.data,
    selection,
    after: search.get('after') ?? '',
    onDone,
    onStarted: setStarted,
  };
  return (
    <>
      <States filter={filter} counts={counts.data} current={state} />
      <PieceFilters filter={filter} counts={counts.data} />
      {started !== null && <StartedJob id={started} />}
      {done && <ActionResult done={done} onClose={() => setDone(null)} />}
      {state === 'held' ? <Held {...common} /> : <Pieces {...common} />}
    </>
  );
}

interface ListProps {
  readonly filter: PieceFilter;
  readonly counts: PieceCounts | undefined;
  readonly selection: Selection;
  readonly after: string;
  readonly onDone: (done: ActionDone) => void;
  /** A job was started here, by its id. */
  readonly onStarted: (id: string) => void;
}

/** What the table of a list needs so that rows can be chosen and something done to them. */
function useBulk({ filter, counts, selection, onDone, onStarted }: ListProps, shown: number) {
  const mayRemake = useMay('remake');
  const mayChange = useMay('change-papers');
  if (!mayChange || !ACTIONABLE.includes(filter.state)) return {};
  const { chosen } = selection;
  const pieces = chosen.kind === 'some' ? { numbers: [...chosen.ids] } : { filter, except: [...chosen.except] };
  return {
    selection,
    total: counts?.total ?? shown,
    unit: '通' as const,
    bulk: (count: number) => (
      <PieceActions
        state={filter.state}
        count={count}
        pieces={pieces}
        mayRemake={mayRemake}
        onDone={onDone}
        onStarted={(job) => {
          onStarted(job.id);
          selection.set(NONE);
        }}
      />
    ),
  };
}

function Pieces(props: ListProps): ReactNode {
  const { filter, counts, after, onStarted } = props;
  const { state } = filter;
  const query = useQuery(piecesQuery(filter, after));
  const mayScan = useMay('scan-returns');
  const bulk = useBulk(props, query.data?.items.length ?? 0);
  return (
    <Fetched query={query}>
      {({ items, next, asOf }) =>
        items.length === 0 ? (
          <Empty
            title={`${filter.issuance !== undefined || isPart(filter) ? '条件に合う、' : ''}${PAPER_STATE_LABELS[state]}の郵便物はありません`}
            actions={state === 'returned' && mayScan && <LinkButton to={paths.scan}>不着を読み取る</LinkButton>}
          >
            {EMPTY[state]}
          </Empty>
        ) : (
          <>
            <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
              <div className="flex flex-wrap gap-3">
                <CsvChoice href={(encoding) => address('/exports/pieces.csv', { ...filter, as: encoding })} />
                <Remakes filter={filter} counts={counts} onStarted={onStarted} />
              </div>
              <AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
            </div>
            <Table
              caption={`${PAPER_STATE_LABELS[state]}の郵便物`}
              columns={columnsOf(state)}
              rows={items}
              rowKey={(row) => row.mailpieceNumber}
              busy={query.isFetching}
              dense
              {...bulk}
            />
            <Paging next={next} shown={items.length} pageSize={50} total={counts?.total ?? null} unit="通" />
          </>
        )
      }
    </Fetched>
  );
}

const REMAKES = {
  released: { kind: 'release', verb: '確認済みの作り直しを作る' },
  returned: { kind: 'reroute', verb: '事業所経由の再送付を作る' },
  spoiled: { kind: 'reprint', verb: '刷り直しを作る' },
  'left-workplace': { kind: 'rehome', verb: '退職した方への自宅送付を作る' },
} as const;

/** Most issuances with a button of their own; with more, one is chosen in the filter. */
const MOST_BUTTONS = 3;

/** Making again of all of an issuance that can be; of some, they are chosen in the list. */
function Remakes({
  filter,
  counts,
  onStarted,
}: {
  readonly filter: PieceFilter;
  readonly counts: PieceCounts | undefined;
  readonly onStarted: (id: string) => void;
}): ReactNode {
  const mayRemake = useMay('remake');
  const { state, issuance = '' } = filter;
  if (!mayRemake || counts === undefined || !(state in REMAKES) || isPart(filter)) return null;
  const { kind, verb } = REMAKES[state as keyof typeof REMAKES];
  const found = counts.issuances.filter(({ value }) => issuance === '' || value === issuance);
  if (found.length > MOST_BUTTONS) return <p className="self-center">発行を選ぶと、{verb}ことができます。</p>;
  return found.map(({ value, count }) => (
    <RemakeButton
      key={value}
      kind={kind}
      verb={found.length > 1 ? `第${value}号の${verb}` : verb}
      id={Number(value)}
      count={count}
      onStarted={(job) => onStarted(job.id)}
    />
  ));
}

/** A piece with everything that holds it. */
interface HeldPiece {
  readonly mailpieceNumber: string;
  readonly issuanceId: number;
  readonly reasons: readonly HeldList['items'][number][];
}

const HELD_COLUMNS: readonly Column<HeldPiece>[] = [
  NUMBER,
  {
    key: 'reason',
    title: '誰の、何が',
    chars: 12,
    cell: ({ reasons }) => (
      <ul className="flex flex-col gap-2">
        {reasons.map((row) => (
          <li key={`${row.key}-${row.field}-${row.codePoint}`}>
            <span className="code">{row.key}</span>　{row.reasonLabel}
            {row.field !== '' && `（${row.field}）`}
            {row.codePoint !== '' && <Character codePoint={row.codePoint} />}
          </li>
        ))}
      </ul>
    ),
  },
  ISSUANCE,
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

function Held(props: ListProps): ReactNode {
  const { filter, counts, after } = props;
  const query = useQuery(heldQuery(filter, after));
  const pieces: HeldPiece[] = [...Map.groupBy(query.data?.items ?? [], (row) => row.mailpieceNumber)].map(
    ([mailpieceNumber, reasons]) => ({ mailpieceNumber, issuanceId: reasons[0]?.issuanceId ?? 0, reasons }),
  );
  const bulk = useBulk(props, pieces.length);
  const { reason = '' } = filter;
  return (
    <Fetched query={query}>
      {({ next, asOf }) =>
        pieces.length === 0 ? (
          <Empty
            title={
              filter.issuance !== undefined || isPart(filter)
                ? '条件に合う郵便物はありません'
                : '確認を待つ郵便物はありません'
            }
          >
            {EMPTY.held}
          </Empty>
        ) : (
          <>
            <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
              <CsvChoice
                href={(encoding) => {
                  const { state: _held, lot: _lot, ...rest } = filter;
                  return address('/exports/held.csv', { ...rest, as: encoding });
                }}
              />
              <AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
            </div>
            <Table
              caption="確認を待つ郵便物"
              columns={HELD_COLUMNS}
              rows={pieces}
              rowKey={(row) => row.mailpieceNumber}
              busy={query.isFetching}
              {...bulk}
              // A reason is no part of what is counted, nor of what "all" would mean.
              {...(reason !== '' && bulk.selection && { total: pieces.length })}
            />
            <Paging
              next={next}
              shown={pieces.length}
              pageSize={50}
              total={reason === '' ? (counts?.total ?? null) : null}
              unit="通"
            />
          </>
        )
      }
    </Fetched>
  );
}
