// Room: cli. What commands say: text, JSON, and what became of a file.
import type { ImportResult } from '../operations/intake/import.ts';
import type { Unmatched } from '../rules/intake/file-fit.ts';
import { JOIN_STOP_LABELS } from '../rules/intake/import-report.ts';
import type {
  ImportReport,
  ReportedChange,
  ReportedFile,
  ReportedJoins,
  ReportedRow,
} from '../rules/intake/import-report.ts';
import { formatCount } from '../rules/words/counts.ts';

export function print(text: string): void {
  process.stdout.write(text);
}

export function printLine(text: string): void {
  print(`${text}\n`);
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value, null, 2));
}

/** Seconds of the step, start of the database included. */
export function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

export function describeImport(result: ImportResult): string {
  const { dataset } = result;
  const lines = [
    result.existed
      ? `${dataset.fileName}: 同じファイルを取込済みです（変更なし、${formatCount(dataset.rowCount)}行）`
      : `${dataset.fileName}: ${formatCount(dataset.rowCount)}行を取り込みました（${dataset.encoding}）`,
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

/** What taking files in would do. */
export function describeReport({ files, joins }: ImportReport): string {
  const lines = [...files.flatMap(describeFile), ...(joins ? describeJoins(joins) : [])];
  return `${lines.join('\n')}\n`;
}

function describeFile(file: ReportedFile): string[] {
  const { fileName, rowCount, rejectedCount, before, change, suspects, stops, known } = file;
  const lines = [`${fileName}: ${formatCount(rowCount)}行（取り込んでいません）`];
  if (known?.isInUse) return [...lines, '　いま使っているファイルと同じです（変更なし）'];
  if (known) lines.push(`　前に取り込んだファイルです（取込番号 ${known.id}）`);
  lines.push(...file.notes.map((note) => `　${note}`));
  if (file.unknownColumns.length > 0) lines.push(`　使わない見出し: ${file.unknownColumns.join('、')}`);
  if (rejectedCount > 0) lines.push(`　誤りのため除く行: ${formatCount(rejectedCount)}行`);
  if (before && change) {
    lines.push(`　いま使っているファイル: ${before.fileName}（${formatCount(before.rowCount)}行）`);
    lines.push(...describeChange(change));
  }
  if (suspects.total > 0) {
    lines.push(`　職員が見るべきセル: ${formatCount(suspects.total)}か所`);
    lines.push(...suspects.first.map(({ line, column, what }) => `　　${line}行 ${column}: ${what}`));
    if (suspects.total > suspects.first.length) lines.push('　　ほか');
  }
  for (const { code, message } of stops) lines.push(`　このままでは取り込めません（${code}）: ${message}`);
  if (known) lines.push(`　このファイルに戻すには todoke files use --id ${known.id} --by 氏名 --reason 理由`);
  return lines;
}

function describeChange({ come, gone, changed, goneWithPaper, columns, first }: ReportedChange): string[] {
  const named = (label: string, rows: readonly ReportedRow[], total: number): string[] => {
    if (rows.length === 0) return [];
    const words = rows.map(({ key, name, columns: own }) =>
      [key, name, own.length > 0 ? `（${own.join('、')}）` : ''].filter((word) => word !== '').join(' '),
    );
    return [`　${label}: ${words.join('、')}${total > rows.length ? ' ほか' : ''}`];
  };
  return [
    `　増える ${formatCount(come)}　なくなる ${formatCount(gone)}　変わる ${formatCount(changed)}`,
    ...(columns.length > 0
      ? [`　変わる列: ${columns.map(({ column, count }) => `${column} ${formatCount(count)}`).join('、')}`]
      : []),
    ...named('増えるもの', first.come, come),
    ...named('なくなるもの', first.gone, gone),
    ...named('変わるもの', first.changed, changed),
    ...(goneWithPaper > 0 ? [`　なくなる人のうち、資格確認書が手元にある人: ${formatCount(goneWithPaper)}人`] : []),
    ...named('資格確認書が手元にある人', first['gone-with-paper'], goneWithPaper),
  ];
}

function describeJoins(joins: ReportedJoins): string[] {
  const of = ({ total, without }: Unmatched): string => `${formatCount(without)}（全${formatCount(total)}）`;
  return [
    `　ほかのファイルと合わせると: 登録状況のない加入者 ${of(joins.members)}`,
    `　　加入者のいない登録状況の行 ${of(joins.enrolment)}　事業所のわからない加入者 ${of(joins.workplaces)}`,
    ...(joins.fittedRows > 0
      ? [`　　前の0や全角・半角の違いを除いて一致する登録状況 ${formatCount(joins.fittedRows)}行`]
      : []),
    ...(joins.fittedWorkplaces > 0 ? [`　　同じく一致する事業所 ${formatCount(joins.fittedWorkplaces)}か所`] : []),
    ...joins.stops.map((stop) => `　　このままでは判定できません（${stop}）: ${JOIN_STOP_LABELS[stop]}`),
    ...(joins.cause === null ? [] : [`　　考えられること: ${joins.cause}`]),
  ];
}
