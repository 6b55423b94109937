// One action on the chosen pieces: planned first, confirmed once with the number in the question, answered piece by piece.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { nextState } from '../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../../src/rules/words/local-date.ts';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { applyToPieces, planAction } from '../api/papers.ts';
import type { ChosenPieces, Action, ActionOutcome, ActionPlan, WithdrawalCause } from '../api/papers.ts';
import { startJob } from '../api/work.ts';
import type { Job } from '../api/work.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Loading } from '../ui/states.tsx';
import { PaperNumber, formatNumber, today } from '../ui/text.tsx';
import { WarekiDateField } from '../ui/wareki-date-field.tsx';
import { BY_STAFF, WithdrawalCauseFields } from './withdrawal-cause.tsx';

interface Words {
  readonly verb: string;
  /** After 「12通」. */
  readonly question: string;
  readonly effect: string;
  /** After 「12通」, when it is done. */
  readonly done: string;
}

/** What can be done to the chosen pieces: an action on each, or a job that makes them again. */
type Act = Action | 'reroute';

const WORDS = {
  reroute: {
    verb: '選んだものを事業所経由で作り直す',
    question: 'を事業所経由で作り直しますか',
    effect:
      '新しい番号で作り直し、次の発行として印刷ファイルにします。元の紙は廃棄の対象になります。選ばなかった郵便物は、不着のまま残ります。',
    done: 'の作り直しを始めました',
  },
  release: {
    verb: '確認済みにする',
    question: 'を確認済みにしますか',
    effect:
      '文字や住所が正しいこと、または直したことを確かめてから行ってください。次の「確認済みの作り直し」で、新しい番号の用紙として印刷されます。',
    done: 'を確認済みにしました',
  },
  'send-home': {
    verb: '自宅へ送る（事業所不明）',
    question: 'を自宅へ送りますか',
    effect:
      '事業所がわからないために止めたものだけを、自宅への郵便物として作り直します。決めた方の氏名と理由が記録に残り、判定の説明に載ります。事業所のファイルを直せるときは、先に直してください。',
    done: 'を自宅へ送ることにしました',
  },
  repost: {
    verb: '同じ宛先へもう一度送る',
    question: 'を同じ宛先へもう一度送りますか',
    effect: '同じ封筒を同じ宛先へもう一度送ります。宛先が正しいと分かっているものだけに行ってください。',
    done: 'を同じ宛先へもう一度送ると記録しました',
  },
  'take-back-return': {
    verb: '不着を取り消す',
    question: 'の不着を取り消しますか',
    effect: '不着の記録を取り消し、発送済みに戻します。取り消したことも記録に残ります。',
    done: 'の不着を取り消しました',
  },
  'hand-over': {
    verb: '手渡し済みにする',
    question: 'を手渡し済みにしますか',
    effect: '本人か世帯の人に手渡したことを記録します。',
    done: 'を手渡し済みにしました',
  },
  'fail-hand-over': {
    verb: '手渡しできなかったことにする',
    question: 'を手渡しできなかったと記録しますか',
    effect: '手渡しできなかったことを記録します。職員の対応を待つ一覧に入ります。',
    done: 'を手渡しできなかったと記録しました',
  },
  'report-left': {
    verb: '退職していたことにする',
    question: 'を退職のため手渡しできなかったと記録しますか',
    effect: '退職していたことを記録します。まだ加入している方の分は、自宅への送付として作り直せます。',
    done: 'を退職のため手渡しできなかったと記録しました',
  },
  withdraw: {
    verb: '封筒ごと引き抜く',
    question: 'を封筒ごと引き抜きますか',
    effect:
      '発送前に引き抜きます。封筒は送られず、中の資格確認書はすべて無効になります。印刷済みのものは、委託業者の「引き抜くもの」に載ります。元に戻せません。',
    done: 'を引き抜きました',
  },
} as const satisfies Record<Act, Words>;

const ACTS = Object.keys(WORDS) as Act[];

export interface ActionDone {
  readonly action: Action;
  readonly outcome: ActionOutcome;
}

/** Buttons for what may be done to pieces in a state. */
export function PieceActions({
  state,
  count,
  pieces,
  mayRemake,
  onDone,
  onStarted,
}: {
  readonly state: PaperState;
  /** How many are chosen. */
  readonly count: number;
  readonly pieces: ChosenPieces;
  readonly mayRemake: boolean;
  readonly onDone: (done: ActionDone) => void;
  /** A job makes them again. */
  readonly onStarted: (job: Job) => void;
}): ReactNode {
  const [action, setAction] = useState<Act | null>(null);
  const [plan, setPlan] = useState<ActionPlan | null>(null);
  const [reason, setReason] = useState('');
  const [cause, setCause] = useState<WithdrawalCause>(BY_STAFF);
  const [issuedOn, setIssuedOn] = useState<LocalDate | null>(today);
  const planning = useAction((request: { action: Act; pieces: ChosenPieces }, key) =>
    planAction(request.action, request.pieces, key).then(setPlan),
  );
  const doing = useAction(
    (request: { action: Action; reason: string; withdrawal?: WithdrawalCause; numbers: readonly string[] }, key) =>
      applyToPieces(request, key),
    (outcome, { action }) => {
      setAction(null);
      onDone({ action, outcome });
    },
  );
  const starting = useAction(
    (request: { numbers: readonly string[]; issuedOn: LocalDate }, key) =>
      startJob({ kind: 'reroute', ...request }, key),
    (job) => {
      setAction(null);
      onStarted(job);
    },
  );
  const isBusy = doing.isPending || starting.isPending;
  const ask = (which: Act): void => {
    doing.reset();
    starting.reset();
    setReason('');
    setCause(BY_STAFF);
    setIssuedOn(today());
    setPlan(null);
    setAction(which);
    planning.mutate({ action: which, pieces });
  };
  const words: Words | null = action && WORDS[action];
  const numbers = plan?.numbers ?? [];
  return (
    <>
      {ACTS.filter(
        (each) => nextState('mailpiece', each, state) !== undefined && (each !== 'reroute' || mayRemake),
      ).map((each) => (
        <Button key={each} size="sm" onClick={() => ask(each)}>
          {WORDS[each].verb}
        </Button>
      ))}
      <Confirm
        title={words === null ? '' : `${formatNumber(plan === null ? count : numbers.length)}通${words.question}`}
        verb={words?.verb ?? ''}
        variant={action === 'withdraw' ? 'danger' : 'filled'}
        open={action !== null}
        busy={isBusy}
        error={wordsOf(planning.error ?? doing.error ?? starting.error)}
        reason={
          plan === null
            ? '数を確かめています'
            : numbers.length === 0
              ? 'この操作ができる郵便物がありません'
              : action === 'reroute'
                ? issuedOn === null
                  ? '交付年月日を入れてください'
                  : undefined
                : reason.trim() === ''
                  ? '理由を入れてください'
                  : undefined
        }
        onConfirm={() => {
          if (action !== 'reroute' && action !== null)
            doing.mutate({ action, reason, numbers, ...(action === 'withdraw' && { withdrawal: cause }) });
          else if (issuedOn !== null) starting.mutate({ numbers, issuedOn });
        }}
        onClose={() => {
          if (!isBusy) setAction(null);
        }}
      >
        <p className="mb-4">{words?.effect}</p>
        {plan === null ? (
          planning.isPending && <Loading label="数を確かめています" />
        ) : (
          <Plan plan={plan} count={count} />
        )}
        {action === 'withdraw' && <WithdrawalCauseFields value={cause} onChange={setCause} />}
        {action === 'reroute' ? (
          <WarekiDateField
            label="作り直すものの交付年月日（お知らせは通知年月日）"
            support="元の発行の交付年月日以後にしてください。新しい交付年月日の証が有効になります。"
            required
            defaultValue={today()}
            onChange={setIssuedOn}
          />
        ) : (
          <TextField
            label="理由"
            support="全部の郵便物の記録に残り、あとで変えられません。個人番号は書かないでください。"
            required
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Confirm>
    </>
  );
}

/** What will be done, and what will not and why. */
function Plan({ plan, count }: { readonly plan: ActionPlan; readonly count: number }): ReactNode {
  const { numbers, refused, nextSteps, isCut } = plan;
  const other = nextSteps.filter(({ nextStep }) => nextStep !== 'same-address');
  return (
    <div className="mb-4 flex flex-col gap-3">
      <ul aria-label="行う数" className="list-inside list-disc">
        <li>行うもの {formatNumber(numbers.length)}通</li>
        {[...Map.groupBy(refused, (row) => row.why)].map(([why, rows]) => (
          <li key={why}>
            行わないもの {formatNumber(rows.length)}通：{why}
          </li>
        ))}
      </ul>
      {isCut && (
        <Banner
          kind="information"
          live={false}
          title={`一度に行えるのは${formatNumber(numbers.length + refused.length)}通までです`}
        >
          選んだ{formatNumber(count)}通のうち、一覧の順に行います。残りは、終わってからもう一度選んでください。
        </Banner>
      )}
      {other.length > 0 && (
        <Banner kind="warning" live={false} title="不着の理由から、別の行き先になるものがあります">
          <ul className="list-inside list-disc">
            {other.map(({ nextStep, label, count: n }) => (
              <li key={nextStep}>
                {label} {formatNumber(n)}通
              </li>
            ))}
          </ul>
        </Banner>
      )}
    </div>
  );
}

/** What became of an action: how many pieces, and each to which it could not be done. */
export function ActionResult({
  done,
  onClose,
}: {
  readonly done: ActionDone;
  readonly onClose: () => void;
}): ReactNode {
  const { recorded, already, refused } = done.outcome;
  const place = useRef<HTMLDivElement>(null);
  // The button that was pressed may be gone: the answer is what is looked at next.
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [done]);
  return (
    <div ref={place} className="mb-4">
      <Banner
        kind={refused.length === 0 ? 'success' : 'warning'}
        title={`${formatNumber(recorded)}通${WORDS[done.action].done}`}
        onClose={onClose}
      >
        {already > 0 && <p>{formatNumber(already)}通は記録済みでした（変更なし）。</p>}
        {refused.length > 0 && (
          <details open={refused.length <= 5}>
            <summary className="cursor-pointer rounded-4 py-2 underline">
              行えなかったもの {formatNumber(refused.length)}通
            </summary>
            <ul aria-label="行えなかった郵便物" className="flex flex-col gap-1">
              {refused.map(({ mailpieceNumber, why }) => (
                <li key={mailpieceNumber} className="flex flex-wrap gap-x-4">
                  <PaperNumber number={mailpieceNumber} />
                  <span>{why}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </Banner>
    </div>
  );
}
