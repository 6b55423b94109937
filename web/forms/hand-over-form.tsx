// An envelope handed over, or why it could not be.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/client.ts';
import { useDeed } from '../api/deed.ts';
import { reportHandOver } from '../api/workplaces.ts';
import type { HandOver, WorkplacePage } from '../api/workplaces.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

export function HandOverForm({
  symbol,
  piece,
}: {
  readonly symbol: string;
  readonly piece: WorkplacePage['pieces'][number];
}): ReactNode {
  const [event, setEvent] = useState<HandOver['event'] | null>(null);
  const [reason, setReason] = useState('');
  const reporting = useDeed(
    (report: HandOver, key) => reportHandOver(symbol, report, key),
    () => setEvent(null),
  );
  const ask = (which: HandOver['event']): void => {
    reporting.reset();
    setReason('');
    setEvent(which);
  };
  const whom = piece.names.join('さん、');
  const isFailure = event === 'fail-hand-over';
  return (
    <div className="flex flex-wrap gap-2 desktop:flex-nowrap">
      <Button size="sm" aria-label={`${whom}さんの封筒を渡した`} onClick={() => ask('hand-over')}>
        渡した
      </Button>
      <Button size="sm" look="text" aria-label={`${whom}さんの封筒を渡せない`} onClick={() => ask('fail-hand-over')}>
        渡せない
      </Button>
      <Confirm
        title={isFailure ? `${whom}さんの封筒を渡せなかったと報告しますか` : `${whom}さんの封筒を渡しましたか`}
        verb={isFailure ? '渡せなかったと報告する' : '渡したと報告する'}
        open={event !== null}
        busy={reporting.isPending}
        error={wordsOf(reporting.error)}
        reason={isFailure && reason.trim() === '' ? '理由を入れてください' : undefined}
        onConfirm={() =>
          event &&
          reporting.mutate({
            mailpieceNumber: piece.mailpieceNumber,
            event,
            reason: event === 'hand-over' ? '' : reason,
          })
        }
        onClose={() => setEvent(null)}
      >
        {isFailure ? (
          <TextField
            label="渡せなかった理由"
            support="例：退職した、長く休んでいる"
            required
            maxLength={200}
            value={reason}
            onChange={(change) => setReason(change.target.value)}
          />
        ) : (
          '渡した日時とあなたの名前が記録に残ります。'
        )}
      </Confirm>
    </div>
  );
}
