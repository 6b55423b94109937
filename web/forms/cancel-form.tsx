// Giving an issuance up: two different people, each with a reason, while nothing of it was posted.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { cancelIssuance } from '../api/work.ts';
import type { Cancelled } from '../api/work.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { formatNumber } from '../ui/text.tsx';

export function CancelForm({ id }: { readonly id: number }): ReactNode {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [done, setDone] = useState<Cancelled | null>(null);
  const cancelling = useAction(
    (why: string, key) => cancelIssuance(id, why, key),
    (outcome) => {
      setOpen(false);
      setDone(outcome);
    },
  );
  return (
    <>
      {done && (
        <div className="mb-3">
          <Banner kind="success" title={titleOf(done, id)} onClose={() => setDone(null)}>
            {done.kind === 'asked' && '別の人がもう一度行うと、取りやめになります。'}
          </Banner>
        </div>
      )}
      <Button
        size="sm"
        onClick={() => {
          cancelling.reset();
          setReason('');
          setOpen(true);
        }}
      >
        この発行を取りやめる
      </Button>
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
