// Room: server. Papers: printed pages, what is done to one by hand, scans.
import { describeScan } from '../descriptions.ts';
import { createRoute, z } from '@hono/zod-openapi';
import { checkInCertificate } from '../../../operations/life/recall-return.ts';
import { scanReturn } from '../../../operations/life/returns.ts';
import { drawPiecePage, listPiecePages } from '../../../operations/desk/papers.ts';
import { getPiecePage } from '../../../operations/desk/piece-page.ts';
import { actOnPaper, requestAnother } from '../../../operations/desk/piece-actions.ts';
import { pageWaitingReissues } from '../../../operations/life/reissue.ts';
import { may } from '../../../rules/access.ts';
import { PAPER_STATE_LABELS } from '../../../rules/papers/lifecycle.ts';
import { formatPersonKey } from '../../../rules/words/person-key.ts';
import { REISSUE_REASON_LABELS, REISSUE_REFUSAL_LABELS } from '../../../rules/life/reissue.ts';
import { cursor, limit, paperNumber } from '../../contract/common.ts';
import {
  actionAnswer,
  paperActionRequest,
  checkInRequest,
  paperPages,
  piecePage,
  scanAnswer,
  scanRequest,
  waitingReissues,
} from '../../contract/papers.ts';
import {
  PROBLEMS,
  access,
  body,
  fromCursor,
  insurerOf,
  japanDay,
  json,
  openRoutes,
  sessionOf,
  stationContext,
  toCursor,
} from '../../http.ts';
import type { App, Server } from '../../http.ts';
import { ACTION_LABELS, causeOf, describeEvent, titleOf } from '../descriptions.ts';

export function paperRoutes(server: Server): App {
  const app = openRoutes();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/papers/{number}',
      summary: '一つの郵便物：状態、中身、作り直し、経過、今できること',
      ...access('see-people'),
      request: { params: z.object({ number: paperNumber }) },
      responses: json(piecePage),
    }),
    async (c) => {
      const profile = c.get('profile');
      const found = await getPiecePage(c.get('context'), insurerOf(c), c.req.valid('param').number);
      const { symbol, number, lineage, ...piece } = found.piece;
      const mayAct = may(sessionOf(c).account.role, 'change-papers');
      return c.json(
        {
          ...piece,
          issuanceTitle: titleOf(profile, lineage),
          household: `${symbol}-${number}`,
          stateLabel: PAPER_STATE_LABELS[piece.state],
          papers: found.papers.map(({ certificateNumber, name, state, ...key }) => ({
            certificateNumber,
            name,
            state,
            key: formatPersonKey(key),
            stateLabel: state === null ? '' : PAPER_STATE_LABELS[state],
          })),
          actions: mayAct ? found.actions.map((a) => ({ ...a, label: ACTION_LABELS[a.action] })) : [],
          madeOf: [...found.madeOf],
          madeAgain: [...found.madeAgain],
          events: found.events.map((e) => describeEvent(profile, e)),
          asOf: server.clock().toISOString(),
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
      return c.body(Uint8Array.from(picture).buffer, 200, { 'content-type': 'image/png' });
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/papers/{number}/actions',
      summary: '用紙に対する操作（確認済み、引き抜き、再発送、不着の取り消し、手渡し、再交付の申請）',
      ...access('change-papers'),
      request: { params: z.object({ number: paperNumber }), body: body(paperActionRequest) },
      responses: json(actionAnswer),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const { number } = c.req.valid('param');
      const [context, insurer] = [c.get('context'), insurerOf(c)];
      const kind =
        request.action === 'reissue'
          ? await requestAnother(context, insurer, number, { ...request, requestedOn: japanDay(server.clock()) })
          : await actOnPaper(context, insurer, number, request.action, request.reason, causeOf(request.withdrawal));
      const done =
        request.action === 'reissue' ? '再交付の申請を受け付けました。次の作成で印刷されます。' : '記録しました。';
      return c.json({ kind, message: kind === 'recorded' ? done : '記録済みです（変更なし）。' }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/scans',
      summary: '不着の読み取り',
      ...access('scan-returns'),
      request: { body: body(scanRequest) },
      responses: json(scanAnswer),
    }),
    async (c) => {
      const { code, reason } = c.req.valid('json');
      const found = await scanReturn(stationContext(c), insurerOf(c), code, reason);
      return c.json(describeScan(found, code), 200);
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
      const { number } = c.req.valid('param');
      const context = stationContext(c);
      const kind = await actOnPaper(context, insurerOf(c), number, 'take-back-return', '読み取りの取り消し');
      return c.json({ kind, message: '取り消しました。' }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/reissues',
      summary: '再交付を待つ申請（今日作れるかどうかとともに）',
      ...access('see-papers'),
      request: { query: z.object({ cursor, limit }) },
      responses: json(waitingReissues),
    }),
    async (c) => {
      const { cursor: at, limit: size } = c.req.valid('query');
      const page = { after: String(fromCursor(at)?.[0] ?? '0'), limit: size };
      const now = server.clock();
      const found = await pageWaitingReissues(c.get('context'), insurerOf(c), japanDay(now), page);
      return c.json(
        {
          items: found.items.map(({ why, ...request }) => ({
            ...request,
            reasonLabel: REISSUE_REASON_LABELS[request.reason],
            whyNot: why === null ? '' : REISSUE_REFUSAL_LABELS[why],
          })),
          total: found.total,
          next: found.next === null ? null : toCursor([found.next]),
          asOf: now.toISOString(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/check-ins',
      summary: '回収した資格確認書の受け入れ',
      ...access('check-in'),
      request: { body: body(checkInRequest) },
      responses: json(scanAnswer),
    }),
    async (c) => {
      const { code } = c.req.valid('json');
      const found = await checkInCertificate(c.get('context'), insurerOf(c), code);
      return c.json(describeScan(found, code), 200);
    },
  );
  return app;
}
