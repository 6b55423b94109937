// The season's last scenes: papers that are lost and found, asked back by law and by request, returned with slips and
// filings, reminded of; and the figures of it, which must add up.
import { readFileSync } from 'node:fs';
import { peopleAt, reissue } from './season-reissue.ts';
import type { ReissueDays } from './season-reissue.ts';
import { csv, rows } from './season-stage.ts';
import type { Row, Stage } from './season-stage.ts';

/** Days of the scenes, in order. */
export interface RecallDays {
  /** New files come, and the list is made. */
  readonly listed: string;
  /** Envelopes from workplaces. */
  readonly received: string;
  /** Filings that arrived by and after 2025-12-01 are processed. */
  readonly filed: string;
  readonly reminded: string;
  readonly counted: string;
  /** Certificates made again before and after the old cards' last day. */
  readonly reissues: { readonly before: ReissueDays; readonly after: ReissueDays };
}

interface Outcomes {
  readonly asked: number;
  readonly givenBack: number;
  readonly missing: number;
  readonly unrecoverable: number;
  readonly expired: number;
  readonly void: number;
  readonly open: number;
}

interface Figures {
  readonly duty: Outcomes & { readonly remindedFirst: number; readonly remindedLate: number };
  readonly requests: { readonly enrolled: Outcomes; readonly superseded: Outcomes };
  readonly filings: readonly { readonly filings: number; readonly late: number }[];
}

interface Said {
  readonly kind: string;
  readonly text: string;
}

interface ReceiptJson {
  readonly declared: number | null;
  readonly counted: number;
  readonly isRecorded: boolean;
  readonly open: readonly unknown[];
}

const numberOf = (certificate: Row): string => certificate['証番号'] ?? '';
const keyOf = (row: Row): string => [row['記号'], row['番号'], row['枝番']].join(',');

/** Plays the scenes on the papers of the issuance. */
export function recall(stage: Stage, days: RecallDays): void {
  const issued = rows(stage.file('july', 'certificates.csv'));
  reissue(stage, peopleAt(stage, 3), days.reissues.before);
  lostAndFound(stage, issued, days);
  ask(stage, issued, days);
  receive(stage, days);
  file(stage, issued, days);
  reissue(stage, peopleAt(stage, 17), days.reissues.after);
  const on = [...stage.profile, '--on', days.reminded];
  stage.say(`${days.reminded} の催告`);
  stage.say(stage.todoke(['recall', 'remind', ...on, '--out', stage.file('remind')]));
  figures(stage, days);
}

/** Two of those who have theirs lose it; one of them turns up again and serves on. */
function lostAndFound(stage: Stage, issued: readonly Row[], { listed }: RecallDays): void {
  const on = [...stage.profile, '--on', listed];
  stage.say('紛失と発見');
  const lost: string[] = [];
  for (const number of issued.filter((_, i) => i % 40 === 31).map(numberOf)) {
    // One that was spoiled or never posted is nobody's to lose.
    const said = stage.json(['missing', number, ...on, '--reason', '本人からの届出'], [0, 2]) as Said;
    if (said.kind === 'recorded') stage.say(`　${number}　${said.text}`);
    if (said.kind === 'recorded' && lost.push(number) === 2) break;
  }
  const found = lost.at(-1) ?? '';
  stage.say(`　${found}　${stage.todoke(['found', found, ...on])}`);
}

/** Newer files: some have lost, some have enrolled a card. */
function ask(stage: Stage, issued: readonly Row[], { listed }: RecallDays): void {
  const chosen = new Map(issued.filter((_, i) => i % 40 === 11).map((row, i) => [keyOf(row), i % 2 === 0]));
  const members = rewrite(stage, '加入者', (key) => chosen.get(key) === true, { 資格喪失年月日: '2025-11-10' });
  const card = { カード: '1', 利用登録: '1', 紐付け: '1', 電子証明書有効期限: '', 解除年月日: '', 返納年月日: '' };
  const enrolment = rewrite(stage, 'マイナ保険証', (key) => chosen.get(key) === false, card);
  stage.todoke(['import', members, ...stage.profile, '--kind', '加入者']);
  stage.todoke(['import', enrolment, ...stage.profile, '--kind', 'マイナ保険証', '--as-of', listed]);
  stage.say(`${listed} の回収対象者リスト`);
  stage.say(stage.todoke(['recall', 'list', ...stage.profile, '--on', listed, '--out', stage.file('recall')]));
}

/** One workplace sends all it was asked for, another one paper less than its slip says; half of the rest comes singly. */
function receive(stage: Stage, { received }: RecallDays): void {
  const listed = rows(stage.file('recall', 'recall-list.csv'));
  const byWorkplace = Map.groupBy(
    listed.filter((row) => row['返送元'] === '事業所'),
    (row) => row['記号'] ?? '',
  );
  const [short, whole] = [...byWorkplace].toSorted((a, b) => b[1].length - a[1].length);
  if (!short || !whole) throw new Error('two workplaces are to be asked');
  const on = [...stage.profile, '--on', received];
  const [symbol, papers] = whole;
  const all = stage.json([
    'recall',
    'count',
    ...on,
    '--workplace',
    symbol,
    '--declared',
    String(papers.length),
    '--count',
    String(papers.length),
  ]) as ReceiptJson;
  stage.say(`${received} の受付　${symbol}　枚数で ${all.counted}枚　未回収 ${all.open.length}枚`);
  if (!all.isRecorded || all.open.length > 0) throw new Error('the slip is not settled by its count');
  const came = short[1].slice(1).map(numberOf);
  const declared = String(short[1].length);
  const told = stage.todoke(['recall', 'check-in', ...on, '--workplace', short[0], '--declared', declared], {
    input: came.join('\n'),
    statuses: [2],
  });
  stage.say(told);
  const rest = listed.filter((row) => row['記号'] !== symbol && row['記号'] !== short[0]).map(numberOf);
  const half = rest.filter((_, i) => i % 2 === 0);
  stage.say(stage.todoke(['recall', 'check-in', ...on], { input: half.join('\n') }));
}

/** Losses of one day, filed before and after the old cards ended: the day of arrival decides (003). */
function file(stage: Stage, issued: readonly Row[], { filed }: RecallDays): void {
  const header = [
    '届書',
    '記号',
    '番号',
    '枝番',
    '異動年月日',
    '到着年月日',
    '健康保険証',
    '資格確認書',
    '回収不能の理由',
  ];
  const ways = [
    ['2025-11-28', '添付', '添付', ''],
    ['2025-12-01', '添付', '回収不能', '本人と連絡がつかない'],
    ['2025-12-02', '', '添付', ''],
    ['2025-12-05', '', '', ''],
  ];
  const persons = issued.filter((_, i) => i % 40 === 23).slice(0, 8);
  const lines = persons.map((row, i) => ['喪失', ...keyOf(row).split(','), '2025-11-26', ...ways[i % ways.length]!]);
  const filings = csv(stage.file('喪失届.csv'), header, lines);
  stage.say(`${filed} の届出（喪失は2025-11-26、到着は2025-12-01までとその後）`);
  stage.say(stage.todoke(['filings', filings, ...stage.profile, '--on', filed]));
}

function figures(stage: Stage, { counted }: RecallDays): void {
  const on = [...stage.profile, '--on', counted];
  stage.say(stage.todoke(['recall', 'figures', ...on]));
  const told = stage.json(['recall', 'figures', ...on]) as Figures;
  const { duty, requests } = told;
  for (const o of [duty, requests.enrolled, requests.superseded]) {
    const sum = o.givenBack + o.missing + o.unrecoverable + o.expired + o.void + o.open;
    if (sum !== o.asked) throw new Error('the figures of recall do not add up');
  }
  if (duty.givenBack === 0 || duty.unrecoverable === 0 || requests.enrolled.givenBack === 0 || duty.remindedFirst === 0)
    throw new Error('a scene of recall did not take place');
  stage.say(stage.todoke(['forecast', ...on]));
}

/** An input file again, with these columns changed for some persons. */
function rewrite(stage: Stage, name: string, isChosen: (key: string) => boolean, change: Row): string {
  const [header = '', ...lines] = readFileSync(stage.file('input', `${name}.csv`), 'utf8')
    .replace('\ufeff', '')
    .trimEnd()
    .split('\r\n');
  const names = header.split(',');
  const changed = lines.map((line) => {
    const cells = line.split(',');
    if (isChosen(cells.slice(0, 3).join(',')))
      for (const [column, value] of Object.entries(change))
        if (names.includes(column)) cells[names.indexOf(column)] = value;
    return cells;
  });
  return csv(stage.file(`${name}-recall.csv`), names, changed);
}
