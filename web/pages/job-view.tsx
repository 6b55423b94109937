// One job wherever it is shown: what it is, how far, how fast, what came of it, and its stop.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { wordsOf } from '../api/client.ts';
import { jobQuery, stopJob } from '../api/work.ts';
import type { Job } from '../api/work.ts';
import { JobOverride } from '../forms/override-form.tsx';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import type { Tone } from '../ui/chip.tsx';
import type { IconName } from '../ui/icons.tsx';
import { ProgressBar } from '../ui/progress.tsx';
import { InstantText } from '../ui/text.tsx';
import type { Unit } from '../ui/text.tsx';
import { useAccount, useMay } from './signed-in.tsx';

export function isOpen(job: Job): boolean {
  return job.state === 'running' || job.state === 'waiting';
}

const MARKS = {
  waiting: { tone: 'gray', icon: 'waiting', word: '順番待ち' },
  running: { tone: 'blue', icon: 'play', word: '実行中' },
  done: { tone: 'green', icon: 'check', word: '完了' },
  stopped: { tone: 'gray', icon: 'stop', word: '中止' },
  failed: { tone: 'red', icon: 'error', word: '失敗' },
} as const satisfies Record<Job['state'], { tone: Tone; icon: IconName; word: string }>;

function JobChip({ state }: { readonly state: Job['state'] }): ReactNode {
  const { tone, icon, word } = MARKS[state];
  return (
    <Chip tone={tone} icon={icon}>
      {word}
    </Chip>
  );
}

/** Pieces a second over the last samples of the same step; undefined until there are two. */
function useRate(step: string, done: number): number | undefined {
  const samples = useRef<{ step: string; at: number; done: number }[]>([]);
  const [rate, setRate] = useState<number | undefined>(undefined);
  useEffect(() => {
    const same = samples.current.filter((sample) => sample.step === step).slice(-9);
    samples.current = [...same, { step, at: performance.now(), done }];
    const [first, ...rest] = samples.current;
    const last = rest.at(-1);
    setRate(first && last ? ((last.done - first.done) * 1000) / Math.max(1, last.at - first.at) : undefined);
  }, [step, done]);
  return rate;
}

export function JobProgress({ job, mayStop }: { readonly job: Job; readonly mayStop: boolean }): ReactNode {
  const client = useQueryClient();
  const rate = useRate(job.step, job.done);
  const stopping = useMutation({
    mutationFn: () => stopJob(job.id),
    onSettled: () => client.invalidateQueries(),
  });
  const unit = (job.unit || '件') as Unit;
  const stopped = job.stopAsked || stopping.isSuccess;
  return (
    <div>
      <ProgressBar
        label={job.step ? `${job.label}：${job.step}` : job.label}
        done={job.done}
        total={job.total > 0 ? job.total : null}
        unit={unit}
        perSecond={rate}
        state={isOpen(job) ? 'running' : job.state === 'done' ? 'done' : job.state === 'failed' ? 'failed' : 'stopped'}
      />
      <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
        <p className="text-dns-14N-130 text-solid-gray-700">
          {job.actor}・
          <InstantText at={job.startedAt ?? job.createdAt} part="time" />
          に開始。この画面を閉じても続きます。
        </p>
        {mayStop && isOpen(job) && (
          <Button
            size="sm"
            icon="stop"
            busy={stopping.isPending}
            reason={stopped ? '区切りのよいところで止まります' : undefined}
            onClick={() => stopping.mutate()}
          >
            止める
          </Button>
        )}
      </div>
      {stopping.error && <p className="text-error-2">{wordsOf(stopping.error)}</p>}
    </div>
  );
}

export function JobLine({ job, mayStop }: { readonly job: Job; readonly mayStop: boolean }): ReactNode {
  const account = useAccount();
  return (
    <li className="border-b border-solid-gray-200 py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <JobChip state={job.state} />
        <span className="font-700 text-solid-gray-900">{job.label}</span>
        {job.issuanceIds.map((id) => (
          <Link key={id} to={paths.issuance(id)}>
            第{id}号の発行
          </Link>
        ))}
        <span className="ml-auto text-dns-14N-130 text-solid-gray-700">
          {job.actor}・<InstantText at={job.createdAt} />
        </span>
      </div>
      {job.message && <p className="mt-1">{job.message}</p>}
      {job.override && (
        <p className="mt-1">
          許可した人 {job.override.person}（{job.override.reason}）
        </p>
      )}
      {job.canOverride && (
        <div className="mt-2">
          <JobOverride account={account} job={job} />
        </div>
      )}
      {isOpen(job) && (
        <div className="mt-2">
          <JobProgress job={job} mayStop={mayStop} />
        </div>
      )}
    </li>
  );
}

/** A job that was started from this page: how far it is, then what came of it and where. */
export function StartedJob({ id }: { readonly id: string }): ReactNode {
  const job = useQuery(jobQuery(id));
  const mayStop = useMay('run-issuances');
  return (
    <ul aria-label="始めた処理" className="mb-4 border-t border-solid-gray-200">
      {job.data && <JobLine job={job.data} mayStop={mayStop} />}
    </ul>
  );
}
