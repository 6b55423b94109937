// Envelopes handed over, or why they could not be: one or many, one request, and whose could not be reported.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatPaperNumber } from '../../src/rules/words/check-digits.ts';
import { nextState } from '../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../src/rules/papers/lifecycle.ts';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { planHandOvers, reportHandOvers } from '../api/workplaces.ts';
import type { AllEnvelopes, HandOverPlan, HandOvers, WorkplacePage } from '../api/workplaces.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { formatNumber } from '../ui/text.tsx';

type Piece = WorkplacePage['pieces'][number];

export interface HandedOver {
  /** What was recorded, as a sentence. */
  readonly sentence: string;
  /** Whose could not be reported, and why. */
  readonly refused: readonly { readonly whom: string; readonly why: string }[];
}

interface Words {
  /** On the button of one envelope. */
  readonly verb: string;
  /** After 「2通」 on the button of many. */
  readonly many: string;
  readonly question: string;
  readonly report: string;
  readonly recorded: string;
  readonly effect: string;
}

const WORDS = {
  'hand-over': {
    verb: '渡した',
    many: 'を渡した',
    question: 'を本人に渡しましたか',
    report: '渡したと報告する',
    recorded: 'を渡したと記録しました',
    effect: '渡した日時とあなたの名前が記録に残ります。',
  },
  'fail-hand-over': {
    verb: '渡せない',
    many: 'を渡せない',
    question: 'を渡せなかったと報告しますか',
    report: '渡せなかったと報告する',
    recorded: 'を渡せなかったと記録しました',
    effect: '封筒は手元で保管してください。渡せるようになったら、あとから「渡した」と報告できます。',
  },
  'report-left': {
    verb: '退職した',
    many: 'は退職した方のもの',
    question: 'の方は退職しましたか',
    report: '退職したと報告する',
    recorded: 'を退職のため渡せなかったと記録しました',
    effect:
      '会社ではもう渡せない方です。封筒は開けずに送り返してください。まだ加入している方の分は、保険者が自宅へ送り直します。',
  },
} as const satisfies Record<HandOvers['event'], Words>;

const EVENTS = Object.keys(WORDS) as HandOvers['event'][];

/** The buttons for one envelope of a list, or for the chosen ones. */
export function HandOversForm({
  symbol,
  chosen,
  count,
  states,
  shown,
  onDone,
}: {
  readonly symbol: string;
  /** By number, or all. */
  readonly chosen: { readonly numbers: readonly string[] } | AllEnvelopes;
  /** How many are chosen. */
  readonly count: number;
  /** Those they may be in: a button stands for what can happen to one of them. */
  readonly states: readonly PaperState[];
  /** The envelopes of this page, for their names. */
  readonly shown: readonly Piece[];
  readonly onDone: (outcome: HandedOver) => void;
}): ReactNode {
  const [event, setEvent] = useState<HandOvers['event'] | null>(null);
  const [plan, setPlan] = useState<HandOverPlan | null>(null);
  const [reason, setReason] = useState('');
  const isOne = 'numbers' in chosen && chosen.numbers.length === 1;
  const nameOf = new Map(shown.map((piece) => [piece.mailpieceNumber, piece.names.join('さん、')]));
  const planning = useAction((request: { event: HandOvers['event']; all: AllEnvelopes }, key) =>
    planHandOvers(symbol, request.event, request.all, key).then(setPlan),
  );
  const reporting = useAction(
    (report: HandOvers, key) => reportHandOvers(symbol, report, key),
    ({ recorded, refused }, report) => {
      setEvent(null);
      onDone({
        sentence: `${formatNumber(recorded)}通${WORDS[report.event].recorded}`,
        refused: refused.map(({ mailpieceNumber, why }) => ({
          whom: nameOf.get(mailpieceNumber) ?? formatPaperNumber(mailpieceNumber),
          why,
        })),
      });
    },
  );
  const words: Words | null = event && WORDS[event];
  const isFailure = event === 'fail-hand-over';
  const numbers = plan?.numbers ?? [];
  const whom = nameOf.get(('numbers' in chosen ? chosen.numbers : numbers)[0] ?? '');
  return (
    <div className={`flex flex-wrap gap-2 ${isOne ? 'desktop:flex-nowrap' : ''}`}>
      {EVENTS.filter((each) => states.some((state) => nextState('mailpiece', each, state) !== undefined)).map(
        (each) => (
          <Button
            key={each}
            size="sm"
            variant={each === 'hand-over' ? (isOne ? 'outline' : 'filled') : isOne ? 'text' : 'outline'}
            aria-label={isOne ? `${WORDS[each].verb}：${whom ?? ''}さんの封筒` : undefined}
            onClick={() => {
              reporting.reset();
              setReason('');
              planning.reset();
              setPlan('numbers' in chosen ? { numbers: [...chosen.numbers], isCut: false } : null);
              setEvent(each);
              if (!('numbers' in chosen)) planning.mutate({ event: each, all: chosen });
            }}
          >
            {isOne ? WORDS[each].verb : `${formatNumber(count)}通${WORDS[each].many}`}
          </Button>
        ),
      )}
      <Confirm
        title={
          words === null
            ? ''
            : `${isOne ? `${whom ?? ''}さんの封筒` : `${formatNumber(plan === null ? count : numbers.length)}通の封筒`}${words.question}`
        }
        verb={words?.report ?? ''}
        open={event !== null}
        busy={reporting.isPending}
        error={wordsOf(planning.error ?? reporting.error)}
        reason={
          plan === null
            ? '数を確かめています'
            : numbers.length === 0
              ? '報告できる封筒がありません'
              : isFailure && reason.trim() === ''
                ? '理由を入れてください'
                : undefined
        }
        onConfirm={() =>
          event && reporting.mutate({ mailpieceNumbers: numbers, event, reason: isFailure ? reason : '' })
        }
        onClose={() => {
          if (!reporting.isPending) setEvent(null);
        }}
      >
        {!isOne && whom !== undefined && numbers.length > 1 && (
          <p className="mb-2">
            {whom}さん ほか{formatNumber(numbers.length - 1)}通の封筒です。
          </p>
        )}
        {plan?.isCut && (
          <div className="mb-4">
            <Banner
              kind="information"
              live={false}
              title={`一度に報告できるのは${formatNumber(numbers.length)}通までです`}
            >
              選んだ{formatNumber(count)}通のうち、一覧の順に報告します。残りは、終わってからもう一度選んでください。
            </Banner>
          </div>
        )}
        <p className={isFailure ? 'mb-4' : ''}>{words?.effect}</p>
        {isFailure && (
          <TextField
            label="渡せなかった理由"
            support="例：長く休んでいる、本人が受け取らない"
            required
            maxLength={200}
            value={reason}
            onChange={(change) => setReason(change.target.value)}
          />
        )}
      </Confirm>
    </div>
  );
}
