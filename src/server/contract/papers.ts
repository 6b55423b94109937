// Room: server, contract. Mailpieces and certificates: lists, pages, scans; workplaces; exchange with the contractor.
import { z } from '@hono/zod-openapi';
import { CORRECTED_FIELD_LABELS } from '../../rules/printing/corrections.ts';
import { PAPER_STATE_LABELS, PIECE_ACTIONS, RETURN_REASON_LABELS } from '../../rules/papers/lifecycle.ts';
import { STAFF_CODES } from '../../rules/papers/standing.ts';
import { REISSUE_REASON_LABELS } from '../../rules/life/reissue.ts';
import { issuanceId, keysOf, listOf, localDate, paperNumber, reasonText } from './common.ts';
import { action, event } from './people.ts';

/** Stands for "without a branch" where a branch is asked for. */
export const NO_BRANCH = '-';

/** Which pieces a list shows; what is left out is any. */
export const pieceQuery = z.object({
  state: keysOf(PAPER_STATE_LABELS),
  issuance: issuanceId.optional(),
  /** Of the issuance. */
  lot: z.coerce.number().int().min(0).max(999).optional(),
  branch: z.string().min(1).max(20).optional(),
  /** 記号 */
  workplace: z.string().min(1).max(8).optional(),
  /** Stamp of a return. */
  reason: keysOf(RETURN_REASON_LABELS).optional(),
});
export type PieceQuery = z.infer<typeof pieceQuery>;

const pieceRow = z
  .object({
    mailpieceNumber: z.string(),
    issuanceId: z.int(),
    symbol: z.string(),
    number: z.string(),
    route: z.enum(['home', 'workplace']),
    certificateCount: z.int(),
    state: z.string(),
    stateLabel: z.string(),
    reason: z.string(),
    reasonLabel: z.string(),
    since: z.string().nullable(),
    /** What is to be done with one that came back; '' in every other state. */
    nextStepLabel: z.string(),
  })
  .openapi('PieceRow');
export const pieceList = listOf(pieceRow).openapi('PieceList');
export type PieceList = z.infer<typeof pieceList>;

const choice = z.object({ value: z.string(), label: z.string(), count: z.int() });
export const pieceCounts = z
  .object({
    /** Pieces that match. */
    total: z.int(),
    /** Values of each filter with what they would leave under all the others. */
    states: z.array(choice),
    issuances: z.array(choice),
    /** Empty where no issuance is chosen. */
    lots: z.array(choice),
    branches: z.array(choice),
    reasons: z.array(choice),
    asOf: z.iso.datetime(),
  })
  .openapi('PieceCounts');
export type PieceCounts = z.infer<typeof pieceCounts>;

/** Most pieces one request does something to. */
export const numbers = z.array(paperNumber).min(1).max(2000);
const pieceAction = z.enum(PIECE_ACTIONS);

export const actionPlanRequest = z
  .object({
    /** `reroute`: made again for their workplaces; done by a job. */
    action: z.union([pieceAction, z.literal('reroute')]),
    /** Pieces by number, or all that match but for some. */
    pieces: z.union([
      z.object({ numbers }),
      z.object({ filter: pieceQuery, except: z.array(paperNumber).max(2000).default([]) }),
    ]),
  })
  .openapi('ActionPlanRequest');
const refusedPieces = z.array(z.object({ mailpieceNumber: z.string(), why: z.string() }));
export const actionPlan = z
  .object({
    /** Pieces it would happen to. */
    numbers: z.array(z.string()),
    refused: refusedPieces,
    /** More match than one request takes: these are the first. */
    isCut: z.boolean(),
    /** Of pieces that came back, by where their stamp leads. */
    nextSteps: z.array(z.object({ nextStep: z.string(), label: z.string(), count: z.int() })),
  })
  .openapi('ActionPlan');
export type ActionPlan = z.infer<typeof actionPlan>;

/** Of a withdrawal: how long it keeps the person out of later issuances. */
const withdrawalCause = z.object({
  code: z.enum(STAFF_CODES),
  lostOn: localDate.nullable().default(null).describe('資格喪失の引き抜きの、資格喪失年月日。null = 分からない'),
});
const cause = withdrawalCause
  .optional()
  .describe('引き抜きの区分（後の発行でいつまで効くか）。省略すると理由の言葉から');

export const pieceActionsRequest = z
  .object({
    action: pieceAction,
    reason: reasonText,
    withdrawal: cause,
    numbers,
  })
  .openapi('PieceActionsRequest');
export const actionOutcome = z
  .object({ recorded: z.int(), already: z.int(), refused: refusedPieces })
  .openapi('ActionOutcome');
export type ActionOutcome = z.infer<typeof actionOutcome>;

const handOver = z.enum(['hand-over', 'fail-hand-over', 'report-left']);

/** All of a workplace's envelopes that it can report this of, of a state or any, but for some. */
export const handOverPlanRequest = z
  .object({
    event: handOver,
    state: pieceQuery.shape.state.nullable().default(null),
    except: z.array(paperNumber).max(2000).default([]),
  })
  .openapi('HandOverPlanRequest');
export const handOverPlan = z
  .object({ numbers: z.array(z.string()), isCut: z.boolean().describe('一度に報告できるのははじめの2,000通まで') })
  .openapi('HandOverPlan');
export type HandOverPlan = z.infer<typeof handOverPlan>;

export const handOverRequest = z
  .object({
    mailpieceNumbers: numbers,
    event: handOver,
    /** Why it could not be: absent … */
    reason: z.union([reasonText, z.literal('')]).default(''),
  })
  .refine((h) => h.event !== 'fail-hand-over' || h.reason !== '', '手渡しできなかった理由')
  .openapi('HandOvers');

const heldRow = z
  .object({
    mailpieceNumber: z.string(),
    issuanceId: z.int(),
    key: z.string(),
    reason: z.string(),
    reasonLabel: z.string(),
    field: z.string(),
    codePoint: z.string(),
  })
  .openapi('HeldRow');
export const heldList = listOf(heldRow).openapi('HeldList');
export type HeldList = z.infer<typeof heldList>;

/** A held piece: why, and the texts of its papers as the files have them and as they were corrected. */
export const heldPiece = z
  .object({
    mailpieceNumber: z.string(),
    state: z.string(),
    stateLabel: z.string(),
    reasons: z.array(
      z.object({ subNumber: z.string(), reasonLabel: z.string(), field: z.string(), codePoint: z.string() }),
    ),
    texts: z.array(
      z.object({
        subNumber: z.string(),
        field: keysOf(CORRECTED_FIELD_LABELS),
        label: z.string(),
        /** Of an address its line and building, a line each; '' = none on record. */
        source: z.string(),
        /** As it will be printed, or null = as the file has it. Of an address its postal code, line and building. */
        text: z.string().nullable(),
        /** Of a text with radicals the same in ordinary characters, or null. */
        suggestion: z.string().nullable(),
      }),
    ),
  })
  .openapi('HeldPiece');
export type HeldPiece = z.infer<typeof heldPiece>;

export const correctionRequest = z
  .object({
    subNumber: z.string().regex(/^\d{2}$/, '2桁の枝番'),
    field: keysOf(CORRECTED_FIELD_LABELS),
    /** What is printed instead; of an address its line. */
    text: z.string().trim().min(1).max(100),
    postalCode: z.string().max(10).default(''),
    building: z.string().trim().max(100).default(''),
    /** Why, in the person's own words; part of the record. */
    reason: z.string().trim().min(1).max(200),
  })
  .openapi('CorrectionRequest');
export type CorrectionRequest = z.infer<typeof correctionRequest>;

export const paperPages = z
  .object({ pages: z.array(z.object({ n: z.int(), paper: z.string(), label: z.string() })) })
  .openapi('PaperPages');
export type PaperPages = z.infer<typeof paperPages>;

export const scanRequest = z
  .object({ code: z.string().min(1).max(64), reason: keysOf(RETURN_REASON_LABELS) })
  .openapi('ScanRequest');
export const scanAnswer = z
  .object({
    kind: z.enum(['recorded', 'already', 'stranger', 'refused']),
    text: z.string(),
    nextStep: z.string().nullable(),
    nextStepLabel: z.string(),
    /** The piece's number where the code was one, for taking the scan back. */
    mailpieceNumber: z.string().nullable(),
  })
  .openapi('ScanAnswer');
export type ScanAnswer = z.infer<typeof scanAnswer>;
export const checkInRequest = z.object({ code: z.string().min(1).max(64) }).openapi('CheckInRequest');

export const waitingReissues = z
  .object({
    items: z.array(
      z.object({
        certificateNumber: z.string(),
        issuanceId: z.int(),
        key: z.string(),
        reason: keysOf(REISSUE_REASON_LABELS),
        reasonLabel: z.string(),
        requestedOn: localDate,
        /** Why it cannot be made today; '' = it can. */
        whyNot: z.string(),
      }),
    ),
    total: z.int(),
    next: z.string().nullable(),
    asOf: z.iso.datetime(),
  })
  .openapi('WaitingReissues');
export type WaitingReissues = z.infer<typeof waitingReissues>;

export const paperActionRequest = z
  .discriminatedUnion('action', [
    z.object({
      action: pieceAction,
      reason: reasonText,
      withdrawal: cause,
    }),
    z.object({
      action: z.literal('reissue'),
      reason: keysOf(REISSUE_REASON_LABELS),
      /** The old certificate came with the request. */
      isAttached: z.boolean().default(false),
    }),
  ])
  .openapi('PaperActionRequest');
export const actionAnswer = z
  .object({ kind: z.enum(['recorded', 'already']), message: z.string() })
  .openapi('ActionAnswer');
export type ActionAnswer = z.infer<typeof actionAnswer>;

const workplaceRow = z
  .object({ symbol: z.string(), name: z.string(), branchCode: z.string(), branchName: z.string(), pieces: z.int() })
  .openapi('WorkplaceRow');
export const workplaceList = listOf(workplaceRow).openapi('WorkplaceList');
export type WorkplaceList = z.infer<typeof workplaceList>;

export const workplacePage = z
  .object({
    symbol: z.string(),
    name: z.string(),
    branchName: z.string(),
    postalCode: z.string(),
    address: z.string(),
    employerName: z.string(),
    phone: z.string(),
    pieces: z.array(
      z.object({
        mailpieceNumber: z.string(),
        issuanceId: z.int(),
        number: z.string(),
        certificateCount: z.int(),
        names: z.array(z.string()),
        state: z.string(),
        stateLabel: z.string(),
        canHandOver: z.boolean(),
      }),
    ),
    /** Of all its pieces, not of this page. */
    counts: z.array(z.object({ state: z.string(), label: z.string(), count: z.int() })),
    /** Issuances of which its 送付予定対象者一覧表 can be had. */
    lists: z.array(z.object({ issuanceId: z.int(), title: z.string() })),
    next: z.string().nullable(),
    asOf: z.iso.datetime(),
  })
  .openapi('WorkplacePage');
export type WorkplacePage = z.infer<typeof workplacePage>;

const packageRow = z
  .object({
    folder: z.string(),
    issuanceId: z.int(),
    madeAt: z.string(),
    pieces: z.int(),
    certificates: z.int(),
    notices: z.int(),
    requestForms: z.int(),
    parcels: z.int(),
    pages: z.int(),
    encrypted: z.boolean(),
    files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
  })
  .openapi('PackageRow');
export const packageList = z.object({ items: z.array(packageRow), asOf: z.iso.datetime() }).openapi('PackageList');
export type PackageList = z.infer<typeof packageList>;

export const pullList = z
  .object({
    items: z.array(
      z.object({
        issuanceId: z.int(),
        mailpieceNumber: z.string(),
        /** Null = a notice: its whole envelope. */
        certificateNumber: z.string().nullable(),
        /** Place in the envelope, from 1. */
        position: z.int(),
        file: z.string(),
        page: z.int(),
      }),
    ),
    asOf: z.iso.datetime(),
  })
  .openapi('PullList');
export type PullList = z.infer<typeof pullList>;

export const withdrawalList = z
  .object({
    items: z.array(
      z.object({
        key: z.string(),
        certificateNumber: z.string(),
        issuanceId: z.int(),
        code: z.enum(STAFF_CODES),
        codeLabel: z.string(),
        term: z.string().describe('後の発行でいつまで効くか'),
        lostOn: localDate.nullable(),
        withdrawnOn: localDate,
        days: z.int().describe('引き抜いてからの日数'),
        reason: z.string(),
      }),
    ),
    counts: z.array(z.object({ code: z.enum(STAFF_CODES), label: z.string(), count: z.int() })),
    next: z.string().nullable(),
    asOf: z.iso.datetime(),
  })
  .openapi('WithdrawalList');
export type WithdrawalList = z.infer<typeof withdrawalList>;
export const liftRequest = z
  .object({ key: z.string().min(5).max(30).describe('記号-番号-枝番'), reason: reasonText })
  .openapi('LiftRequest');

export const resultsAnswer = z
  .object({
    recorded: z.int(),
    already: z.int(),
    refused: z.array(
      z.object({
        line: z.int(),
        why: z.string(),
        canOverride: z.boolean().describe('名前のある人が許せば記録できる'),
      }),
    ),
  })
  .openapi('ResultsAnswer');
export type ResultsAnswer = z.infer<typeof resultsAnswer>;

export const auditList = listOf(
  z.object({
    seq: z.int(),
    at: z.string(),
    actor: z.string(),
    subject: z.string(),
    paperNumber: z.string(),
    event: z.string(),
    label: z.string(),
    fromLabel: z.string(),
    toLabel: z.string(),
    reason: z.string(),
    source: z.string(),
  }),
).openapi('AuditList');
export type AuditList = z.infer<typeof auditList>;

export const accessRecordList = listOf(
  z.object({ id: z.int(), at: z.string(), actor: z.string(), what: z.string(), subject: z.string() }),
).openapi('LookList');
export type AccessRecordList = z.infer<typeof accessRecordList>;

/** Which entries of the journal; days are Japan's, both inclusive. */
export const journalQuery = z.object({
  operation: z.string().max(40).default(''),
  actor: z.string().max(64).default(''),
  from: localDate.optional(),
  to: localDate.optional(),
});

export const journalList = listOf(
  z.object({
    id: z.int(),
    at: z.string(),
    actor: z.string(),
    operation: z.string(),
    operationLabel: z.string(),
    /** Null = of the insurer: imports, users, files. */
    issuanceId: z.int().nullable(),
    /** What was counted or named, in words. */
    counts: z.array(z.object({ label: z.string(), value: z.union([z.number(), z.string()]) })),
  }),
).openapi('JournalList');
export type JournalList = z.infer<typeof journalList>;

export const piecePage = z
  .object({
    mailpieceNumber: z.string(),
    kind: z.enum(['certificate', 'notice']),
    issuanceId: z.int(),
    issuanceTitle: z.string(),
    issuedOn: localDate,
    /** 記号-番号 */
    household: z.string(),
    route: z.enum(['home', 'workplace']),
    addressee: z.string(),
    /** 世帯の何通のうちの何通目 */
    sequence: z.int(),
    sequenceCount: z.int(),
    state: z.string(),
    stateLabel: z.string(),
    papers: z.array(
      z.object({
        /** null = お知らせ */
        certificateNumber: z.string().nullable(),
        key: z.string(),
        name: z.string(),
        state: z.string().nullable(),
        stateLabel: z.string(),
      }),
    ),
    actions: z.array(action),
    /** 作り直しのもとの郵便物 */
    madeOf: z.array(z.string()),
    /** この郵便物を作り直した郵便物 */
    madeAgain: z.array(z.string()),
    events: z.array(event),
    asOf: z.iso.datetime(),
  })
  .openapi('PiecePage');
export type PiecePage = z.infer<typeof piecePage>;
