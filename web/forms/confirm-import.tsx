// Confirming a proposal, where it needs it with a reason and by two persons; giving it up; an earlier file taken up again.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { confirmImport, rejectImport, takeUpFile } from '../api/imports.ts';
import type { ImportPage } from '../api/imports.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

const REASON_SUPPORT = 'あとで変えられません。個人番号や加入者の氏名は書かないでください。';

/** A button that asks once, with a reason: `needed` = without one nothing is done. */
function AskedWithReason({
  label,
  question,
  verb,
  variant,
  size = 'md',
  needed,
  reasonLabel,
  reasonWhyNot,
  act,
  children,
}: {
  readonly label: string;
  readonly question: string;
  readonly verb: string;
  readonly variant: 'filled' | 'danger';
  readonly size?: 'md' | 'sm';
  /** False = no reason is asked for. */
  readonly needed: boolean | 'optional';
  readonly reasonLabel: string;
  /** Why the button cannot be used now. */
  readonly reasonWhyNot?: string | undefined;
  readonly act: (reason: string | null, key: string) => Promise<unknown>;
  readonly children: ReactNode;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const acting = useAction(act, () => setOpen(false));
  const isMissing = needed === true && reason.trim() === '';
  return (
    <>
      <Button
        variant={variant === 'filled' ? 'filled' : 'outline'}
        size={size}
        reason={reasonWhyNot}
        onClick={() => {
          acting.reset();
          setReason('');
          setOpen(true);
        }}
      >
        {label}
      </Button>
      <Confirm
        title={question}
        verb={verb}
        variant={variant}
        open={open}
        busy={acting.isPending}
        error={wordsOf(acting.error)}
        reason={isMissing ? '理由を入れてください' : undefined}
        onConfirm={() => acting.mutate(reason.trim() === '' ? null : reason.trim())}
        onClose={() => {
          if (!acting.isPending) setOpen(false);
        }}
      >
        {children}
        {needed !== false && (
          <div className="mt-4">
            <TextField
              label={reasonLabel}
              support={REASON_SUPPORT}
              required={needed === true}
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </div>
        )}
      </Confirm>
    </>
  );
}

export function ConfirmImport({
  page,
  person,
  summary,
}: {
  readonly page: ImportPage;
  /** Name of who is signed in. */
  readonly person: string;
  /** What will be taken in, in a sentence. */
  readonly summary: string;
}): ReactNode {
  const { id, version, persons, needsReason, confirmations, isFaulty, isOvertaken } = page;
  const hasConfirmed = confirmations.some(({ isMine }) => isMine) && confirmations.length < (persons ?? 2);
  const whyNot = isFaulty
    ? '取り込めないファイルがあります'
    : isOvertaken
      ? '先に、もう一度調べてください'
      : hasConfirmed
        ? '一人目として確認済みです。もう一人は別の人が確認してください'
        : undefined;
  const isFirst = persons === 2 && confirmations.length === 0;
  return (
    <AskedWithReason
      label={persons === 2 ? `${confirmations.length + 1}人目として確定する` : '確定して取り込む'}
      question={isFirst ? 'この内容でよいと確かめましたか' : 'この内容で取り込みますか'}
      verb={isFirst ? '一人目として確定する' : '取り込む'}
      variant="filled"
      needed={needsReason}
      reasonLabel="確定する理由"
      reasonWhyNot={whyNot}
      act={(reason, key) => confirmImport(id, version, reason, key)}
    >
      <p className="mb-2">{summary}</p>
      <p>
        {isFirst
          ? '別の人がもう一度確定すると、取り込まれます。それまでは何も変わりません。'
          : '取り込むと、判定・宛先・回収は、これからこのファイルで行います。'}
        確かめた人として「{person}」が記録に残ります。
      </p>
    </AskedWithReason>
  );
}

export function RejectImport({ id }: { readonly id: number }): ReactNode {
  return (
    <AskedWithReason
      label="取込を取りやめる"
      question="この取込を取りやめますか"
      verb="取りやめる"
      variant="danger"
      needed="optional"
      reasonLabel="取りやめる理由"
      act={(reason, key) => rejectImport(id, reason, key)}
    >
      <p>送られたファイルを消します。いま使っているファイルは変わりません。</p>
    </AskedWithReason>
  );
}

export function TakeUpFile({
  id,
  what,
  name,
  person,
}: {
  readonly id: number;
  /** 「加入者」 */
  readonly what: string;
  readonly name: string;
  readonly person: string;
}): ReactNode {
  return (
    <AskedWithReason
      label="このファイルに戻す"
      question={`${what}を「${name}」に戻しますか`}
      verb="戻す"
      variant="danger"
      size="sm"
      needed
      reasonLabel="戻す理由"
      act={(reason, key) => takeUpFile(id, reason ?? '', key)}
    >
      <p>
        判定・宛先・回収は、これからこのファイルで行います。できている発行は変わりません。戻した人として「{person}
        」が記録に残ります。
      </p>
    </AskedWithReason>
  );
}
