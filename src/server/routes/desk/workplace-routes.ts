// Room: server. Workplaces and what passes through them; employers see the same of their own.
import { createRoute, z } from '@hono/zod-openapi';
import { planHandOvers, reportHandOvers } from '../../../operations/desk/piece-actions.ts';
import { postingOf } from '../../../operations/posting/kinds.ts';
import { getIssuance } from '../../../operations/desk/jobs.ts';
import { getWorkplacePage, searchWorkplaces } from '../../../operations/desk/papers.ts';
import { noteExport } from '../../../operations/desk/trace.ts';
import { PAPER_STATE_LABELS, nextState } from '../../../rules/papers/lifecycle.ts';
import type { PaperState } from '../../../rules/papers/lifecycle.ts';
import { cursor, issuanceId, limit, symbol } from '../../contract/common.ts';
import {
  actionOutcome,
  handOverPlan,
  handOverPlanRequest,
  handOverRequest,
  pieceQuery,
  workplaceList,
  workplacePage,
} from '../../contract/papers.ts';
import { access, body, contextOn, fromCursor, insurerOf, json, openRoutes, PROBLEMS, toCursor } from '../../http.ts';
import type { App, Server } from '../../http.ts';
import { titleOf } from '../descriptions.ts';

export function workplaceRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/workplaces',
      summary: '事業所の一覧（記号、名称の一部）',
      ...access('see-workplaces'),
      request: { query: z.object({ q: z.string().max(60).default(''), cursor, limit }) },
      responses: json(workplaceList),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const after = String(fromCursor(query.cursor)?.[0] ?? '');
      const asked = { text: query.q.trim(), after, limit: query.limit };
      const found = await searchWorkplaces(c.get('context'), insurerOf(c), asked);
      const { branches } = c.get('profile');
      const items = found.items.map((row) => ({
        ...row,
        branchName: branches.find((b) => b.code === row.branchCode)?.name ?? row.branchCode,
      }));
      return c.json({ items, next: found.next === null ? null : toCursor([found.next]), asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/workplaces/{symbol}',
      summary: '一つの事業所と、そこを通る郵便物',
      ...access('see-workplaces'),
      request: {
        params: z.object({ symbol }),
        query: z.object({ state: pieceQuery.shape.state.optional(), cursor, limit }),
      },
      responses: json(workplacePage),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const after = String(fromCursor(query.cursor)?.[0] ?? '');
      const found = await getWorkplacePage(c.get('context'), insurerOf(c), {
        symbol: c.req.valid('param').symbol,
        state: query.state ?? null,
        after,
        limit: query.limit,
      });
      const { workplace } = found;
      const branch = c.get('profile').branches.find((b) => b.code === workplace.branchCode);
      return c.json(
        {
          symbol: workplace.symbol,
          name: workplace.name,
          branchName: branch?.name ?? workplace.branchCode,
          postalCode: workplace.postalCode,
          address: [workplace.address, workplace.building].filter((part) => part !== '').join('　'),
          employerName: workplace.employerName,
          phone: workplace.phone,
          pieces: found.items.map((piece) => ({
            ...piece,
            names: [...piece.names],
            stateLabel: PAPER_STATE_LABELS[piece.state as PaperState],
            canHandOver: nextState('mailpiece', 'hand-over', piece.state as PaperState) !== undefined,
          })),
          counts: found.counts.map((row) => ({ ...row, label: PAPER_STATE_LABELS[row.state] })),
          lists: found.issuances.map(({ id, lineage }) => ({
            issuanceId: id,
            title: titleOf(c.get('profile'), lineage),
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
      path: '/workplaces/{symbol}/lists/{id}',
      summary: '事業主への送付文書と送付予定対象者一覧表（PDF）',
      ...access('see-workplaces'),
      request: { params: z.object({ symbol, id: issuanceId }) },
      responses: { 200: { description: 'PDF', content: { 'application/pdf': { schema: z.string() } } }, ...PROBLEMS },
    }),
    async (c) => {
      const { symbol: where, id } = c.req.valid('param');
      const insurer = insurerOf(c);
      // Read behind the wall first: an account that may not see the workplace does not get its paper.
      await getWorkplacePage(c.get('context'), insurer, { symbol: where, state: null, after: '', limit: 1 });
      const whole = contextOn(c, server.database);
      const issuance = await getIssuance(whole, insurer, id);
      const pdf = await postingOf(issuance).workplaceListPdf(whole, c.get('profile'), where);
      await noteExport(c.get('context'), insurer, `送付予定対象者一覧表 ${where}`);
      return c.body(Uint8Array.from(pdf).buffer, 200, {
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(`送付予定対象者一覧表_${where}.pdf`)}`,
      });
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/workplaces/{symbol}/hand-overs/preview',
      summary: '報告できる封筒すべての番号（何も変えない）',
      ...access('report-hand-over'),
      request: { params: z.object({ symbol }), body: body(handOverPlanRequest) },
      responses: json(handOverPlan),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const plan = await planHandOvers(c.get('context'), insurerOf(c), c.req.valid('param').symbol, request);
      return c.json({ ...plan, numbers: [...plan.numbers] }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/workplaces/{symbol}/hand-overs',
      summary: '手渡しの報告（封筒をまとめて）',
      ...access('report-hand-over'),
      request: { params: z.object({ symbol }), body: body(handOverRequest) },
      responses: json(actionOutcome),
    }),
    async (c) => {
      const { mailpieceNumbers, ...report } = c.req.valid('json');
      const where = c.req.valid('param').symbol;
      const outcome = await reportHandOvers(c.get('context'), insurerOf(c), where, mailpieceNumbers, report);
      return c.json({ ...outcome, refused: [...outcome.refused] }, 200);
    },
  );
  return app;
}
