// Room: formats. A list of mailpieces: one number a line, or the first column of a CSV as the console writes it.
import { parsePaperNumber } from '../rules/words/check-digits.ts';

export interface PieceNumbers {
  /** 14 digits each, every one once, in the order of the list. */
  readonly numbers: readonly string[];
  /** Lines (from 1) that name no mailpiece. */
  readonly faults: readonly number[];
}

/** Reads the lines of a list; empty ones are passed over, and so is a first line without a digit: a heading. */
export async function readPieceNumbers(lines: AsyncIterable<string> | Iterable<string>): Promise<PieceNumbers> {
  const numbers = new Set<string>();
  const faults: number[] = [];
  let line = 0;
  for await (const text of lines) {
    line += 1;
    const cell = (text.replace(/^\ufeff/, '').split(/[,\t]/)[0] ?? '').replaceAll('"', '').trim();
    if (cell === '' || (line === 1 && !/[0-9０-９]/.test(cell))) continue;
    const parsed = parsePaperNumber(cell);
    if (parsed?.kind === 'mailpiece') numbers.add(parsed.number);
    else faults.push(line);
  }
  return { numbers: [...numbers], faults };
}
