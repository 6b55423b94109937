// A button that starts a job after asking once, in a sentence with the number in it. One key for one asking: a lost answer
// and a second press start nothing twice.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import type { Job } from '../api/work.ts';
import { Button } from '../ui/button.tsx';
import type { ButtonVariant, ButtonSize } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import type { IconName } from '../ui/icons.tsx';

export function StartButton({
  verb,
  question,
  start,
  reason,
  needs,
  given,
  variant = 'outline',
  size = 'sm',
  icon = 'play',
  onStarted,
  children,
}: {
  readonly verb: string;
  readonly question: string;
  readonly start: (key: string) => Promise<Job>;
  readonly reason?: string | undefined;
  /** What must still be given before it can be confirmed. */
  readonly needs?: string | undefined;
  /** What else is sent with it: the same sent again is the same action. */
  readonly given?: string | null;
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: IconName;
  readonly onStarted?: (job: Job) => void;
  /** What will happen, and what else is asked. */
  readonly children?: ReactNode;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const starting = useAction(
    (_asked: unknown, key) => start(key),
    (job) => {
      setOpen(false);
      onStarted?.(job);
    },
  );
  return (
    <>
      <Button
        variant={variant}
        size={size}
        icon={icon}
        reason={reason}
        onClick={() => {
          starting.reset();
          setOpen(true);
        }}
      >
        {verb}
      </Button>
      <Confirm
        title={question}
        verb={verb}
        open={open}
        busy={starting.isPending}
        error={wordsOf(starting.error)}
        reason={needs}
        onConfirm={() => starting.mutate([question, given])}
        onClose={() => setOpen(false)}
      >
        {children}
      </Confirm>
    </>
  );
}
