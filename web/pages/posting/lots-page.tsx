// The waves of an issuance and their release: print, post and close each take two different people.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { lotsQuery, wavesQuery } from '../../api/lots.ts';
import type { Lot, LotsConfirmed, WaveList } from '../../api/lots.ts';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Count, DateText, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { ConfirmButton, LotBox } from './lot-box.tsx';

export function LotsPage(): ReactNode {
  const id = Number(useParams()['id']);
  const lots = useQuery(lotsQuery(id));
  const waves = useQuery(wavesQuery(id));
  return (
    <Page
      title="ロットと二人の確認"
      crumbs={[
        { to: paths.issuances, label: '発行' },
        { to: paths.issuance(id), label: `第${id}号` },
      ]}
      lead="印刷・発送・締めは、別々の二人が確認してはじめて進みます。"
    >
      <Section title="ロットごとの確認">
        <Fetched query={lots}>
          {({ items, asOf }) =>
            items.length === 0 ? (
              <Empty icon="parcel" title="ロットはまだありません">
                封入計画ができると、発送のロットごとにここに並びます。
              </Empty>
            ) : (
              <>
                <AsOf at={asOf} busy={lots.isFetching} onRefresh={() => void lots.refetch()} />
                <ConfirmMany id={id} lots={items} />
                <ul className="mt-3 flex flex-col gap-6">
                  {items.map((lot) => (
                    <li key={lot.no} className="rounded-12 border border-solid-gray-420 p-4 desktop:p-6">
                      <LotBox id={id} lot={lot} isLink />
                    </li>
                  ))}
                </ul>
              </>
            )
          }
        </Fetched>
      </Section>
      <Section title="発送カレンダー">
        <Fetched query={waves}>{({ items }) => <Waves items={items} />}</Fetched>
      </Section>
    </Page>
  );
}

/** Steps this person may confirm in more than one lot: all of them in one asking. */
function ConfirmMany({ id, lots }: { readonly id: number; readonly lots: readonly Lot[] }): ReactNode {
  const [done, setDone] = useState<(LotsConfirmed & { readonly label: string }) | null>(null);
  const steps = (lots[0]?.steps ?? []).flatMap((step) => {
    const may = lots.filter((lot) => lot.steps.some((own) => own.step === step.step && own.allowed));
    return may.length > 1 ? [{ step, may }] : [];
  });
  return (
    <>
      {done && (
        <div className="my-3">
          <Banner
            kind={done.refused.length === 0 ? 'success' : 'warning'}
            title={`${formatNumber(done.items.length)}ロットの「${done.label}」を確認しました`}
            onClose={() => setDone(null)}
          >
            {done.refused.length > 0 && (
              <ul aria-label="確認できなかったロット">
                {done.refused.map(({ no, why }) => (
                  <li key={no}>{why}</li>
                ))}
              </ul>
            )}
          </Banner>
        </div>
      )}
      {steps.length > 0 && (
        <ul aria-label="まとめて確認する" className="my-3 flex flex-wrap gap-3">
          {steps.map(({ step, may }) => (
            <li key={step.step}>
              <ConfirmButton
                id={id}
                step={step}
                lots={may}
                verb={`${formatNumber(may.length)}ロットの「${step.label}」をまとめて確認する`}
                onDone={(outcome) => setDone({ ...outcome, label: step.label })}
              >
                <ul className="mb-2 list-inside list-disc">
                  {may.map((lot) => (
                    <li key={lot.no}>
                      ロット{lot.no}　{lot.name}　{formatNumber(lot.counts.extracted)}通
                    </li>
                  ))}
                </ul>
                ロットごとに、別々の二人の確認がそろうと次へ進みます。あなたの名前と時刻が記録に残ります。
              </ConfirmButton>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Waves({ items }: { readonly items: WaveList['items'] }): ReactNode {
  if (items.length === 0) return <p>この発行にはロットの計画がありません。</p>;
  return (
    <Table
      caption="発送カレンダー"
      rows={items}
      rowKey={(row) => String(row.no)}
      columns={[
        { key: 'name', title: 'ロット', names: true, cell: (row) => `ロット${row.no}　${row.name}` },
        {
          key: 'from',
          title: '期間',
          cell: (row) => (
            <>
              <DateText date={row.postFrom as LocalDate} />～<DateText date={row.postThrough as LocalDate} />
            </>
          ),
        },
        { key: 'pieces', title: '郵便物', end: true, cell: (row) => <Count n={row.pieceCount} unit="通" /> },
        {
          key: 'capacity',
          title: '上限',
          end: true,
          cell: (row) => (row.capacity === null ? '定めなし' : <Count n={row.capacity} unit="通" />),
        },
        {
          key: 'shares',
          title: '支部',
          chars: 10,
          cell: (row) =>
            row.shares.map((share) => `${share.branchName} ${formatNumber(share.pieceCount)}通`).join('、') || '－',
        },
      ]}
    />
  );
}
