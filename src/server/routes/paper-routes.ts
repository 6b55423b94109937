// Room: server. Papers: lists, printed pages, what is done to them by hand, scans.
import { createRoute, z } from '@hono/zod-openapi';
import { checkInCertificate } from '../../operations/recall-return.ts';
import { scanReturn } from '../../operations/life.ts';
import type { ScanAnswer as OperationAnswer } from '../../operations/life.ts';
import { actOnPaper, drawPiecePage, listHeldPieces, listPieces, listPiecePages } from '../../operations/papers.ts';
import { behindWall } from '../../ledger/walls.ts';
import { parsePaperNumber } from '../../rules/check-digits.ts';
import { HELD_LABELS } from '../../rules/labels.ts';
import { PAPER_STATE_LABELS, RETURN_REASON_LABELS, RETURN_ROAD_LABELS } from '../../rules/lifecycle.ts';
import type { PaperState } from '../../rules/lifecycle.ts';
import { REISSUE_REASON_LABELS } from '../../rules/reissue.ts';
import { cursor, limit, paperNumber } from '../contract/common.ts';
import {
  actionAnswer,
  actionWish,
  checkInWish,
  heldList,
  paperPages,
  pieceList,
  scanAnswer,
  scanWish,
} from '../contract/papers.ts';
import type { ScanAnswer } from '../contract/papers.ts';
import { PROBLEMS, access, body, fromCursor, insurerOf, json, openRoutes, sessionOf, toCursor } from '../http.ts';
import type { App, Server } from '../http.ts';

const REASON_LABELS: Readonly<Record<string, string>> = { ...RETURN_REASON_LABELS, ...REISSUE_REASON_LABELS };

/** Words for a reason: the stamp of a return, what a certificate is asked for again for, else as it was written. */
export function reasonLabel(reason: string): string {
  return Object.hasOwn(REASON_LABELS, reason) ? REASON_LABELS[reason]! : reason;
}

export function paperRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/pieces',
      summary: '郵便物の一覧（状態ごと、古いものから）',
      ...access('see-papers'),
      request: {
        query: z.object({
          state: z.enum(Object.keys(PAPER_STATE_LABELS) as [PaperState, ...PaperState[]]),
          cursor,
          limit,
        }),
      },
      responses: json(pieceList),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const after = Number(fromCursor(query.cursor)?.[0] ?? 0);
      const found = await listPieces(c.get('context'), insurerOf(c), query.state, after, query.limit);
      return c.json(
        {
          items: found.items.map(
            ({ mailpieceNumber, issuanceId, symbol, number, route, certificateCount, state, reason, since }) => ({
              mailpieceNumber,
              issuanceId,
              symbol,
              number,
              route,
              certificateCount,
              state,
              stateLabel: PAPER_STATE_LABELS[state],
              reason,
              reasonLabel: reasonLabel(reason),
              since,
            }),
          ),
          next: found.next === null ? null : toCursor([found.next]),
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/held',
      summary: '職員の確認を待つ郵便物（文字・住所）',
      ...access('see-papers'),
      request: { query: z.object({ cursor, limit }) },
      responses: json(heldList),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const after = String(fromCursor(query.cursor)?.[0] ?? '');
      const found = await listHeldPieces(c.get('context'), insurerOf(c), after, query.limit);
      return c.json(
        {
          items: found.items.map((row) => ({
            mailpieceNumber: row.mailpieceNumber,
            issuanceId: row.issuanceId,
            key: [row.symbol, row.number, row.subNumber].filter((part) => part !== '').join('-'),
            reason: row.reason,
            reasonLabel: HELD_LABELS[row.reason as keyof typeof HELD_LABELS],
            field: row.field,
            codePoint: row.codePoint,
          })),
          next: found.next === null ? null : toCursor([found.next]),
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/papers/{number}/pages',
      summary: '郵便物の印刷されたページ',
      ...access('see-pages'),
      request: { params: z.object({ number: paperNumber }) },
      responses: json(paperPages),
    }),
    async (c) => {
      const pages = await listPiecePages(c.get('context'), insurerOf(c), c.req.valid('param').number, server.files);
      const label = (paper: string, n: number): string =>
        paper === 'certificates' ? `資格確認書（${n % 2 === 0 ? 'おもて' : 'うら'}）` : '送付書';
      return c.json({ pages: pages.map(({ n, paper }) => ({ n, paper, label: label(paper, n) })) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/papers/{number}/pages/{n}',
      summary: 'ページの画像（PNG）',
      ...access('see-pages'),
      request: {
        params: z.object({
          number: paperNumber,
          n: z.coerce.number().int().min(1).max(40).openapi({ description: 'ページ（1から）', example: 1 }),
        }),
      },
      responses: { 200: { description: '画像', content: { 'image/png': { schema: z.string() } } }, ...PROBLEMS },
    }),
    async (c) => {
      const { number, n } = c.req.valid('param');
      const picture = await drawPiecePage(c.get('context'), insurerOf(c), number, n, server.files);
      return c.body(Uint8Array.from(picture).buffer, 200, {
        'content-type': 'image/png',
        'cache-control': 'private, max-age=300',
      });
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/papers/{number}/actions',
      summary: '用紙に対する操作（引き抜き、再発送、不着の取り消し、手渡し）',
      ...access('change-papers'),
      request: { params: z.object({ number: paperNumber }), body: body(actionWish) },
      responses: json(actionAnswer),
    }),
    async (c) => {
      const { action, reason } = c.req.valid('json');
      const kind = await actOnPaper(c.get('context'), insurerOf(c), c.req.valid('param').number, action, reason);
      const message = kind === 'recorded' ? '記録しました。' : '記録済みです（変更なし）。';
      return c.json({ kind, message }, 200);
    },
  );

  const answer = (found: OperationAnswer, code: string): ScanAnswer => {
    const digits = code.replaceAll(/[-\s]/g, '');
    return {
      kind: found.kind,
      text: found.text,
      road: found.road,
      roadLabel: found.road === null ? '' : RETURN_ROAD_LABELS[found.road],
      mailpieceNumber: parsePaperNumber(digits)?.kind === 'mailpiece' ? digits : null,
    };
  };

  app.openapi(
    createRoute({
      method: 'post',
      path: '/scans',
      summary: '不着の読み取り',
      ...access('scan-returns'),
      request: { body: body(scanWish) },
      responses: json(scanAnswer),
    }),
    async (c) => {
      const { code, reason } = c.req.valid('json');
      // The road of a piece depends on facts a contractor may not read; the answer holds none of them.
      const { account } = sessionOf(c);
      const wall = account.role === 'contractor' ? { ...account, role: 'headquarters' as const } : account;
      const context = { ...c.get('context'), database: behindWall(server.database, wall) };
      return c.json(answer(await scanReturn(context, insurerOf(c), code.normalize('NFKC').trim(), reason), code), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/scans/{number}/take-back',
      summary: '不着の読み取りを取り消す',
      ...access('scan-returns'),
      request: { params: z.object({ number: paperNumber }) },
      responses: json(actionAnswer),
    }),
    async (c) => {
      const { account } = sessionOf(c);
      const wall = account.role === 'contractor' ? { ...account, role: 'headquarters' as const } : account;
      const context = { ...c.get('context'), database: behindWall(server.database, wall) };
      const { number } = c.req.valid('param');
      const kind = await actOnPaper(context, insurerOf(c), number, 'take-back-return', '読み取りの取り消し');
      return c.json({ kind, message: '取り消しました。' }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/check-ins',
      summary: '回収した資格確認書の受け入れ',
      ...access('check-in'),
      request: { body: body(checkInWish) },
      responses: json(scanAnswer),
    }),
    async (c) => {
      const { code } = c.req.valid('json');
      const found = await checkInCertificate(c.get('context'), insurerOf(c), code.normalize('NFKC').trim());
      return c.json(answer(found, code), 200);
    },
  );
  return app;
}
