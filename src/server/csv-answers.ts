// Room: server. A list as CSV: for a spreadsheet or another system; cells that a spreadsheet would run are made harmless, and that
// it left is noted.
import { z } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import { encodeCp932 } from '../formats/encoding.ts';
import { harmlessCsvLine } from '../formats/csv.ts';
import { noteExport } from '../operations/desk/trace.ts';
import { PROBLEMS, insurerOf } from './http.ts';
import type { Env } from './http.ts';

/** For whom: Excel wants a mark, older systems CP932, programs neither. */
export const as = z.enum(['excel', 'cp932', 'plain']).default('excel');
export const csv = { 200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } }, ...PROBLEMS };
export const PAGE = 1000;

export type Row = readonly (string | number)[];

export async function answerCsv(
  c: HonoContext<Env>,
  name: string,
  encoding: z.infer<typeof as>,
  rows: AsyncIterable<Row> | Iterable<Row>,
): Promise<Response> {
  await noteExport(c.get('context'), insurerOf(c), name);
  const encode = (text: string): Uint8Array =>
    encoding === 'cp932' ? encodeCp932(text).bytes : new TextEncoder().encode(text);
  const stream = ReadableStream.from(
    (async function* lines() {
      if (encoding === 'excel') yield encode('\ufeff');
      for await (const row of rows) yield encode(harmlessCsvLine(row));
    })(),
  );
  return c.body(stream, 200, {
    'content-type': `text/csv; charset=${encoding === 'cp932' ? 'Shift_JIS' : 'utf-8'}`,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}.csv`,
  });
}
