// Something done once, with a reason that becomes part of the record: taken back, lifted, allowed.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

export function ReasonForm<Done>({
  verb,
  label,
  icon = 'undo',
  confirm = verb,
  variant,
  question,
  effect,
  reasonLabel = '理由',
  support = 'あなたの名前とともに記録に残り、あとで変えられません。個人番号や加入者の氏名は書かないでください。',
  act,
  onDone = () => undefined,
}: {
  readonly verb: string;
  /** Name of the button where the verb alone does not say of what. */
  readonly label?: string;
  /** null = none. */
  readonly icon?: 'undo' | null;
  /** What the dialog's button says, where that is not the verb. */
  readonly confirm?: string;
  readonly variant?: 'danger';
  readonly question: string;
  /** What follows from it. */
  readonly effect: ReactNode;
  readonly reasonLabel?: string;
  readonly support?: string;
  readonly act: (reason: string, key: string) => Promise<Done>;
  readonly onDone?: (done: Done) => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const acting = useAction(act, (done) => {
    setOpen(false);
    onDone(done);
  });
  return (
    <>
      <Button
        size="sm"
        {...(icon !== null && { icon })}
        aria-label={label}
        onClick={() => {
          acting.reset();
          setReason('');
          setOpen(true);
        }}
      >
        {verb}
      </Button>
      <Confirm
        title={question}
        verb={confirm}
        {...(variant !== undefined && { variant })}
        open={open}
        busy={acting.isPending}
        error={wordsOf(acting.error)}
        reason={reason.trim() === '' ? '理由を入れてください' : undefined}
        onConfirm={() => acting.mutate(reason.trim())}
        onClose={() => {
          if (!acting.isPending) setOpen(false);
        }}
      >
        <div className="mb-4">{effect}</div>
        <TextField
          label={reasonLabel}
          support={support}
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Confirm>
    </>
  );
}
