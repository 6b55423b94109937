// `npm run bench -- national [--members 4000000]`: a tenth of 全国健康保険協会 from CSV to hand-over package, each stage's
// seconds, and the whole extrapolated to 40 million members. The goal for the country is 30 minutes on two cores.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { loadProfile } from '../src/formats/profile.ts';
import { variedBreakdown, writeSample } from '../src/operations/sample.ts';
import { FLAGS } from './flags.ts';

const COUNTRY = 40_000_000;
const GOAL_MINUTES = 30;
const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');

export interface NationalReport {
  readonly machine: string;
  readonly members: number;
  readonly certificates: number;
  readonly pages: number;
  readonly stages: readonly { readonly stage: string; readonly seconds: number }[];
  readonly seconds: number;
  readonly countryMinutes: number;
  readonly goalMinutes: number;
  readonly printedMiB: number;
}

export async function benchNational(members: number, folder: string): Promise<NationalReport> {
  const profile = await loadProfile('kyokai-kenpo');
  const issuance = profile.issuances[0]!;
  const input = path.join(folder, 'input');
  const files = await writeSample({
    members,
    seed: 1,
    outDir: input,
    profile,
    issuance,
    breakdown: variedBreakdown(members),
  });
  const out = path.join(folder, 'out');
  const from = performance.now();
  const done = spawnSync(
    process.execPath,
    [
      ...FLAGS,
      MAIN,
      'issue',
      '--profile',
      profile.id,
      '--issuance',
      issuance.id,
      '--issued-on',
      '2025-07-22',
      '--members',
      files.members,
      '--workplaces',
      files.workplaces,
      '--enrolment',
      files.enrolment,
      '--out',
      out,
    ],
    { env: { ...process.env, TODOKE_DATA: path.join(folder, 'data'), DATABASE_URL: '' }, encoding: 'utf8' },
  );
  if (done.status !== 0) throw new Error(done.stderr);
  const seconds = (performance.now() - from) / 1000;
  // The command names each stage with its seconds on standard error when nobody watches: `判定 12.3秒`.
  const stages = Array.from(done.stderr.matchAll(/^(\S.*) ([\d.]+)秒$/gm), ([, stage = '', time]) => ({
    stage,
    seconds: Number(time),
  }));
  const manifest = JSON.parse(readFileSync(path.join(out, 'manifest.json'), 'utf8')) as {
    totals: { certificates: number };
    files: { path: string; pages?: number }[];
  };
  const printed = readdirSync(path.join(out, 'print')).map((name) => statSync(path.join(out, 'print', name)).size);
  return {
    machine: `${cpus()[0]?.model ?? '?'}, ${cpus().length} cores, Node ${process.version}`,
    members,
    certificates: manifest.totals.certificates,
    pages: manifest.files.reduce((sum, file) => sum + (file.pages ?? 0), 0),
    stages,
    seconds: Math.round(seconds),
    countryMinutes: Math.round(((seconds / members) * COUNTRY) / 6) / 10,
    goalMinutes: GOAL_MINUTES,
    printedMiB: Math.round(printed.reduce((sum, size) => sum + size, 0) / 2 ** 20),
  };
}

export function describeNational(report: NationalReport): string {
  return `${[
    `${report.machine}; ${report.members.toLocaleString('en')} members, ${report.certificates.toLocaleString('en')} certificates, ` +
      `${report.pages.toLocaleString('en')} pages, ${report.printedMiB.toLocaleString('en')} MiB of print files`,
    '',
    '| stage | seconds |',
    '|---|---|',
    ...report.stages.map((s) => `| ${s.stage} | ${s.seconds} |`),
    `| all | ${report.seconds} |`,
    '',
    `40,000,000 members: ${report.countryMinutes} minutes (goal ${report.goalMinutes})`,
  ].join('\n')}\n`;
}
