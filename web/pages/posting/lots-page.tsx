// The waves of an issuance and their release: print, post and close each take two different people.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { LotStep } from '../../../src/rules/posting/lots.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { confirmLots, lotsQuery, wavesQuery } from '../../api/lots.ts';
import type { Lot, LotsConfirmed, WaveList } from '../../api/lots.ts';
import { newsQuery } from '../../api/work.ts';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/card.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Steps } from '../../ui/steps.tsx';
import { Table } from '../../ui/table.tsx';
import { Count, DateText, InstantText, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';

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
                      <LotBox id={id} lot={lot} />
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

const COUNTS = [
  ['extracted', '抽出'],
  ['held', '職員の確認待ち'],
  ['withdrawn', '引き抜き'],
  ['spoiled', '損傷'],
  ['remade', '作り直し'],
  ['printed', '印刷'],
  ['enclosed', '封入'],
  ['posted', '発送'],
] as const satisfies readonly (readonly [keyof Lot['counts'], string])[];

function LotBox({ id, lot }: { readonly id: number; readonly lot: Lot }): ReactNode {
  const faults = lot.balances.filter((balance) => balance.difference !== 0);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h3 className="text-std-18B-160">
          ロット{lot.no}　{lot.name}
        </h3>
        {lot.closedAt === null ? (
          faults.length === 0 ? (
            <Chip tone="green" icon="success">
              数は合っています
            </Chip>
          ) : (
            <Chip tone="yellow" icon="waiting">
              そろっていない数が{faults.length}つ
            </Chip>
          )
        ) : (
          <Chip icon="lock">締め済み</Chip>
        )}
      </div>
      <Facts
        facts={[
          {
            name: '発送の期間',
            value:
              lot.postFrom === null || lot.postThrough === null ? (
                '決まっていません'
              ) : (
                <>
                  <DateText date={lot.postFrom as LocalDate} weekday />
                  から
                  <DateText date={lot.postThrough as LocalDate} weekday />
                </>
              ),
          },
          ...(lot.branches.length > 0 ? [{ name: '支部', value: lot.branches.join('、') }] : []),
          { name: '資格確認書', value: <Count n={lot.certificateCount} unit="枚" /> },
          {
            name: '郵便物',
            value: (
              <span className="flex flex-wrap gap-x-6">
                {COUNTS.map(([key, name]) => (
                  <span key={key} className="whole">
                    {name} {formatNumber(lot.counts[key])}通
                  </span>
                ))}
              </span>
            ),
          },
        ]}
      />
      {faults.length > 0 && (
        <ul aria-label="締めまでにそろえる数" className="mt-3 list-inside list-disc">
          {faults.map((fault) => (
            <li key={fault.name} className="figures">
              {fault.name}：{formatNumber(fault.left)} と {formatNumber(fault.right)}（差{' '}
              {formatNumber(fault.difference)}）
            </li>
          ))}
        </ul>
      )}
      <div className="mt-4">
        <Steps
          label={`ロット${lot.no}の確認`}
          steps={lot.steps.map((step) => ({
            key: step.step,
            title: step.label,
            state: step.released ? 'done' : step.persons.length > 0 ? 'running' : step.allowed ? 'ready' : 'waiting',
            word: step.released ? '二人が確認' : step.persons.length > 0 ? 'あと一人' : undefined,
            body: step.persons.length > 0 && (
              <ul>
                {step.persons.map(({ person, at }) => (
                  <li key={person}>
                    {person}（<InstantText at={at} />）
                  </li>
                ))}
              </ul>
            ),
            actions: !step.released && <ConfirmStep id={id} lot={lot} step={step} />,
          }))}
        />
      </div>
    </>
  );
}

/** Asks once, then confirms a step of these lots. */
function ConfirmButton({
  id,
  step,
  lots,
  verb,
  why,
  onDone,
  children,
}: {
  readonly id: number;
  readonly step: Lot['steps'][number];
  readonly lots: readonly Lot[];
  readonly verb: string;
  readonly why?: string | undefined;
  readonly onDone?: (done: LotsConfirmed) => void;
  readonly children: ReactNode;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const confirming = useAction(
    (request: { step: LotStep; lots: readonly number[] }, key) => confirmLots(id, request, key),
    (done) => {
      setOpen(false);
      onDone?.(done);
    },
  );
  const pieces = lots.reduce((sum, lot) => sum + lot.counts.extracted, 0);
  const [first] = lots;
  const what = lots.length === 1 && first ? `ロット${first.no}` : `${formatNumber(lots.length)}ロット`;
  return (
    <>
      <Button
        size="sm"
        icon="check"
        reason={why}
        onClick={() => {
          confirming.reset();
          setOpen(true);
        }}
      >
        {verb}
      </Button>
      <Confirm
        title={`${what} ${formatNumber(pieces)}通の「${step.label}」を確認しますか`}
        verb="確認する"
        open={open}
        busy={confirming.isPending}
        error={wordsOf(confirming.error)}
        onConfirm={() => confirming.mutate({ step: step.step, lots: lots.map((lot) => lot.no) })}
        onClose={() => setOpen(false)}
      >
        {children}
      </Confirm>
    </>
  );
}

function ConfirmStep({
  id,
  lot,
  step,
}: {
  readonly id: number;
  readonly lot: Lot;
  readonly step: Lot['steps'][number];
}): ReactNode {
  const isFirst = step.persons.length === 0;
  return (
    <ConfirmButton
      id={id}
      step={step}
      lots={[lot]}
      verb={isFirst ? '一人目として確認する' : '二人目として確認する'}
      why={step.allowed ? undefined : step.why}
    >
      {isFirst
        ? 'あなたが一人目です。別の人がもう一度確認するまでは進みません。'
        : 'あなたが二人目です。確認すると次へ進めるようになります。'}
      あなたの名前と時刻が記録に残ります。
      {step.step === 'post' && <LotNews id={id} lot={lot.no} />}
    </ConfirmButton>
  );
}

/** What newer files and filings say of who is in the lot: who is pulled out with the confirmation, and what staff look at. */
function LotNews({ id, lot }: { readonly id: number; readonly lot: number }): ReactNode {
  const query = useQuery(newsQuery(id, lot));
  if (!query.data) return null;
  const { findings, doubtful } = query.data;
  return (
    <div className="mt-3">
      <p>新しい加入者ファイルと届出で確かめました。</p>
      <ul className="list-inside list-disc">
        {findings.map(({ finding, label, count }) => (
          <li key={finding}>
            {label}　{formatNumber(count)}人
          </li>
        ))}
        {findings.length === 0 && doubtful === null && <li>変わったことはありません</li>}
        {doubtful !== null && (
          <li>
            {doubtful.fileName} には、まだ送っていない{formatNumber(doubtful.people)}人のうち
            {formatNumber(doubtful.absent)}人がいません。このファイルでは何もしません
          </li>
        )}
      </ul>
    </div>
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
