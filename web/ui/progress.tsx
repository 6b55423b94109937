// Room: web/ui. Long work: a bar, how many of how many, how fast, how long still. A screen reader hears the start, then at
// most every five seconds, then the end.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { formatNumber } from './text.tsx';
import type { Unit } from './text.tsx';

const SAID_EVERY_MS = 5000;

/** Seconds as 「約3分20秒」; whole minutes from ten on, hours from sixty. */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `約${s}秒`;
  const minutes = Math.floor(s / 60);
  if (minutes < 10) return s % 60 === 0 ? `約${minutes}分` : `約${minutes}分${s % 60}秒`;
  if (minutes < 60) return `約${minutes}分`;
  return `約${Math.floor(minutes / 60)}時間${minutes % 60}分`;
}

export function ProgressBar({
  label,
  done,
  total,
  unit,
  perSecond,
  state = 'running',
}: {
  readonly label: string;
  readonly done: number;
  /** Null where it is not known how much there is. */
  readonly total: number | null;
  readonly unit: Unit;
  readonly perSecond?: number | undefined;
  readonly state?: 'running' | 'stopped' | 'failed' | 'done';
}): ReactNode {
  const share = total === null || total === 0 ? 0 : Math.min(1, done / total);
  const percent = Math.floor(share * 100);
  const left = perSecond && total !== null ? (total - done) / perSecond : null;
  const counts =
    total === null ? `${formatNumber(done)}${unit}` : `${formatNumber(done)} / ${formatNumber(total)}${unit}`;
  const words = { running: '', stopped: '止まっています', failed: '失敗しました', done: '終わりました' }[state];
  const sentence = `${label}：${counts}${total === null ? '' : `、${percent}％`}${words && `、${words}`}`;

  return (
    <div>
      <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4 text-dns-16N-130">
        <span className="font-700 text-solid-gray-900">{label}</span>
        <span className="whole">
          {counts}
          {total !== null && <span className="ml-2 font-700">{percent}％</span>}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={counts}
        {...(total !== null && { 'aria-valuenow': percent })}
        className="h-2.5 overflow-hidden rounded-full border border-solid-gray-600 bg-solid-gray-50 forced-colors:bg-[Canvas]"
      >
        <div
          className={`h-full origin-left ${state === 'failed' ? 'bg-red-900' : state === 'done' ? 'bg-green-800' : 'bg-blue-900'} ${state === 'running' && total === null ? 'w-1/3 animate-pulse motion-reduce:animate-none' : 'transition-[width] duration-500'} forced-colors:bg-[Highlight]`}
          style={total === null ? undefined : { width: `${share * 100}%` }}
        />
      </div>
      <div className="mt-1 flex min-h-5 flex-wrap gap-x-4 text-dns-14N-130 text-solid-gray-700">
        {state === 'running' && perSecond !== undefined && perSecond > 0 && (
          <span className="whole">
            毎秒 {formatNumber(Math.round(perSecond))}
            {unit}
          </span>
        )}
        {state === 'running' && left !== null && Number.isFinite(left) && (
          <span className="whole">残り {formatDuration(left)}</span>
        )}
        {words && <span>{words}</span>}
      </div>
      <Said text={sentence} now={state !== 'running'} />
    </div>
  );
}

/** Text for a screen reader, changed at most every five seconds unless it must be said now. */
function Said({ text, now }: { readonly text: string; readonly now: boolean }): ReactNode {
  const [said, setSaid] = useState('');
  const latest = useRef(text);
  const saidAt = useRef(0);
  latest.current = text;
  useEffect(() => {
    const say = (): void => {
      saidAt.current = Date.now();
      setSaid(latest.current);
    };
    const wait = now ? 0 : Math.max(0, saidAt.current + SAID_EVERY_MS - Date.now());
    const timer = setTimeout(say, wait);
    return () => clearTimeout(timer);
  }, [text, now]);
  return (
    <span role="status" className="sr-only">
      {said}
    </span>
  );
}
