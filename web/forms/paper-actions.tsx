// What may be done with a paper now: each asks once, with a reason that becomes part of the record; what may not be done
// says why.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatPaperNumber } from '../../src/rules/words/check-digits.ts';
import { REISSUE_REASON_LABELS, isGone } from '../../src/rules/life/reissue.ts';
import type { ReissueReason } from '../../src/rules/life/reissue.ts';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { act } from '../api/papers.ts';
import type { PaperActionRequest, WithdrawalCause } from '../api/papers.ts';
import type { PersonPaper } from '../api/people.ts';
import { paths } from '../paths.ts';
import { Banner } from '../ui/banner.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Checkbox } from '../ui/choice.tsx';
import { Select, TextField } from '../ui/field.tsx';
import { BY_STAFF, WithdrawalCauseFields } from './withdrawal-cause.tsx';

/** What each action will do, for the question before it. */
const EFFECTS = {
  release:
    '文字や住所が正しいこと、または直したことを確かめてから行ってください。次の「確認済みの作り直し」で、封筒ごと新しい番号で印刷されます。',
  'send-home':
    '事業所がわからないために止めたものを、自宅への郵便物として作り直します。決めた方の氏名と理由が記録に残ります。',
  withdraw:
    '発送前に、この方の資格確認書・お知らせを引き抜きます（資格確認書は無効になります）。世帯のほかの方の分は送られます。',
  repost: '同じ封筒を同じ宛先へもう一度送ります。宛先が正しいと分かっているときだけ行ってください。',
  'take-back-return': '不着の記録を取り消し、発送済みに戻します。取り消したことも記録に残ります。',
  'hand-over': '本人か世帯の人に手渡したことを記録します。',
  'fail-hand-over': '手渡しできなかったことを記録します。職員の対応を待つ一覧に入ります。',
  'report-left': '退職していたことを記録します。まだ加入している方の分は、自宅への送付として作り直せます。',
  reissue: '新しい番号の資格確認書を、次の作成のときに印刷します。',
} as const satisfies Record<PaperActionRequest['action'], string>;

/** Of a whole piece, with all papers in it. */
const WITHDRAW_WHOLE =
  '発送前に、この郵便物を封筒ごと引き抜きます。中の資格確認書はすべて無効になります。元に戻せません。';

const REASONS = Object.entries(REISSUE_REASON_LABELS).map(([value, label]) => ({ value, label }));

/** Of a person's paper, or of a whole mailpiece. */
export function PaperActions({
  paper,
  isWhole = false,
}: {
  readonly paper: Pick<PersonPaper, 'certificateNumber' | 'mailpieceNumber' | 'actions'>;
  readonly isWhole?: boolean;
}): ReactNode {
  const [action, setAction] = useState<PaperActionRequest['action'] | null>(null);
  const [reason, setReason] = useState('');
  const [why, setWhy] = useState<ReissueReason>('missing');
  const [isAttached, setAttached] = useState(false);
  const [cause, setCause] = useState<WithdrawalCause>(BY_STAFF);
  const [done, setDone] = useState<string | null>(null);
  // One person's certificate is withdrawn or made again; everything else, and a notice, happens to the envelope.
  const numberFor = (action: PaperActionRequest['action'] | null): string =>
    (action === 'withdraw' || action === 'reissue' ? paper.certificateNumber : null) ?? paper.mailpieceNumber;
  const doing = useAction(
    (request: PaperActionRequest, key) => act(numberFor(request.action), request, key),
    ({ message }) => {
      setDone(message);
      setAction(null);
      setReason('');
    },
  );
  const may = paper.actions.filter(({ allowed }) => allowed);
  const mayNot = paper.actions.filter(({ allowed }) => !allowed);
  const label = paper.actions.find((own) => own.action === action)?.label ?? '';
  return (
    <div role="group" aria-label="いまできること">
      {done !== null && (
        <div className="mb-3">
          <Banner kind="success" title={done} onClose={() => setDone(null)} />
        </div>
      )}
      {may.length > 0 && (
        <ul className="flex flex-wrap gap-3">
          {may.map(({ action, label: verb }) => (
            <li key={action}>
              {action === 'give-back' ? (
                <LinkButton size="sm" to={paths.checkIn}>
                  {verb}
                </LinkButton>
              ) : (
                <Button
                  size="sm"
                  onClick={() => {
                    doing.reset();
                    setDone(null);
                    setCause(BY_STAFF);
                    setAction(action as PaperActionRequest['action']);
                  }}
                >
                  {verb}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayNot.length > 0 && (
        <details className="mt-2">
          <summary className="cursor-pointer rounded-4 py-2 text-blue-1000 underline">
            いまできないことと、その理由
          </summary>
          <ul className="flex flex-col gap-1">
            {mayNot.map(({ action, label: verb, why }) => (
              <li key={action}>
                {verb}：{why}
              </li>
            ))}
          </ul>
        </details>
      )}
      <Confirm
        title={`${formatPaperNumber(numberFor(action))} を${label.replace(/する$/, '')}しますか`}
        verb={label}
        open={action !== null}
        busy={doing.isPending}
        error={wordsOf(doing.error)}
        reason={action !== 'reissue' && reason.trim() === '' ? '理由を入れてください' : undefined}
        onConfirm={() => {
          if (action === 'reissue') doing.mutate({ action, reason: why, isAttached: isAttached && !isGone(why) });
          else if (action === 'withdraw') doing.mutate({ action, reason, withdrawal: cause });
          else if (action !== null) doing.mutate({ action, reason });
        }}
        onClose={() => setAction(null)}
      >
        {action && <p className="mb-4">{isWhole && action === 'withdraw' ? WITHDRAW_WHOLE : EFFECTS[action]}</p>}
        {action === 'withdraw' && <WithdrawalCauseFields value={cause} onChange={setCause} />}
        {action === 'reissue' ? (
          <>
            <Select
              label="理由"
              required
              options={REASONS}
              value={why}
              onChange={(event) => setWhy(event.target.value as ReissueReason)}
            />
            {isGone(why) ? (
              <p className="mt-4">元の資格確認書は、きょうから無効です。見つかったときは、すぐに返していただきます。</p>
            ) : (
              <div className="mt-4">
                <Checkbox
                  label="元の資格確認書が申請に添付されている"
                  support="添付がなければ、新しい証を発送した日に無効になり、返却をお願いします。"
                  checked={isAttached}
                  onChange={(event) => setAttached(event.target.checked)}
                />
              </div>
            )}
          </>
        ) : (
          <TextField
            label="理由"
            support="記録に残り、あとで変えられません。個人番号は書かないでください。"
            required
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Confirm>
    </div>
  );
}
