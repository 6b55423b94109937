// Room: rules. What staff correct when print cannot set a name or an address: how a person's text is printed, as long as the
// files say the very text it was corrected from. A newer file that says something else is printed as it is.
import type { PersonKey } from '../words/person-key.ts';
import type { Address } from '../words/address.ts';
import type { PrintableCertificate, PrintableNotice, PrintablePiece } from './printable.ts';

export type CorrectedField = 'name' | 'kana' | 'former-name' | 'address';

export const CORRECTED_FIELD_LABELS = {
  name: '氏名',
  kana: 'カナ氏名',
  'former-name': '旧姓',
  address: '住所',
} as const satisfies Record<CorrectedField, string>;

/** A text as a file has it, and as it is printed. An address is `addressSource` here and `addressText` there. */
export interface Correction extends PersonKey {
  readonly field: CorrectedField;
  /** '' = none on record. */
  readonly source: string;
  readonly text: string;
}

/** An address as a correction names it: line and building, a line each; '' = none on record. */
export function addressSource(address: Address | null): string {
  return address === null ? '' : `${address.line}\n${address.building}`;
}

/** An address as it is printed: postal code, line and building, a line each. */
export function addressText({ postalCode, line, building }: Address): string {
  return [postalCode, line, building].join('\n');
}

/** Back from `addressText`. */
export function parseAddressText(text: string): Address {
  const [postalCode = '', line = '', building = ''] = text.split('\n');
  return { postalCode, line, building };
}

/** The texts of persons as they are printed. */
class Texts {
  readonly #known: ReadonlyMap<string, string>;
  #used: string[] = [];

  constructor(corrections: readonly Correction[]) {
    this.#known = new Map(corrections.map((c) => [keyOf(c, c.subNumber, c.field, c.source), c.text]));
  }

  of(household: Household, subNumber: string, field: CorrectedField, source: string): string {
    return this.#find(keyOf(household, subNumber, field, source)) ?? source;
  }

  maybe(household: Household, subNumber: string, field: CorrectedField, source: string | null): string | null {
    return source === null ? null : this.of(household, subNumber, field, source);
  }

  address(household: Household, subNumber: string, address: Address | null): Address | null {
    const text = this.#find(keyOf(household, subNumber, 'address', addressSource(address)));
    return text === undefined ? address : parseAddressText(text);
  }

  #find(key: string): string | undefined {
    const text = this.#known.get(key);
    if (text !== undefined) this.#used.push(text);
    return text;
  }

  /** The corrections that were put in since this was asked last: what they say is not doubted again. */
  takeUsed(): { confirmed?: readonly string[] } {
    const confirmed = this.#used;
    this.#used = [];
    return confirmed.length > 0 ? { confirmed } : {};
  }
}

type Household = Pick<PersonKey, 'symbol' | 'number'>;

function keyOf({ symbol, number }: Household, subNumber: string, field: CorrectedField, source: string): string {
  return [symbol, number, subNumber, field, source].join('\u001f');
}

/** The insured person, whose name and address stand on the household's envelopes. */
const INSURED = '00';

/** Pieces with their corrections in them. */
export function correctedPieces<Piece extends Omit<PrintablePiece, 'customerBarcode'>>(
  pieces: readonly Piece[],
  corrections: readonly Correction[],
): Piece[] {
  if (corrections.length === 0) return [...pieces];
  const texts = new Texts(corrections);
  return pieces.map((piece) => ({
    ...piece,
    addressee: texts.of(piece, INSURED, 'name', piece.addressee),
    address: texts.address(piece, INSURED, piece.address),
    certificates: piece.certificates.map((c) => correctedCertificate(c, texts)),
    ...texts.takeUsed(),
  }));
}

function correctedCertificate(c: PrintableCertificate, texts: Texts): PrintableCertificate {
  return {
    ...c,
    name: texts.of(c, c.subNumber, 'name', c.name),
    kana: texts.of(c, c.subNumber, 'kana', c.kana),
    formerName: texts.maybe(c, c.subNumber, 'former-name', c.formerName),
    insuredName: texts.maybe(c, INSURED, 'name', c.insuredName),
  };
}

/** Notices with their corrections in them. A notice goes to its own person. */
export function correctedNotices<Notice extends Omit<PrintableNotice, 'customerBarcode' | 'last4' | 'hasDigits'>>(
  notices: readonly Notice[],
  corrections: readonly Correction[],
): Notice[] {
  if (corrections.length === 0) return [...notices];
  const texts = new Texts(corrections);
  return notices.map((n) => ({
    ...n,
    addressee: texts.of(n, n.subNumber, 'name', n.addressee),
    kana: texts.of(n, n.subNumber, 'kana', n.kana),
    insuredName: texts.maybe(n, INSURED, 'name', n.insuredName),
    address: texts.address(n, n.subNumber, n.address),
    ...texts.takeUsed(),
  }));
}
