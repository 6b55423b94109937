// Room: server. Lots, released by two different people; the calendar of waves; recall by workplace and in figures.
import { createRoute, z } from '@hono/zod-openapi';
import type { LotView } from '../../../operations/posting/lots.ts';
import { confirmLots, listLotViews, listWaves } from '../../../operations/posting/lots.ts';
import { getIssuance } from '../../../operations/desk/jobs.ts';
import { recallFigures as countRecalls } from '../../../operations/life/recall-figures.ts';
import { listOpenRecalls } from '../../../operations/desk/papers.ts';
import { LOT_STEPS, LOT_STEP_LABELS, decideConfirmation, isApproved } from '../../../rules/posting/lots.ts';
import { may } from '../../../rules/access.ts';
import type { InsurerProfile } from '../../../rules/insurer.ts';
import { formatPersonKey } from '../../../rules/words/person-key.ts';
import type { LocalDate } from '../../../rules/words/local-date.ts';
import { RECALL_KIND_LABELS } from '../../../rules/life/recall.ts';
import { issuanceId, localDate, symbol } from '../../contract/common.ts';
import {
  lotList,
  lotConfirmationRequest,
  lotsConfirmed,
  recallFigures,
  recallList,
  waveList,
} from '../../contract/lots.ts';
import type { Lot } from '../../contract/lots.ts';
import { access, body, contextOn, insurerOf, japanInstant, json, openRoutes, sessionOf } from '../../http.ts';
import type { App, Server } from '../../http.ts';

function describeLot(profile: InsurerProfile, view: LotView, person: string, mayApprove: boolean): Lot {
  const nameOf = (code: string): string => profile.branches.find((b) => b.code === code)?.name ?? code;
  return {
    no: view.no,
    name: view.name,
    postFrom: view.postFrom,
    postThrough: view.postThrough,
    branches: view.branchCodes.map(nameOf),
    certificateCount: view.certificateCount,
    closedAt: view.closedAt && japanInstant(view.closedAt),
    counts: view.counts,
    balances: [...view.balances],
    steps: LOT_STEPS.map((step) => {
      const decision = decideConfirmation({ ...view, isClosed: view.closedAt !== null }, step, person);
      const allowed = mayApprove && decision.kind === 'confirm';
      const why = decision.kind === 'refused' ? decision.why : decision.kind === 'already' ? '確認済みです' : '';
      return {
        step,
        label: LOT_STEP_LABELS[step],
        released: isApproved(view.confirmations, step),
        persons: view.confirmations
          .filter((c) => c.step === step)
          .map(({ person: who, at }) => ({ person: who, at: japanInstant(at) })),
        allowed,
        why: allowed ? '' : mayApprove ? why : '本部の方が行えます',
      };
    }),
  };
}

export function lotRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/lots',
      summary: 'ロットと二人の確認',
      ...access('see-issuances'),
      request: { params: z.object({ id: issuanceId }) },
      responses: json(lotList),
    }),
    async (c) => {
      const { account } = sessionOf(c);
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      const views = await listLotViews(c.get('context'), issuance);
      const mayApprove = may(account.role, 'approve-lots');
      const items = views.map((view) => describeLot(c.get('profile'), view, account.displayName, mayApprove));
      return c.json({ items, asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/issuances/{id}/lots/confirmations',
      summary: 'ロットの一歩を確認する（いくつでも。二人の別の人が要る）',
      ...access('approve-lots'),
      request: { params: z.object({ id: issuanceId }), body: body(lotConfirmationRequest) },
      responses: json(lotsConfirmed),
    }),
    async (c) => {
      const { account } = sessionOf(c);
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      const { step, lots } = c.req.valid('json');
      const done = await confirmLots(c.get('context'), issuance, lots, step, account.displayName);
      const items = done.lots.map((view) => describeLot(c.get('profile'), view, account.displayName, true));
      return c.json({ items, refused: [...done.refused] }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/waves',
      summary: '発送カレンダー',
      ...access('see-issuances'),
      request: { params: z.object({ id: issuanceId }) },
      responses: json(waveList),
    }),
    async (c) => {
      const profile = c.get('profile');
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      const waves = await listWaves(contextOn(c, server.database), issuance, profile, sessionOf(c).account.branchCode);
      const nameOf = (code: string): string => profile.branches.find((b) => b.code === code)?.name ?? code;
      const items = waves.map(({ no, name, postFrom, postThrough, capacity, pieceCount, shares }) => ({
        no,
        name,
        postFrom,
        postThrough,
        capacity,
        pieceCount,
        shares: shares.map((share) => ({
          ...share,
          branchName: share.branchCode === '' ? '支部なし' : nameOf(share.branchCode),
        })),
      }));
      return c.json({ items, asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/workplaces/{symbol}/recalls',
      summary: '事業所で回収する資格確認書',
      ...access('see-recall'),
      request: { params: z.object({ symbol }) },
      responses: json(recallList),
    }),
    async (c) => {
      const rows = await listOpenRecalls(c.get('context'), insurerOf(c), c.req.valid('param').symbol);
      const items = rows.map((row) => ({
        certificateNumber: row.certificateNumber,
        key: formatPersonKey(row),
        name: row.name,
        kind: row.kind,
        kindLabel: RECALL_KIND_LABELS[row.kind],
        since: row.since,
      }));
      return c.json({ items, asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/recall/figures',
      summary: '回収の件数（法定の回収と返却のお願いは別）',
      ...access('see-figures'),
      request: { query: z.object({ on: localDate }) },
      responses: json(recallFigures),
    }),
    async (c) => {
      // Rates of the whole insurer, without a name: a branch reads the same ones.
      const whole = contextOn(c, server.database);
      const found = await countRecalls(whole, insurerOf(c), c.req.valid('query').on as LocalDate);
      const { on, duty, requests, filings } = found;
      return c.json({ on, duty, requests, filings: [...filings], asOf: now() }, 200);
    },
  );
  return app;
}
