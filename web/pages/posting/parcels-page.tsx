// Parcels of an issuance to workplaces: which are open and how full, which are closed. An envelope that is scanned here
// leads to its workplace's.
import { useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { paperDigits } from '../../../src/rules/words/check-digits.ts';
import { wordsOf } from '../../api/client.ts';
import { findPlace, parcelContents, parcelsQuery } from '../../api/parcels.ts';
import type { Parcel, ParcelList } from '../../api/parcels.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { textOf } from '../../ui/form-values.ts';
import { Page } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { InstantText, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';

const STATES = { open: '開いている梱包', closed: '閉じた梱包' } as const;

export function ParcelsPage(): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const [search, setSearch] = useSearchParams();
  const issuance = search.get('issuance') ?? '';
  const state = search.get('state') === 'closed' ? 'closed' : 'open';
  const query = useQuery(parcelsQuery(issuance, state, search.get('after') ?? ''));
  return (
    <Page
      title="梱包"
      lead="封をした郵便物を事業所ごとにまとめ、全部入ったら閉じて、内容一覧を添えます。"
      firstFocus={field}
    >
      <Begin field={field} list={query.data} />
      <Fetched query={query}>
        {(list) =>
          list.issuanceId === null ? (
            <Empty icon="parcel" title="事業所へ送る郵便物はまだありません">
              事業所あての郵便物の印刷ファイルができると、ここで梱包できます。
            </Empty>
          ) : (
            <>
              {list.issuances.length > 1 && (
                <div className="mb-4">
                  <Select
                    label="発行"
                    box="sm"
                    chars={24}
                    value={String(list.issuanceId)}
                    options={list.issuances.map(({ id, title }) => ({
                      value: String(id),
                      label: `第${id}号　${title}`,
                    }))}
                    onChange={(event) => setSearch(new URLSearchParams({ issuance: event.target.value, state }))}
                  />
                </div>
              )}
              <Tabs
                label="状態"
                tabs={(['open', 'closed'] as const).map((each) => ({
                  to: `${paths.parcels}?${new URLSearchParams({ ...(issuance !== '' && { issuance }), state: each }).toString()}`,
                  label: STATES[each],
                  current: each === state,
                }))}
              />
              <div className="mb-3 flex justify-end">
                <AsOf at={list.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
              </div>
              {list.items.length === 0 ? (
                <Empty icon="parcel" title={`${STATES[state]}はありません`}>
                  {state === 'open'
                    ? '封筒のバーコードを読むと、その事業所の梱包を開けます。'
                    : '全部の封筒を入れて閉じると、ここに並びます。'}
                </Empty>
              ) : (
                <>
                  <Table
                    caption={STATES[state]}
                    columns={columnsOf(list.issuanceId, state)}
                    rows={list.items}
                    rowKey={(row) => String(row.id)}
                    busy={query.isFetching}
                  />
                  <Paging next={list.next} shown={list.items.length} pageSize={50} total={null} unit="個" />
                </>
              )}
            </>
          )
        }
      </Fetched>
    </Page>
  );
}

function columnsOf(issuanceId: number, state: 'open' | 'closed'): readonly Column<Parcel>[] {
  return [
    {
      key: 'workplace',
      title: '事業所',
      names: true,
      chars: 12,
      cell: (row) => (
        <Link to={paths.parcelsOf(issuanceId, row.symbol)}>
          <span className="code">{row.symbol}</span>　{row.workplaceName}
        </Link>
      ),
    },
    {
      key: 'sequence',
      title: '何個目',
      cell: (row) => (
        <span className="whole">{`${row.sequenceCount}個のうち${row.sequence}（${row.containerLabel}）`}</span>
      ),
    },
    {
      key: 'filled',
      title: '入れた数',
      end: true,
      cell: (row) => (
        <span className="whole">
          {formatNumber(row.scanned)} / {formatNumber(row.expected)}通
        </span>
      ),
    },
    ...(state === 'open'
      ? []
      : [
          {
            key: 'closed',
            title: '閉じた日時',
            cell: (row: Parcel) => (row.closedAt === null ? '－' : <InstantText at={row.closedAt} />),
          },
          {
            key: 'contents',
            title: '内容一覧',
            cell: (row: Parcel) => (
              <a href={parcelContents(issuanceId, row.symbol, row.id, 'pdf')} target="_blank">
                PDF
              </a>
            ),
          },
        ]),
  ];
}

/** By an envelope, or by the workplace's symbol: to the parcels it is about. */
function Begin({
  field,
  list,
}: {
  readonly field: RefObject<HTMLInputElement | null>;
  /** Undefined until it is there: an envelope's number needs none of it. */
  readonly list: ParcelList | undefined;
}): ReactNode {
  const navigate = useNavigate();
  const [error, setError] = useState<string | undefined>();
  const finding = useMutation({
    mutationFn: findPlace,
    onSuccess: (place) => void navigate(paths.parcelsOf(place.issuanceId, place.symbol)),
    onError: (fault) => {
      setError(wordsOf(fault));
      field.current?.select();
    },
  });
  const issuanceId = list?.issuanceId ?? null;
  const title = list?.issuances.find(({ id }) => id === issuanceId)?.title;
  return (
    <search className="mb-8 block print:hidden">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const typed = textOf(new FormData(event.currentTarget), 'what').normalize('NFKC').trim();
          const code = paperDigits(typed);
          setError(typed === '' ? '封筒の番号か、事業所の記号を入れてください。' : undefined);
          // Of 14 digits that are none of ours the server says so.
          if (/^\d{14}$/.test(code)) finding.mutate(code);
          else if (typed !== '' && issuanceId !== null) void navigate(paths.parcelsOf(issuanceId, typed));
        }}
        className="flex flex-wrap items-end gap-3"
      >
        <div className="min-w-0 grow desktop:max-w-[32rem]">
          <TextField
            ref={field}
            label="封筒の番号、または事業所の記号"
            support={`読み取り機で封筒を1通読むと、その事業所の梱包へ進みます。${title === undefined ? '' : `記号は「${title}」の中でさがします。`}`}
            error={error}
            name="what"
            maxLength={40}
            inputMode="numeric"
          />
        </div>
        <Button type="submit" variant="filled" icon="scan" busy={finding.isPending}>
          進む
        </Button>
      </form>
    </search>
  );
}
