// The life of papers as a simple model in memory, written from the rules in words and not from the transition table: what
// each thing that may be asked answers, and what is where afterwards.
import type { LocalDate } from '../src/rules/member.ts';

export interface ModelPiece {
  readonly number: string;
  state: string;
  readonly certificates: readonly ModelCertificate[];
  postings: number;
  stamp: string;
  wasSpoiled: boolean;
  isRemade: boolean;
}

export interface ModelCertificate {
  readonly number: string;
  /** `記号-番号-枝番`. */
  readonly person: string;
  /** 世帯: `記号-番号`. */
  readonly household: string;
  readonly run: number;
  readonly issuedOn: LocalDate;
  readonly validThrough: LocalDate;
  state: string;
  wasIssued: boolean;
  timesMissing: number;
  /** What it was when it was last declared missing. */
  before: string;
  isFoundAgain: boolean;
}

export interface ModelSlip {
  readonly kind: 'list' | 'reminder';
  readonly on: LocalDate;
  readonly papers: readonly ModelCertificate[];
}

/** What became of something asked. */
export type Said = 'recorded' | 'already' | 'refused';

const LIVE = ['issued', 'return-requested', 'return-demanded', 'missing'];

/** Where a piece may go, told by who does it. */
const PIECE_STEPS: Readonly<Record<string, readonly [from: readonly string[], to: string]>> = {
  enclose: [['printed'], 'enclosed'],
  post: [['enclosed'], 'posted'],
  spoil: [['printed', 'enclosed'], 'spoiled'],
  destroy: [['rerouted', 'spoiled', 'withdrawn'], 'destroyed'],
  return: [['posted'], 'returned'],
  repost: [['returned'], 'posted'],
  'take-back-return': [['returned'], 'posted'],
  'hand-over': [['posted', 'not-handed-over'], 'handed-over'],
  'fail-hand-over': [['posted'], 'not-handed-over'],
  'report-left': [['posted', 'not-handed-over'], 'left-workplace'],
  withdraw: [['planned', 'held', 'printed', 'enclosed'], 'withdrawn'],
  reroute: [['returned', 'left-workplace'], 'rerouted'],
};
export const PIECE_EVENTS = Object.keys(PIECE_STEPS).filter((event) => event !== 'return');

type NewFacts = 'postings' | 'stamp' | 'wasSpoiled' | 'isRemade';

export class LifeModel {
  readonly pieces = new Map<string, ModelPiece>();
  readonly certificates = new Map<string, ModelCertificate>();
  readonly done = new Set<string>();
  readonly slips: ModelSlip[] = [];
  readonly demanded = new Map<string, LocalDate | null>();
  /** Day of loss of persons, after the newest file and the filings; households of filed insured persons as a whole. */
  readonly lost: Map<string, LocalDate>;
  readonly enrolled: ReadonlySet<string>;
  /** Households that are reached through a workplace. */
  readonly employed: ReadonlySet<string>;

  constructor(
    pieces: readonly Omit<ModelPiece, NewFacts>[],
    lost: ReadonlyMap<string, LocalDate>,
    enrolled: ReadonlySet<string>,
    employed: ReadonlySet<string>,
  ) {
    this.lost = new Map(lost);
    this.enrolled = enrolled;
    this.employed = employed;
    for (const piece of pieces) this.add(piece);
  }

  add(piece: Omit<ModelPiece, NewFacts>): void {
    this.pieces.set(piece.number, { ...piece, postings: 0, stamp: '', wasSpoiled: false, isRemade: false });
    for (const certificate of piece.certificates) this.certificates.set(certificate.number, certificate);
  }

  #pieceOf(certificate: ModelCertificate): ModelPiece {
    return [...this.pieces.values()].find((piece) => piece.certificates.includes(certificate))!;
  }

  /** With the holder: handed out, and its envelope did not come back. */
  #isInHand(certificate: ModelCertificate): boolean {
    return !['returned', 'rerouted', 'destroyed'].includes(this.#pieceOf(certificate).state);
  }

  piece(number: string, event: string, key: string): Said {
    const piece = this.pieces.get(number)!;
    if (this.done.has(key)) return 'already';
    const [from, to] = PIECE_STEPS[event]!;
    if (!from.includes(piece.state)) return 'refused';
    piece.state = to;
    this.done.add(key);
    if (['post', 'repost', 'take-back-return'].includes(event)) piece.postings += 1;
    if (event === 'spoil') piece.wasSpoiled = true;
    for (const certificate of piece.certificates) {
      if (event === 'post' && certificate.state === 'made') {
        certificate.state = 'issued';
        certificate.wasIssued = true;
      }
      if (event === 'withdraw' && certificate.state === 'made') certificate.state = 'withdrawn';
      if (event === 'spoil' && certificate.state === 'made') certificate.state = 'void';
      if (event === 'reroute' && (LIVE.includes(certificate.state) || certificate.state === 'made'))
        certificate.state = 'void';
    }
    if (event === 'post') for (const certificate of piece.certificates) this.#settleTwo(certificate);
    return 'recorded';
  }

  /** Of two certificates of a person that were posted, the newer counts. */
  #settleTwo(posted: ModelCertificate): void {
    const isNewer = (a: ModelCertificate, b: ModelCertificate): boolean =>
      a.issuedOn === b.issuedOn ? a.number > b.number : a.issuedOn > b.issuedOn;
    if (posted.state !== 'issued') return;
    for (const other of this.certificates.values()) {
      if (other.person !== posted.person || other.run === posted.run) continue;
      if (isNewer(posted, other)) {
        if (['issued', 'return-requested', 'missing'].includes(other.state)) other.state = 'superseded';
      } else if (!['made', 'withdrawn', 'void'].includes(other.state)) {
        posted.state = 'superseded';
      }
    }
  }

  scan(number: string, stamp: string): Said {
    const piece = this.pieces.get(number)!;
    const key = `return:${number}:${piece.postings}`;
    if (piece.state !== 'posted') return this.done.has(key) ? 'already' : 'refused';
    piece.state = 'returned';
    piece.stamp = stamp;
    this.done.add(key);
    return 'recorded';
  }

  withdraw(certificate: ModelCertificate): Said {
    const piece = this.#pieceOf(certificate);
    const key = `withdraw:${certificate.number}`;
    if (this.done.has(key)) return 'already';
    if (!PIECE_STEPS['withdraw']![0].includes(piece.state)) return 'refused';
    this.done.add(key);
    certificate.state = 'withdrawn';
    if (piece.certificates.every((c) => c.state === 'withdrawn')) {
      piece.state = 'withdrawn';
      this.done.add(`withdraw:${piece.number}`);
    }
    return 'recorded';
  }

  checkIn(certificate: ModelCertificate): Said {
    if (certificate.state === 'given-back') return 'already';
    if (!certificate.wasIssued) return 'refused';
    certificate.state = 'given-back';
    return 'recorded';
  }

  missing(certificate: ModelCertificate): Said {
    if (certificate.state === 'missing') return 'already';
    if (!['issued', 'return-requested', 'return-demanded', 'superseded'].includes(certificate.state)) return 'refused';
    certificate.before = certificate.state;
    certificate.state = 'missing';
    certificate.timesMissing += 1;
    return 'recorded';
  }

  found(certificate: ModelCertificate): Said {
    if (certificate.timesMissing === 0) return 'refused';
    const key = `found:${certificate.number}:${certificate.timesMissing}`;
    if (this.done.has(key)) return 'already';
    if (certificate.state !== 'missing' && certificate.state !== 'superseded') return 'refused';
    this.done.add(key);
    if (certificate.state === 'superseded' || certificate.before === 'superseded') {
      certificate.state = 'return-demanded';
      certificate.isFoundAgain = true;
      if (!this.demanded.has(certificate.number)) this.demanded.set(certificate.number, null);
    } else certificate.state = certificate.before;
    return 'recorded';
  }

  giveUp(certificate: ModelCertificate): Said {
    if (certificate.state === 'unrecoverable') return 'already';
    if (certificate.state !== 'return-demanded') return 'refused';
    certificate.state = 'unrecoverable';
    return 'recorded';
  }

  present(certificate: ModelCertificate): Said {
    const key = `present:${certificate.number}`;
    if (this.done.has(key)) return 'already';
    if (certificate.state !== 'issued' && certificate.state !== 'return-requested') return 'refused';
    this.done.add(key);
    return 'recorded';
  }

  /** Papers void, or null where nobody presented anything. */
  closeInspection(): number | null {
    if (![...this.done].some((key) => key.startsWith('present:'))) return null;
    const absent = [...this.certificates.values()].filter(
      (c) =>
        (c.state === 'issued' || c.state === 'return-requested') &&
        this.#isInHand(c) &&
        !this.done.has(`present:${c.number}`),
    );
    for (const certificate of absent) certificate.state = 'void';
    return absent.length;
  }

  expire(on: LocalDate): number {
    const ended = [...this.certificates.values()].filter(
      (c) => c.validThrough < on && [...LIVE, 'unrecoverable', 'superseded'].includes(c.state),
    );
    for (const certificate of ended) certificate.state = 'expired';
    return ended.length;
  }

  #lostOn(certificate: ModelCertificate): LocalDate | null {
    const days = [this.lost.get(certificate.person), this.lost.get(certificate.household)].filter(
      (d) => d !== undefined,
    );
    return days.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? null;
  }

  #isLost(certificate: ModelCertificate, on: LocalDate): boolean {
    const lostOn = this.#lostOn(certificate);
    return lostOn !== null && lostOn <= on;
  }

  /** Papers on the list of a day, by ground. */
  recall(on: LocalDate): Record<string, number> {
    const counts = { lost: 0, found: 0, enrolled: 0, superseded: 0 };
    const listed: ModelCertificate[] = [];
    for (const c of this.certificates.values()) {
      if (!['issued', 'return-requested', 'return-demanded', 'superseded'].includes(c.state)) continue;
      if (!this.#isInHand(c) || c.validThrough < on) continue;
      if (this.#isLost(c, on)) {
        counts.lost += 1;
        if (!this.demanded.has(c.number)) this.demanded.set(c.number, this.#lostOn(c));
        c.state = 'return-demanded';
      } else if (c.isFoundAgain && c.state === 'return-demanded') counts.found += 1;
      else if (c.state === 'superseded') counts.superseded += 1;
      else if (this.enrolled.has(c.person)) {
        counts.enrolled += 1;
        if (c.state === 'issued') c.state = 'return-requested';
      } else continue;
      listed.push(c);
    }
    this.#enterSlip('list', on, listed);
    return counts;
  }

  /** How many papers are reminded of. */
  remind(on: LocalDate): number {
    const due = [...this.demanded].flatMap(([number, lostOn]) => {
      const c = this.certificates.get(number)!;
      // Five days from the loss are over by every day the test reminds on.
      return c.state === 'return-demanded' && this.#isInHand(c) && (lostOn === null || lostOn < on) ? [c] : [];
    });
    this.#enterSlip('reminder', on, due);
    const again = due.filter((c) => !this.done.has(`remind:${c.number}:${on}`));
    // A later day's reminder stands for the earlier days too.
    const fresh = again.filter(
      (c) => ![...this.done].some((key) => key.startsWith(`remind:${c.number}:`) && key.slice(-10) > on),
    );
    for (const c of fresh) this.done.add(`remind:${c.number}:${on}`);
    return fresh.length;
  }

  #enterSlip(kind: ModelSlip['kind'], on: LocalDate, papers: readonly ModelCertificate[]): void {
    const own = papers.filter((c) => this.employed.has(c.household));
    if (own.length === 0 || this.slips.some((slip) => slip.kind === kind && slip.on === on)) return;
    this.slips.push({ kind, on, papers: own });
  }

  /** By count: true where the papers of the newest slip are back, false where nothing is recorded, null without a slip. */
  count(on: LocalDate, counted: number): boolean | null {
    const before = this.slips.filter((slip) => slip.on <= on);
    const newest = before.toSorted((a, b) => (a.on === b.on ? (a.kind < b.kind ? -1 : 1) : a.on > b.on ? -1 : 1))[0];
    if (!newest) return null;
    const open = newest.papers.filter((c) => c.state !== 'given-back' && c.state !== 'expired');
    if (counted === 0 || counted !== open.length) return false;
    for (const certificate of open) certificate.state = 'given-back';
    return true;
  }

  /** A filing of loss for an insured person, with what it says of the person's own paper. */
  file(household: string, on: LocalDate, attachment: 'attached' | 'unrecoverable' | 'unsaid'): Said {
    const key = `file:${household}:${on}`;
    if (this.done.has(key)) return 'already';
    this.done.add(key);
    const known = this.lost.get(household);
    if (known === undefined || on < known) this.lost.set(household, on);
    for (const c of this.certificates.values()) {
      if (c.household !== household || !this.#isInHand(c)) continue;
      if (['issued', 'return-requested', 'superseded'].includes(c.state)) {
        c.state = 'return-demanded';
        this.demanded.set(c.number, this.demanded.get(c.number) ?? on);
      }
      if (c.state !== 'return-demanded' || !c.person.endsWith('-00')) continue;
      if (attachment === 'attached') c.state = 'given-back';
      if (attachment === 'unrecoverable') c.state = 'unrecoverable';
    }
    return 'recorded';
  }

  /** Pieces of a run that are made again, and who gets a new paper: the persons of each. */
  remake(kind: 'reroute' | 'reprint' | 'rehome', run: number, on: LocalDate): { pieces: number; persons: string[] } {
    const persons: string[] = [];
    let pieces = 0;
    for (const piece of this.pieces.values()) {
      if (piece.isRemade || piece.certificates[0]!.run !== run) continue;
      const isDue = {
        reroute: piece.state === 'returned',
        reprint: piece.wasSpoiled && ['spoiled', 'destroyed'].includes(piece.state),
        rehome: piece.state === 'left-workplace',
      }[kind];
      if (!isDue) continue;
      if (kind === 'reroute' && !['moved', 'unknown-at-address', 'address-incomplete'].includes(piece.stamp)) continue;
      if (kind === 'reroute' && !this.employed.has(piece.certificates[0]!.household)) continue;
      const wanted = kind === 'reprint' ? ['void'] : ['issued', 'missing'];
      const stay = piece.certificates.filter((c) => wanted.includes(c.state) && !this.#isLost(c, on));
      if (stay.length === 0) continue;
      pieces += 1;
      persons.push(...stay.map((c) => c.person));
      piece.isRemade = true;
      if (kind === 'reprint') continue;
      piece.state = 'rerouted';
      for (const c of piece.certificates) if (LIVE.includes(c.state)) c.state = 'void';
    }
    return { pieces, persons: persons.toSorted() };
  }
}
