// One lot: its counts, who has confirmed what, what was taken back, and the next confirmation of two different people.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { LotStep, RevocableStep } from '../../../src/rules/posting/lots.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { confirmLots, takeBackLot } from '../../api/lots.ts';
import type { Lot, LotsConfirmed } from '../../api/lots.ts';
import { NewerFacts } from '../../forms/newer-facts.tsx';
import { OverrideForm } from '../../forms/override-form.tsx';
import { ReasonForm } from '../../forms/reason-form.tsx';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/card.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Steps } from '../../ui/steps.tsx';
import { Count, DateText, InstantText, formatNumber } from '../../ui/text.tsx';
import { useAccount } from '../signed-in.tsx';

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

export function LotBox({
  id,
  lot,
  isLink = false,
}: {
  readonly id: number;
  readonly lot: Lot;
  /** What is approved stands on the lot's own page. */
  readonly isLink?: boolean;
}): ReactNode {
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
        {isLink && (
          <Link to={paths.lot(id, lot.no)} className="visited:text-blue-1000">
            ロット{lot.no}の承認するものを見る
          </Link>
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
            body: <StepPersons step={step} />,
            actions: (!step.released || step.canTakeBack) && (
              <>
                {!step.released && <ConfirmStep id={id} lot={lot} step={step} />}
                {step.canTakeBack && <TakeBackStep id={id} lot={lot} step={step} />}
              </>
            ),
          }))}
        />
      </div>
      <TakenBack lot={lot} />
    </>
  );
}

type LotStepView = Lot['steps'][number];

/** Who has confirmed it, and who lets the lot go of which not all is enclosed. */
function StepPersons({ step: { persons, override } }: { readonly step: LotStepView }): ReactNode {
  if (persons.length === 0) return null;
  return (
    <ul>
      {persons.map(({ person, at }) => (
        <li key={person}>
          {person}（<InstantText at={at} />）
        </li>
      ))}
      {override && (
        <li>
          印刷 = 封入 がそろわないまま許可した人 {override.person}（{override.reason}）
        </li>
      )}
    </ul>
  );
}

function TakeBackStep({
  id,
  lot,
  step,
}: {
  readonly id: number;
  readonly lot: Lot;
  readonly step: LotStepView;
}): ReactNode {
  return (
    <ReasonForm
      verb="確認を取り消す"
      label={`ロット${lot.no}の「${step.label}」の確認を取り消す`}
      question={`ロット${lot.no}の「${step.label}」の確認を取り消しますか`}
      effect={
        <>
          {step.persons.map(({ person }) => person).join('、')}{' '}
          の確認をなかったことにします。もう一度、別々の二人の確認が要ります。
          {step.step === 'print' && '委託業者へ引き渡したあとなら、委託業者にも知らせてください。'}
        </>
      }
      act={(reason, key) => takeBackLot(id, lot.no, { step: step.step as RevocableStep, reason }, key)}
    />
  );
}

/** Confirmations that were taken back: who did, why, and whose they were. */
function TakenBack({ lot: { no, takenBack } }: { readonly lot: Lot }): ReactNode {
  if (takenBack.length === 0) return null;
  return (
    <section aria-label={`ロット${no}の取り消した確認`} className="mt-2">
      <h4 className="text-std-16B-170">取り消した確認</h4>
      <ul className="list-inside list-disc">
        {takenBack.map(({ label, of, person, reason, at }) => (
          <li key={at}>
            {label}（{of.join('、')}）を {person} が取り消し（
            <InstantText at={at} />
            ）　{reason}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Asks once, then confirms a step of these lots. */
export function ConfirmButton({
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
  readonly step: LotStepView;
}): ReactNode {
  const account = useAccount();
  const isFirst = step.persons.length === 0;
  return (
    <>
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
        あなたの名前と時刻、承認した数と印刷ファイルの照合値が記録に残ります。
        {step.step !== 'close' && (
          <>
            <p className="mt-3">
              <Link to={paths.lot(id, lot.no)} className="visited:text-blue-1000">
                承認するもの（数・見るページ・印刷ファイル）
              </Link>
            </p>
            <p className="mt-1 text-dns-14N-130 break-all">照合値 {lot.filesSha256}</p>
          </>
        )}
        {step.step === 'post' && <NewerFacts id={id} lot={lot.no} />}
      </ConfirmButton>
      {step.canOverride && (
        <OverrideForm
          account={account}
          question={`ロット${lot.no}の「${step.label}」を、印刷 = 封入 がそろわないまま確認しますか`}
          effect={`引き抜きを除く印刷 ${formatNumber(lot.counts.printed)}通のうち、封入は ${formatNumber(lot.counts.enclosed)}通です。足りない郵便物がどこにあるかを確かめてから行ってください。`}
          allow={(override: string, key) => confirmLots(id, { step: step.step, lots: [lot.no], override }, key)}
        />
      )}
    </>
  );
}
