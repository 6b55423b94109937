// `npm run bench -- print [--json]`: stamped pages against every peer and the floor, the same pages for all, each in a
// process of its own. CPU seconds, so that a peer with threads of its own is not flattered.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import path from 'node:path';
import { FLAGS } from './flags.ts';

interface Measured {
  readonly peer: string;
  readonly pages: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly peakMiB: number;
}

export interface PrintCase {
  readonly name: string;
  readonly pages: number;
  readonly cpuSecondsPer1000Pages: number;
  /** Peers: their cost over ours (how many times faster stamping is). Floor and stamping: our cost over the floor's. */
  readonly ratio: number;
  /** What the ratio is to be: `>= 20`. */
  readonly goal: string;
}

const PEERS: readonly (readonly [peer: string, pages: number, goal: number])[] = [
  ['typst', 2000, 20],
  ['pdfkit', 4000, 8],
  ['pdf-lib', 4000, 3],
  ['chromium', 400, 100],
];

function measure(peer: string, pages: number): Measured {
  const script = path.join(import.meta.dirname, 'print-peers.ts');
  const done = spawnSync(process.execPath, [...FLAGS, script, peer, String(pages)], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${peer}: ${done.stderr}`);
  return JSON.parse(done.stdout) as Measured;
}

const round = (n: number): number => Math.round(n * 1000) / 1000;
const perThousand = (m: Measured): number => (m.cpuSeconds / m.pages) * 1000;

export interface PrintReport {
  readonly machine: string;
  readonly cases: readonly PrintCase[];
  /** Pages a second of two workers, each with as many as the one, over those of one. */
  readonly twoProcesses: { readonly speedup: number; readonly goal: string };
  readonly memory: { readonly at10000: number; readonly at200000: number; readonly ratio: number };
}

export function benchPrint(pages = 200_000): PrintReport {
  const ours = measure('stamped', pages);
  const floor = measure('floor', pages);
  const two = measure('stamped-by-two', 2 * pages);
  const few = measure('stamped', 10_000);
  const notices = Math.min(pages, 40_000);
  const notice = measure('notice', notices);
  const noticeFloor = measure('notice-floor', notices);
  const noticeTypst = measure('notice-typst', 200);
  const peers = PEERS.map(([peer, count, goal]): PrintCase => {
    const m = measure(peer, count);
    return {
      name: peer,
      pages: count,
      cpuSecondsPer1000Pages: round(perThousand(m)),
      ratio: round(perThousand(m) / perThousand(ours)),
      goal: `>= ${goal}`,
    };
  });
  return {
    machine: `${cpus()[0]?.model ?? '?'}, ${cpus().length} cores, Node ${process.version}`,
    cases: [
      {
        name: 'stamped (written and read back)',
        pages,
        cpuSecondsPer1000Pages: round(perThousand(ours)),
        ratio: round(perThousand(ours) / perThousand(floor)),
        goal: '<= 2 floors',
      },
      { name: 'floor', pages, cpuSecondsPer1000Pages: round(perThousand(floor)), ratio: 1, goal: '' },
      ...peers,
      {
        name: 'notice, stamped (with request forms)',
        pages: notices,
        cpuSecondsPer1000Pages: round(perThousand(notice)),
        ratio: round(perThousand(notice) / perThousand(noticeFloor)),
        goal: '<= 2 floors of its own',
      },
      {
        name: 'notice, typst',
        pages: 200,
        cpuSecondsPer1000Pages: round(perThousand(noticeTypst)),
        ratio: round(perThousand(noticeTypst) / perThousand(notice)),
        goal: '>= 20',
      },
    ],
    twoProcesses: { speedup: round(two.pages / two.seconds / (ours.pages / ours.seconds)), goal: '>= 1.7' },
    memory: {
      at10000: Math.round(few.peakMiB),
      at200000: Math.round(ours.peakMiB),
      ratio: round(ours.peakMiB / few.peakMiB),
    },
  };
}

export function describePrint(report: PrintReport): string {
  return `${[
    report.machine,
    '',
    '| case | pages | CPU s / 1000 pages | ratio | goal |',
    '|---|---|---|---|---|',
    ...report.cases.map((c) => `| ${c.name} | ${c.pages} | ${c.cpuSecondsPer1000Pages} | ${c.ratio} | ${c.goal} |`),
    '',
    `two workers: ${report.twoProcesses.speedup} times one (goal ${report.twoProcesses.goal})`,
    `peak memory of a worker: ${report.memory.at10000} MiB at 10,000 pages, ${report.memory.at200000} MiB at 200,000`,
  ].join('\n')}\n`;
}
