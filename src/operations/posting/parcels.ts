// Room: operations. Parcels to workplaces: opened with the pieces that go to one, filled by scan, closed when every piece is
// in; only then is the list of contents made. A station cannot put a sealed piece of another workplace in.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../formats/files.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import {
  closeParcelRow,
  findPlaceOfPiece,
  insertParcels,
  listContents,
  listParcels,
  listPiecesToPack,
  markScanned,
} from '../../ledger/posting/parcels.ts';
import type { ParcelContent, PieceToPack, StoredParcel } from '../../ledger/posting/parcels.ts';
import { lockChain } from '../../ledger/papers/events.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import { NOT_TO_GO, PAPER_STATE_LABELS } from '../../rules/papers/lifecycle.ts';
import { PARCEL_RULES, packParcels } from '../../rules/posting/parcels.ts';
import type { NoticePiece } from '../../rules/posting/parcels.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import type { ScanAnswer } from './piece-events.ts';
import { checkRecipients } from './recipients.ts';

/** Opens the parcels of a workplace for the pieces that lie in none yet; done again, it opens nothing more. */
export async function openParcels(
  context: Context,
  issuance: Issuance,
  profile: Pick<InsurerProfile, 'notices'>,
  symbol: string,
): Promise<StoredParcel[]> {
  return context.database.transaction(async (tx) => {
    // Two stations that open at once would both take the same pieces.
    await lockChain(tx, issuance.insurerNumber);
    const pieces = await listPiecesToPack(tx, issuance, symbol);
    if (pieces.length > 0) {
      const parcels = packParcels(pieces.map(toPack), profile.notices?.parcels ?? PARCEL_RULES);
      await insertParcels(tx, issuance.id, symbol, parcels, context.actor);
      await writeJournal(tx, context.actor, 'open-parcels', issuance, {
        parcels: parcels.length,
        pieces: pieces.length,
      });
    }
    const opened = await listParcels(tx, issuance, symbol);
    if (opened.length === 0)
      throw new Refusal('parcel-empty', `記号 ${symbol} の事業所へ送る、印刷済みの郵便物はこの発行にありません。`);
    return opened;
  });
}

/** A household's piece as the packing rule takes one: it is sorted as the insured person's. */
function toPack({ mailpieceNumber, symbol, number, sequence }: PieceToPack): NoticePiece {
  const subNumber = String(sequence).padStart(2, '0');
  return {
    pieceNumber: mailpieceNumber,
    symbol,
    number,
    subNumber,
    relation: 'insured',
    requestForm: false,
  };
}

/** Parcels of an issuance, or of one workplace. */
export async function listParcelsOfIssuance(
  context: Context,
  issuance: Issuance,
  symbol: string | null,
): Promise<StoredParcel[]> {
  return context.database.transaction((tx) => listParcels(tx, issuance, symbol));
}

/** A parcel by its number among its workplace's, or by its id; null = the only one, or the only one that is open. */
export type WhichParcel = number | { readonly id: number } | null;

async function getParcel(
  tx: Transaction,
  issuance: Issuance,
  symbol: string,
  which: WhichParcel,
): Promise<StoredParcel> {
  const parcels = await listParcels(tx, issuance, symbol);
  if (typeof which === 'object' && which !== null) {
    const found = parcels.find(({ id }) => id === which.id);
    if (found) return found;
    throw new Refusal('parcel-unknown', 'その梱包はありません。');
  }
  const sequence = which;
  const open = parcels.filter((parcel) => parcel.closedAt === null);
  const asked = sequence === null ? (open.length > 0 ? open : parcels) : parcels.filter((p) => p.sequence === sequence);
  const [parcel] = asked;
  if (parcel && (asked.length === 1 || sequence !== null)) return asked.find((p) => p.closedAt === null) ?? parcel;
  throw new Refusal(
    'parcel-unknown',
    parcel
      ? `記号 ${symbol} の梱包は ${asked.length} 個あります。何個目かを指定してください。`
      : `記号 ${symbol} の梱包はありません。先に梱包を開いてください。`,
  );
}

/**
 * Puts one sealed piece into the parcel it is expected in, by its code; says what it is where it does not belong. `sequence`:
 * the one parcel in hand; null = whichever of the workplace's.
 */
export async function scanIntoParcel(
  context: Context,
  issuance: Issuance,
  symbol: string,
  sequence: number | null,
  code: string,
): Promise<ScanAnswer> {
  const answer = (kind: ScanAnswer['kind'], text: string): ScanAnswer => ({ kind, text, nextStep: null });
  const paper = parsePaperNumber(code);
  if (paper?.kind !== 'mailpiece') return answer('stranger', '郵便物の番号ではありません');
  const { number } = paper;
  return context.database.transaction(async (tx) => {
    const parcels = await listParcels(tx, issuance, symbol);
    const place = await findPlaceOfPiece(tx, issuance, number);
    if (!place) return answer('stranger', 'この発行の郵便物ではありません');
    if (place.route === 'home') return answer('refused', '自宅へ送る郵便物です。梱包に入れないでください');
    if (place.symbol !== symbol)
      return answer('refused', `ほかの事業所の郵便物です（記号 ${place.symbol}　${place.workplaceName}）`);
    if (place.parcelId === null) return answer('refused', 'どの梱包にも入っていません。梱包を開き直してください');
    const parcel = parcels.find(({ id }) => id === place.parcelId);
    if (!parcel) throw new Error('a piece lies in a parcel of another workplace');
    if (sequence !== null && parcel.sequence !== sequence)
      return answer('refused', `同じ事業所の ${parcel.sequence}個目の中身です`);
    if (place.scanned) return answer('already', 'この郵便物は入れてあります');
    if (parcel.closedAt !== null) return answer('refused', 'この梱包は閉じてあります');
    if (place.state !== 'enclosed')
      return answer('refused', `「${PAPER_STATE_LABELS[place.state]}」です。封のしてあるものだけを入れてください`);
    const isNew = await markScanned(tx, number, context.actor);
    return isNew
      ? answer('recorded', `${parcel.sequence}個目　${parcel.scanned + 1} / ${parcel.expected}`)
      : answer('already', 'この郵便物は入れてあります');
  });
}

export interface ClosedParcel {
  readonly parcel: StoredParcel;
  /** The list of contents: a PDF to lie on top, and its rows. Relative to the output folder. */
  readonly files: readonly string[];
}

/**
 * Closes a parcel in which every expected piece lies, and makes its list of contents. Closed again, the list is made again.
 * Refused with the numbers of what is missing, and with those that must come out (withdrawn after they were put in).
 */
export async function closeParcel(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  symbol: string,
  which: WhichParcel,
  outDir: string,
): Promise<ClosedParcel> {
  const { parcel, contents } = await context.database.transaction((tx) =>
    closeParcelIn(tx, context, issuance, symbol, which),
  );
  const { parcelContents } = await import('./parcel-contents.ts');
  const folder = path.join(outDir, 'parcels');
  await mkdir(folder, { recursive: true });
  const name = `${symbol}-${parcel.id}`;
  for (const [ending, bytes] of Object.entries(parcelContents(profile, issuance, parcel, contents)))
    await writeWhole(path.join(folder, `${name}.${ending}`), bytes);
  return { parcel, files: ['csv', 'pdf'].map((ending) => `parcels/${name}.${ending}`) };
}

/** What closing records: the parcel, and what lies in it. */
export async function closeParcelIn(
  tx: Transaction,
  context: Context,
  issuance: Issuance,
  symbol: string,
  which: WhichParcel,
): Promise<{ parcel: StoredParcel; contents: readonly ParcelContent[] }> {
  const found = await getParcel(tx, issuance, symbol, which);
  const inside = await listContents(tx, issuance, found.id);
  if (found.closedAt === null) {
    refuseOpen(found, inside);
    await closeParcelRow(tx, found.id, context.actor);
    await writeJournal(tx, context.actor, 'close-parcel', issuance, { pieces: found.expected });
  }
  const listed = inside.flatMap(({ number, persons, symbol: own }) =>
    persons.map((subNumber) => ({ recipient: symbol, symbol: own, number, subNumber })),
  );
  await checkRecipients(tx, issuance, 'workplace', '内容一覧', listed);
  const closed = (await listParcels(tx, issuance, symbol)).find((p) => p.id === found.id);
  return { parcel: closed ?? found, contents: inside.filter((piece) => piece.isScanned) };
}

const GONE: ReadonlySet<string | null> = new Set(NOT_TO_GO);

function refuseOpen(parcel: StoredParcel, contents: readonly ParcelContent[]): void {
  const missing = contents.filter((piece) => !piece.isScanned && !GONE.has(piece.state));
  const wrong = contents.filter((piece) => piece.isScanned && GONE.has(piece.state));
  if (missing.length === 0 && wrong.length === 0 && parcel.expected > 0) return;
  throw new Refusal(
    'parcel-incomplete',
    `記号 ${parcel.symbol} の梱包（${parcel.sequenceCount}個のうち${parcel.sequence}）は閉じられません。入れるもの ${parcel.expected}通、入れたもの ${parcel.scanned}通。`,
    [
      ...missing.map((piece) => `入っていない　${piece.mailpieceNumber}`),
      ...wrong.map(
        (piece) => `取り出す（${PAPER_STATE_LABELS[piece.state ?? 'withdrawn']}）　${piece.mailpieceNumber}`,
      ),
    ],
  );
}
