// Room: formats. Single cells of a CSV file put right: a new file with the same records, the fixed cells in their places.
import { TextFileWriter, csvLine } from './csv.ts';
import { headerCells, openTable } from './tables.ts';

export interface CellFix {
  /** Line on which the record begins, from 1, as in the list of errors. */
  readonly line: number;
  /** Header as in the file. */
  readonly column: string;
  readonly value: string;
}

/** Why a fix could not be made; nothing is written then. */
export type FixFault =
  | { readonly kind: 'no-column'; readonly column: string }
  | { readonly kind: 'no-line'; readonly line: number }
  /** A quote that is not closed, or a line too long: it must be put right in the file itself. */
  | { readonly kind: 'broken-line'; readonly line: number };

/** Writes `to` (UTF-8, comma) from `from` with the cells fixed, rows above the header included; null = done. */
export async function rewriteCells(from: string, to: string, fixes: readonly CellFix[]): Promise<FixFault | null> {
  const byLine = new Map<number, CellFix[]>();
  for (const fix of fixes) byLine.set(fix.line, [...(byLine.get(fix.line) ?? []), fix]);
  const table = await openTable(from, (cells) => fixes.every((fix) => cells.includes(fix.column)));
  const writer = await TextFileWriter.create(to);
  const header = headerCells(table.header);
  try {
    for (const row of [...table.above, ...(table.header ? [table.header] : [])])
      await writer.write(csvLine(row.fields));
    for await (const records of table.rows) {
      let text = '';
      for (const record of records) {
        if (record.fault !== null) return await abandon(writer, { kind: 'broken-line', line: record.line });
        const fields = [...record.fields];
        for (const { column, value } of byLine.get(record.line) ?? []) {
          const place = header.indexOf(column);
          if (place < 0) return await abandon(writer, { kind: 'no-column', column });
          while (fields.length < place) fields.push('');
          fields[place] = value;
        }
        byLine.delete(record.line);
        text += csvLine(fields);
      }
      await writer.write(text);
    }
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    await table.close();
  }
  const [missing] = byLine.keys();
  if (missing !== undefined) return abandon(writer, { kind: 'no-line', line: missing });
  await writer.finish();
  return null;
}

async function abandon(writer: TextFileWriter, fault: FixFault): Promise<FixFault> {
  await writer.abandon();
  return fault;
}
