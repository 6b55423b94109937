// What may be done with a paper now: each asks once, with a reason that becomes part of the record; what may not be done
// says why.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatPaperNumber } from '../../src/rules/check-digits.ts';
import { wordsOf } from '../api/client.ts';
import { useDeed } from '../api/deed.ts';
import { act } from '../api/papers.ts';
import type { Deed } from '../api/papers.ts';
import type { PersonPaper } from '../api/people.ts';
import { paths } from '../paths.ts';
import { Banner } from '../ui/banner.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

/** What each deed does to the world, before it does it. */
const EFFECTS = {
  withdraw:
    '発送前に、この方の資格確認書・お知らせを引き抜きます（資格確認書は無効になります）。世帯のほかの方の分は送られます。',
  repost: '同じ封筒を同じ宛先へもう一度送ります。宛先が正しいと分かっているときだけ行ってください。',
  'take-back-return': '不着の記録を取り消し、発送済みに戻します。取り消したことも記録に残ります。',
  'hand-over': '本人か世帯の人に手渡したことを記録します。',
  'fail-hand-over': '手渡しできなかったことを記録します。職員の対応を待つ一覧に入ります。',
  'report-left': '退職していたことを記録します。まだ加入している方の分は、自宅への送付として作り直せます。',
} as const satisfies Record<Deed, string>;

export function PaperDeeds({ paper }: { readonly paper: PersonPaper }): ReactNode {
  const [deed, setDeed] = useState<Deed | null>(null);
  const [reason, setReason] = useState('');
  const [done, setDone] = useState<string | null>(null);
  // One person's certificate is withdrawn; everything else, and a notice, happens to the envelope.
  const numberFor = (action: Deed | null): string =>
    (action === 'withdraw' ? paper.certificateNumber : null) ?? paper.mailpieceNumber;
  const doing = useDeed(
    ({ action, reason: why }: { action: Deed; reason: string }, key) => act(numberFor(action), action, why, key),
    ({ message }) => {
      setDone(message);
      setDeed(null);
      setReason('');
    },
  );
  const may = paper.actions.filter(({ allowed }) => allowed);
  const mayNot = paper.actions.filter(({ allowed }) => !allowed);
  const label = paper.actions.find(({ action }) => action === deed)?.label ?? '';
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
                    setDeed(action as Deed);
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
        title={`${formatPaperNumber(numberFor(deed))} を${label.replace(/する$/, '')}しますか`}
        verb={label}
        open={deed !== null}
        busy={doing.isPending}
        error={wordsOf(doing.error)}
        reason={reason.trim() === '' ? '理由を入れてください' : undefined}
        onConfirm={() => deed && doing.mutate({ action: deed, reason })}
        onClose={() => setDeed(null)}
      >
        {deed && <p className="mb-4">{EFFECTS[deed]}</p>}
        <TextField
          label="理由"
          support="記録に残り、あとで変えられません。個人番号は書かないでください。"
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Confirm>
    </div>
  );
}
