// Room: rules. Which pieces are made again, and for whom of those inside: who is a member still and whose paper is wanted.
import { isCoveredOn } from '../intake/eligibility.ts';
import { whyNotThroughEmployer } from '../intake/passage.ts';
import type { PassageFacts } from '../intake/passage.ts';
import { REPLACEABLE, nextStepOfLeft, nextStepOfReturn } from '../papers/lifecycle.ts';
import type { CertificateState, MailpieceState, PaperEvent, RemakeKind, ReturnReason } from '../papers/lifecycle.ts';
import type { LocalDate } from '../words/local-date.ts';

/** Remakes of whole pieces. 再交付 is of persons' certificates (`reissue.ts`). */
export type PieceRemakeKind = Exclude<RemakeKind, 'reissue'>;

/** Made for the first time on paper, after print had held them. */
export function isFirstPrint(kind: RemakeKind): kind is 'release' | 'send-home' {
  return kind === 'release' || kind === 'send-home';
}

/** Where a kind finds its pieces: their state, and the event that brought them there, of one reason where one is named. */
export interface RemakeSource {
  readonly state: MailpieceState;
  readonly event: PaperEvent;
  readonly reason: ReturnReason | null;
}

export const REMAKE_SOURCES = {
  reroute: [{ state: 'returned', event: 'return', reason: null }],
  // A spoiled piece is still to be made again when the contractor has destroyed it meanwhile.
  reprint: [
    { state: 'spoiled', event: 'spoil', reason: null },
    { state: 'destroyed', event: 'spoil', reason: null },
  ],
  // Persons who have left, as the workplace reports, or shows by sending the piece back.
  rehome: [
    { state: 'left-workplace', event: 'report-left', reason: null },
    { state: 'returned', event: 'return', reason: 'sent-back' },
  ],
  release: [{ state: 'released', event: 'release', reason: null }],
  'send-home': [{ state: 'released', event: 'send-home', reason: null }],
} as const satisfies Record<PieceRemakeKind, readonly RemakeSource[]>;

/** One person's paper in a piece, withdrawn ones left out. */
export interface PaperToRemake {
  readonly subNumber: string;
  /** Null = a notice, which has no state of its own. */
  readonly state: CertificateState | null;
  /** The person is in the newest member file. */
  readonly isMember: boolean;
  /** The first day without cover, after the newest file and the filings. */
  readonly lostOn: LocalDate | null;
}

/** The sub-numbers of a piece, in the order of their papers. */
export interface SortedPapers {
  /** Made again: covered, and the paper is wanted. */
  readonly remaining: readonly string[];
  /** Not covered on the day. */
  readonly lost: readonly string[];
  /** Covered, and the paper is not wanted any more: asked back, given back, or a newer one is out. */
  readonly notNeeded: readonly string[];
}

/** Parts the persons of a piece by what becomes of their papers in a remake of a day. */
export function sortPapers(papers: readonly PaperToRemake[], kind: PieceRemakeKind, on: LocalDate): SortedPapers {
  const sorted = Map.groupBy(papers, (paper) => {
    if (!paper.isMember || !isCoveredOn(paper.lostOn, on)) return 'lost';
    return isWanted(paper.state, kind) ? 'remaining' : 'notNeeded';
  });
  const of = (part: keyof SortedPapers): string[] => (sorted.get(part) ?? []).map((paper) => paper.subNumber);
  return { remaining: of('remaining'), lost: of('lost'), notNeeded: of('notNeeded') };
}

/**
 * Whether a paper is wanted again: spoiled before it was posted it is void; held before print it is only planned; brought back
 * by the post it is still the holder's. A notice is wanted as long as its person is a member.
 */
function isWanted(state: CertificateState | null, kind: PieceRemakeKind): boolean {
  if (state === null) return true;
  if (kind === 'reprint') return state === 'void';
  if (isFirstPrint(kind)) return state === 'made';
  return REPLACEABLE.includes(state);
}

/** Why a piece is not made again now. */
export type NotRemade = 'lost' | 'notNeeded' | 'same-address' | 'inquiry' | 'contact' | 'home' | 'workplace-unknown';

export interface RemakeFacts extends SortedPapers {
  readonly passage: PassageFacts;
  /** Of its last return, '' where it did not come back. */
  readonly returnReason: ReturnReason | '';
}

/** Why a piece is not made again by this kind, or null: nobody is left inside, or something else is done with it next. */
export function whyNotRemade(
  { remaining, notNeeded, passage, returnReason }: RemakeFacts,
  kind: PieceRemakeKind,
): NotRemade | null {
  if (remaining.length === 0) return notNeeded.length > 0 ? 'notNeeded' : 'lost';
  if (kind === 'reprint' || isFirstPrint(kind)) return null;
  if (kind === 'rehome') {
    const nextStep = nextStepOfLeft({ remainingCount: remaining.length, isProtected: passage.isProtected });
    return nextStep === 'home' ? null : nextStep;
  }
  if (returnReason === '') return 'inquiry';
  const bar = whyNotThroughEmployer(passage);
  const isOpen = bar === null || bar === 'workplace-unknown';
  const nextStep = nextStepOfReturn({
    reason: returnReason,
    mayPassEmployer: isOpen,
    isProtected: passage.isProtected,
  });
  if (nextStep !== 'employer') return nextStep;
  return bar === 'workplace-unknown' ? bar : null;
}
