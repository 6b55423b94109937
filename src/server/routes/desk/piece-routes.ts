// Room: server. Lists of mailpieces with their filters and totals, and what is done to many of them at once.
import type { Lineage } from '../../../rules/papers/lineage.ts';
import { createRoute, z } from '@hono/zod-openapi';
import type { PieceFilter } from '../../../ledger/desk/piece-lists.ts';
import type { HeldFilter } from '../../../ledger/desk/papers.ts';
import type { Session } from '../../../ledger/desk/accounts.ts';
import { correctHeld, getHeldPiece } from '../../../operations/life/held.ts';
import { getPieceCounts, listHeldPieces, listPieces } from '../../../operations/desk/papers.ts';
import { applyToPieces, planAction, planReroute } from '../../../operations/desk/piece-actions.ts';
import { CORRECTED_FIELD_LABELS } from '../../../rules/printing/corrections.ts';
import { HELD_LABELS } from '../../../rules/printing/print-batches.ts';
import { PAPER_STATE_LABELS, NEXT_STEP_LABELS } from '../../../rules/papers/lifecycle.ts';
import type { PaperState } from '../../../rules/papers/lifecycle.ts';
import { cursor, issuanceId, limit, paperNumber } from '../../contract/common.ts';
import {
  NO_BRANCH,
  actionAnswer,
  correctionRequest,
  actionOutcome,
  actionPlan,
  actionPlanRequest,
  pieceActionsRequest,
  heldList,
  heldPiece,
  pieceCounts,
  pieceList,
  pieceQuery,
} from '../../contract/papers.ts';
import type { PieceQuery } from '../../contract/papers.ts';
import { access, body, fromCursor, insurerOf, japanDay, json, openRoutes, sessionOf, toCursor } from '../../http.ts';
import type { App, Server } from '../../http.ts';
import { causeOf, paperReasonLabel, titleOf } from '../descriptions.ts';

export const heldQuery = z.object({
  issuance: issuanceId.optional(),
  branch: z.string().min(1).max(20).optional(),
  workplace: z.string().min(1).max(8).optional(),
  reason: z.enum(Object.keys(HELD_LABELS) as [keyof typeof HELD_LABELS]).optional(),
});

/** A branch's account asks for its own pieces, which an index has in order; the wall would find no others anyway. */
function branchOf(branch: string | undefined, { account }: Session): string | null {
  if (account.branchCode !== null) return account.branchCode;
  return branch === undefined ? null : branch === NO_BRANCH ? '' : branch;
}

export function pieceFilterOf(query: PieceQuery, session: Session): PieceFilter {
  return {
    state: query.state,
    issuanceId: query.issuance ?? null,
    // A lot's number says nothing without its issuance.
    lotNo: query.issuance === undefined ? null : (query.lot ?? null),
    branchCode: branchOf(query.branch, session),
    symbol: query.workplace ?? null,
    reason: query.state === 'returned' ? (query.reason ?? null) : null,
  };
}

export function heldFilterOf(query: z.infer<typeof heldQuery>, session: Session): HeldFilter {
  return {
    issuanceId: query.issuance ?? null,
    branchCode: branchOf(query.branch, session),
    symbol: query.workplace ?? null,
    reason: query.reason ?? null,
  };
}

export function pieceRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/pieces',
      summary: '郵便物の一覧（状態・発行・ロット・支部・事業所・不着の理由、古いものから）',
      ...access('see-papers'),
      request: { query: pieceQuery.extend({ cursor, limit }) },
      responses: json(pieceList),
    }),
    async (c) => {
      const { cursor: at, limit: size, ...query } = c.req.valid('query');
      const filter = pieceFilterOf(query, sessionOf(c));
      const after = fromCursor(at)?.map(Number) ?? null;
      const found = await listPieces(c.get('context'), insurerOf(c), filter, after, size);
      return c.json(
        {
          items: found.items.map(
            ({ mailpieceNumber, issuanceId: issuance, symbol, number, route, certificateCount, state, ...rest }) => ({
              mailpieceNumber,
              issuanceId: issuance,
              symbol,
              number,
              route,
              certificateCount,
              state,
              stateLabel: PAPER_STATE_LABELS[state],
              reason: rest.reason,
              reasonLabel: paperReasonLabel(rest.reason),
              since: rest.since,
              nextStepLabel: rest.nextStep === null ? '' : NEXT_STEP_LABELS[rest.nextStep],
            }),
          ),
          next: found.next === null ? null : toCursor(found.next),
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/pieces/counts',
      summary: '郵便物の数（条件に合う数と、選べる条件ごとの数）',
      ...access('see-papers'),
      request: { query: pieceQuery },
      responses: json(pieceCounts),
    }),
    async (c) => {
      const filter = pieceFilterOf(c.req.valid('query'), sessionOf(c));
      const { total, facets, lots } = await getPieceCounts(c.get('context'), insurerOf(c), filter);
      const profile = c.get('profile');
      const choices = (
        kind: (typeof facets)[number]['facet'],
        label: (value: string, lineage: Lineage | null) => string,
      ) =>
        facets.flatMap(({ facet, value, lineage, count }) =>
          facet === kind ? [{ value, label: label(value, lineage), count }] : [],
        );
      const lotNames = new Map(lots.map(({ no, name }) => [String(no), name]));
      const branchNames = new Map(profile.branches.map(({ code, name }) => [code, name]));
      return c.json(
        {
          total,
          states: choices('state', (state) => PAPER_STATE_LABELS[state as PaperState]),
          issuances: choices('issuance', (id, lineage) => `第${id}号　${titleOf(profile, lineage!)}`).toSorted(
            (a, b) => Number(b.value) - Number(a.value),
          ),
          lots: choices('lot', (no) =>
            no === '0' ? 'ロットの前' : `ロット${no}　${lotNames.get(no) ?? ''}`.trimEnd(),
          ),
          branches: choices('branch', (code) => (code === '' ? '支部なし' : (branchNames.get(code) ?? code))).map(
            (row) => ({ ...row, value: row.value === '' ? NO_BRANCH : row.value }),
          ),
          reasons: choices('reason', paperReasonLabel).filter(({ value }) => value !== ''),
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
      request: { query: heldQuery.extend({ cursor, limit }) },
      responses: json(heldList),
    }),
    async (c) => {
      const { cursor: at, limit: size, ...query } = c.req.valid('query');
      const after = String(fromCursor(at)?.[0] ?? '');
      const filter = heldFilterOf(query, sessionOf(c));
      const found = await listHeldPieces(c.get('context'), insurerOf(c), filter, after, size);
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
      path: '/held/{number}',
      summary: '確認を待つ郵便物の、止まっている理由と、用紙に載る文字',
      ...access('change-papers'),
      request: { params: z.object({ number: paperNumber }) },
      responses: json(heldPiece),
    }),
    async (c) => {
      const piece = await getHeldPiece(c.get('context'), insurerOf(c), c.req.valid('param').number);
      return c.json(
        {
          mailpieceNumber: piece.mailpieceNumber,
          state: piece.state,
          stateLabel: PAPER_STATE_LABELS[piece.state],
          reasons: piece.reasons.map(({ subNumber, reason, field, codePoint }) => ({
            subNumber,
            reasonLabel: HELD_LABELS[reason],
            field,
            codePoint,
          })),
          texts: piece.texts.map((text) => ({ ...text, label: CORRECTED_FIELD_LABELS[text.field] })),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/held/{number}/corrections',
      summary: '確認を待つ郵便物の文字・住所を、印刷のために直す',
      ...access('change-papers'),
      request: { params: z.object({ number: paperNumber }), body: body(correctionRequest) },
      responses: json(actionAnswer),
    }),
    async (c) => {
      const kind = await correctHeld(
        c.get('context'),
        c.get('profile'),
        c.req.valid('param').number,
        c.req.valid('json'),
      );
      const done = '直しました。確認済みにすると、次の作り直しで印刷されます。';
      return c.json({ kind, message: kind === 'recorded' ? done : '直し済みです（変更なし）。' }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/pieces/actions/preview',
      summary: '選んだ郵便物に何が起きるか（何も変えない）',
      ...access('change-papers'),
      request: { body: body(actionPlanRequest) },
      responses: json(actionPlan),
    }),
    async (c) => {
      const { action, pieces } = c.req.valid('json');
      const chosen =
        'numbers' in pieces
          ? ({ kind: 'some', numbers: pieces.numbers } as const)
          : ({ kind: 'all', filter: pieceFilterOf(pieces.filter, sessionOf(c)), except: pieces.except } as const);
      const plan =
        action === 'reroute'
          ? await planReroute(c.get('context'), insurerOf(c), chosen, japanDay(server.clock()))
          : await planAction(c.get('context'), insurerOf(c), chosen, action);
      const nextSteps = plan.nextSteps.map(({ nextStep, count }) => ({
        nextStep,
        label: NEXT_STEP_LABELS[nextStep],
        count,
      }));
      return c.json({ ...plan, numbers: [...plan.numbers], refused: [...plan.refused], nextSteps }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/pieces/actions',
      summary: '郵便物に対する操作をまとめて（確認済み、引き抜き、再発送、不着の取り消し、手渡し）',
      ...access('change-papers'),
      request: { body: body(pieceActionsRequest) },
      responses: json(actionOutcome),
    }),
    async (c) => {
      const { action, reason, numbers, withdrawal } = c.req.valid('json');
      const cause = causeOf(withdrawal);
      const outcome = await applyToPieces(c.get('context'), insurerOf(c), numbers, action, reason, cause);
      return c.json({ ...outcome, refused: [...outcome.refused] }, 200);
    },
  );
  return app;
}
