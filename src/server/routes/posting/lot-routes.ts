// Room: server. Lots, released by two different people; the calendar of waves; recall by workplace and in figures.
import { createRoute, z } from '@hono/zod-openapi';
import type { LotView } from '../../../operations/posting/lots.ts';
import { PROOF_LABELS, getApprovalSheet } from '../../../operations/posting/approval.ts';
import type { Working } from '../../../operations/posting/approval.ts';
import { confirmLots, listLotViews, listWaves, takeBackLot } from '../../../operations/posting/lots.ts';
import { getIssuance } from '../../../operations/desk/jobs.ts';
import { recallFigures as countRecalls } from '../../../operations/life/recall-figures.ts';
import { listOpenRecalls } from '../../../operations/desk/papers.ts';
import {
  LOT_STEPS,
  LOT_STEP_LABELS,
  decideConfirmation,
  isApproved,
  takeBackRefusal,
} from '../../../rules/posting/lots.ts';
import { HELD_LABELS } from '../../../rules/printing/print-batches.ts';
import { ROUTE_LABELS } from '../../../rules/issuing/enveloping.ts';
import { Refusal } from '../../../operations/context.ts';
import { may } from '../../../rules/access.ts';
import type { InsurerProfile } from '../../../rules/insurer.ts';
import { formatPersonKey } from '../../../rules/words/person-key.ts';
import type { LocalDate } from '../../../rules/words/local-date.ts';
import { RECALL_KIND_LABELS } from '../../../rules/life/recall.ts';
import { issuanceId, localDate, symbol } from '../../contract/common.ts';
import {
  approvalSheet,
  lotList,
  lotConfirmationRequest,
  lotTakeBackRequest,
  lotTakenBack,
  lotsConfirmed,
  recallFigures,
  recallList,
  waveList,
} from '../../contract/lots.ts';
import type { ApprovalSheet, Lot } from '../../contract/lots.ts';
import { access, body, contextOn, insurerOf, japanInstant, json, openRoutes, sessionOf } from '../../http.ts';
import type { App, Server } from '../../http.ts';

const lotNo = z.coerce.number().int().min(1).max(999).openapi({ description: 'ロットの番号', example: 1 });

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
      const facts = { ...view, isClosed: view.closedAt !== null };
      const decision = decideConfirmation(facts, step, person);
      const allowed = mayApprove && decision.kind === 'confirm';
      const why = decision.kind === 'refused' ? decision.why : decision.kind === 'already' ? '確認済みです' : '';
      const confirmed = view.confirmations.filter((c) => c.step === step);
      const overridden = confirmed.find((c) => c.overrideBy !== null);
      return {
        step,
        label: LOT_STEP_LABELS[step],
        released: isApproved(view.confirmations, step),
        persons: confirmed.map(({ person: who, at }) => ({ person: who, at: japanInstant(at) })),
        allowed,
        why: allowed ? '' : mayApprove ? why : '本部の方が行えます',
        canOverride: mayApprove && decision.kind === 'refused' && decision.canOverride === true,
        override: overridden ? { person: overridden.overrideBy ?? '', reason: overridden.overrideReason ?? '' } : null,
        canTakeBack:
          mayApprove &&
          step !== 'close' &&
          takeBackRefusal({ ...facts, postedCount: view.counts.posted }, step) === null,
      };
    }),
    takenBack: view.takenBack.map(({ step, of, person: who, reason, at }) => ({
      step,
      label: LOT_STEP_LABELS[step],
      of: [...of],
      person: who,
      reason,
      at: japanInstant(at),
    })),
    filesSha256: view.filesSha256,
  };
}

const describeRoutes = (routes: Working['routes']): ApprovalSheet['routes'] =>
  routes.map((row) => ({ ...row, label: ROUTE_LABELS[row.route] }));

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
      const { step, lots, override: reason } = c.req.valid('json');
      const person = account.displayName;
      const override = reason === undefined ? null : { person, reason };
      if (override !== null && !may(account.role, 'override'))
        throw new Refusal('override-forbidden', '許可して行えるのは本部だけです。');
      const done = await confirmLots(c.get('context'), issuance, c.get('profile'), lots, step, person, override);
      const items = done.lots.map((view) => describeLot(c.get('profile'), view, account.displayName, true));
      return c.json({ items, refused: [...done.refused] }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/lots/{no}/approval',
      summary: 'ロットの承認するもの：経路ごとの数、印刷ファイルと照合値、見るページ、前の回との違い',
      ...access('see-issuances'),
      request: { params: z.object({ id: issuanceId, no: lotNo }) },
      responses: json(approvalSheet),
    }),
    async (c) => {
      const { account } = sessionOf(c);
      const { id, no } = c.req.valid('param');
      const issuance = await getIssuance(c.get('context'), insurerOf(c), id);
      const sheet = await getApprovalSheet(c.get('context'), issuance, no);
      const mayApprove = may(account.role, 'approve-lots');
      const { now: working, before } = sheet;
      return c.json(
        {
          lot: describeLot(c.get('profile'), sheet.lot, account.displayName, mayApprove),
          routes: describeRoutes(sheet.routes),
          held: sheet.held.map((row) => ({ ...row, label: HELD_LABELS[row.reason] })),
          proofs: sheet.proofs.map(({ mailpieceNumber, kinds }) => ({
            mailpieceNumber,
            kinds: [...kinds],
            label: kinds.map((kind) => PROOF_LABELS[kind]).join('、'),
          })),
          files: sheet.files.map(({ path, pageCount, mailpieceCount, byteCount, sha256 }) => ({
            path,
            pages: pageCount,
            pieces: mailpieceCount,
            bytes: byteCount,
            sha256,
          })),
          now: { ...working, routes: describeRoutes(working.routes) },
          before: before && { ...before, routes: describeRoutes(before.routes) },
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/issuances/{id}/lots/{no}/take-backs',
      summary: 'ロットの承認の確認を取り消す（発送するまで。もう一度、二人の確認が要る）',
      ...access('approve-lots'),
      request: { params: z.object({ id: issuanceId, no: lotNo }), body: body(lotTakeBackRequest) },
      responses: json(lotTakenBack),
    }),
    async (c) => {
      const { displayName: person } = sessionOf(c).account;
      const { id, no } = c.req.valid('param');
      const { step, reason } = c.req.valid('json');
      const issuance = await getIssuance(c.get('context'), insurerOf(c), id);
      const view = await takeBackLot(c.get('context'), issuance, no, step, { person, reason });
      return c.json({ lot: describeLot(c.get('profile'), view, person, true) }, 200);
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
      // Rates of the whole insurer, without a name: a branch reads the same ones. Workplaces are named to those who may see them.
      const whole = contextOn(c, server.database);
      const asOf = c.req.valid('query').on as LocalDate;
      const found = await countRecalls(whole, insurerOf(c), asOf, c.get('context'));
      const { on, duty, requests, filings } = found;
      return c.json({ on, duty, requests, filings: [...filings], asOf: now() }, 200);
    },
  );
  return app;
}
