// `npm run season -- --out DIR`: July to December 2025 of two insurers, through the public commands alone: a home-route
// branch (card, to the household) and the sample society (postcard, through the workplace). Withdrawals, spoils, posting in
// waves, returns by reason, re-routing, hand-overs, recalls; it ends balanced and writes report.md, whose figures add up.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PAPER_STATE_LABELS } from '../src/rules/lifecycle.ts';
import type { PaperState } from '../src/rules/lifecycle.ts';

const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
const { values } = parseArgs({ options: { out: { type: 'string', default: 'out/season' } } });
const OUT = path.resolve(values.out);
mkdirSync(OUT, { recursive: true });
chmodSync(OUT, 0o755);

interface Season {
  readonly profile: string;
  readonly title: string;
  readonly members: number;
  readonly issuance: string;
  readonly issuedOn: string;
  readonly isHome: boolean;
  /** Days on which the waves are posted. */
  readonly waves: readonly string[];
  readonly reprintedOn: string;
  /** The day of the recall list. */
  readonly recallOn: string;
}

const report: string[] = ['# 2025年7月から12月まで', ''];

/** Runs a command; its output. A status that is not expected ends the season. */
function todoke(
  season: Season,
  args: readonly string[],
  options: { input?: string; statuses?: readonly number[] } = {},
): string {
  const done = spawnSync(process.execPath, [MAIN, ...args], {
    env: { ...process.env, TODOKE_DATA: path.join(OUT, season.profile, 'data'), TODOKE_USER: '本部' },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  if (!(options.statuses ?? [0]).includes(done.status ?? -1))
    throw new Error(`todoke ${args.join(' ')}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

function rows(file: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').replace('\ufeff', '').trimEnd().split('\r\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
}

function csv(file: string, header: readonly string[], lines: readonly (readonly string[])[]): string {
  writeFileSync(file, [header, ...lines].map((cells) => `${cells.join(',')}\r\n`).join(''));
  return file;
}

const RESULT = ['郵便物番号', '結果', '年月日', '理由', '引受番号'];
const REASONS = ['あて所に尋ねあたりません', '転居先不明', '保管期間経過', '受取拒絶'];

function play(season: Season): void {
  const dir = path.join(OUT, season.profile);
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o755);
  const common = ['--profile', season.profile];
  const issuance = [...common, '--issuance', season.issuance];
  const say = (text: string): void => {
    report.push(text);
    process.stdout.write(`${text}\n`);
  };
  say(`## ${season.title}`);
  const input = path.join(dir, 'input');
  todoke(season, ['sample', ...common, '--members', String(season.members), '--seed', '7', '--out', input]);
  const file = (name: string): string => path.join(input, `${name}.csv`);
  const out = path.join(dir, 'july');
  const issue = [
    ...['issue', ...issuance, '--issued-on', season.issuedOn, '--out', out],
    ...['--members', file('加入者'), '--workplaces', file('事業所'), '--enrolment', file('マイナ保険証')],
  ];
  todoke(season, [...issue, '--no-print']);

  // Withdrawn before print, then after it.
  const certificates = rows(path.join(out, 'certificates.csv'));
  const keyOf = (c: Record<string, string>): string => `${c['記号']}-${c['番号']}-${c['枝番']}`;
  const every = Math.floor(certificates.length / 12);
  const early = certificates.filter((_, i) => i % every === 3).slice(0, 6);
  const late = certificates.filter((_, i) => i % every === 7).slice(0, 6);
  for (const c of early) todoke(season, ['withdraw', keyOf(c), ...issuance, '--reason', '資格喪失']);
  todoke(season, ['print', ...issuance, '--out', out]);
  for (const c of late)
    todoke(season, ['withdraw', keyOf(c), ...issuance, '--reason', '資格喪失'], { statuses: [0, 2] });
  todoke(season, ['print', ...issuance, '--out', out]);
  say(`引き抜き　印刷前 ${early.length}人　引き抜き一覧 ${rows(path.join(out, 'pull-list.csv')).length}枚`);

  // The contractor: package, spoils, three waves.
  const handed = path.join(dir, 'package');
  todoke(season, ['package', 'make', ...issuance, '--out', out, '--package', handed]);
  say(`引き渡し　${todoke(season, ['package', 'verify', '--package', handed]).trim()}`);
  const states = (): Record<string, number> => {
    const { counts } = JSON.parse(todoke(season, ['reconcile', ...issuance, '--json'])) as {
      counts: { states: { subject: string; state: string; count: number }[] };
    };
    return Object.fromEntries(counts.states.map((s) => [`${s.subject} ${s.state}`, s.count]));
  };
  const printed = rows(path.join(out, 'mailpieces.csv')).filter((m) => m['印刷ファイル'] !== '');
  const numbers = printed.map((m) => m['郵便物番号'] ?? '');
  const spoiled = numbers.filter((_, i) => i % 100 === 50);
  const good = numbers.filter((_, i) => i % 100 !== 50);
  const taken = (name: string, lines: readonly (readonly string[])[], of = issuance): string =>
    todoke(season, ['results', csv(path.join(dir, name), RESULT, lines), ...of], { statuses: [0, 2] }).split('\n')[0] ??
    '';
  say(
    `損傷　${taken(
      '結果-損傷.csv',
      spoiled.map((n) => [n, '損傷', season.waves[0] ?? '', '紙詰まり', '']),
    )}`,
  );
  for (const [i, on] of season.waves.entries()) {
    const wave = good.filter((_, k) => Math.floor((k * 3) / good.length) === i);
    say(
      `発送 第${i + 1}波　${taken(
        `結果-${on}.csv`,
        wave.flatMap((n) => [
          [n, '封入', on, '', ''],
          [n, '発送', on, '', ''],
        ]),
      )}`,
    );
  }
  const reprint = path.join(dir, 'reprint');
  say(todoke(season, ['reprint', ...issuance, '--issued-on', season.reprintedOn, '--out', reprint]).trim());
  const again = rows(path.join(reprint, 'mailpieces.csv')).map((m) => m['郵便物番号'] ?? '');
  say(
    `作り直しの発送　${taken(
      '結果-作り直し.csv',
      again.flatMap((n) => [
        [n, '封入', season.reprintedOn, '', ''],
        [n, '発送', season.reprintedOn, '', ''],
      ]),
      [...common, '--issuance', `${season.issuance}/reprint-1`],
    )}`,
  );

  if (season.isHome) returns(season, dir, issuance, good, say, taken);
  else handOver(season, dir, issuance, printed, say);
  recall(season, dir, input, say, states);

  const balances = JSON.parse(todoke(season, ['reconcile', ...issuance, '--json'])) as {
    balanced: boolean;
    balances: { name: string; left: number; right: number }[];
    counts: { mailpieces: number; certificates: number };
  };
  const end = states();
  say('');
  say('| 状態 | 数 |');
  say('|---|---|');
  for (const [paper, count] of Object.entries(end)) {
    const [subject, state] = paper.split(' ') as ['mailpiece' | 'certificate', PaperState];
    say(`| ${subject === 'mailpiece' ? '郵便物' : '資格確認書'}　${PAPER_STATE_LABELS[state]} | ${count} |`);
  }
  const total = (subject: string): number =>
    Object.entries(end).reduce((sum, [state, count]) => (state.startsWith(subject) ? sum + count : sum), 0);
  if (
    !balances.balanced ||
    total('mailpiece') !== balances.counts.mailpieces ||
    total('certificate') !== balances.counts.certificates
  )
    throw new Error('the season does not balance');
  say('');
  say(
    `郵便物 ${total('mailpiece')}通、資格確認書 ${total('certificate')}枚。すべて一致しました（${balances.balances.length}式）。`,
  );
  say(todoke(season, ['audit', 'verify', ...common]).trim());
  say('');
  say('一枚の履歴:');
  say('```');
  const told = good[Math.floor(good.length / 17) * 4] ?? good[0] ?? '';
  say(todoke(season, ['trace', told, ...issuance]).trim());
  say('```');
  say('');
}

/** 6% of the posted come back; a month later they go through the employer. */
function returns(
  season: Season,
  dir: string,
  issuance: readonly string[],
  posted: readonly string[],
  say: (text: string) => void,
  taken: (name: string, lines: readonly (readonly string[])[], of?: string[]) => string,
): void {
  const back = posted.filter((_, i) => i % 17 === 4);
  const lines = REASONS.flatMap((reason, r) => [reason, ...back.filter((_, i) => i % REASONS.length === r)]);
  // The last one is scanned twice, as happens.
  lines.push(back.at(-1) ?? '');
  const profile = ['--profile', season.profile];
  say(
    `不着の読み取り　${todoke(season, ['scan', ...profile, '--reason', '転居先不明'], { input: lines.join('\n') }).trim()}`,
  );
  const reroute = path.join(dir, 'reroute');
  say(todoke(season, ['reroute', ...issuance, '--issued-on', '2025-09-25', '--out', reroute]).trim());
  const pieces = rows(path.join(reroute, 'mailpieces.csv'));
  const numbers = pieces.map((m) => m['郵便物番号'] ?? '');
  const of = [...profile, '--issuance', `${season.issuance}/reroute-1`];
  const sent = numbers.flatMap((n) => [
    [n, '封入', '2025-09-29', '', ''],
    [n, '発送', '2025-09-30', '', ''],
  ]);
  say(`再送付の発送　${taken('結果-再送付.csv', sent, of)}`);
  const symbol = pieces[0]?.['記号'] ?? '';
  const own = pieces.filter((m) => m['記号'] === symbol);
  const file = csv(
    path.join(dir, '手渡し.csv'),
    RESULT,
    own.map((m, i) => [
      m['郵便物番号'] ?? '',
      i % 9 === 8 ? '手渡し不可' : '手渡し',
      '2025-10-06',
      i % 9 === 8 ? '退職' : '',
      '',
    ]),
  );
  say(`手渡し（${symbol}）　${todoke(season, ['handover', file, ...of, '--workplace', symbol]).trim()}`);
}

/** The society: each workplace says what it handed over. */
function handOver(
  season: Season,
  dir: string,
  issuance: readonly string[],
  printed: readonly Record<string, string>[],
  say: (text: string) => void,
): void {
  const symbols = [...new Set(printed.filter((m) => m['経路'] === 'workplace').map((m) => m['記号'] ?? ''))].slice(
    0,
    20,
  );
  let count = 0;
  for (const symbol of symbols) {
    const own = printed.filter((m) => m['記号'] === symbol && m['経路'] === 'workplace');
    const file = csv(
      path.join(dir, `手渡し-${symbol}.csv`),
      RESULT,
      own.map((m, i) => [m['郵便物番号'] ?? '', i % 19 === 18 ? '手渡し不可' : '手渡し', '2025-11-14', '', '']),
    );
    const said = JSON.parse(
      todoke(season, ['handover', file, ...issuance, '--workplace', symbol, '--json'], { statuses: [0, 2] }),
    ) as { recorded: number };
    count += said.recorded;
  }
  say(`手渡し　${symbols.length}事業所から ${count}通`);
}

/** Some lose eligibility, some enrol a card; the list, and half of the papers back. */
function recall(
  season: Season,
  dir: string,
  input: string,
  say: (text: string) => void,
  states: () => Record<string, number>,
): void {
  const issued = rows(path.join(dir, 'july', 'certificates.csv'));
  const chosen = new Map(
    issued.filter((_, i) => i % 40 === 11).map((c, i) => [`${c['記号']},${c['番号']},${c['枝番']}`, i % 2 === 0]),
  );
  const rewrite = (
    name: string,
    change: (cells: string[], at: (column: string) => number) => void,
    isLost: boolean,
  ): string => {
    const [header = '', ...lines] = readFileSync(path.join(input, `${name}.csv`), 'utf8')
      .replace('\ufeff', '')
      .trimEnd()
      .split('\r\n');
    const names = header.split(',');
    const changed = lines.map((line) => {
      const cells = line.split(',');
      if (chosen.get(cells.slice(0, 3).join(',')) === isLost) change(cells, (column) => names.indexOf(column));
      return cells.join(',');
    });
    const file = path.join(dir, `${name}-recall.csv`);
    writeFileSync(file, [header, ...changed].map((line) => `${line}\r\n`).join(''));
    return file;
  };
  const members = rewrite('加入者', (cells, at) => void (cells[at('資格喪失年月日')] = '2025-10-01'), true);
  const enrolled = { カード: '1', 利用登録: '1', 紐付け: '1', 電子証明書有効期限: '', 解除年月日: '', 返納年月日: '' };
  const enrolment = rewrite(
    'マイナ保険証',
    (cells, at) => {
      for (const [column, value] of Object.entries(enrolled)) if (at(column) >= 0) cells[at(column)] = value;
    },
    false,
  );
  const common = ['--profile', season.profile];
  todoke(season, ['import', members, ...common, '--kind', '加入者']);
  todoke(season, ['import', enrolment, ...common, '--kind', 'マイナ保険証', '--as-of', season.recallOn]);
  const out = path.join(dir, 'recall');
  say(`${season.recallOn} の回収対象者リスト`);
  say(todoke(season, ['recall', 'list', ...common, '--on', season.recallOn, '--out', out]).trim());
  const listed = rows(path.join(out, 'recall-list.csv')).map((row) => row['証番号'] ?? '');
  const half = listed.filter((_, i) => i % 2 === 0);
  say(todoke(season, ['recall', 'check-in', ...common], { input: half.join('\n') }).trim());
  if ((states()['certificate given-back'] ?? 0) === 0) throw new Error('no paper came back');
}

play({
  ...{ profile: 'kyokai-kenpo', title: '自宅へ送る支部（全国健康保険協会の見本、2万人）', members: 20_000 },
  ...{ issuance: 'bulk-2025', issuedOn: '2025-07-22', isHome: true },
  ...{ waves: ['2025-07-30', '2025-08-20', '2025-09-10'], reprintedOn: '2025-08-01', recallOn: '2025-10-31' },
});
play({
  ...{ profile: 'mbk', title: '事業所経由の組合（MBK連合の見本、31,067人）', members: 31_067 },
  ...{ issuance: 'bulk-2025', issuedOn: '2025-11-04', isHome: false },
  ...{ waves: ['2025-11-05', '2025-11-06', '2025-11-07'], reprintedOn: '2025-11-10', recallOn: '2025-12-26' },
});
writeFileSync(path.join(OUT, 'report.md'), `${report.join('\n')}\n`);
process.stdout.write(`\n${path.join(OUT, 'report.md')}\n`);
