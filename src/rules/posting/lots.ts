// Room: rules. A lot: the pieces of one wave (of a whole issuance where there are no waves), printed, enclosed and posted
// together. Each step is released by two different persons, and it closes when nothing of it is missing (H1).
import { foldName } from '../words/folding.ts';
import type { LocalDate } from '../words/local-date.ts';
import { formatCount } from '../words/counts.ts';

/** What two persons confirm, in this order: the contractor may print; may post; everything has gone. */
export type LotStep = 'print' | 'post' | 'close';

export const LOT_STEPS: readonly LotStep[] = ['print', 'post', 'close'];

export const LOT_STEP_LABELS = {
  print: '印刷の承認',
  post: '発送の承認',
  close: '締め',
} as const satisfies Record<LotStep, string>;

/** Persons a step needs. */
export const CONFIRMERS = 2;

/** Pieces of a lot, counted from the rows. */
export interface LotCounts {
  readonly extracted: number;
  /** Stopped by print, with staff. */
  readonly held: number;
  /** Spoiled ones that are not made again included. */
  readonly withdrawn: number;
  /** Spoiled at the contractor's; each is made again as another piece of another issuance. */
  readonly spoiled: number;
  /** Spoiled and made again. */
  readonly remade: number;
  /** On paper, neither withdrawn nor spoiled. */
  readonly printed: number;
  readonly enclosed: number;
  readonly posted: number;
}

/** One equation of a lot. `difference` = left − right. */
export interface LotBalance {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly difference: number;
}

/** extracted = held + withdrawn + spoiled + printed, spoiled = remade, printed = enclosed = posted. */
export function lotBalances(counts: LotCounts): LotBalance[] {
  const { extracted, held, withdrawn, spoiled, remade, printed, enclosed, posted } = counts;
  const rows: [string, number, number][] = [
    ['抽出 = 確認待ち + 引き抜き + 損傷 + 印刷', extracted, held + withdrawn + spoiled + printed],
    ['損傷 = 作り直し', spoiled, remade],
    ['印刷 = 封入', printed, enclosed],
    ['封入 = 発送', enclosed, posted],
  ];
  return rows.map(([name, left, right]) => ({ name, left, right, difference: left - right }));
}

/** What a person must be asked about before a name counts. */
export interface Confirmation {
  readonly step: LotStep;
  readonly person: string;
  /** What was approved: one hash over the lot's print files; null or absent = an earlier release noted none. */
  readonly filesSha256?: string | null;
  /** Of a release for post: who lets the lot go in which not all that was printed is enclosed; null or absent = nobody. */
  readonly overrideBy?: string | null;
}

export interface LotFacts {
  /** Those that stand: what was taken back is not among them. */
  readonly confirmations: readonly Confirmation[];
  readonly counts: LotCounts;
  /** Batches whose print files are not made yet. */
  readonly unprintedBatches: number;
  readonly isClosed: boolean;
}

/** Key under which two spellings of one person's name are one person. */
export function personKey(name: string): string {
  return foldName(name);
}

/** Both persons have confirmed a step. */
export function isApproved(confirmations: readonly Confirmation[], step: LotStep): boolean {
  return personsOf(confirmations, step).size >= CONFIRMERS;
}

/** Whether what was confirmed of a step was confirmed of these print files. Others were never approved. */
export function isOfTheseFiles(confirmations: readonly Confirmation[], step: LotStep, filesSha256: string): boolean {
  return confirmations
    .filter((c) => c.step === step)
    .every((c) => (c.filesSha256 ?? null) === null || c.filesSha256 === filesSha256);
}

function personsOf(confirmations: readonly Confirmation[], step: LotStep): Set<string> {
  return new Set(confirmations.filter((c) => c.step === step).map((c) => personKey(c.person)));
}

/** Whether one may confirm a step; a refusal's text is Japanese. */
export type ConfirmationDecision =
  | { readonly kind: 'confirm' | 'already' }
  | {
      readonly kind: 'refused';
      readonly why: string;
      /** A named person may let it be confirmed all the same, with a reason. */
      readonly canOverride?: true;
    };

/**
 * May this person confirm this step now? A lot is released for post when all that was printed of it is enclosed, what was pulled
 * out left out; `isOverridden`: somebody answers by name for a lot of which that is not so.
 */
export function decideConfirmation(
  lot: LotFacts,
  step: LotStep,
  person: string,
  isOverridden = false,
): ConfirmationDecision {
  const refused = (why: string) => ({ kind: 'refused', why }) as const;
  if (personKey(person) === '') return refused('確認する人の氏名がありません');
  const persons = personsOf(lot.confirmations, step);
  if (persons.has(personKey(person))) {
    return persons.size >= CONFIRMERS
      ? { kind: 'already' }
      : refused(`${person} は「${LOT_STEP_LABELS[step]}」を確認済みです。もう一人は別の人にしてください`);
  }
  if (persons.size >= CONFIRMERS) return refused(`「${LOT_STEP_LABELS[step]}」は二人の確認が済んでいます`);
  if (lot.isClosed) return refused('このロットは締め済みです');
  if (lot.unprintedBatches > 0) return refused(`印刷ファイルのできていない印刷単位が ${lot.unprintedBatches} あります`);
  const before = LOT_STEPS[LOT_STEPS.indexOf(step) - 1];
  if (before !== undefined && !isApproved(lot.confirmations, before))
    return refused(`先に「${LOT_STEP_LABELS[before]}」を二人で確認してください`);
  const { printed, enclosed } = lot.counts;
  if (step === 'post' && printed !== enclosed && !isOverridden && !isReleasedByName(lot.confirmations))
    return {
      kind: 'refused',
      why: `印刷 = 封入 がそろっていません（引き抜きを除く印刷 ${formatCount(printed)}通、封入 ${formatCount(enclosed)}通）`,
      canOverride: true,
    };
  if (step === 'close') {
    const off = lotBalances(lot.counts).filter((b) => b.difference !== 0);
    if (off.length > 0)
      return refused(`合いません: ${off.map((b) => `${b.name}（${b.left} / ${b.right}）`).join('、')}`);
  }
  return { kind: 'confirm' };
}

/** Whether the first of the two has let the lot go by name: the second confirms the same. */
function isReleasedByName(confirmations: readonly Confirmation[]): boolean {
  return confirmations.some(({ step, overrideBy }) => step === 'post' && (overrideBy ?? null) !== null);
}

/** Steps whose confirmations can be taken back. */
export type RevocableStep = Exclude<LotStep, 'close'>;

/** Why the confirmations of a step cannot be taken back now, or null: they can, until something of the lot is posted. */
export function takeBackRefusal(
  lot: Pick<LotFacts, 'confirmations' | 'isClosed'> & { readonly postedCount: number },
  step: RevocableStep,
): string | null {
  if (personsOf(lot.confirmations, step).size === 0) return `「${LOT_STEP_LABELS[step]}」はまだ確認されていません`;
  if (lot.isClosed || lot.postedCount > 0)
    return `郵便物 ${formatCount(lot.postedCount)}通を発送済みのため、取り消せません`;
  if (step === 'print' && personsOf(lot.confirmations, 'post').size > 0)
    return `先に「${LOT_STEP_LABELS.post}」の確認を取り消してください`;
  return null;
}

/** When a lot's pieces may be posted. */
export interface PostingTerms {
  readonly isApproved: boolean;
  readonly postFrom: LocalDate | null;
  readonly postThrough: LocalDate | null;
  /** Of a piece that goes to a workplace: its parcel is not closed. */
  readonly liesInOpenParcel: boolean;
}

/** Why a piece may not be posted on a day without a named override, or null. `on` null = the day is not said. */
export function postingRefusal(terms: PostingTerms, on: LocalDate | null): string | null {
  if (!terms.isApproved) return '発送の承認（二人の確認）が済んでいません';
  if (terms.liesInOpenParcel) return '事業所への梱包が閉じられていません';
  if (on === null) return null;
  if (terms.postFrom !== null && on < terms.postFrom) return `発送の開始日（${terms.postFrom}）より前です`;
  if (terms.postThrough !== null && on > terms.postThrough) return `発送の期限（${terms.postThrough}）を過ぎています`;
  return null;
}
