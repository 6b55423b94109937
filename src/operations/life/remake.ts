// Room: operations. Papers made again: returned pieces through the employer (A6), spoiled pieces as they were, pieces print
// held once staff have released them. The old papers become void, the new ones are an issuance of their own, which is enclosed, printed and posted like any other.
import { remakeName } from '../../rules/papers/lineage.ts';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { csvLine } from '../../formats/csv.ts';
import type { TextFileWriter } from '../../formats/csv.ts';
import { writeText } from '../../formats/files.ts';
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
import { findFitted, fitToMembers } from '../../ledger/intake/fits.ts';
import {
  countRemakes,
  findRemade,
  findUnfinishedRemake,
  listPiecesToRemake,
  openRemake,
} from '../../ledger/life/remakes.ts';
import type { PieceToRemake } from '../../ledger/life/remakes.ts';
import { findPiecesInHand } from '../../ledger/papers/pieces.ts';
import { findStates } from '../../ledger/papers/states.ts';
import { appendEvents, lockChain } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import { findIssuance, writeJournal } from '../../ledger/papers/issuances.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { lostOnOf } from '../../rules/intake/eligibility.ts';
import { REMAKE_SOURCES, isFirstPrint, sortPapers, whyNotRemade } from '../../rules/life/remaking.ts';
import type { NotRemade, PieceRemakeKind, SortedPapers } from '../../rules/life/remaking.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { isReturnReason, nextState } from '../../rules/papers/lifecycle.ts';
import type { RemakeKind } from '../../rules/papers/lifecycle.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { planPieces } from '../posting/plan-pieces.ts';
import { issuingOf } from '../issuing/kinds.ts';
import type { Issuance } from '../issuance.ts';

/** Why a piece is not made again now. */
export type SkippedReason = NotRemade | 'made' | 'not-due';

export const SKIPPED_LABELS = {
  'same-address': '同じ宛先へ再発送する',
  inquiry: '事業所を通せないため、住所を照会する',
  contact: '受取拒絶のため、本人に連絡する',
  home: '事業所から戻ったため、自宅への再送付（rehome）にする',
  lost: '中の全員が資格を失っている（届いた証は回収する）',
  notNeeded: '返却のお願い中・新しい証の交付などで、作り直す必要がない',
  'workplace-unknown': '事業所がない（廃止を含む）',
  made: '作り直し済み',
  'not-due': 'この発行で作り直しを待っている郵便物ではない',
} as const satisfies Record<SkippedReason, string>;

/** Why a piece that is owed is owed no more: nothing of it is to be made again. */
export type WaivedReason = Extract<SkippedReason, 'lost' | 'notNeeded'>;

export const WAIVED_LABELS = {
  lost: '中の全員が資格を失ったため',
  notNeeded: '中の全員に新しい証が要らなくなったため',
} as const satisfies Record<WaivedReason, string>;

interface SkippedPiece<Why = SkippedReason> {
  readonly mailpieceNumber: string;
  readonly symbol: string;
  readonly number: string;
  readonly why: Why;
}

export interface Remade {
  /** Null where nothing was to be made again. */
  readonly issuance: Issuance | null;
  /** True = the one that was interrupted before, now carried on; it takes no more pieces. */
  readonly isResumed: boolean;
  /** Pieces taken now. */
  readonly pieceCount: number;
  /** Pieces that stay, for staff, by key. */
  readonly left: readonly SkippedPiece[];
  /** Spoiled or released pieces with nobody left inside: not made again, they count as withdrawn from now on. */
  readonly waived: readonly SkippedPiece<WaivedReason>[];
  /** Persons left out of a piece that is made again, because they have lost eligibility meanwhile. */
  readonly lost: readonly PersonKey[];
}

/** The list for staff: what is not made again, and why. */
export async function writeStaffList(outDir: string, remade: Remade): Promise<string> {
  await mkdir(outDir, { recursive: true });
  await writeText(path.join(outDir, 'staff-list.csv'), (writer) => fillStaffList(writer, remade));
  return 'staff-list.csv';
}

async function fillStaffList(writer: TextFileWriter, remade: Remade): Promise<void> {
  await writer.write(csvLine(['郵便物番号', '記号', '番号', 'することと理由']));
  for (const piece of remade.left)
    await writer.write(csvLine([piece.mailpieceNumber, piece.symbol, piece.number, SKIPPED_LABELS[piece.why]]));
  for (const { mailpieceNumber, symbol, number, why } of remade.waived)
    await writer.write(csvLine([mailpieceNumber, symbol, number, `引き抜き済み（${WAIVED_LABELS[why]}）`]));
  for (const person of remade.lost)
    await writer.write(
      csvLine(['', person.symbol, person.number, `枝番 ${person.subNumber}　資格を失ったため入れない`]),
    );
}

/** A piece that is made again. */
type TakenPiece = PieceToRemake & SortedPapers;

/** Pieces parted into those that are made again, with who is inside, and those that are not, with why. */
export async function splitPieces(
  tx: Transaction,
  parent: Issuance,
  kind: PieceRemakeKind,
  issuedOn: LocalDate,
  chosen: readonly string[] | null,
): Promise<{
  readonly taken: readonly TakenPiece[];
  readonly skipped: readonly SkippedPiece[];
  readonly newest: { readonly membersId: number; readonly workplacesId: number };
}> {
  const { insurerNumber } = parent;
  const membersId = (await findLatestDataset(tx, insurerNumber, 'members'))?.id ?? parent.membersId;
  const workplaces = await findLatestDataset(tx, insurerNumber, 'workplaces');
  // A piece keeps the 記号 of the file it was made of.
  const fitted = workplaces && (await findFitted(tx, workplaces.id, parent.membersId));
  const newest = { membersId, workplacesId: fitted ?? parent.workplacesId };
  const due = await listPiecesToRemake(tx, parent, REMAKE_SOURCES[kind], newest, chosen);
  const [taken, skipped]: [TakenPiece[], SkippedPiece[]] = [[], []];
  for (const piece of due) {
    const { mailpieceNumber, symbol, number, papers, reason } = piece;
    const covers = papers.map(({ cover, ...paper }) => ({
      ...paper,
      isMember: cover.isMember,
      lostOn: lostOnOf(cover, issuedOn),
    }));
    const sorted = sortPapers(covers, kind, issuedOn);
    const returnReason = isReturnReason(reason) ? reason : '';
    const why = whyNotRemade({ ...sorted, passage: piece, returnReason }, kind);
    if (why === null) taken.push({ ...piece, ...sorted });
    else skipped.push({ mailpieceNumber, symbol, number, why });
  }
  const isDue = new Set(due.map((piece) => piece.mailpieceNumber));
  const other = (chosen ?? []).filter((number) => !isDue.has(number));
  const made = await findRemade(tx, parent.id, other);
  for (const mailpieceNumber of new Set(other))
    skipped.push({ mailpieceNumber, symbol: '', number: '', why: made.has(mailpieceNumber) ? 'made' : 'not-due' });
  return { taken, skipped, newest };
}

/**
 * Makes pieces of an issuance again: all that can be, or those of `chosen` (numbers) that can; the others of it stay, with why.
 * `reroute`: returned ones, to the employer. `rehome`: those whose persons have left the workplace, home. `reprint`: spoiled
 * ones, by the way they were to go. `release`: held ones that staff have released, by the way they were to go, after the newest
 * files and with what was corrected. `send-home`: held ones that a named person has sent home, as their workplace is not known,
 * after the newest files. Done again on the same pieces, it makes nothing; interrupted before its print files were made, it
 * goes on.
 */
export async function remakePieces(
  context: Context,
  parent: Issuance,
  profile: InsurerProfile,
  kind: PieceRemakeKind,
  issuedOn: LocalDate,
  chosen: readonly string[] | null = null,
): Promise<Remade> {
  if (issuedOn < parent.issuedOn)
    throw new Refusal('issue-date', `交付年月日は元の発行（${parent.issuedOn}）以後にしてください。`);
  const made = await context.database.transaction(async (tx) => {
    await lockChain(tx, parent.insurerNumber);
    const workplaces = await findLatestDataset(tx, parent.insurerNumber, 'workplaces');
    if (workplaces) await fitToMembers(tx, 'workplaces', workplaces.id, parent.membersId);
    const { taken, skipped, newest } = await splitPieces(tx, parent, kind, issuedOn, chosen);
    const isOwed = (piece: SkippedPiece): piece is SkippedPiece<WaivedReason> =>
      kind in OWED && piece.why in WAIVED_LABELS;
    const waived = skipped.filter(isOwed);
    const left = skipped.filter((piece) => !isOwed(piece));
    if (kind === 'reprint' || isFirstPrint(kind)) await waive(tx, context, parent, waived, OWED[kind]);
    const lost = taken.flatMap(({ symbol, number, lost: gone }) =>
      gone.map((subNumber) => ({ symbol, number, subNumber })),
    );
    const begun = await findUnfinishedRemake(tx, parent.id, kind);
    // One that was interrupted goes on: before anything else where its envelopes are not made, else when nothing is new.
    if (begun && (!begun.isEnclosed || taken.length === 0)) {
      const issuance = await findIssuance<Issuance>(tx, parent.insurerNumber, begun.id);
      return { issuance, isResumed: true, pieceCount: 0, left, waived, lost: [] };
    }
    if (taken.length === 0) return { issuance: null, isResumed: false, pieceCount: 0, left, waived, lost };
    // What was held is set right in the files, too.
    const membersId = isFirstPrint(kind) ? newest.membersId : parent.membersId;
    const files = { membersId, workplacesId: newest.workplacesId };
    const persons = taken.flatMap(({ symbol, number, remaining }) =>
      remaining.map((subNumber) => ({ symbol, number, subNumber })),
    );
    const pieces = taken.map((piece) => piece.mailpieceNumber);
    const issuance = await openRemadeIssuance(tx, context, parent, profile, kind, issuedOn, files, persons, pieces);
    if (kind !== 'reprint')
      await voidOld(tx, context, parent, issuance, taken, isFirstPrint(kind) ? 'remake' : 'reroute');
    return { issuance, isResumed: false, pieceCount: taken.length, left, waived, lost };
  });
  if (made.issuance) await planPieces(context, made.issuance);
  return made;
}

/** Opens an issuance of these persons' papers made again, of these pieces of the parent. */
export async function openRemadeIssuance(
  tx: Transaction,
  context: Context,
  parent: Issuance,
  profile: InsurerProfile,
  kind: RemakeKind,
  issuedOn: LocalDate,
  files: { readonly membersId: number; readonly workplacesId: number },
  persons: readonly PersonKey[],
  pieces: readonly string[],
): Promise<Issuance> {
  const no = (await countRemakes(tx, parent.id, kind)) + 1;
  const name = remakeName(parent.name, kind, no);
  const issuing = issuingOf(parent);
  const newestRatios = await issuing.findNewestRatios(tx, profile);
  const ratios = newestRatios === null ? null : await fitToMembers(tx, 'ratios', newestRatios, files.membersId);
  const common = {
    insurerNumber: parent.insurerNumber,
    profileId: parent.profileId,
    name,
    lineage: { ...parent.lineage, remake: kind, remakeNo: no },
    ...files,
    enrolmentId: parent.enrolmentId,
    ratiosId: ratios?.id ?? parent.ratiosId,
    referenceOn: parent.referenceOn,
    issuedOn,
    actor: context.actor,
  };
  const rules = issuing.rulesOfRemake(profile, kind, issuedOn);
  const rulesSha256 = createHash('sha256')
    .update(JSON.stringify([name, rules]))
    .digest('hex');
  const opening = { ...common, kind: parent.kind, rules, rulesSha256 };
  const issuance = (await openRemake(tx, parent, kind, opening, persons, pieces)) as Issuance;
  const made = kind === 'reissue' ? { certificates: persons.length } : { pieces: pieces.length };
  await writeJournal(tx, context.actor, kind, issuance, { ...made, parent: parent.id });
  return issuance;
}

/** How a piece leaves that is owed: spoiled and not made again, or released and withdrawn before it was made. */
const OWED = { reprint: 'waive', release: 'withdraw', 'send-home': 'withdraw' } as const;

/** Notes that pieces are not made again: their lot owes nothing for them any more. */
async function waive(
  tx: Transaction,
  context: Context,
  parent: Issuance,
  pieces: readonly SkippedPiece<WaivedReason>[],
  event: 'waive' | 'withdraw',
): Promise<void> {
  const numbers = pieces.map((piece) => piece.mailpieceNumber);
  const inside = await findPapersInside(tx, parent, numbers, 'withdraw');
  const events = pieces.flatMap(({ mailpieceNumber, why }): NewEvent[] => {
    const common = { reason: WAIVED_LABELS[why], source: '' };
    const papers = event === 'waive' ? [] : (inside.get(mailpieceNumber) ?? []);
    return [
      { subject: 'mailpiece', event, paperNumber: mailpieceNumber, key: `${event}:${mailpieceNumber}`, ...common },
      ...papers.map((number): NewEvent => ({
        subject: 'certificate',
        event: 'withdraw',
        paperNumber: number,
        key: `withdraw:${number}`,
        ...common,
      })),
    ];
  });
  await appendEvents(tx, parent.insurerNumber, parent.id, context.actor, events);
}

/** Certificates of pieces to which an event may happen now, by piece. */
async function findPapersInside(
  tx: Transaction,
  issuance: Issuance,
  pieces: readonly string[],
  event: 'annul' | 'withdraw',
): Promise<Map<string, string[]>> {
  const inHand = await findPiecesInHand(tx, issuance, pieces);
  const certificates = [...inHand.values()].flatMap((piece) => piece.certificates.map((c) => c.number));
  const states = await findStates(tx, issuance.id, 'certificate', certificates);
  const isOpen = (number: string): boolean =>
    nextState('certificate', event, states.get(number) ?? 'made') !== undefined;
  return new Map(
    [...inHand].map(([number, piece]) => [number, piece.certificates.map((c) => c.number).filter(isOpen)]),
  );
}

/** The papers of pieces made again are void from now on; what of them is on paper the contractor destroys and says so. */
async function voidOld(
  tx: Transaction,
  context: Context,
  parent: Issuance,
  issuance: Issuance,
  pieces: readonly TakenPiece[],
  event: 'reroute' | 'remake',
): Promise<void> {
  const numbers = pieces.map((piece) => piece.mailpieceNumber);
  const inside = await findPapersInside(tx, parent, numbers, 'annul');
  const common = { reason: issuance.name, source: '' };
  const events = numbers.flatMap((number): NewEvent[] => [
    { subject: 'mailpiece', paperNumber: number, event, key: `${event}:${number}`, ...common },
    ...(inside.get(number) ?? []).map((paper): NewEvent => ({
      subject: 'certificate',
      paperNumber: paper,
      event: 'annul',
      key: `annul:${paper}`,
      ...common,
    })),
  ]);
  await appendEvents(tx, parent.insurerNumber, parent.id, context.actor, events);
}
