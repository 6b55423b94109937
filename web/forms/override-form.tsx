// What a rule refuses and a named person may have done all the same: the button asks for the reason, which is recorded with
// the name of the account. For an account that may not, it says which roles may.
import type { ReactNode } from 'react';
import { ROLE_LABELS, may, rolesWith } from '../../src/rules/access.ts';
import type { SignedIn } from '../api/session.ts';
import { overrideJob } from '../api/work.ts';
import type { Job } from '../api/work.ts';
import { ReasonForm } from './reason-form.tsx';

export function OverrideForm<Done>({
  account,
  question,
  effect,
  allow,
  onDone = () => undefined,
}: {
  readonly account: SignedIn;
  readonly question: string;
  /** What follows, and what it may do harm to. */
  readonly effect: string;
  readonly allow: (reason: string, key: string) => Promise<Done>;
  readonly onDone?: (done: Done) => void;
}): ReactNode {
  if (!may(account.role, 'override')) {
    const roles = rolesWith('override').map((role) => ROLE_LABELS[role]);
    return <p>正しければ、{roles.join('・')}が理由を書いて許可できます。</p>;
  }
  return (
    <ReasonForm
      verb="理由を書いて許可する"
      icon={null}
      confirm="許可する"
      variant="danger"
      question={question}
      effect={
        <>
          <p className="mb-4">{effect}</p>
          <p>許可した人として「{account.displayName}」が理由とともに記録に残ります。</p>
        </>
      }
      reasonLabel="許可する理由"
      support="あとで変えられません。個人番号や加入者の氏名は書かないでください。"
      act={allow}
      onDone={onDone}
    />
  );
}

const JOBS: Readonly<Record<string, readonly [question: string, effect: string]>> = {
  decide: [
    '合わないファイルのまま判定しますか',
    '登録状況の行のない人は「登録状況なし」として、事業所のわからない人の郵便物は職員の確認待ちとして扱います。',
  ],
  package: [
    '引き渡し済みのロットをもう一度渡しますか',
    '同じロットの引き渡しがもう一つできます。委託業者が二度刷って二度送ることのないよう、先に渡したものを使わないことを確かめてください。',
  ],
};

/** The same for a job that was refused; nothing where it was not, or where somebody has allowed it already. */
export function JobOverride({
  account,
  job,
  onOverrideRequested,
}: {
  readonly account: SignedIn;
  readonly job: Job;
  /** The job that is done in its place. */
  readonly onOverrideRequested?: (job: Job) => void;
}): ReactNode {
  const words = JOBS[job.kind];
  if (!job.canOverride || words === undefined) return null;
  const [question, effect] = words;
  return (
    <OverrideForm
      account={account}
      question={question}
      effect={effect}
      allow={(reason: string, key) => overrideJob(job.id, reason, key)}
      {...(onOverrideRequested && { onDone: onOverrideRequested })}
    />
  );
}
