// Giving an issuance up: two different people, each with a reason, while nothing of it was posted.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { cancelIssuance, takeBackCancellation } from '../api/work.ts';
import type { Cancelled, IssuancePage } from '../api/work.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { InstantText, formatNumber } from '../ui/text.tsx';
import { ReasonForm } from './reason-form.tsx';

export function CancelForm({
  id,
  persons,
}: {
  readonly id: number;
  /** Who has asked for it so far. */
  readonly persons: IssuancePage['cancellation'];
}): ReactNode {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [done, setDone] = useState<Cancelled | null>(null);
  const [taken, setTaken] = useState<string | null>(null);
  const cancelling = useAction(
    (why: string, key) => cancelIssuance(id, why, key),
    (outcome) => {
      setOpen(false);
      setTaken(null);
      setDone(outcome);
    },
  );
  return (
    <>
      {done && (
        <div className="mb-3">
          <Banner kind="success" title={titleOf(done, id)} onClose={() => setDone(null)}>
            {done.kind === 'asked' &&
              '別の人がもう一度行うと、取りやめになります。それまでは、どちらの人も取り消せます。'}
          </Banner>
        </div>
      )}
      {taken !== null && (
        <div className="mb-3">
          <Banner
            kind="success"
            title={`第${id}号の取りやめ（${taken}）を取り消しました`}
            onClose={() => setTaken(null)}
          />
        </div>
      )}
      {persons.length > 0 && (
        <ul aria-label="取りやめを求めた人" className="mb-3 list-inside list-disc">
          {persons.map(({ person, reason: said, at }) => (
            <li key={person}>
              {person}（<InstantText at={at} />
              ）　{said}
            </li>
          ))}
        </ul>
      )}
      {persons.length >= 2 ? (
        <p>二人が確認し、取りやめた発行です。</p>
      ) : (
        <div className="flex flex-wrap gap-3">
          <Button
            size="sm"
            onClick={() => {
              cancelling.reset();
              setReason('');
              setOpen(true);
            }}
          >
            {persons.length === 0 ? 'この発行を取りやめる' : '二人目として取りやめる'}
          </Button>
          {persons.length === 1 && (
            <ReasonForm
              verb="取りやめを取り消す"
              question={`第${id}号の取りやめを取り消しますか`}
              effect="一人目の求めた取りやめをなかったことにし、発行を続けられるようにします。取り消したことも記録に残ります。"
              act={(why, key) => takeBackCancellation(id, why, key)}
              onDone={({ of }) => {
                setDone(null);
                setTaken(of);
              }}
            />
          )}
        </div>
      )}
      <Confirm
        title={`第${id}号を取りやめますか`}
        verb="取りやめる"
        variant="danger"
        open={open}
        busy={cancelling.isPending}
        error={wordsOf(cancelling.error)}
        reason={reason.trim() === '' ? '理由を入れてください' : undefined}
        onConfirm={() => cancelling.mutate(reason.trim())}
        onClose={() => {
          if (!cancelling.isPending) setOpen(false);
        }}
      >
        <p className="mb-4">
          別々の二人が行うと、作ったものはすべて引き抜きとなり、同じ計画であらためて発行できます。発送したものがあるとき、委託業者に印刷物があるとき（廃棄の結果を取り込むまで）は、取りやめられません。
        </p>
        <TextField
          label="取りやめる理由"
          support="あとで変えられません。個人番号や加入者の氏名は書かないでください。"
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Confirm>
    </>
  );
}

function titleOf(done: Cancelled, id: number): string {
  if (done.kind === 'asked') return `第${id}号の取りやめを、一人目として受け付けました`;
  if (done.kind === 'already') return `第${id}号は取りやめ済みです`;
  return `第${id}号を取りやめました（引き抜き ${formatNumber(done.pieces)}通）`;
}
