// Room: server, contract. Lots and their two-person release, the calendar, recall.
import { z } from '@hono/zod-openapi';
import type { LotStep } from '../../rules/posting/lots.ts';
import { localDate } from './common.ts';

const STEPS = ['print', 'post', 'close'] as const satisfies readonly LotStep[];

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
      }),
    ),
  })
  .openapi('Lot');
export type Lot = z.infer<typeof lot>;
export const lotList = z.object({ items: z.array(lot), asOf: z.iso.datetime() }).openapi('LotList');
export type LotList = z.infer<typeof lotList>;
export const lotConfirmationRequest = z
  .object({ step: z.enum(STEPS), lots: z.array(z.int().min(1).max(999)).min(1).max(999) })
  .openapi('LotConfirmations');
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
