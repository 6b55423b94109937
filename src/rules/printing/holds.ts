// Room: rules. Why print stops a piece for staff before a page of it is made. Asked of the very texts that would be printed, with
// what staff have corrected in them; a text that staff wrote or confirmed is not doubted again.
import { doubtOfAddress, doubtOfName, doubtOfWorkplaceName } from '../intake/doubts.ts';
import type { Doubt } from '../intake/doubts.ts';
import { needsInsuredRow } from '../intake/coverage.ts';
import type { Workplace } from '../intake/member.ts';
import { addressText } from './corrections.ts';
import { HELD_LABELS } from './print-batches.ts';
import type { HeldReason } from './print-batches.ts';
import type { PrintableCertificate, PrintableNotice, PrintablePiece } from './printable.ts';

/** One reason, of a field of a paper. */
export interface Hold {
  readonly reason: HeldReason;
  readonly field: string;
  /** Whose paper; '' = the letter. */
  readonly subNumber: string;
  /** `U+25CF`, or ''. */
  readonly codePoint: string;
}

/** What stops a piece of certificates. */
export function holdsOfPiece(piece: PrintablePiece): Hold[] {
  const names = new Names(piece.confirmed);
  names.ask('', 'addressee', piece.addressee);
  for (const c of piece.certificates) {
    names.ask(c.subNumber, 'name', c.name);
    names.ask(c.subNumber, 'kana', c.kana);
    if (c.showsFormerName) names.ask(c.subNumber, 'name', c.formerName);
    if (c.registeredName !== null) names.ask(c.subNumber, 'remarks', c.registeredName);
    if (c.relation === 'dependent') names.ask(c.subNumber, 'insuredName', c.insuredName);
  }
  const alone = piece.certificates.filter((c) => needsInsuredRow({ ...c, hasInsured: c.insuredName !== null }));
  return [
    ...holdsOfPlace(piece),
    ...holdsOfCover(piece, alone),
    ...names.holds,
    ...piece.certificates.flatMap(holdsOfEntries),
  ];
}

/** The blank between surname and given name. */
export const BLANK = /[\s\u3000]/;

/** What a certificate is to say and its file does not let it: entries asked for, where the surname ends. */
function holdsOfEntries(c: PrintableCertificate): Hold[] {
  const hold = (reason: HeldReason, field: string): Hold => ({ reason, field, subNumber: c.subNumber, codePoint: '' });
  const isPlaced = !c.showsFormerName || !c.formerName || BLANK.test(c.name.trim());
  return [
    ...(c.optionalContent === '' ? [hold('optional-entries-unknown', 'remarks')] : []),
    ...(isPlaced ? [] : [hold('former-name-unplaced', 'name')]),
  ];
}

/** What stops a notice. */
export function holdsOfNotice(notice: PrintableNotice): Hold[] {
  const names = new Names(notice.confirmed);
  names.ask('', 'addressee', notice.addressee);
  names.ask(notice.subNumber, 'kana', notice.kana);
  names.ask(notice.subNumber, 'insuredName', notice.insuredName);
  return [...holdsOfPlace(notice), ...holdsOfCover(notice, needsInsuredRow(notice) ? [notice] : []), ...names.holds];
}

/** Whose cover ends on a day that nobody can say without the insured person's row; who releases the piece answers for it. */
function holdsOfCover(
  { isReleased = false }: Pick<PrintablePiece, 'isReleased'>,
  persons: readonly { readonly subNumber: string }[],
): Hold[] {
  if (isReleased) return [];
  return persons.map(({ subNumber }) => ({
    reason: 'insured-person-missing',
    field: 'validThrough',
    subNumber,
    codePoint: '',
  }));
}

class Names {
  readonly holds: Hold[] = [];
  readonly #confirmed: readonly string[];

  constructor(confirmed: readonly string[] = []) {
    this.#confirmed = confirmed;
  }

  ask(subNumber: string, field: string, text: string | null): void {
    if (text === null || text === '' || this.#confirmed.includes(text)) return;
    const doubt = doubtOfName(text);
    if (doubt !== null) this.holds.push({ ...doubt, subNumber, field });
  }
}

/**
 * Why nothing can be sent to a workplace (lists, parcels), for staff: its name cannot be one, or an address is given and is none.
 * '' = it can; one without an address on record is sent by hand.
 */
export function doubtOfDestination({
  name,
  address,
  building,
}: Pick<Workplace, 'name' | 'address' | 'building'>): string {
  const doubt = doubtOfWorkplaceName(name) ?? (address === '' ? null : doubtOfAddress({ line: address, building }));
  return doubt === null ? '' : `事業所の${HELD_LABELS[doubt.reason]}　${doubt.codePoint}`.trim();
}

type Place = Pick<PrintablePiece, 'route' | 'address' | 'workplace' | 'lacks' | 'confirmed'>;

/** What keeps a piece from being sent anywhere. */
function holdsOfPlace({ route, address, workplace, lacks = null, confirmed = [] }: Place): Hold[] {
  const stop = (reason: HeldReason, field: string): Hold[] => [{ reason, field, subNumber: '', codePoint: '' }];
  const doubted = (doubt: Doubt | null, field: string): Hold[] => (doubt ? [{ ...doubt, field, subNumber: '' }] : []);
  if (route === 'workplace')
    return workplace === null
      ? stop('workplace-unknown', 'workplaceName')
      : doubted(doubtOfWorkplaceName(workplace.name), 'workplaceName');
  if (address === null) return stop('address-missing', 'addressLine');
  return confirmed.includes(addressText(address)) ? [] : doubted(doubtOfAddress(address, lacks), 'addressLine');
}
