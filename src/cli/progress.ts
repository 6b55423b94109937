// Room: cli. Progress on a terminal: one bar a step on standard error, quiet where nobody watches.
import type { Progress } from '../operations/context.ts';
import { formatCount } from '../rules/words/counts.ts';

const WIDTH = 28;
const REFRESH_MS = 100;

/** A progress bar on `stream`; on anything but a terminal, one line when a step ends. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  let label = '';
  let total = 0;
  let unit = '';
  let done = 0;
  let startedAt = 0;
  let drawnAt = 0;
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const draw = (): void => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
    const rest = share > 0.02 && share < 1 ? ` 残り約${Math.ceil((seconds() / share) * (1 - share))}秒` : '';
    const amount =
      unit === 'バイト'
        ? `${Math.round(done / 1e6)}/${Math.round(total / 1e6)} MB`
        : `${formatCount(done)}/${formatCount(total)}${unit}`;
    stream.write(`\r\u001b[K${label} ${bar} ${Math.floor(share * 100)}% ${amount}${rest}`);
  };
  return {
    begin(nextLabel, nextTotal, nextUnit) {
      [label, total, unit, done] = [nextLabel, nextTotal, nextUnit, 0];
      startedAt = performance.now();
      drawnAt = 0;
    },
    reach(reached) {
      done = reached;
      if (!stream.isTTY || performance.now() - drawnAt < REFRESH_MS) return;
      drawnAt = performance.now();
      draw();
    },
    end() {
      if (label === '') return;
      if (stream.isTTY) stream.write('\r\u001b[K');
      stream.write(`${label} ${seconds().toFixed(1)}秒\n`);
      label = '';
    },
  };
}

/** For `--json` and for programs: nothing is shown. */
export const silentProgress: Progress = {
  begin: () => undefined,
  reach: () => undefined,
  end: () => undefined,
};
