// Room: operations. The figures of an insurer as rows for a spreadsheet and as a printed report: the same numbers.
import type { InsurerProfile } from '../rules/insurer.ts';
import { ROUNDING, reasonLabel } from '../rules/labels.ts';
import { formatWareki } from '../rules/calendar.ts';
import type { Context } from './context.ts';
import { getFigures } from './overview.ts';

/** A share in per cent to two places, 四捨五入. 0 of 0 is none. */
export function percent(count: number, of: number): string {
  return of === 0 ? '―' : `${(Math.round((count / of) * 10_000 + 1e-9) / 100).toFixed(2)}％`;
}

export type GroupBy = 'whole' | 'branch' | 'workplace';

/** Rows with a header: group, target or not, reason, members, share of the group. */
export async function figureRows(
  context: Context,
  profile: InsurerProfile,
  by: GroupBy,
): Promise<(string | number)[][]> {
  const figures = await getFigures(context, profile.insurer.number, by);
  const rows: (string | number)[][] = [['区分', '対象', '理由', '人数', '割合（％）']];
  for (const { group, reasons } of figures.groups) {
    const total = reasons.reduce((sum, r) => sum + r.count, 0);
    for (const { isTarget, reason, count } of reasons) {
      const share = percent(count, total).replace('％', '');
      rows.push([
        nameOf(profile, by, group),
        isTarget ? '対象' : '対象外',
        reasonLabel('certificate', reason),
        count,
        share,
      ]);
    }
  }
  return rows;
}

function nameOf(profile: InsurerProfile, by: GroupBy, group: string): string {
  if (by === 'whole') return '全体';
  return profile.branches.find((branch) => branch.code === group)?.name ?? (group === '' ? '支部なし' : group);
}

/** The report: enrolment by reference date, and the breakdown with bars. */
export async function figuresPdf(context: Context, profile: InsurerProfile, by: GroupBy): Promise<Uint8Array> {
  const figures = await getFigures(context, profile.insurer.number, by);
  const { setReport } = await import('../print/report.ts');
  const people = (count: number): string => `${count.toLocaleString('ja-JP')}人`;
  const enrolment = {
    heading: 'マイナ保険証の利用登録',
    columns: ['基準日', '登録', '登録状況の行', '登録率'],
    bar: true,
    rows: figures.enrolment.map(({ asOf, registered, rows }) => ({
      cells: [formatWareki(asOf), people(registered), people(rows), percent(registered, rows)],
      share: rows === 0 ? 0 : registered / rows,
    })),
  };
  const groups = figures.groups.map(({ group, reasons }) => {
    const total = reasons.reduce((sum, r) => sum + r.count, 0);
    return {
      heading: `${nameOf(profile, by, group)}　加入者 ${people(total)}`,
      columns: ['理由', '対象', '人数', '割合'],
      bar: true,
      rows: reasons.map(({ isTarget, reason, count }) => ({
        cells: [reasonLabel('certificate', reason), isTarget ? '対象' : '対象外', people(count), percent(count, total)],
        share: total === 0 ? 0 : count / total,
      })),
    };
  });
  const issuance = profile.issuances.find((i) => i.id === figures.issuance?.name);
  return setReport({
    title: '資格確認書の対象者の内訳と利用登録率',
    subtitle: figures.issuance
      ? `${issuance?.name ?? figures.issuance.name}　第${figures.issuance.id}号`
      : '発行はまだありません',
    author: profile.insurer.name,
    note: ROUNDING,
    sections: [enrolment, ...groups],
  });
}
