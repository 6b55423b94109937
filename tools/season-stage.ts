// What every scene of the season needs: a society with its folder, the public commands, files as a contractor writes them.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
const RESULT = ['郵便物番号', '結果', '年月日', '理由', '引受番号'];
/** The two who release: never one person alone. */
const PERSONS = ['山田 太郎', '鈴木 花子'];

export type Row = Record<string, string>;
export type Line = readonly string[];

export interface LotJson {
  readonly no: number;
  readonly name: string;
  readonly postThrough: string | null;
  readonly batchCount: number;
}

/** Rows of a CSV file by their headers. */
export function rows(file: string): Row[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').replace('\ufeff', '').trimEnd().split('\r\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
}

export function csv(file: string, header: Line, lines: readonly Line[]): string {
  writeFileSync(file, [header, ...lines].map((cells) => `${cells.join(',')}\r\n`).join(''));
  return file;
}

/** One insurer's season: its folder, its commands and its part of the report. */
export class Stage {
  readonly dir: string;
  readonly profile: readonly string[];
  readonly #report: string[];
  readonly #issuance: string;
  readonly #station: ChildProcess;

  constructor(out: string, profile: string, issuance: string, report: string[]) {
    this.dir = path.join(out, profile);
    this.profile = ['--profile', profile];
    this.#issuance = issuance;
    this.#report = report;
    mkdirSync(this.dir, { recursive: true });
    // As root the database runs as another user, who must be able to walk in.
    chmodSync(this.dir, 0o755);
    // A station that is open all day keeps the database running between the commands.
    const scan = [MAIN, 'scan', ...this.profile, '--reason', '転居先不明'];
    this.#station = spawn(process.execPath, scan, { env: this.#env(), stdio: ['pipe', 'ignore', 'inherit'] });
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, TODOKE_DATA: this.file('data'), TODOKE_USER: '本部' };
  }

  file(...parts: string[]): string {
    return path.join(this.dir, ...parts);
  }

  /** Options that name the issuance, or one made of it (`reroute-1`). */
  of(...remake: string[]): string[] {
    return [...this.profile, '--issuance', [this.#issuance, ...remake].join('/')];
  }

  say(text: string): void {
    this.#report.push(text);
    process.stdout.write(`${text}\n`);
  }

  /** Runs a command; its output. A status that is not expected ends the season. */
  todoke(args: Line, options: { input?: string; statuses?: readonly number[] } = {}): string {
    const { input, statuses = [0] } = options;
    const done = spawnSync(process.execPath, [MAIN, ...args], {
      env: this.#env(),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      ...(input === undefined ? {} : { input }),
    });
    if (!statuses.includes(done.status ?? -1))
      throw new Error(`todoke ${args.join(' ')}\n${done.stdout}${done.stderr}`);
    return done.stdout.trim();
  }

  json(args: Line, statuses?: readonly number[]): unknown {
    return JSON.parse(this.todoke([...args, '--json'], statuses ? { statuses } : {}));
  }

  /** A results file of these rows (number, result, day, reason), taken in; what the command says first. */
  results(name: string, lines: readonly Line[], of: Line = this.of(), more: Line = []): string {
    const file = csv(
      this.file(name),
      RESULT,
      lines.map((line) => [...line, '', ''].slice(0, 5)),
    );
    return this.todoke(['results', file, ...of, ...more], { statuses: [0, 2] }).split('\n')[0] ?? '';
  }

  /** A workplace's own report of the same columns. */
  handOver(symbol: string, lines: readonly Line[], of: Line): number {
    const file = csv(
      this.file(`手渡し-${symbol}.csv`),
      RESULT,
      lines.map((line) => [...line, '', ''].slice(0, 5)),
    );
    const said = this.json(['handover', file, ...of, '--workplace', symbol], [0, 2]);
    return (said as { recorded: number }).recorded;
  }

  lots(of: Line = this.of()): LotJson[] {
    return this.json(['lot', 'list', ...of]) as LotJson[];
  }

  /** Both persons confirm a step of a lot. */
  release(step: '印刷' | '発送', no: number, of: Line = this.of()): void {
    for (const by of PERSONS) this.todoke(['lot', 'confirm', ...of, '--lot', String(no), '--step', step, '--by', by]);
  }

  /** Both persons close a lot; what the second is told. */
  close(no: number, of: Line = this.of()): string {
    return PERSONS.map((by) => this.todoke(['lot', 'close', ...of, '--lot', String(no), '--by', by])).at(-1) ?? '';
  }

  /** Papers made again: released, enclosed, posted on a day, and their lot closed. Its pieces. */
  sendAgain(
    remake: string[],
    out: string,
    on: string,
    beforePosting: (pieces: readonly Row[]) => void = () => {},
  ): Row[] {
    const of = this.of(...remake);
    const pieces = rows(path.join(out, 'mailpieces.csv')).filter((m) => m['印刷ファイル'] !== '');
    const numbers = pieces.map((m) => m['郵便物番号'] ?? '');
    const name = remake.join('-');
    this.release('印刷', 1, of);
    this.results(
      `結果-${name}-封入.csv`,
      numbers.map((n) => [n, '封入', on]),
      of,
    );
    beforePosting(pieces);
    this.release('発送', 1, of);
    this.say(
      `　発送　${this.results(
        `結果-${name}-発送.csv`,
        numbers.map((n) => [n, '発送', on]),
        of,
      )}`,
    );
    this.say(`　${this.close(1, of)}`);
    return pieces;
  }

  /** The parcels of a workplace, packed by scan and closed. */
  pack(symbol: string, pieces: readonly Row[], of: Line): void {
    const workplace = [...of, '--workplace', symbol];
    const parcels = this.json(['parcel', 'open', ...workplace]) as { sequence: number }[];
    const codes = pieces.map((m) => m['郵便物番号'] ?? '').join('\n');
    this.todoke(['parcel', 'scan', ...workplace], { input: codes });
    for (const { sequence } of parcels)
      this.todoke(['parcel', 'close', ...workplace, '--parcel', String(sequence), '--out', this.dir]);
  }

  /** The station that stayed open all season goes home. */
  end(): void {
    this.#station.stdin?.end();
  }
}

/** Pieces to workplaces by symbol, the largest first. */
export function byWorkplace(pieces: readonly Row[]): [string, Row[]][] {
  const groups = Map.groupBy(
    pieces.filter((m) => m['経路'] === 'workplace'),
    (m) => m['記号'] ?? '',
  );
  return [...groups].sort((a, b) => b[1].length - a[1].length);
}
