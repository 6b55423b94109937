// Room: server, contract. Lots and their two-person release, the calendar, recall.
import { z } from '@hono/zod-openapi';
import type { LotStep, RevocableStep } from '../../rules/posting/lots.ts';
import { localDate, reasonText } from './common.ts';

const STEPS = ['print', 'post', 'close'] as const satisfies readonly LotStep[];
const REVOCABLE = ['print', 'post'] as const satisfies readonly RevocableStep[];

export const lot = z
  .object({
    no: z.int(),
    name: z.string(),
    postFrom: localDate.nullable(),
    postThrough: localDate.nullable(),
    branches: z.array(z.string()),
    certificateCount: z.int(),
    closedAt: z.string().nullable(),
    counts: z.object({
      extracted: z.int(),
      held: z.int(),
      withdrawn: z.int(),
      spoiled: z.int(),
      remade: z.int(),
      printed: z.int(),
      enclosed: z.int(),
      posted: z.int(),
    }),
    balances: z.array(z.object({ name: z.string(), left: z.int(), right: z.int(), difference: z.int() })),
    steps: z.array(
      z.object({
        step: z.enum(STEPS),
        label: z.string(),
        released: z.boolean(),
        persons: z.array(z.object({ person: z.string(), at: z.string() })),
        /** Whether the one who asks may confirm it now, or why not. */
        allowed: z.boolean(),
        why: z.string(),
        canOverride: z.boolean().describe('印刷 = 封入 がそろわないまま、理由を書けば確認できる'),
        override: z
          .object({ person: z.string(), reason: z.string() })
          .nullable()
          .describe('印刷 = 封入 がそろわないまま許可した人'),
        canTakeBack: z.boolean().describe('確認を取り消せる（発送の前）'),
      }),
    ),
    takenBack: z
      .array(
        z.object({
          step: z.enum(REVOCABLE),
          label: z.string(),
          of: z.array(z.string()),
          person: z.string(),
          reason: z.string(),
          at: z.string(),
        }),
      )
      .describe('取り消された確認'),
    filesSha256: z.string().describe('印刷ファイルの照合値（承認とともに記録する）'),
  })
  .openapi('Lot');
export type Lot = z.infer<typeof lot>;
export const lotList = z.object({ items: z.array(lot), asOf: z.iso.datetime() }).openapi('LotList');
export type LotList = z.infer<typeof lotList>;
export const lotConfirmationRequest = z
  .object({
    step: z.enum(STEPS),
    lots: z.array(z.int().min(1).max(999)).min(1).max(999),
    override: reasonText
      .optional()
      .describe('印刷 = 封入 がそろわないまま発送を承認する理由。許可した人として名前が残る'),
  })
  .openapi('LotConfirmations');
export const lotTakeBackRequest = z.object({ step: z.enum(REVOCABLE), reason: reasonText }).openapi('LotTakeBack');
export const lotTakenBack = z.object({ lot }).openapi('LotTakenBack');
export type LotTakenBack = z.infer<typeof lotTakenBack>;

const routeCounts = z.object({
  route: z.string(),
  label: z.string(),
  pieces: z.int(),
  papers: z.int(),
  printed: z.int(),
  held: z.int(),
  withdrawn: z.int(),
});
const working = z.object({
  id: z.int(),
  name: z.string(),
  issuedOn: z.string(),
  targets: z.int(),
  papers: z.int(),
  mailpieces: z.int(),
  routes: z.array(routeCounts),
});
export const approvalSheet = z
  .object({
    lot,
    routes: z.array(routeCounts).describe('経路ごとの郵便物'),
    held: z
      .array(z.object({ reason: z.string(), label: z.string(), count: z.int(), first: z.string() }))
      .describe('印刷が止めた郵便物：理由ごとの数と、その一つ'),
    proofs: z
      .array(z.object({ mailpieceNumber: z.string(), kinds: z.array(z.string()), label: z.string() }))
      .describe('ページを見て確かめる郵便物'),
    files: z.array(z.object({ path: z.string(), pages: z.int(), pieces: z.int(), bytes: z.int(), sha256: z.string() })),
    now: working.describe('発行全体'),
    before: working
      .extend({ isCancelled: z.boolean().describe('取りやめた発行') })
      .nullable()
      .describe('同じ計画の前の回、または取りやめた前の発行。null = ない'),
    asOf: z.iso.datetime(),
  })
  .openapi('ApprovalSheet');
export type ApprovalSheet = z.infer<typeof approvalSheet>;
export const lotsConfirmed = z
  .object({ items: z.array(lot), refused: z.array(z.object({ no: z.int(), why: z.string() })) })
  .openapi('LotsConfirmed');
export type LotsConfirmed = z.infer<typeof lotsConfirmed>;

export const waveList = z
  .object({
    items: z.array(
      z.object({
        no: z.int(),
        name: z.string(),
        postFrom: localDate,
        postThrough: localDate,
        capacity: z.int().nullable(),
        pieceCount: z.int(),
        shares: z.array(z.object({ branchCode: z.string(), branchName: z.string(), pieceCount: z.int() })),
      }),
    ),
    asOf: z.iso.datetime(),
  })
  .openapi('WaveList');
export type WaveList = z.infer<typeof waveList>;

const recallRow = z
  .object({
    certificateNumber: z.string(),
    key: z.string(),
    name: z.string(),
    /** 回収 = by law, 返却のお願い = a request. */
    kind: z.enum(['duty', 'request']),
    kindLabel: z.string(),
    since: z.string(),
  })
  .openapi('RecallRow');
export const recallList = z.object({ items: z.array(recallRow), asOf: z.iso.datetime() }).openapi('RecallList');
export type RecallList = z.infer<typeof recallList>;

const outcomes = z.object({
  asked: z.int(),
  givenBack: z.int(),
  missing: z.int(),
  unrecoverable: z.int(),
  expired: z.int(),
  void: z.int(),
  open: z.int(),
});
const requests = outcomes.extend({ becameDuty: z.int() });
export const recallFigures = z
  .object({
    on: localDate,
    duty: outcomes.extend({
      remindedFirst: z.int(),
      remindedLate: z.int(),
      oneMonth: z.object({ asked: z.int(), givenBack: z.int(), percent: z.number().nullable() }),
    }),
    requests: z.object({ enrolled: requests, superseded: requests }),
    filings: z.array(z.object({ symbol: z.string(), filings: z.int(), late: z.int() })),
    asOf: z.iso.datetime(),
  })
  .openapi('RecallFigures');
export type RecallFigures = z.infer<typeof recallFigures>;
