// `npm run season -- --out DIR`: July to December 2025 of two insurers, through the public commands alone: a home-route
// branch (card, to the household) and the sample society (postcard, through the workplace). Withdrawals, spoils, waves
// released by two persons, returns by reason, re-routing in parcels, hand-overs; certificates lost and made again before and
// after 2025-12-01; recall, reminders, papers missing and found, losses filed before and after that day; every lot closes, it
// ends balanced and writes report.md, whose figures add up.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PAPER_STATE_LABELS } from '../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../src/rules/papers/lifecycle.ts';
import { recall } from './season-recall.ts';
import type { RecallDays } from './season-recall.ts';
import { Stage, byWorkplace, rows } from './season-stage.ts';
import type { Row } from './season-stage.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'out/season' } } });
const OUT = path.resolve(values.out);
mkdirSync(OUT, { recursive: true });
chmodSync(OUT, 0o755);

interface Season {
  readonly profile: string;
  readonly title: string;
  readonly members: number;
  readonly issuedOn: string;
  /** The day on which each wave is enclosed and posted. */
  readonly postedOn: readonly string[];
  /** After which waves what came back is made again, and when that is posted. */
  readonly rerouted: Readonly<Record<number, string>>;
  readonly handedOverOn: string | null;
  readonly recall: RecallDays;
}

const REASONS = ['あて所に尋ねあたりません', '転居先不明', '保管期間経過', '受取拒絶'];
const PARCELS = 4;
const report: string[] = ['# 2025年7月から12月まで', ''];
const numberOf = (m: Row): string => m['郵便物番号'] ?? '';
const keyOf = (c: Row): string => `${c['記号']}-${c['番号']}-${c['枝番']}`;

function play(season: Season): void {
  const stage = new Stage(OUT, season.profile, 'bulk-2025', report);
  stage.say(`## ${season.title}`);
  const input = stage.file('input');
  stage.todoke(['sample', ...stage.profile, '--members', String(season.members), '--seed', '7', '--out', input]);
  const file = (name: string): string => path.join(input, `${name}.csv`);
  const out = stage.file('july');
  stage.todoke([
    'issue',
    ...stage.of(),
    '--issued-on',
    season.issuedOn,
    '--out',
    out,
    '--no-print',
    '--members',
    file('加入者'),
    '--workplaces',
    file('事業所'),
    '--enrolment',
    file('マイナ保険証'),
  ]);
  stage.say('発送の波');
  for (const line of stage
    .todoke(['waves', ...stage.of()])
    .split('\n')
    .filter((l) => !l.startsWith('　')))
    stage.say(`　${line}`);

  withdraw(stage, out, 3, 0);
  stage.todoke(['print', ...stage.of(), '--out', out, '--lot', '1']);
  withdraw(stage, out, 7, 2);
  stage.todoke(['print', ...stage.of(), '--out', out]);
  stage.say(`印刷の後に引き抜いた証（引き抜き一覧）${rows(path.join(out, 'pull-list.csv')).length}枚`);

  const lots = stage.lots();
  const printed = rows(path.join(out, 'mailpieces.csv')).filter((m) => m['印刷ファイル'] !== '');
  let batches = 0;
  let posted: string[] = [];
  for (const [i, lot] of lots.entries()) {
    const from = batches;
    batches += lot.batchCount;
    const own = printed.filter((m) => {
      const no = Number(/(\d{5})-/.exec(m['印刷ファイル'] ?? '')?.[1]);
      return from < no && no <= batches;
    });
    const on = season.postedOn[i] ?? '';
    posted.push(...sendLot(stage, out, lot.no, own, on, lot.postThrough));
    const again = season.rerouted[lot.no];
    if (again === undefined) continue;
    returns(stage, posted, again);
    posted = [];
  }
  if (season.handedOverOn !== null) handOver(stage, printed, season.handedOverOn);
  recall(stage, season.recall);
  finish(stage, numberOf(printed[Math.floor(printed.length / 3)] ?? {}));
  stage.end();
}

/** Six persons lose eligibility, spread over the issuance. */
function withdraw(stage: Stage, out: string, offset: number, status: number): void {
  const certificates = rows(path.join(out, 'certificates.csv'));
  const every = Math.floor(certificates.length / 12);
  const chosen = certificates.filter((_, i) => i % every === offset).slice(0, 6);
  for (const c of chosen)
    stage.todoke(['withdraw', keyOf(c), ...stage.of(), '--reason', '資格喪失'], { statuses: [0, status] });
  stage.say(`引き抜き　${chosen.length}人`);
}

/** One lot from release to close: package, spoils, parcels, posting, one piece late. What was posted. */
function sendLot(
  stage: Stage,
  out: string,
  no: number,
  own: readonly Row[],
  on: string,
  through: string | null,
): string[] {
  stage.say(`ロット${no}　${own.length}通　${on}`);
  stage.release('印刷', no);
  const handed = stage.file(`package-${no}`);
  stage.todoke(['package', 'make', ...stage.of(), '--lot', String(no), '--out', out, '--package', handed]);
  stage.say(`　引き渡し　${stage.todoke(['package', 'verify', '--package', handed])}`);
  const numbers = own.map(numberOf);
  const spoiled = numbers.filter((_, i) => i % 100 === 50);
  const good = numbers.filter((_, i) => i % 100 !== 50);
  stage.say(
    `　封入　${stage.results(`結果-${no}-封入.csv`, [
      ...spoiled.map((n) => [n, '損傷', on, '紙詰まり']),
      ...good.map((n) => [n, '封入', on]),
    ])}`,
  );
  const goods = new Set(good);
  const sealed = own.filter((m) => goods.has(numberOf(m)));
  for (const [symbol, pieces] of byWorkplace(sealed).slice(0, PARCELS)) stage.pack(symbol, pieces, stage.of());
  stage.release('発送', no);
  // The last one is forgotten, and goes after its days: by a named override alone.
  const last = no === 1 ? good.slice(-1) : [];
  const inTime = good.slice(0, good.length - last.length);
  stage.say(
    `　発送　${stage.results(
      `結果-${no}-発送.csv`,
      inTime.map((n) => [n, '発送', on]),
    )}`,
  );
  if (last.length > 0 && through !== null) {
    const late = last.map((n) => [n, '発送', nextDay(through)]);
    stage.say(`　期限の後の発送　${stage.results(`結果-${no}-遅れ.csv`, late)}`);
    const override = ['--override', '高橋 一郎', '--reason', '封筒の不足'];
    stage.say(`　高橋 一郎 の許可で　${stage.results(`結果-${no}-遅れ.csv`, late, stage.of(), override)}`);
  }
  if (spoiled.length > 0) {
    const day = nextDay(on);
    const again = stage.file(`reprint-${no}`);
    stage.say(`　${stage.todoke(['reprint', ...stage.of(), '--issued-on', day, '--out', again])}`);
    stage.sendAgain([`reprint-${no}`], again, day);
  }
  stage.say(`　${stage.close(no)}`);
  return good;
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

let round = 0;

/** 6% of the posted come back; they go through the employer in parcels, and home who left the company. */
function returns(stage: Stage, posted: readonly string[], on: string): void {
  round += 1;
  const back = posted.filter((_, i) => i % 17 === 4);
  const lines = REASONS.flatMap((reason, r) => [reason, ...back.filter((_, i) => i % REASONS.length === r)]);
  // The last one is scanned twice, as happens.
  lines.push(back.at(-1) ?? '');
  const scan = ['scan', ...stage.profile, '--reason', '転居先不明'];
  stage.say(`不着の読み取り　${stage.todoke(scan, { input: lines.join('\n') })}`);
  const remake = `reroute-${round}`;
  const out = stage.file(remake);
  stage.say(stage.todoke(['reroute', ...stage.of(), '--issued-on', on, '--out', out]));
  const kept = rows(path.join(out, 'staff-list.csv')).filter((row) => row['することと理由'] === '同じ宛先へ再発送する');
  const sent = kept.map((row) => [numberOf(row), '再発送', on]);
  stage.say(`同じ宛先へ再発送　${stage.results(`結果-再発送-${round}.csv`, sent)}`);
  const of = stage.of(remake);
  const pieces = stage.sendAgain([remake], out, on, (sealed) => {
    for (const [symbol, own] of byWorkplace(sealed).slice(0, PARCELS)) stage.pack(symbol, own, of);
  });
  const day = nextDay(on);
  const workplaces = byWorkplace(pieces).slice(0, PARCELS);
  const count = workplaces.reduce((sum, [symbol, own], w) => {
    const said = own.map((m, i) => [numberOf(m), w === 0 && i === 0 ? '退職' : '手渡し', day]);
    return sum + stage.handOver(symbol, said, of);
  }, 0);
  stage.say(`手渡し　${workplaces.length}事業所から ${count}通（うち退職 1通）`);
  const home = stage.file(`rehome-${round}`);
  stage.say(stage.todoke(['rehome', ...of, '--issued-on', nextDay(day), '--out', home]));
  stage.sendAgain([remake, 'rehome-1'], home, nextDay(day));
}

/** The society: each workplace says what it handed over, what it could not, and who left. */
function handOver(stage: Stage, printed: readonly Row[], on: string): void {
  const workplaces = byWorkplace(printed).slice(0, 20);
  const count = workplaces.reduce((sum, [symbol, own]) => {
    const said = own.map((m, i) => [numberOf(m), i % 19 === 18 ? '手渡し不可' : i % 29 === 5 ? '退職' : '手渡し', on]);
    return sum + stage.handOver(symbol, said, stage.of());
  }, 0);
  stage.say(`手渡し　${workplaces.length}事業所から ${count}通`);
  const home = stage.file('rehome');
  stage.say(stage.todoke(['rehome', ...stage.of(), '--issued-on', on, '--out', home]));
  stage.sendAgain(['rehome-1'], home, nextDay(on));
}

interface Books {
  readonly balanced: boolean;
  readonly balances: readonly { readonly difference: number }[];
  readonly counts: {
    readonly mailpieces: number;
    readonly certificates: number;
    readonly closedLots: number;
    readonly states: readonly { readonly subject: string; readonly state: PaperState; readonly count: number }[];
  };
}

/** Everything counted again: states, lots, the chain, and one paper's history. */
function finish(stage: Stage, told: string): void {
  const { balanced, balances, counts } = stage.json(['reconcile', ...stage.of()]) as Books;
  stage.say('');
  stage.say('| 状態 | 数 |');
  stage.say('|---|---|');
  for (const { subject, state, count } of counts.states)
    stage.say(`| ${subject === 'mailpiece' ? '郵便物' : '資格確認書'}　${PAPER_STATE_LABELS[state]} | ${count} |`);
  const total = (subject: string): number =>
    counts.states.filter((s) => s.subject === subject).reduce((sum, s) => sum + s.count, 0);
  const lots = stage.lots();
  const isWhole =
    balanced &&
    total('mailpiece') === counts.mailpieces &&
    total('certificate') === counts.certificates &&
    counts.closedLots === lots.length;
  if (!isWhole) throw new Error('the season does not balance');
  stage.say('');
  stage.say(
    `郵便物 ${total('mailpiece')}通、資格確認書 ${total('certificate')}枚、締めたロット ${lots.length}。` +
      `すべて一致しました（${balances.length}式）。`,
  );
  stage.say(stage.todoke(['audit', 'verify', ...stage.profile]));
  stage.say('');
  stage.say('一枚の履歴:');
  stage.say('```');
  stage.say(stage.todoke(['trace', told, ...stage.of()]));
  stage.say('```');
  stage.say('');
}

const HOME_RECALL: RecallDays = {
  listed: '2025-11-28',
  received: '2025-12-05',
  filed: '2025-12-08',
  reminded: '2025-12-12',
  counted: '2025-12-26',
  reissues: {
    before: {
      requestedOn: '2025-11-20',
      issuedOn: '2025-11-21',
      postedOn: '2025-11-25',
      foundOn: '2025-11-27',
    },
    after: {
      requestedOn: '2025-12-08',
      issuedOn: '2025-12-09',
      postedOn: '2025-12-11',
      foundOn: null,
    },
  },
};
const SOCIETY_RECALL: RecallDays = {
  listed: '2025-12-05',
  received: '2025-12-12',
  filed: '2025-12-15',
  reminded: '2025-12-19',
  counted: '2025-12-26',
  reissues: {
    before: {
      requestedOn: '2025-11-25',
      issuedOn: '2025-11-26',
      postedOn: '2025-11-28',
      foundOn: '2025-12-02',
    },
    after: {
      requestedOn: '2025-12-15',
      issuedOn: '2025-12-16',
      postedOn: '2025-12-18',
      foundOn: null,
    },
  },
};

play({
  profile: 'kyokai-kenpo',
  title: '自宅へ送る支部（全国健康保険協会の見本、2万人）',
  members: 2e4,
  issuedOn: '2025-07-22',
  postedOn: ['2025-07-30', '2025-08-25', '2025-09-24', '2025-10-20'],
  rerouted: {
    2: '2025-09-12',
    4: '2025-11-10',
  },
  handedOverOn: null,
  recall: HOME_RECALL,
});
play({
  profile: 'mbk',
  title: '事業所経由の組合（MBK連合の見本、31,067人）',
  members: 31067,
  issuedOn: '2025-11-04',
  postedOn: ['2025-11-05'],
  rerouted: {},
  handedOverOn: '2025-11-17',
  recall: SOCIETY_RECALL,
});
writeFileSync(path.join(OUT, 'report.md'), `${report.join('\n')}\n`);
process.stdout.write(`\n${path.join(OUT, 'report.md')}\n`);
