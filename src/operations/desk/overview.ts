// Room: operations. What needs somebody today, where an issuance stands: counted, never guessed.
import { countOpenProposals } from '../../ledger/intake/import-proposals.ts';
import { listJobs } from '../../ledger/desk/jobs.ts';
import type { Job } from '../../ledger/desk/jobs.ts';
import { countReasonsQuickly } from '../../ledger/desk/summaries.ts';
import { countDestroyedAfterPosting, countStatesQuickly } from '../../ledger/papers/states.ts';
import type { AnyReason } from '../../rules/issuing/reasons.ts';
import { countWorkplacePieces, findOverview, listIssuances } from '../../ledger/desk/overview.ts';
import type { IssuanceOverview } from '../../ledger/desk/overview.ts';
import { countDecidedOf, listDecided } from '../../ledger/desk/decision-lists.ts';
import type { DecidedFilter, DecidedRow } from '../../ledger/desk/decision-lists.ts';
import { listHandedLots } from '../../ledger/posting/job-files.ts';
import { listConfirmations } from '../../ledger/posting/lots.ts';
import { countHeld, listRecallsOf } from '../../ledger/desk/papers.ts';
import { countPiecesByState } from '../../ledger/desk/piece-lists.ts';
import { countOpenReissues } from '../../ledger/life/reissues.ts';
import type { PaperState, PaperSubject } from '../../rules/papers/lifecycle.ts';
import { issuanceSteps } from '../../rules/desk/steps.ts';
import type { IssuanceStep } from '../../rules/desk/steps.ts';
import { isApproved } from '../../rules/posting/lots.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { findIssuance } from '../../ledger/papers/issuances.ts';
import { countRun } from '../../ledger/papers/plans.ts';
import type { RunCounts } from '../../ledger/papers/plans.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { findPlan, listRunsOf } from '../issuing/plan.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';

/** A queue of work: how much, since when, and which list it opens. */
export interface Queue {
  readonly id:
    | 'held'
    | 'released'
    | 'returned'
    | 'spoiled'
    | 'not-handed-over'
    | 'left-workplace'
    | 'withdrawn'
    | 'posted'
    | 'recall'
    | 'reissue'
    | 'import';
  readonly label: string;
  readonly count: number;
  readonly unit: string;
  /** ISO instant of the oldest, or null. */
  readonly oldest: string | null;
}

const QUEUES = [
  ['released', '確認済みの郵便物を作り直す'],
  ['returned', '不着の行き先を決める'],
  ['spoiled', '損傷した郵便物を刷り直す'],
  ['not-handed-over', '手渡しできなかった郵便物を確かめる'],
  ['left-workplace', '退職した方への自宅送付を作る'],
  ['withdrawn', '引き抜いた郵便物の廃棄を待つ'],
] as const satisfies readonly (readonly [Queue['id'] & PaperState, string])[];

export interface Today {
  readonly queues: readonly Queue[];
  readonly jobs: readonly Job[];
  readonly newest: IssuanceOverview | null;
  /** ISO instant. */
  readonly asOf: string;
}

/** What needs somebody now. A queue with nothing in it is not shown; that there is none is. */
export async function getToday(context: Context, insurerNumber: string, at: Date): Promise<Today> {
  return context.database.read(async (tx) => {
    const queued = QUEUES.map(([id]) => id);
    const [counted, heldByReason, reissues, imports, latest, [newest]] = await Promise.all([
      countPiecesByState(tx, insurerNumber, queued),
      countHeld(tx, insurerNumber),
      countOpenReissues(tx, insurerNumber),
      countOpenProposals(tx, insurerNumber),
      listJobs(tx, insurerNumber, 20),
      listIssuances(tx, insurerNumber, 10_000, 1),
    ]);
    const states = new Map(counted.map((row) => [row.state, row]));
    const held = heldByReason.reduce((sum, row) => sum + row.count, 0);
    const queues: Queue[] = [
      { id: 'import', label: '取り込む前に確かめる', unit: '件', ...imports },
      { id: 'held', label: '文字・住所を確かめる', count: held, unit: '通', oldest: null },
      ...QUEUES.map(([id, label]): Queue => {
        const row = states.get(id);
        return { id, label, count: row?.count ?? 0, unit: '通', oldest: row?.oldest ?? null };
      }),
      { id: 'reissue', label: '再交付を作る', unit: '件', ...reissues },
    ];
    const jobs = latest.filter((job) => job.endedAt === null || job.state === 'failed');
    return { queues: queues.filter((q) => q.count > 0), jobs, newest: newest ?? null, asOf: at.toISOString() };
  });
}

/** What needs an employer: envelopes to hand over, certificates to collect. Behind the employer's own wall. */
export async function getTodayOfWorkplace(
  context: Context,
  insurerNumber: string,
  symbol: string,
  at: Date,
): Promise<Today> {
  return context.database.read(async (tx) => {
    const [pieces, recalls] = await Promise.all([
      countWorkplacePieces(tx, insurerNumber, symbol),
      listRecallsOf(tx, insurerNumber, symbol),
    ]);
    const posted = pieces.find(({ state }) => state === 'posted')?.count ?? 0;
    const since = recalls.map((recall) => recall.since).toSorted((a, b) => a.localeCompare(b));
    const queues: Queue[] = [
      { id: 'posted', label: '届いた封筒を本人に渡す', count: posted, unit: '通', oldest: null },
      { id: 'recall', label: '資格確認書を集めて返す', count: recalls.length, unit: '枚', oldest: since[0] ?? null },
    ];
    return { queues: queues.filter((q) => q.count > 0), jobs: [], newest: null, asOf: at.toISOString() };
  });
}

export interface IssuancePage {
  readonly overview: IssuanceOverview;
  readonly issuance: Issuance;
  readonly reasons: readonly { readonly isTarget: boolean; readonly reason: AnyReason; readonly count: number }[];
  readonly states: readonly { readonly subject: PaperSubject; readonly state: PaperState; readonly count: number }[];
  /** Mailpieces destroyed after they had been posted. */
  readonly destroyedAfterPosting: number;
  /** Lots in their order: whether two persons have released each, and whether it was handed to the contractor. */
  readonly lots: readonly {
    readonly no: number;
    readonly name: string;
    readonly isPrintApproved: boolean;
    readonly isPostingApproved: boolean;
    readonly isHandedOver: boolean;
  }[];
}

/** Where one issuance stands: counts, each of which has a list. */
export async function getIssuancePage(context: Context, insurerNumber: string, id: number): Promise<IssuancePage> {
  return context.database.read(async (tx) => {
    const [overview, issuance, { counts }, states, lots, handed, destroyedAfterPosting] = await Promise.all([
      findOverview(tx, insurerNumber, id),
      findIssuance<Issuance>(tx, insurerNumber, id),
      countReasonsQuickly(tx, id),
      countStatesQuickly(tx, id),
      listConfirmations(tx, id),
      listHandedLots(tx, insurerNumber, id),
      countDestroyedAfterPosting(tx, id),
    ]);
    if (!overview || !issuance) throw new Refusal('issuance-unknown', `第${id}号の発行はありません。`);
    return {
      overview,
      issuance,
      reasons: counts,
      states,
      destroyedAfterPosting,
      lots: lots.map(({ no, name, confirmations }) => ({
        no,
        name,
        isPrintApproved: isApproved(confirmations, 'print'),
        isPostingApproved: isApproved(confirmations, 'post'),
        isHandedOver: handed.some(({ lotNo }) => lotNo === no),
      })),
    };
  });
}

/** The steps of an issuance for its page. `jobs`: of this issuance, newest first. */
export function stepsOf(
  page: IssuancePage,
  jobs: readonly Pick<Job, 'kind' | 'state'>[],
  limit: number | null,
): IssuanceStep[] {
  const pieces = page.states.filter((row) => row.subject === 'mailpiece');
  const newest = new Map(jobs.toReversed().map((job) => [job.kind, job.state]));
  return issuanceSteps({
    ...page.overview,
    limit,
    states: Object.fromEntries(pieces.map((row) => [row.state, row.count])),
    destroyedAfterPosting: page.destroyedAfterPosting,
    lots: page.lots,
    running: jobs.filter((job) => job.state === 'waiting' || job.state === 'running').map((job) => job.kind),
    failed: [...newest].flatMap(([kind, state]) => (state === 'failed' ? [kind] : [])),
  });
}

export interface DecidedPage {
  readonly items: readonly DecidedRow[];
  readonly next: PersonKey | null;
  /** Null where counting would read everybody: of a branch whose figures are not there yet. */
  readonly total: number | null;
  readonly reasons: IssuancePage['reasons'];
}

/** Members of an issuance by what was decided about them, in key order. */
export async function listDecidedMembers(
  context: Context,
  issuance: Issuance,
  filter: DecidedFilter,
  after: PersonKey | null,
  limit: number,
): Promise<DecidedPage> {
  return context.database.read(async (tx) => {
    const { symbol, branchCode, isTarget, reason } = filter;
    const [rows, { counts, isOfBranch }, ofWorkplace] = await Promise.all([
      listDecided(tx, issuance, filter, after, limit + 1),
      countReasonsQuickly(tx, issuance.id, branchCode),
      symbol === null ? null : countDecidedOf(tx, issuance.id, { ...filter, symbol }),
    ]);
    const items = rows.slice(0, limit);
    const matching = counts.filter(
      (row) => (isTarget === null || row.isTarget === isTarget) && (reason === null || row.reason === reason),
    );
    const matchingCount = (): number | null =>
      ofWorkplace ?? (branchCode === null || isOfBranch ? matching.reduce((sum, row) => sum + row.count, 0) : null);
    // A workplace of another branch than the one asked for: its people match in number, and none is here.
    const total = rows.length === 0 && after === null ? 0 : matchingCount();
    return { items, next: rows.length > limit ? (items.at(-1) ?? null) : null, total, reasons: counts };
  });
}

/** The same without counts, for a file of all pages. */
export async function readDecidedMembers(
  context: Context,
  issuance: Issuance,
  filter: DecidedFilter,
  after: PersonKey | null,
  limit: number,
): Promise<Pick<DecidedPage, 'items' | 'next'>> {
  const rows = await context.database.read((tx) => listDecided(tx, issuance, filter, after, limit + 1));
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1) ?? null) : null };
}

export async function listIssuancePages(
  context: Context,
  insurerNumber: string,
  before: number,
  limit: number,
): Promise<IssuanceOverview[]> {
  return context.database.read((tx) => listIssuances(tx, insurerNumber, before, limit));
}

/** What was begun first of a plan of the profile, and how far it is; null = nothing, or a plan that is made once a day. */
export async function findMade(
  context: Context,
  profile: InsurerProfile,
  planId: string,
): Promise<(RunCounts & { readonly issuanceId: number; readonly issuedOn: LocalDate }) | null> {
  const plan = findPlan(profile, planId, { asOf: null, issuedOn: null });
  if (!plan?.hasItsDay) return null;
  return context.database.transaction(async (tx) => {
    const [first] = await listRunsOf<Issuance>(tx, profile, plan);
    return first ? { issuanceId: first.id, issuedOn: first.issuedOn, ...(await countRun(tx, first.id)) } : null;
  });
}
