// Room: cli. What commands say: text, JSON, and what became of a file.
import type { ImportResult, Proposal } from '../operations/intake/import.ts';

export function print(text: string): void {
  process.stdout.write(text);
}

export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Seconds of the step, start of the database included. */
export function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

export function describeImport(result: ImportResult): string {
  const { dataset } = result;
  const lines = [
    result.existed
      ? `${dataset.fileName}: 同じファイルを取込済みです（変更なし、${dataset.rowCount.toLocaleString('ja-JP')}行）`
      : `${dataset.fileName}: ${dataset.rowCount.toLocaleString('ja-JP')}行を取り込みました（${dataset.encoding}）`,
  ];
  if (result.inUse !== null)
    lines.push(
      `　いま使われるのは ${result.inUse} です。このファイルに戻すには todoke files use --id ${dataset.id} --by 氏名 --reason 理由`,
    );
  if (dataset.rejectedCount > 0) lines.push(`　誤りのため取り込まなかった行: ${dataset.rejectedCount}行`);
  if (result.errorsPath) lines.push(`　誤りの一覧: ${result.errorsPath}`);
  if (result.unknownColumns.length > 0) lines.push(`　使わない見出し: ${result.unknownColumns.join('、')}`);
  for (const note of result.notes) lines.push(`　${note}`);
  return `${lines.join('\n')}\n`;
}

/** What taking a file in would do. */
export function describeProposal(
  name: string,
  { rowCount, rejectedCount, before, change, joins, stop }: Proposal,
): string {
  const n = (count: number): string => count.toLocaleString('ja-JP');
  const lines = [`${name}: ${n(rowCount)}行（取り込んでいません）`];
  if (rejectedCount > 0) lines.push(`　誤りのため除く行: ${n(rejectedCount)}行`);
  if (before && change) {
    lines.push(`　いま使っているファイル: ${before.fileName}（${n(before.rowCount)}行）`);
    lines.push(`　増える ${n(change.come)}　なくなる ${n(change.gone)}　変わる ${n(change.changed)}`);
    if (change.goneKeys.length > 0)
      lines.push(`　なくなるもの: ${change.goneKeys.join('、')}${change.gone > change.goneKeys.length ? ' ほか' : ''}`);
    if (change.goneWithPaper > 0)
      lines.push(`　なくなる人のうち、資格確認書が手元にある人: ${n(change.goneWithPaper)}人`);
  }
  if (joins) {
    const of = ({ total, without }: { total: number; without: number }): string => `${n(without)}（全${n(total)}）`;
    lines.push(`　ほかのファイルと合わせると: 登録状況のない加入者 ${of(joins.members)}`);
    lines.push(
      `　　加入者のいない登録状況の行 ${of(joins.enrolment)}　事業所のわからない加入者 ${of(joins.workplaces)}`,
    );
    if (joins.stops.length > 0) lines.push(`　　このままでは判定できません（${joins.stops.join('、')}）`);
  }
  if (stop) lines.push(`　このままでは取り込めません（${stop.code}）: ${stop.message}`);
  return `${lines.join('\n')}\n`;
}
