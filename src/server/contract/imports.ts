// Room: server, contract. Files brought in: what is in use, what was proposed, what taking it in would do.
import { z } from '@hono/zod-openapi';
import { localDate, reasonText } from './common.ts';
import { job } from './work.ts';

export const fileKind = z.enum(['members', 'workplaces', 'enrolment', 'ratios']);
export type FileKind = z.infer<typeof fileKind>;
/** Whole files, and filings, which are added to those taken in before. */
const importKind = z.enum([...fileKind.options, 'filings']);
export type ImportKind = z.infer<typeof importKind>;

export const takenFiles = z
  .object({
    items: z.array(
      z.object({
        id: z.int().describe('取込番号'),
        kind: fileKind,
        fileName: z.string(),
        rowCount: z.int(),
        asOf: localDate.nullable(),
        importedAt: z.string(),
        importedBy: z.string(),
        isInUse: z.boolean(),
        isErased: z.boolean().describe('保存期間が過ぎて消去した'),
      }),
    ),
    asOf: z.iso.datetime(),
  })
  .openapi('TakenFiles');
export type TakenFiles = z.infer<typeof takenFiles>;

export const reasonRequest = z.object({ reason: reasonText }).openapi('ReasonRequest');

export const upload = z
  .object({
    upload: z.uuid().describe('送ったファイルの番号。取込案に使う'),
    fileName: z.string(),
    kind: importKind.nullable().describe('見出しでわかった種類。filings = 届書、null = わからない'),
  })
  .openapi('Upload');
export type Upload = z.infer<typeof upload>;

export const importRequest = z
  .object({
    files: z
      .array(
        z.object({
          upload: z.uuid(),
          kind: importKind,
          asOf: localDate.nullable().default(null).describe('マイナ保険証の登録状況の基準日'),
          rows: z.int().min(0).max(100_000_000).nullable().default(null).describe('件数。違えば二人の確認が要る'),
        }),
      )
      .min(1)
      .max(5),
    skipInvalid: z.boolean().default(false).describe('誤りのある行を除く'),
  })
  .openapi('ImportRequest');
export type ImportRequest = z.input<typeof importRequest>;

const rows = z.array(z.object({ key: z.string(), name: z.string(), columns: z.array(z.string()) }));
const counts = z.object({ total: z.int(), without: z.int() });

const reportedFile = z.object({
  kind: fileKind,
  fileName: z.string(),
  asOf: localDate.nullable(),
  rowCount: z.int(),
  rejectedCount: z.int(),
  notes: z.array(z.string()),
  unknownColumns: z.array(z.string()),
  before: z.object({ id: z.int(), fileName: z.string(), rowCount: z.int() }).nullable(),
  change: z
    .object({
      come: z.int(),
      gone: z.int(),
      changed: z.int(),
      goneWithPaper: z.int().describe('なくなる人のうち、資格確認書が手元にある人'),
      columns: z.array(z.object({ column: z.string(), count: z.int() })),
      first: z.object({ come: rows, gone: rows, changed: rows, 'gone-with-paper': rows }),
    })
    .nullable(),
  suspects: z.object({
    total: z.int(),
    first: z.array(z.object({ line: z.int(), column: z.string(), what: z.string() })),
  }),
  stops: z
    .array(
      z.object({
        code: z.enum(['file-rows-differ', 'file-cut', 'file-shrank', 'file-precedes', 'keys-respelled']),
        message: z.string(),
      }),
    )
    .describe('別の二人が理由を書いて確定しなければ取り込めないわけ'),
  fault: z
    .object({ code: z.string(), message: z.string(), details: z.array(z.string()) })
    .nullable()
    .describe('このままでは取り込めないわけ'),
  known: z.object({ id: z.int(), isInUse: z.boolean() }).nullable().describe('前に取り込んだ同じファイル'),
});

const importReport = z.object({
  files: z.array(reportedFile),
  filings: z
    .object({
      fileName: z.string(),
      recorded: z.int().describe('新しい届出'),
      already: z.int().describe('取込済みの届出'),
      late: z.int().describe('5日を過ぎて届いた喪失'),
      demanded: z.int().describe('回収する資格確認書'),
      withdrawn: z.int().describe('引き抜く資格確認書'),
      givenBack: z.int().describe('届書に添付された資格確認書'),
      unrecoverable: z.int().describe('回収できない資格確認書'),
      refused: z.object({ total: z.int(), first: z.array(z.object({ line: z.int(), why: z.string() })) }),
      fault: z.string().nullable(),
    })
    .nullable()
    .describe('届書。null = ない'),
  joins: z
    .object({
      members: counts,
      enrolment: counts,
      workplaces: counts,
      fittedRows: z.int(),
      fittedWorkplaces: z.int(),
      stops: z.array(z.enum(['enrolment-does-not-join', 'workplaces-missing'])),
      cause: z.string().nullable(),
    })
    .nullable()
    .describe('使っているほかのファイルと合わせたとき。null = そろっていない'),
});

const proposalBase = z.object({
  id: z.int(),
  state: z.enum(['checking', 'open', 'taking-in', 'taken-in', 'rejected', 'unchanged']),
  version: z.int().describe('調べた回数。確定するときに、見た回を添える'),
  files: z.array(
    z.object({ kind: importKind, fileName: z.string(), asOf: localDate.nullable(), rows: z.int().nullable() }),
  ),
  persons: z.int().nullable().describe('確定に要る人数。null = 調べていない'),
  createdBy: z.string(),
  createdAt: z.string(),
  endedBy: z.string().nullable(),
  endedAt: z.string().nullable(),
  endReason: z.string().nullable(),
});

export const importList = z.object({ items: z.array(proposalBase), asOf: z.iso.datetime() }).openapi('ImportList');
export type ImportList = z.infer<typeof importList>;

export const importPage = proposalBase
  .extend({
    skipInvalid: z.boolean(),
    needsReason: z.boolean(),
    isFaulty: z.boolean().describe('取り込めないファイルがある'),
    isOvertaken: z.boolean().describe('調べたあとで、使っているファイルが替わった'),
    report: importReport.nullable(),
    confirmations: z.array(
      z.object({ person: z.string(), reason: z.string().nullable(), at: z.string(), isMine: z.boolean() }),
    ),
    job: job.nullable().describe('いちばん新しい処理'),
    asOf: z.iso.datetime(),
  })
  .openapi('ImportPage');
export type ImportPage = z.infer<typeof importPage>;
export type ReportedFile = z.infer<typeof reportedFile>;
export type ImportReport = z.infer<typeof importReport>;

export const confirmRequest = z
  .object({ version: z.int().min(1), reason: reasonText.nullable().default(null) })
  .openapi('ConfirmRequest');
export const rejectRequest = z.object({ reason: reasonText.nullable().default(null) }).openapi('RejectRequest');

export const rowErrors = z
  .object({
    total: z.int(),
    rows: z.array(z.object({ line: z.int(), column: z.string(), code: z.string(), message: z.string() })),
  })
  .openapi('RowErrors');
export type RowErrors = z.infer<typeof rowErrors>;

export const rowFixes = z
  .object({
    fixes: z
      .array(z.object({ line: z.int().min(2), column: z.string().min(1).max(60), value: z.string().max(500) }))
      .min(1)
      .max(500),
  })
  .openapi('RowFixes');
