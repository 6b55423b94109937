// One workplace: what came for its people and who has got it, and the certificates to be collected. Employers see the
// same of their own, and no reason.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'react-router';
import { nextState } from '../../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import { recallsQuery } from '../../api/lots.ts';
import type { RecallList } from '../../api/lots.ts';
import { WORKPLACE_PAGE, workplaceList, workplaceQuery } from '../../api/workplaces.ts';
import type { WorkplacePage as WorkplaceData } from '../../api/workplaces.ts';
import { HandOversForm } from '../../forms/hand-overs-form.tsx';
import type { HandedOver } from '../../forms/hand-overs-form.tsx';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { Facts } from '../../ui/card.tsx';
import { Chip, StateChip } from '../../ui/chip.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { NONE, useSelection } from '../../ui/selection.ts';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Count, InstantText, PaperNumber, formatPostalCode } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { useAccount, useMay } from '../signed-in.tsx';

type Piece = WorkplaceData['pieces'][number];

export function WorkplacePage(): ReactNode {
  const symbol = useParams()['symbol'] ?? '';
  const [search] = useSearchParams();
  const state = search.get('state') ?? '';
  const query = useQuery(workplaceQuery(symbol, state, search.get('after') ?? ''));
  const isOwn = useAccount().workplaceSymbol !== null;
  const found = query.data;
  return (
    <Page
      title={found?.name ?? '事業所'}
      of={`記号 ${symbol}`}
      crumbs={isOwn ? [] : [{ to: paths.workplaces, label: '事業所' }]}
      lead={
        <>
          記号 <span className="code">{symbol}</span>
          {found?.branchName && `・${found.branchName}`}
        </>
      }
    >
      <Fetched query={query}>
        {(page) => (
          <>
            <Section
              title={isOwn ? '届いた封筒を配る' : 'この事業所を通る郵便物'}
              actions={<AsOf at={page.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
            >
              <Envelopes page={page} state={state} busy={query.isFetching} isOwn={isOwn} />
            </Section>
            <Lists page={page} />
            <Recalls symbol={symbol} />
            <Section title="連絡先">
              <Facts
                facts={[
                  { name: '事業主', value: page.employerName || '記録がありません' },
                  {
                    name: '所在地',
                    value: [formatPostalCode(page.postalCode), page.address].filter(Boolean).join('　'),
                  },
                  { name: '電話', value: page.phone || '記録がありません' },
                ]}
              />
            </Section>
          </>
        )}
      </Fetched>
    </Page>
  );
}

function Envelopes({
  page,
  state,
  busy,
  isOwn,
}: {
  readonly page: WorkplaceData;
  readonly state: string;
  readonly busy: boolean;
  readonly isOwn: boolean;
}): ReactNode {
  const all = page.counts.reduce((n, row) => n + row.count, 0);
  if (all === 0) {
    return (
      <Empty icon="envelope" title={isOwn ? '今お願いすることはありません' : 'この事業所を通る郵便物はありません'}>
        事業所あての封筒が発送されると、ここで手渡しを報告できます。
      </Empty>
    );
  }
  return (
    <>
      <Tabs
        label="状態"
        tabs={[
          { to: paths.workplace(page.symbol), label: 'すべて', current: state === '', count: all },
          ...page.counts.map((row) => ({
            to: paths.workplace(page.symbol, row.state),
            label: row.label,
            current: row.state === state,
            count: row.count,
          })),
        ]}
      />
      <Pieces page={page} state={state} busy={busy} />
      <Paging
        next={page.next}
        shown={page.pieces.length}
        pageSize={WORKPLACE_PAGE}
        total={state === '' ? all : (page.counts.find((row) => row.state === state)?.count ?? 0)}
        unit="通"
      />
    </>
  );
}

const COLUMNS: readonly Column<Piece>[] = [
  { key: 'number', title: '封筒', names: true, cell: (row) => <PaperNumber number={row.mailpieceNumber} /> },
  { key: 'insured', title: '番号', cell: (row) => <span className="code">{row.number}</span> },
  { key: 'names', title: '中の人', chars: 9, cell: (row) => row.names.join('、') },
  { key: 'count', title: '枚数', end: true, cell: (row) => <Count n={row.certificateCount} unit="枚" /> },
  { key: 'state', title: '状態', cell: (row) => <StateChip state={row.state as PaperState} /> },
];

function Pieces({
  page,
  state,
  busy,
}: {
  readonly page: WorkplaceData;
  readonly state: string;
  readonly busy: boolean;
}): ReactNode {
  const mayReport = useMay('report-hand-over');
  const [outcome, setOutcome] = useState<HandedOver | null>(null);
  const selection = useSelection(`${page.symbol} ${state}`);
  // Only what can be reported now is chosen: of this page, or all of the workplace's in these states.
  const open = page.counts.filter(
    (row) =>
      (state === '' || row.state === state) &&
      nextState('mailpiece', 'hand-over', row.state as PaperState) !== undefined,
  );
  const total = open.reduce((sum, row) => sum + row.count, 0);
  const { chosen } = selection;
  const onDone = (done: HandedOver): void => {
    setOutcome(done);
    selection.set(NONE);
  };
  const common = { symbol: page.symbol, shown: page.pieces, onDone };
  const pieceActions: Column<Piece> = {
    key: 'action',
    title: '報告',
    cell: (row) =>
      row.canHandOver && (
        <HandOversForm
          {...common}
          chosen={{ numbers: [row.mailpieceNumber] }}
          count={1}
          states={[row.state as PaperState]}
        />
      ),
  };
  return (
    <>
      {outcome && (
        <div className="mb-4">
          <Banner
            kind={outcome.refused.length === 0 ? 'success' : 'warning'}
            title={outcome.sentence}
            onClose={() => setOutcome(null)}
          >
            {outcome.refused.length > 0 && (
              <ul aria-label="報告できなかった封筒">
                {outcome.refused.map(({ whom, why }) => (
                  <li key={whom}>
                    {whom}：{why}
                  </li>
                ))}
              </ul>
            )}
          </Banner>
        </div>
      )}
      {page.pieces.length === 0 ? (
        <Empty icon="envelope" title="この状態の封筒はありません" />
      ) : (
        <Table
          caption="郵便物"
          columns={mayReport && total > 0 ? [...COLUMNS, pieceActions] : COLUMNS}
          rows={page.pieces}
          rowKey={(row) => row.mailpieceNumber}
          busy={busy}
          dense
          {...(mayReport && total > 1
            ? {
                selection,
                choosable: (row: Piece) => row.canHandOver,
                total,
                unit: '通' as const,
                bulk: (count: number) => (
                  <HandOversForm
                    {...common}
                    chosen={
                      chosen.kind === 'some' ? { numbers: [...chosen.ids] } : { state, except: [...chosen.except] }
                    }
                    count={count}
                    states={open.map((row) => row.state as PaperState)}
                  />
                ),
              }
            : {})}
        />
      )}
    </>
  );
}

/** What was sent to the employer in advance. */
function Lists({ page }: { readonly page: WorkplaceData }): ReactNode {
  if (page.lists.length === 0) return null;
  return (
    <Section title="受け取れる書類">
      <ul className="flex flex-col gap-3">
        {page.lists.map(({ issuanceId, title }) => (
          <li key={issuanceId} className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <ButtonLink icon="download" href={workplaceList(page.symbol, issuanceId)} target="_blank">
              送付予定対象者一覧表（PDF）
            </ButtonLink>
            <span>{title}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const RECALLS: readonly Column<RecallList['items'][number]>[] = [
  { key: 'key', title: '記号-番号-枝番', names: true, cell: (row) => <span className="code">{row.key}</span> },
  { key: 'name', title: '氏名', chars: 8, cell: (row) => row.name },
  {
    key: 'kind',
    title: '求め',
    cell: (row) => (
      <Chip tone={row.kind === 'duty' ? 'purple' : 'gray'} icon="returned" outlined={row.kind === 'request'}>
        {row.kindLabel}
      </Chip>
    ),
  },
  { key: 'number', title: '資格確認書', cell: (row) => <PaperNumber number={row.certificateNumber} /> },
  { key: 'since', title: 'いつから', cell: (row) => <InstantText at={row.since} /> },
];

function Recalls({ symbol }: { readonly symbol: string }): ReactNode {
  const maySee = useMay('see-recall');
  const query = useQuery({ ...recallsQuery(symbol), enabled: maySee });
  if (!maySee) return null;
  return (
    <Section title="回収する資格確認書">
      <p className="mb-3">
        「回収」は法令で返すことになっているもの、「返却のお願い」はお願いです。集めたら回収連絡書を付けて送ってください。
      </p>
      <Fetched query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="回収する資格確認書はありません">毎月の回収対象者リストができると、ここに並びます。</Empty>
          ) : (
            <Table
              caption="回収する資格確認書"
              columns={RECALLS}
              rows={items}
              rowKey={(row) => row.certificateNumber}
            />
          )
        }
      </Fetched>
    </Section>
  );
}
