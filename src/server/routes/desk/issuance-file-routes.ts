// Room: server. An issuance's rows to look at, its replaced characters, and every file that was written for it.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import {
  listIssuanceFiles,
  listIssuanceReplaced,
  listIssuanceWarnings,
  takeIssuanceFile,
} from '../../../operations/desk/issuance-files.ts';
import { getIssuance } from '../../../operations/desk/jobs.ts';
import { outputFileLabel } from '../../../rules/desk/output-files.ts';
import { WARNING_LABELS } from '../../../rules/issuing/warnings.ts';
import type { WarningCode } from '../../../rules/issuing/warnings.ts';
import { formatPersonKey } from '../../../rules/words/person-key.ts';
import { cursor, issuanceId, limit } from '../../contract/common.ts';
import { issuanceFiles, replacedList, warningList } from '../../contract/issuance-files.ts';
import { PAGE, answerCsv, as, csv } from '../../csv-answers.ts';
import type { Row } from '../../csv-answers.ts';
import { PROBLEMS, access, fromCursor, insurerOf, json, openRoutes, toCursor } from '../../http.ts';
import type { App, Server } from '../../http.ts';

const labelOf = (code: string): string => WARNING_LABELS[code as WarningCode] ?? code;
/** 「U+845B U+E0101」 as the character itself. */
const characterOf = (codePoint: string): string =>
  codePoint
    .split(' ')
    .filter((code) => /^U\+[0-9A-F]{4,6}$/.test(code))
    .map((code) => String.fromCodePoint(Number.parseInt(code.slice(2), 16)))
    .join('');

const code = z.string().max(40).default('').openapi({ description: '内容のコード。空 = すべて' });

export function issuanceFileRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();
  const params = z.object({ id: issuanceId });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/warnings',
      summary: '職員が見るべき行',
      ...access('see-decisions'),
      request: { params, query: z.object({ code, cursor, limit }) },
      responses: json(warningList),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      const place = fromCursor(query.cursor)?.map(String);
      const [at = '', symbol = '', number = '', subNumber = ''] = place ?? [];
      const after = place ? { code: at, symbol, number, subNumber } : null;
      const page = await listIssuanceWarnings(c.get('context'), issuance, query.code, after, query.limit);
      const { next } = page;
      const counts = page.counts.map(({ code: value, count }) => ({ value, label: labelOf(value), count }));
      const counted = counts.filter(({ value }) => query.code === '' || value === query.code);
      return c.json(
        {
          items: page.items.map((row) => ({
            code: row.code,
            label: labelOf(row.code),
            key: formatPersonKey(row),
            group: row.groupNo,
          })),
          next: next && toCursor([next.code, next.symbol, next.number, next.subNumber]),
          counts,
          total: counted.reduce((sum, { count }) => sum + count, 0),
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/issuances/{id}/warnings.csv',
      summary: '職員が見るべき行（CSV）',
      ...access('see-decisions'),
      request: { params, query: z.object({ code, as }) },
      responses: csv,
    }),
    async (c) => {
      const query = c.req.valid('query');
      const context = c.get('context');
      const issuance = await getIssuance(context, insurerOf(c), c.req.valid('param').id);
      async function* rows(): AsyncIterable<Row> {
        yield ['コード', '内容', '記号', '番号', '枝番', '組'];
        let after: Parameters<typeof listIssuanceWarnings>[3] = null;
        do {
          const page = await listIssuanceWarnings(context, issuance, query.code, after, PAGE);
          for (const w of page.items) yield [w.code, labelOf(w.code), w.symbol, w.number, w.subNumber, w.groupNo ?? ''];
          after = page.next;
        } while (after !== null);
      }
      return answerCsv(c, `職員が見るべき行_第${issuance.id}号`, query.as, rows());
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/replaced',
      summary: '置き換えた文字（書体にない異体字を、基底の文字で印刷したもの）',
      ...access('see-papers'),
      request: { params, query: z.object({ cursor, limit }) },
      responses: json(replacedList),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      const after = String(fromCursor(query.cursor)?.[0] ?? '');
      const page = await listIssuanceReplaced(c.get('context'), issuance, after, query.limit);
      return c.json(
        {
          items: page.items.map((row) => ({
            mailpieceNumber: row.mailpieceNumber,
            key: formatPersonKey(row),
            field: row.field,
            codePoint: row.codePoint,
            character: characterOf(row.codePoint),
          })),
          next: page.next && toCursor([page.next]),
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/issuances/{id}/replaced.csv',
      summary: '置き換えた文字（CSV）',
      ...access('see-papers'),
      request: { params, query: z.object({ as }) },
      responses: csv,
    }),
    async (c) => {
      const context = c.get('context');
      const issuance = await getIssuance(context, insurerOf(c), c.req.valid('param').id);
      async function* rows(): AsyncIterable<Row> {
        yield ['郵便物番号', '記号', '番号', '枝番', '項目', '文字'];
        for (let after: string | null = ''; after !== null;) {
          const page: Awaited<ReturnType<typeof listIssuanceReplaced>> = await listIssuanceReplaced(
            ...([context, issuance, after, PAGE] as const),
          );
          for (const r of page.items) yield [r.mailpieceNumber, r.symbol, r.number, r.subNumber, r.field, r.codePoint];
          after = page.next;
        }
      }
      return answerCsv(c, `置き換えた文字_第${issuance.id}号`, c.req.valid('query').as, rows());
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/files',
      summary: '書き出したファイルの一覧',
      ...access('run-issuances'),
      request: { params },
      responses: json(issuanceFiles),
    }),
    async (c) => {
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      const files = await listIssuanceFiles(server.files, issuance);
      return c.json({ items: files.map((row) => ({ ...row, what: outputFileLabel(row.path) })), asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/files/{name}',
      summary: '書き出したファイルを受け取る',
      ...access('run-issuances'),
      request: {
        params: params.extend({
          name: z.string().max(400).openapi({ description: '一覧にあるファイルの名前', example: 'decisions.csv' }),
        }),
      },
      responses: {
        200: { description: 'ファイル', content: { 'application/octet-stream': { schema: z.any() } } },
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { id, name } = c.req.valid('param');
      const issuance = await getIssuance(c.get('context'), insurerOf(c), id);
      const place = await takeIssuanceFile(c.get('context'), server.files, issuance, name);
      const { size } = await stat(place);
      return c.body(Readable.toWeb(createReadStream(place)) as unknown as globalThis.ReadableStream, 200, {
        'content-type': 'application/octet-stream',
        'content-length': String(size),
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(path.basename(name))}`,
      });
    },
  );
  return app;
}
