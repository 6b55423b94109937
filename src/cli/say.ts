// Room: cli. What commands say: text, JSON, and what became of a file.
import type { ImportResult } from '../operations/intake/import.ts';

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
  if (result.inUse !== null) lines.push(`　いま使われるのは、後に取り込んだ ${result.inUse} です`);
  if (dataset.rejectedCount > 0) lines.push(`　誤りのため取り込まなかった行: ${dataset.rejectedCount}行`);
  if (result.errorsPath) lines.push(`　誤りの一覧: ${result.errorsPath}`);
  if (result.unknownColumns.length > 0) lines.push(`　使わない見出し: ${result.unknownColumns.join('、')}`);
  for (const note of result.notes) lines.push(`　${note}`);
  return `${lines.join('\n')}\n`;
}
