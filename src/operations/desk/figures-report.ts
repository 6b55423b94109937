// Room: operations. The figures of an insurer as rows for a spreadsheet and as a printed report: the same numbers, and the
// same left out.
import { formatWareki } from '../../rules/words/calendar.ts';
import { MIN_SHOWN } from '../../rules/desk/disclosure.ts';
import { planTitle } from '../../rules/insurer.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { reasonLabel } from '../../rules/issuing/reasons.ts';
import { HIDDEN_LABELS, ROUNDING } from '../../rules/desk/disclosure.ts';
import type { Context } from '../context.ts';
import { getFigures } from './figures.ts';
import type { FigureGroup, Figures, GroupBy } from './figures.ts';
import { formatCount } from '../../rules/words/counts.ts';

/** A share in per cent to two places, 四捨五入. 0 of 0 is none. */
function percent(count: number, of: number): string {
  return of === 0 ? '―' : `${bare(count, of)}％`;
}

/** The same for a spreadsheet: no sign. */
function bare(count: number, of: number): string {
  return of === 0 ? '' : (Math.round((count / of) * 10_000 + 1e-9) / 100).toFixed(2);
}

type Row = readonly (string | number)[];
const PAGE = 1000;
/** Workplaces in a printed report at most; a spreadsheet has all. */
const MOST_PRINTED = 1000;

async function* allGroups(
  context: Context,
  profile: InsurerProfile,
  by: GroupBy,
  text: string,
): AsyncIterable<{ group: FigureGroup; figures: Figures }> {
  for (let after: string | null = ''; after !== null;) {
    const figures: Figures = await getFigures(context, profile, by, { text, after, limit: PAGE });
    for (const group of figures.groups) yield { group, figures };
    after = figures.next;
  }
}

/** Members by reason, with a header. `text`: of workplaces, part of the name or the symbol. */
export async function* reasonRows(
  context: Context,
  profile: InsurerProfile,
  by: GroupBy,
  text: string,
): AsyncIterable<Row> {
  yield ['区分', 'コード', '加入者', '対象', '理由', '人数', '割合（％）', '備考'];
  for await (const { group } of allGroups(context, profile, by, text)) {
    const { name, group: code, people, hidden, reasons } = group;
    if (hidden !== null) yield [name, code, people, '', '', '', '', HIDDEN_LABELS[hidden]];
    for (const { isTarget, reason, count } of reasons) {
      const label = reasonLabel('certificate', reason);
      yield [name, code, people, isTarget ? '対象' : '対象外', label, count, bare(count, people), ''];
    }
  }
}

/** Enrolment by reference date, with a header; `text` as in `reasonRows`. */
export async function* enrolmentRows(
  context: Context,
  profile: InsurerProfile,
  by: GroupBy,
  text: string,
): AsyncIterable<Row> {
  yield ['区分', 'コード', '基準日', '登録', '登録状況の行', '登録率（％）', '備考'];
  const rowsOf = (name: string, code: string, rows: FigureGroup['enrolment']): Row[] =>
    rows.map(({ asOf, registered, people }) =>
      registered === null
        ? [name, code, asOf, '', people, '', NOT_SHOWN_NOTE]
        : [name, code, asOf, registered, people, bare(registered, people), ''],
    );
  if (by === 'whole') {
    const { enrolment } = await getFigures(context, profile, by);
    yield* rowsOf('全体', '', enrolment);
    return;
  }
  for await (const { group } of allGroups(context, profile, by, text))
    yield* rowsOf(group.name, group.group, group.enrolment);
}

const NOT_SHOWN_NOTE = `${MIN_SHOWN}人未満か、出すと${MIN_SHOWN}人未満の数が分かるため出しません`;
const people = (count: number): string => `${formatCount(count)}人`;

/** The report: enrolment by reference date, the groups beside each other, and each breakdown with bars. */
export async function figuresPdf(
  context: Context,
  profile: InsurerProfile,
  by: GroupBy,
  text: string,
): Promise<Uint8Array> {
  const figures = await getFigures(context, profile, by, { text, after: '', limit: MOST_PRINTED });
  const { setReport } = await import('../../print/report.ts');
  const sections =
    by === 'whole'
      ? [enrolmentSection(figures.enrolment), ...figures.groups.map(breakdownSection)]
      : [
          groupSection(by, figures.groups),
          ...monthSections(by, figures.groups),
          // Thousands of workplaces have their breakdown in the spreadsheet.
          ...(by === 'branch' ? figures.groups.map(breakdownSection) : []),
        ];
  const rest = figures.next === null ? '' : `はじめの${formatCount(MOST_PRINTED)}事業所まで。すべてはCSVに。`;
  return setReport({
    title: `資格確認書の対象者の内訳と利用登録率（${{ whole: '全体', branch: '支部別', workplace: '事業所別' }[by]}）`,
    subtitle: figures.issuance
      ? `${planTitle(profile, figures.issuance.lineage.plan)}　第${figures.issuance.id}号`
      : '発行はまだありません',
    author: profile.insurer.name,
    note: `${ROUNDING}。「－」は、${MIN_SHOWN}人未満の数と、出すとそれが分かる数。${rest}`,
    sections,
  });
}

const shareOf = (count: number, of: number): number => (of === 0 ? 0 : count / of);
const NOT_SHOWN = '－';

function enrolmentSection(rows: Figures['enrolment']) {
  return {
    heading: 'マイナ保険証の利用登録',
    columns: ['基準日', '登録', '登録状況の行', '登録率'],
    bar: true,
    rows: rows.map(({ asOf, registered, people: of }) => ({
      cells: [
        formatWareki(asOf),
        registered === null ? NOT_SHOWN : people(registered),
        people(of),
        registered === null ? NOT_SHOWN : percent(registered, of),
      ],
      share: shareOf(registered ?? 0, of),
    })),
  };
}

/** Groups beside each other: members with an enrolled card, and targets. */
function groupSection(by: 'branch' | 'workplace', groups: readonly FigureGroup[]) {
  return {
    heading: '対象者とマイナ保険証',
    columns: [by === 'branch' ? '支部' : '事業所', '加入者', '対象', 'マイナ保険証あり', '割合'],
    bar: true,
    rows: groups.map(({ name, people: of, hidden, reasons }) => {
      const count = (is: (row: FigureGroup['reasons'][number]) => boolean): number =>
        reasons.filter(is).reduce((sum, row) => sum + row.count, 0);
      const verifiable = count((row) => row.reason === 'verifiable');
      const shown = [people(count((row) => row.isTarget)), people(verifiable), percent(verifiable, of)];
      return {
        cells: [name, people(of), ...(hidden === null ? shown : [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN])],
        share: hidden === null ? shareOf(verifiable, of) : 0,
      };
    }),
  };
}

/** Columns of dates that an upright page holds. */
const DATES = 4;

/** The rate of each group month by month, the newest dates. */
function monthSections(by: 'branch' | 'workplace', groups: readonly FigureGroup[]) {
  const dates = [...new Set(groups.flatMap((group) => group.enrolment.map((row) => row.asOf)))]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .slice(-DATES);
  if (dates.length === 0) return [];
  return [
    {
      heading: '利用登録率の推移',
      columns: [by === 'branch' ? '支部' : '事業所', ...dates.map(formatWareki)],
      bar: false,
      rows: groups.map(({ name, enrolment }) => ({
        cells: [
          name,
          ...dates.map((date) => {
            const row = enrolment.find(({ asOf }) => asOf === date);
            return row === undefined || row.registered === null ? NOT_SHOWN : percent(row.registered, row.people);
          }),
        ],
        share: 0,
      })),
    },
  ];
}

function breakdownSection({ name, people: of, hidden, reasons }: FigureGroup) {
  const shown = reasons.map(({ isTarget, reason, count }) => ({
    cells: [reasonLabel('certificate', reason), isTarget ? '対象' : '対象外', people(count), percent(count, of)],
    share: shareOf(count, of),
  }));
  return {
    heading: `${name}　加入者 ${people(of)}`,
    columns: ['理由', '対象', '人数', '割合'],
    bar: true,
    rows: hidden === null ? shown : [{ cells: [HIDDEN_LABELS[hidden], '', '', ''], share: 0 }],
  };
}
