// Room: server, contract. Persons, their papers and what happened to them.
import { z } from '@hono/zod-openapi';
import { listOf, localDate } from './common.ts';

const personRow = z
  .object({
    key: z.string(),
    symbol: z.string(),
    number: z.string(),
    subNumber: z.string(),
    name: z.string(),
    kana: z.string(),
    relation: z.enum(['insured', 'dependent']),
    lostOn: localDate.nullable(),
  })
  .openapi('PersonRow');

export const peopleFound = listOf(personRow).extend({ meaning: z.string() }).openapi('PeopleFound');
export type PeopleFound = z.infer<typeof peopleFound>;

export const decidedList = listOf(
  z.object({
    key: z.string(),
    name: z.string(),
    kana: z.string(),
    isTarget: z.boolean(),
    reasonLabel: z.string(),
    /** Why a target gets no paper; '' where one was made or is still to be. */
    exitLabel: z.string(),
    mailpieceNumber: z.string().nullable(),
  }),
)
  .extend({
    issuanceTitle: z.string(),
    /** Null where counting would read everybody. */
    total: z.int().nullable(),
    reasons: z.array(z.object({ isTarget: z.boolean(), reason: z.string(), label: z.string(), count: z.int() })),
    branches: z.array(z.object({ code: z.string(), name: z.string() })),
  })
  .openapi('DecidedList');
/** Which members of an issuance: each narrows. */
export const decidedFilter = z.object({
  target: z.enum(['yes', 'no']).optional(),
  reason: z.string().min(1).max(40).optional(),
  branch: z.string().min(1).max(20).optional(),
  workplace: z.string().min(1).max(8).optional(),
});

export type DecidedList = z.infer<typeof decidedList>;

export const event = z
  .object({
    seq: z.int(),
    at: z.string(),
    actor: z.string(),
    subject: z.enum(['mailpiece', 'certificate']),
    paperNumber: z.string(),
    event: z.string(),
    /** The event in Japanese, and the state it led to. */
    label: z.string(),
    to: z.string(),
    toLabel: z.string(),
    reason: z.string(),
    source: z.string(),
  })
  .openapi('PaperEvent');
export type PaperEvent = z.infer<typeof event>;

export const action = z.object({ action: z.string(), label: z.string(), allowed: z.boolean(), why: z.string() });

export const personPaper = z
  .object({
    /** null = お知らせ */
    certificateNumber: z.string().nullable(),
    mailpieceNumber: z.string(),
    issuanceId: z.int(),
    issuanceTitle: z.string(),
    issuedOn: localDate,
    validThrough: localDate.nullable(),
    route: z.enum(['home', 'workplace']),
    addressee: z.string(),
    certificateState: z.string().nullable(),
    certificateStateLabel: z.string(),
    mailpieceState: z.string(),
    mailpieceStateLabel: z.string(),
    actions: z.array(action),
  })
  .openapi('PersonPaper');
export type PersonPaper = z.infer<typeof personPaper>;

const decision = z.object({
  issuance: z.string(),
  isTarget: z.boolean(),
  reason: z.string(),
  sentence: z.string(),
  rule: z.string(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  nearestChange: z.string().nullable(),
});
export type PersonDecision = z.infer<typeof decision>;

export const personPage = z
  .object({
    person: personRow.extend({
      bornOn: localDate,
      sex: z.enum(['male', 'female']),
      acquiredOn: localDate,
      insuredClass: z.string(),
      mailStopped: z.boolean(),
      address: z.string(),
      workplaceName: z.string().nullable(),
      branchName: z.string(),
      card: z.string().nullable(),
      registration: z.string().nullable(),
      enrolmentAsOf: localDate.nullable(),
    }),
    decision: decision.nullable(),
    /** Of 資格情報のお知らせ: with the ratio it says and where that comes from. */
    notice: decision.nullable(),
    papers: z.array(personPaper),
    events: z.array(event),
    asOf: z.iso.datetime(),
  })
  .openapi('PersonPage');
export type PersonPage = z.infer<typeof personPage>;
