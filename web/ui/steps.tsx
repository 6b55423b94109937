// Room: web/ui. The steps of a long matter, in order: done, under way, failed, still to come. Vertical, each with its facts
// and what is done next.
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';

export type StepState = 'waiting' | 'ready' | 'running' | 'done' | 'failed' | 'skipped';

export interface Step {
  readonly key: string;
  readonly title: string;
  readonly state: StepState;
  /** Says the state in other words than its own. */
  readonly word?: string | undefined;
  readonly body?: ReactNode;
  readonly actions?: ReactNode;
}

const WORDS = {
  waiting: '未着手',
  ready: '始められます',
  running: '実行中',
  done: '完了',
  failed: '止まっています',
  skipped: '対象なし',
} as const satisfies Record<StepState, string>;

const MARKS = {
  waiting: 'border-solid-gray-420 bg-white text-solid-gray-700',
  ready: 'border-blue-900 bg-white text-blue-900',
  running: 'border-blue-900 bg-blue-900 text-white',
  done: 'border-blue-900 bg-blue-100 text-blue-1000',
  failed: 'border-error-2 bg-red-50 text-red-1000',
  skipped: 'border-dashed border-solid-gray-420 bg-white text-solid-gray-700',
} as const satisfies Record<StepState, string>;

export function Steps({ label, steps }: { readonly label: string; readonly steps: readonly Step[] }): ReactNode {
  const reached = steps.filter((step) => step.state === 'done' || step.state === 'skipped').length;
  const current = steps.find((step) => step.state === 'running' || step.state === 'failed' || step.state === 'ready');
  return (
    <section aria-label={label}>
      <p className="sr-only">
        全{steps.length}ステップ中、{reached}ステップまで完了
      </p>
      <ol>
        {steps.map((step, index) => (
          <li
            key={step.key}
            aria-current={step === current ? 'step' : undefined}
            className="grid grid-cols-[2.75rem_1fr] gap-x-4"
          >
            <div className="flex flex-col items-center">
              <span
                aria-hidden
                className={`grid size-11 shrink-0 place-items-center rounded-full border-2 text-oln-16B-100 ${MARKS[step.state]}`}
              >
                {step.state === 'done' ? (
                  <Icon name="check" />
                ) : step.state === 'failed' ? (
                  <Icon name="error" />
                ) : (
                  index + 1
                )}
              </span>
              {index < steps.length - 1 && (
                <span
                  aria-hidden
                  className={`min-h-4 w-0.5 grow ${step.state === 'done' ? 'bg-blue-900' : 'bg-solid-gray-420'}`}
                />
              )}
            </div>
            <div className="min-w-0 pb-6">
              <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2">
                <h3 className="text-std-17B-170">
                  {step.title}
                  <span
                    className={`ml-3 text-dns-14N-130 whitespace-nowrap ${step.state === 'failed' ? 'text-error-2' : 'text-solid-gray-700'}`}
                  >
                    {step.word ?? WORDS[step.state]}
                  </span>
                </h3>
                {step.actions && <div className="flex flex-wrap gap-2">{step.actions}</div>}
              </div>
              {step.body && <div className="mt-1">{step.body}</div>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
