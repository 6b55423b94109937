// Envelopes handed over, or why they could not be: one or many, one request, and whose could not be reported.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { nextState } from '../../src/rules/lifecycle.ts';
import type { PaperState } from '../../src/rules/lifecycle.ts';
import { wordsOf } from '../api/client.ts';
import { useDeed } from '../api/deed.ts';
import { reportHandOvers } from '../api/workplaces.ts';
import type { HandOvers, WorkplacePage } from '../api/workplaces.ts';
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
  pieces,
  onDone,
}: {
  readonly symbol: string;
  readonly pieces: readonly Piece[];
  readonly onDone: (outcome: HandedOver) => void;
}): ReactNode {
  const [event, setEvent] = useState<HandOvers['event'] | null>(null);
  const [reason, setReason] = useState('');
  const isOne = pieces.length === 1;
  const nameOf = new Map(pieces.map((piece) => [piece.mailpieceNumber, piece.names.join('さん、')]));
  const [first] = pieces;
  const whom = first?.names.join('さん、') ?? '';
  const reporting = useDeed(
    (report: HandOvers, key) => reportHandOvers(symbol, report, key),
    ({ recorded, refused }, report) => {
      setEvent(null);
      onDone({
        sentence: `${formatNumber(recorded)}通${WORDS[report.event].recorded}`,
        refused: refused.map(({ mailpieceNumber, why }) => ({ whom: nameOf.get(mailpieceNumber) ?? '', why })),
      });
    },
  );
  const words: Words | null = event && WORDS[event];
  const isFailure = event === 'fail-hand-over';
  return (
    <div className={`flex flex-wrap gap-2 ${isOne ? 'desktop:flex-nowrap' : ''}`}>
      {EVENTS.filter((each) =>
        pieces.some((piece) => nextState('mailpiece', each, piece.state as PaperState) !== undefined),
      ).map((each) => (
        <Button
          key={each}
          size="sm"
          look={each === 'hand-over' ? (isOne ? 'outline' : 'filled') : isOne ? 'text' : 'outline'}
          aria-label={isOne ? `${WORDS[each].verb}：${whom}さんの封筒` : undefined}
          onClick={() => {
            reporting.reset();
            setReason('');
            setEvent(each);
          }}
        >
          {isOne ? WORDS[each].verb : `${formatNumber(pieces.length)}通${WORDS[each].many}`}
        </Button>
      ))}
      <Confirm
        title={
          words === null
            ? ''
            : `${isOne ? `${whom}さんの封筒` : `${formatNumber(pieces.length)}通の封筒`}${words.question}`
        }
        verb={words?.report ?? ''}
        open={event !== null}
        busy={reporting.isPending}
        error={wordsOf(reporting.error)}
        reason={isFailure && reason.trim() === '' ? '理由を入れてください' : undefined}
        onConfirm={() =>
          event &&
          reporting.mutate({
            mailpieceNumbers: pieces.map((piece) => piece.mailpieceNumber),
            event,
            reason: isFailure ? reason : '',
          })
        }
        onClose={() => {
          if (!reporting.isPending) setEvent(null);
        }}
      >
        {!isOne && (
          <p className="mb-2">
            {whom}さん ほか{formatNumber(pieces.length - 1)}通の封筒です。
          </p>
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
