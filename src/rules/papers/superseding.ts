// Room: rules. Of several certificates of one person, which counts (004: the newer issue date), and which ends when another
// is posted.
import { NEVER_COUNTED, nextState } from './lifecycle.ts';
import type { CertificateState } from './lifecycle.ts';
import type { LocalDate } from '../words/local-date.ts';

/** A certificate among the others of its person. */
export interface DatedCertificate {
  /** 14 digits. */
  readonly certificateNumber: string;
  readonly issuedOn: LocalDate;
  readonly state: CertificateState;
}

type Dated = Pick<DatedCertificate, 'certificateNumber' | 'issuedOn'>;

/** Whether `a` counts before `b`: the newer issue date (004); of one date, the higher number. */
export function isNewer(a: Dated, b: Dated): boolean {
  return a.issuedOn === b.issuedOn ? a.certificateNumber > b.certificateNumber : a.issuedOn > b.issuedOn;
}

/** Will count or has counted: neither withdrawn nor void. One that is only made is on its way. */
const isCounted = (state: CertificateState): boolean => !NEVER_COUNTED.includes(state);

/** Whether one of a person's other certificates is newer, out or on its way. */
export function hasNewer(certificate: Dated, others: readonly DatedCertificate[]): boolean {
  return others.some((other) => isCounted(other.state) && isNewer(other, certificate));
}

/** A certificate that was just posted, and another of the same person. */
export interface PostedPair {
  readonly posted: Dated;
  readonly other: DatedCertificate;
}

/** A certificate that ends, and the newer one it ends for. */
export interface Superseded<Pair> {
  readonly certificateNumber: string;
  readonly newer: string;
  readonly pair: Pair;
}

/**
 * Which certificates end because these were posted: an older one that is out; and the posted one itself where a newer one was
 * posted before it. Each once, for the highest number, in the order of their numbers.
 */
export function listSuperseded<Pair extends PostedPair>(pairs: readonly Pair[]): Superseded<Pair>[] {
  const found = new Map<string, Superseded<Pair>>();
  for (const pair of pairs) {
    const { posted, other } = pair;
    const [older, newer] = isNewer(other, posted) ? [posted, other] : [other, posted];
    const ends =
      older === other
        ? nextState('certificate', 'supersede', other.state) !== undefined
        : isCounted(other.state) && other.state !== 'made';
    const known = found.get(older.certificateNumber);
    if (ends && (known === undefined || known.newer < newer.certificateNumber)) {
      const { certificateNumber } = older;
      found.set(certificateNumber, { certificateNumber, newer: newer.certificateNumber, pair });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.certificateNumber < b.certificateNumber ? -1 : 1));
}
