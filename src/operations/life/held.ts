// Room: operations. A piece print has held: why, what stands on its papers, and how staff correct it. Released as it is or
// corrected, it is made again (`remake`); each step is an event with who, when and why, and none names a person.
import {
  findPostalCode,
  insertCorrection,
  listHeldReasons,
  listPieceTexts,
} from '../../ledger/printing/corrections.ts';
import type { PieceText } from '../../ledger/printing/corrections.ts';
import { findStates } from '../../ledger/papers/states.ts';
import { appendEvents, lockChain } from '../../ledger/papers/events.ts';
import { findPersonOfPaper } from '../../ledger/papers/pieces.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { doubtOfAddress, doubtOfName, ordinaryForm } from '../../rules/intake/doubts.ts';
import type { Doubt } from '../../rules/intake/doubts.ts';
import { holdsIndividualNumber } from '../../rules/words/individual-numbers.ts';
import { CORRECTED_FIELD_LABELS, addressText, parseAddressText } from '../../rules/printing/corrections.ts';
import type { CorrectedField } from '../../rules/printing/corrections.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { nextState } from '../../rules/papers/lifecycle.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import { HELD_LABELS } from '../../rules/printing/print-batches.ts';
import type { HeldReason } from '../../rules/printing/print-batches.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { refusalOf } from '../posting/piece-events.ts';
import { getIssuanceOfPaper } from '../issuance.ts';

export interface HeldPiece {
  readonly mailpieceNumber: string;
  readonly state: PaperState;
  readonly reasons: readonly {
    /** '' = the letter. */
    readonly subNumber: string;
    readonly reason: HeldReason;
    /** Of the paper. */
    readonly field: string;
    /** `U+20BB7`, or ''. */
    readonly codePoint: string;
  }[];
  readonly texts: readonly (PieceText & {
    /** Of a text with radicals the same in ordinary characters, for staff to take over; else null. */
    readonly suggestion: string | null;
  })[];
}

/** Why a piece is held, and the texts that may be corrected. The look is noted. @throws Refusal `paper-unknown` */
export async function getHeldPiece(context: Context, insurerNumber: string, number: string): Promise<HeldPiece> {
  const { issuance } = await getIssuanceOfPaper(context, insurerNumber, number);
  return context.database.transaction(async (tx) => {
    const { state } = await getPiece(tx, issuance, number);
    const reasons = await listHeldReasons(tx, issuance.id, number);
    const texts = await listPieceTexts(tx, issuance, number);
    await recordAccess(tx, insurerNumber, context.actor, 'held', number);
    const offered = texts.map((text) => ({ ...text, suggestion: ordinaryForm(text.source) }));
    return { mailpieceNumber: number, state, reasons, texts: offered };
  });
}

async function getPiece(
  tx: Transaction,
  issuance: Issuance,
  number: string,
): Promise<{ state: PaperState; symbol: string; household: string }> {
  // What may not be seen is not there.
  const owner = await findPersonOfPaper(tx, issuance.id, 'mailpiece', number);
  const state = (await findStates(tx, issuance.id, 'mailpiece', [number])).get(number);
  if (!owner || state === undefined) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
  return { state, symbol: owner.symbol, household: owner.number };
}

/** What is to be printed instead. Of an address `text` is its line. */
export interface CorrectionRequest {
  readonly subNumber: string;
  readonly field: CorrectedField;
  readonly text: string;
  /** Of an address alone. */
  readonly postalCode?: string;
  readonly building?: string;
  readonly reason: string;
}

/**
 * Corrects a text of a held piece for print; the text as the file has it says that it is right. The same once more changes
 * nothing.
 *
 * @throws Refusal `not-now` where it is not held; `text-refused` where the text cannot be printed or is none;
 * `text-unknown` where the piece has no such text; `paper-unknown`
 */
export async function correctHeld(
  context: Context,
  profile: InsurerProfile,
  mailpieceNumber: string,
  request: CorrectionRequest,
): Promise<'recorded' | 'already'> {
  const insurerNumber = profile.insurer.number;
  const reason = request.reason.trim();
  if (reason === '') throw new Refusal('arguments', '直す理由を書いてください。');
  if (holdsIndividualNumber(reason)) throw new Refusal('text-refused', '12桁の番号は書けません。');
  const text = textOf(request);
  await refuseUnprintable(profile, text);
  const { issuance } = await getIssuanceOfPaper(context, insurerNumber, mailpieceNumber);
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const { state, symbol, household } = await getPiece(tx, issuance, mailpieceNumber);
    if (nextState('mailpiece', 'correct', state) === undefined)
      throw new Refusal('not-now', refusalOf('correct', state));
    const { subNumber, field } = request;
    const texts = await listPieceTexts(tx, issuance, mailpieceNumber);
    const known = texts.find((own) => own.subNumber === subNumber && own.field === field);
    if (!known)
      throw new Refusal(
        'text-unknown',
        `この郵便物に、枝番 ${subNumber} の${CORRECTED_FIELD_LABELS[field]}はありません。`,
      );
    if (known.text === text) return 'already';
    refuseDoubted(field, known.source, text);
    const person = { symbol, number: household, subNumber };
    const { source } = known;
    const said = { field, source, text, mailpieceNumber, actor: context.actor, reason };
    const id = await insertCorrection(tx, insurerNumber, { ...person, ...said });
    await appendEvents(tx, insurerNumber, issuance.id, context.actor, [
      {
        ...({ subject: 'mailpiece', event: 'correct', source: '' } as const),
        paperNumber: mailpieceNumber,
        reason: `枝番${subNumber} ${CORRECTED_FIELD_LABELS[field]}: ${reason}`,
        key: `correct:${mailpieceNumber}:${id}`,
      },
    ]);
    return 'recorded';
  });
}

const MOST_CHARACTERS = 100;

function textOf({ field, text, postalCode = '', building = '' }: CorrectionRequest): string {
  const lines = [text, building].map((line) => line.trim());
  const code = postalCode.normalize('NFKC').replaceAll(/[-\s〒]/g, '');
  const refused = (why: string): Refusal => new Refusal('text-refused', why);
  if (lines[0] === '') throw refused(`${CORRECTED_FIELD_LABELS[field]}を書いてください。`);
  if (lines.some((line) => line.length > MOST_CHARACTERS)) throw refused(`${MOST_CHARACTERS}文字までです。`);
  if (lines.some((line) => /\p{Cc}/u.test(line))) throw refused('改行などの、印刷できない文字があります。');
  if (lines.some(holdsIndividualNumber)) throw refused('12桁の番号は書けません。');
  if (field !== 'address') return lines[0]!;
  if (!/^(?:\d{7})?$/.test(code)) throw refused('郵便番号は7桁です。');
  return addressText({ postalCode: code, line: lines[0]!, building: lines[1]! });
}

/** Why a text of a piece cannot be printed unless somebody says that it is right. */
function doubtOf(field: CorrectedField, text: string): Doubt | null {
  return field === 'address' ? doubtOfAddress(parseAddressText(text)) : doubtOfName(text);
}

/** What would be held again is no correction; what the file itself says may be confirmed. */
function refuseDoubted(field: CorrectedField, source: string, text: string): void {
  const isConfirmed = field === 'address' ? text.slice(text.indexOf('\n') + 1) === source : text === source;
  const doubt = isConfirmed ? null : doubtOf(field, text);
  if (doubt === null) return;
  const where = doubt.codePoint === '' ? '' : `（${doubt.codePoint}）`;
  throw new Refusal('text-refused', `${HELD_LABELS[doubt.reason]}${where}ため、印刷できません。`);
}

/**
 * Before held pieces are released as they are: every text of theirs that was doubted counts as confirmed, by the person who releases them
 * and with their reason, for as long as the files say it.
 */
export async function confirmDoubted(
  context: Context,
  issuance: Issuance,
  mailpieceNumbers: readonly string[],
  reason: string,
): Promise<void> {
  if (mailpieceNumbers.length === 0) return;
  await context.database.transaction(async (tx) => {
    await lockChain(tx, issuance.insurerNumber);
    for (const [number, state] of await findStates(tx, issuance.id, 'mailpiece', mailpieceNumbers)) {
      if (state !== 'held') continue;
      const reasons = new Set((await listHeldReasons(tx, issuance.id, number)).map((held) => held.reason));
      if (!DOUBTED.some((own) => reasons.has(own))) continue;
      const { symbol, household } = await getPiece(tx, issuance, number);
      for (const { subNumber, field, source, text: corrected } of await listPieceTexts(tx, issuance, number)) {
        const isDoubted = field === 'address' ? ADDRESS_DOUBTS.some((own) => reasons.has(own)) : doubtOf(field, source);
        if (corrected !== null || source === '' || !isDoubted) continue;
        const text = field === 'address' ? `${await findPostalCode(tx, issuance.id, number)}\n${source}` : source;
        const said = { field, source, text, mailpieceNumber: number, actor: context.actor, reason };
        await insertCorrection(tx, issuance.insurerNumber, { symbol, number: household, subNumber, ...said });
      }
    }
  });
}

const ADDRESS_DOUBTS: readonly HeldReason[] = ['address-none', 'address-unreadable'];
const DOUBTED: readonly HeldReason[] = ['name-unreadable', ...ADDRESS_DOUBTS];

/** A text that no font has would be held again. */
async function refuseUnprintable(profile: InsurerProfile, text: string): Promise<void> {
  const { FontStack } = await import('../../print/fonts.ts');
  const missing = new FontStack(profile.print.fonts)
    .glyphs(text.replaceAll('\n', ''), 400)
    .filter((glyph) => typeof glyph === 'string');
  if (missing.length > 0)
    throw new Refusal('text-refused', `書体にない文字（${[...new Set(missing)].join('、')}）は印刷できません。`);
}
