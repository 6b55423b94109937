// Room: server, contract. Today's queues, issuances, jobs, figures.
import { z } from '@hono/zod-openapi';
import { localDate, reasonText } from './common.ts';
import { numbers } from './papers.ts';

export const job = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    label: z.string(),
    issuanceId: z.int().nullable(),
    /** Those it is of, or has made. */
    issuanceIds: z.array(z.int()),
    actor: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'stopped', 'failed']),
    stopAsked: z.boolean(),
    step: z.string(),
    done: z.int(),
    total: z.int(),
    unit: z.string(),
    message: z.string(),
    outcome: z.unknown(),
    canOverride: z.boolean().describe('断られたが、名前のある人が理由を書けば行える'),
    /** The person who let it be done though a rule refuses it. */
    override: z.object({ person: z.string(), reason: z.string() }).nullable(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .openapi('Job');
export type Job = z.infer<typeof job>;

export const overview = z
  .object({
    id: z.int(),
    kind: z.enum(['certificate', 'notice']),
    name: z.string(),
    /** The profile's name of it, or that of a remake. */
    title: z.string(),
    parentId: z.int().nullable(),
    remake: z.enum(['reroute', 'reprint', 'rehome', 'reissue', 'release', 'send-home']).nullable(),
    referenceOn: localDate,
    issuedOn: localDate,
    createdAt: z.string(),
    createdBy: z.string(),
    members: z.int(),
    decided: z.int(),
    targets: z.int(),
    enclosed: z.int(),
    certificates: z.int(),
    exits: z.int(),
    mailpieces: z.int(),
    batches: z.int(),
    printedBatches: z.int(),
    printed: z.int(),
    held: z.int(),
    stage: z
      .object({ word: z.string(), isWhole: z.boolean() })
      .describe('どこまで進んだか。isWhole = その段階は終わっている'),
  })
  .openapi('IssuanceOverview');
export type IssuanceOverview = z.infer<typeof overview>;

export const today = z
  .object({
    queues: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        count: z.int(),
        unit: z.string(),
        oldest: z.string().nullable(),
      }),
    ),
    jobs: z.array(job),
    newest: overview.nullable(),
    asOf: z.iso.datetime(),
  })
  .openapi('Today');
export type Today = z.infer<typeof today>;

const reasons = z.array(z.object({ isTarget: z.boolean(), reason: z.string(), label: z.string(), count: z.int() }));

export const issuancePage = z
  .object({
    overview,
    note: z.string().nullable().describe('プロファイルの規則がこの発行を始めた後に変わったとき、その一文'),
    reasons,
    states: z.array(z.object({ subject: z.string(), state: z.string(), label: z.string(), count: z.int() })),
    lots: z
      .array(
        z.object({
          no: z.int(),
          name: z.string(),
          isPrintApproved: z.boolean(),
          isPostingApproved: z.boolean(),
          isHandedOver: z.boolean(),
        }),
      )
      .describe('ロット：印刷・発送を二人が承認したか、委託業者へ引き渡したか'),
    steps: z
      .array(
        z.object({
          key: z.enum(['decide', 'enclose', 'print', 'release', 'package', 'post', 'return']),
          title: z.string(),
          state: z.enum(['waiting', 'ready', 'running', 'done', 'failed']),
          word: z.string(),
          counts: z.array(
            z.object({
              label: z.string(),
              count: z.int(),
              unit: z.enum(['人', '通', '枚', 'ロット']),
              of: z.int().nullable().describe('全体の数。null = 割合を言わない'),
            }),
          ),
          note: z.string(),
          offers: z.array(
            z.object({
              kind: z.enum(['enclose', 'print', 'package', 'reroute', 'reprint', 'rehome', 'release']),
              count: z.int(),
              isBegun: z.boolean().describe('途中まで済んでいる'),
            }),
          ),
        }),
      )
      .describe('発行の段階：状態と、今始められること'),
    cancellation: z
      .array(z.object({ person: z.string(), reason: z.string(), at: z.string() }))
      .describe('取りやめを求めた人。一人 = もう一人が確認すると取りやめになる、二人 = 取りやめた発行'),
    takesCardImages: z.boolean().describe('カード発行機で引く画像を作れる（カード型の資格確認書）'),
    balances: z
      .array(z.object({ name: z.string(), left: z.int(), right: z.int(), difference: z.int() }))
      .describe('空 = まだ突き合わせていない'),
    jobs: z.array(job),
    asOf: z.iso.datetime(),
  })
  .openapi('IssuancePage');
export type IssuancePage = z.infer<typeof issuancePage>;

export const issuancePlan = z
  .object({
    issuances: z.array(overview),
    next: z.string().nullable(),
    /** What the profile plans and can be begun. */
    plans: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.enum(['certificate', 'notice']),
        referenceOn: localDate.nullable().describe('基準日またはデータ抽出日。null = 始めるときに決める'),
        issuedOn: localDate.nullable().describe('交付または通知の年月日。null = 始めるときに決める'),
        takesRounds: z.boolean().describe('まだどの回にも入っていない人の回を足せる'),
        made: z
          .object({
            issuanceId: z.int(),
            issuedOn: localDate,
            targets: z.int(),
            papers: z.int().describe('資格確認書またはお知らせ'),
            mailpieces: z.int(),
            posted: z.int(),
          })
          .nullable()
          .describe('この計画で始めてある最初の発行。null = まだない（日ごとに行うお知らせは、いつも null）'),
      }),
    ),
    asOf: z.iso.datetime(),
  })
  .openapi('IssuanceList');
export type IssuanceList = z.infer<typeof issuancePlan>;

const oneJobRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('decide'),
    issuance: z.string().max(60),
    issuedOn: localDate.nullable().default(null),
    extractedOn: localDate
      .nullable()
      .default(null)
      .describe('お知らせのデータ抽出日（プロファイルが決めていないとき）'),
    add: z.boolean().default(false).describe('発行済みの計画に、まだどの回にも入っていない人だけの回を足す'),
  }),
  z.object({ kind: z.literal('enclose'), issuanceId: z.int().min(1) }),
  z.object({ kind: z.literal('print'), issuanceId: z.int().min(1) }),
  z.object({ kind: z.literal('verify'), issuanceId: z.int().min(1) }),
  z.object({ kind: z.literal('reroute'), issuanceId: z.int().min(1), issuedOn: localDate }),
  z.object({ kind: z.literal('reprint'), issuanceId: z.int().min(1), issuedOn: localDate }),
  z.object({ kind: z.literal('rehome'), issuanceId: z.int().min(1), issuedOn: localDate }),
  z.object({ kind: z.literal('release'), issuanceId: z.int().min(1), issuedOn: localDate }),
  z.object({ kind: z.literal('reissue'), issuedOn: localDate }),
  z.object({ kind: z.literal('recall-list'), on: localDate }),
]);

export const jobRequest = z
  // Chosen pieces first: a request that names pieces never means the whole issuance.
  .union([z.object({ kind: z.literal('reroute'), numbers, issuedOn: localDate }), oneJobRequest])
  .openapi('JobRequest');

export const overrideRequest = z.object({ reason: reasonText }).openapi('OverrideRequest');

export const cancelRequest = z.object({ reason: reasonText }).openapi('CancelRequest');
export const cancelled = z
  .object({
    kind: z.enum(['asked', 'cancelled', 'already']).describe('asked = 別の人がもう一度行うと取りやめになる'),
    persons: z.array(z.object({ person: z.string(), reason: z.string(), at: z.string() })),
    papers: z.int().describe('引き抜いた資格確認書またはお知らせ'),
    pieces: z.int().describe('引き抜いた郵便物'),
  })
  .openapi('Cancelled');
export type Cancelled = z.infer<typeof cancelled>;

export const cancellationTakenBack = z
  .object({ of: z.string().describe('取りやめを求めていた人') })
  .openapi('CancellationTakenBack');
export type CancellationTakenBack = z.infer<typeof cancellationTakenBack>;

export const news = z
  .object({
    findings: z.array(z.object({ finding: z.string(), label: z.string(), count: z.int(), isPulled: z.boolean() })),
    doubtful: z
      .object({ fileName: z.string(), people: z.int(), absent: z.int() })
      .nullable()
      .describe('いない人が多すぎるため、何もしないファイル'),
    asOf: z.iso.datetime(),
  })
  .openapi('News');
export type News = z.infer<typeof news>;

export const packageRequest = z
  .object({
    issuanceId: z.int().min(1),
    recipient: z
      .string()
      .regex(/^age1[a-z0-9]{20,}$/, 'age1 で始まる公開鍵')
      .nullable()
      .default(null),
    lotNo: z.int().min(1).nullable().default(null).describe('ロット。null = すべて'),
    cardImages: z
      .enum(['qr', 'faces'])
      .nullable()
      .default(null)
      .describe('カード発行機で引く画像: QRコードだけ、または券面のおもて・うらも。カード型の資格確認書だけに作れる'),
  })
  .openapi('PackageRequest');
export type PackageRequest = z.infer<typeof packageRequest>;

const enrolmentFigure = z.object({
  asOf: localDate,
  people: z.int(),
  registered: z.int().nullable().describe('null = 10人未満の数、または出すとそれが分かる数'),
});

export const figures = z
  .object({
    issuance: z.object({ id: z.int(), name: z.string(), title: z.string(), members: z.int() }).nullable(),
    groups: z.array(
      z.object({
        group: z.string(),
        name: z.string(),
        people: z.int(),
        hidden: z.enum(['few', 'cover']).nullable().describe('null でないときは、理由ごとの数を出さない'),
        reasons,
        enrolment: z.array(enrolmentFigure),
      }),
    ),
    /** The whole insurer has no next page; workplaces come page by page. */
    next: z.string().nullable(),
    hasBranches: z.boolean(),
    enrolment: z.array(enrolmentFigure.extend({ linked: z.int().nullable() })),
    rounding: z.string(),
    asOf: z.iso.datetime(),
  })
  .openapi('Figures');
export type Figures = z.infer<typeof figures>;
