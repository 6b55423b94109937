// The life of papers as a simple model in memory, written from the rules in words and not from the transition table: what
// each thing that may be asked answers, and what is where afterwards.
import type { LocalDate } from '../src/rules/words/local-date.ts';

export interface ModelPiece {
  readonly number: string;
  readonly run: number;
  readonly route: 'home' | 'workplace';
  /** 世帯: `記号-番号`. */
  readonly household: string;
  readonly certificates: readonly ModelCertificate[];
  /** Of a notice, whose piece holds it alone: its person, `記号-番号-枝番`. */
  readonly notice: string | null;
  /** Of a piece on paper. */
  lot: ModelLot | null;
  state: string;
  postings: number;
  stamp: string;
  wasDeferred: boolean;
  wasSpoiled: boolean;
  wasEnclosed: boolean;
  wasPosted: boolean;
  wasWithdrawn: boolean;
  isRemade: boolean;
  /** Spoiled, and nobody left inside to make it again for. */
  isWaived: boolean;
  /** Held, and to be made again for home. */
  isSentHome?: boolean;
  parcel: ModelParcel | null;
  isPacked: boolean;
}

/** A piece as it is found before anything has happened to it. */
export type NewPiece = Pick<ModelPiece, 'number' | 'run' | 'route' | 'household' | 'certificates' | 'notice' | 'state'>;

export interface ModelLot {
  readonly run: number;
  readonly no: number;
  readonly postFrom: LocalDate | null;
  readonly postThrough: LocalDate | null;
  /** Names with their spellings folded. */
  readonly confirmed: Record<LotStep, Set<string>>;
  /** Somebody answers for its release though not all of it is enclosed. */
  isAllowed: boolean;
  isClosed: boolean;
}
export type LotStep = 'print' | 'post' | 'close';

export interface ModelParcel {
  readonly run: number;
  isClosed: boolean;
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
  /** On what ground the law asked for it first, or null. */
  demandedFor: 'lost' | 'found' | 'corrected' | 'damaged' | null;
}

type Holder = Pick<ModelCertificate, 'person' | 'household'>;

export interface ModelSlip {
  readonly kind: 'list' | 'reminder';
  readonly on: LocalDate;
  readonly papers: readonly ModelCertificate[];
}

/** A request for another certificate. */
export interface ModelRequest {
  readonly certificate: ModelCertificate;
  readonly reason: string;
  readonly on: LocalDate;
  /** The run that met it. */
  madeIn: number | null;
}

export type RemakeKind = 'reroute' | 'reprint' | 'rehome' | 'release' | 'send-home';

/** What became of something asked. */
export type Said = 'recorded' | 'already' | 'refused';

/** What a file of results brings: its rows, by whom it is, and who lets it in against the rules. */
export interface ModelFile {
  readonly run: number;
  readonly by: 'contractor' | 'workplace';
  readonly rows: readonly { readonly number: string; readonly event: string; readonly on: LocalDate }[];
  readonly isAllowed: boolean;
}

/** What a certificate is in while it is wanted, by what its piece is made again for. */
const WANTED: Readonly<Record<RemakeKind, readonly string[]>> = {
  reroute: ['issued', 'missing'],
  rehome: ['issued', 'missing'],
  reprint: ['void'],
  release: ['made'],
  'send-home': ['made'],
};
const FIRST_PRINTS: readonly RemakeKind[] = ['release', 'send-home'];

const LIVE = ['issued', 'return-requested', 'return-demanded', 'missing'];

/** Where a piece may go, by the party that does it. */
const PIECE_STEPS: Readonly<Record<string, readonly [from: readonly string[], to: string]>> = {
  enclose: [['printed'], 'enclosed'],
  post: [['enclosed'], 'posted'],
  spoil: [['printed', 'enclosed'], 'spoiled'],
  destroy: [['rerouted', 'spoiled', 'withdrawn'], 'destroyed'],
  return: [['posted', 'not-handed-over'], 'returned'],
  repost: [['returned'], 'posted'],
  'take-back-return': [['returned'], 'posted'],
  'hand-over': [['posted', 'not-handed-over'], 'handed-over'],
  'fail-hand-over': [['posted'], 'not-handed-over'],
  'report-left': [['posted', 'not-handed-over'], 'left-workplace'],
  withdraw: [['planned', 'held', 'released', 'printed', 'enclosed'], 'withdrawn'],
  correct: [['held'], 'held'],
  release: [['held'], 'released'],
  'send-home': [['held'], 'released'],
  reroute: [['returned', 'left-workplace'], 'rerouted'],
};
export const PIECE_EVENTS = Object.keys(PIECE_STEPS).filter((event) => event !== 'return');

/** States of a certificate in which something may be asked of it and is new. */
const CERTIFICATE_STEPS: Readonly<Record<string, readonly string[]>> = {
  'check in': ['issued', 'return-requested', 'return-demanded', 'missing', 'unrecoverable', 'superseded', 'void'],
  missing: ['issued', 'return-requested', 'return-demanded', 'superseded'],
  found: ['missing', 'superseded', 'void'],
  'give up': ['return-demanded'],
  present: ['issued', 'return-requested'],
  withdraw: ['made'],
  reissue: ['issued', 'missing'],
};

const NEXT_LOT_STEP = { print: null, post: 'print', close: 'post' } as const;

export class LifeModel {
  readonly pieces = new Map<string, ModelPiece>();
  readonly certificates = new Map<string, ModelCertificate>();
  readonly lots: ModelLot[] = [];
  readonly parcels: ModelParcel[] = [];
  readonly done = new Set<string>();
  readonly slips: ModelSlip[] = [];
  readonly requests: ModelRequest[] = [];
  readonly demanded = new Map<string, LocalDate | null>();
  /** Files of results that were taken, by what they hold, with the newest day they speak of. */
  readonly files = new Map<string, { readonly of: string; readonly through: LocalDate }>();
  /** Day of loss of persons, after the newest file and the filings; households of filed insured persons as a whole. */
  readonly lost: Map<string, LocalDate>;
  readonly enrolled: ReadonlySet<string>;
  /** Households that are reached through a workplace. */
  readonly employed: ReadonlySet<string>;

  constructor(
    pieces: readonly NewPiece[],
    lost: ReadonlyMap<string, LocalDate>,
    enrolled: ReadonlySet<string>,
    employed: ReadonlySet<string>,
  ) {
    this.lost = new Map(lost);
    this.enrolled = enrolled;
    this.employed = employed;
    for (const piece of pieces) this.add(piece);
  }

  add(piece: NewPiece): void {
    this.pieces.set(piece.number, {
      ...piece,
      lot: null,
      postings: 0,
      stamp: '',
      parcel: null,
      isPacked: false,
      wasSpoiled: false,
      wasEnclosed: false,
      wasPosted: false,
      wasWithdrawn: false,
      isRemade: false,
      isWaived: false,
      wasDeferred: piece.state === 'held',
    });
    for (const certificate of piece.certificates) this.certificates.set(certificate.number, certificate);
  }

  /** Pieces of a run; those to which the event may happen, where there are any and they are asked for. */
  piecesFor(run: number, event: string | null): ModelPiece[] {
    const own = [...this.pieces.values()].filter((piece) => piece.run === run);
    const ripe = own.filter((piece) => event !== null && PIECE_STEPS[event]![0].includes(piece.state));
    return ripe.length > 0 ? ripe : own;
  }

  certificatesFor(step: string | null): ModelCertificate[] {
    const all = [...this.certificates.values()];
    const ripe = all.filter(
      (c) => step !== null && CERTIFICATE_STEPS[step]!.includes(c.state) && (step !== 'found' || c.timesMissing > 0),
    );
    return ripe.length > 0 ? ripe : all;
  }

  pieceOf(certificate: ModelCertificate): ModelPiece {
    return [...this.pieces.values()].find((piece) => piece.certificates.includes(certificate))!;
  }

  /** With the holder: handed out, and its envelope did not come back. */
  #isInHand(certificate: ModelCertificate): boolean {
    return !['returned', 'rerouted', 'destroyed'].includes(this.pieceOf(certificate).state);
  }

  /** Released by two persons, its parcel closed, and on a day of its wave where the day is said. */
  #mayBePosted(piece: ModelPiece, on: LocalDate | null): boolean {
    const { lot, parcel } = piece;
    if (lot === null) return true;
    if (lot.confirmed.post.size < 2 || (parcel !== null && !parcel.isClosed)) return false;
    return on === null || !((lot.postFrom ?? on) > on || (lot.postThrough ?? on) < on);
  }

  piece(number: string, event: string, key: string, on: LocalDate | null = null, isAllowed = false): Said {
    const piece = this.pieces.get(number)!;
    if (this.done.has(key)) return 'already';
    const [from, to] = PIECE_STEPS[event]!;
    const isOrdinary =
      from.includes(piece.state) &&
      (event !== 'post' || this.#mayBePosted(piece, on)) &&
      // What never came on paper cannot be destroyed.
      (event !== 'destroy' || piece.lot !== null);
    // A named person lets a sealed piece go all the same, or one that has gone go again.
    if (!isOrdinary && !(isAllowed && event === 'post' && ['enclosed', 'posted'].includes(piece.state)))
      return 'refused';
    piece.state = to;
    this.done.add(key);
    if (['post', 'repost', 'take-back-return'].includes(event)) piece.postings += 1;
    if (event === 'spoil') piece.wasSpoiled = true;
    if (event === 'send-home') piece.isSentHome = true;
    if (event === 'enclose') piece.wasEnclosed = true;
    if (event === 'post') piece.wasPosted = true;
    if (event === 'withdraw') piece.wasWithdrawn = true;
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

  /** Of two certificates of a person that were posted, the newer counts. Said once of a pair. */
  #settleTwo(posted: ModelCertificate): void {
    const isNewer = (a: ModelCertificate, b: ModelCertificate): boolean =>
      a.issuedOn === b.issuedOn ? a.number > b.number : a.issuedOn > b.issuedOn;
    const supersede = (older: ModelCertificate, newer: ModelCertificate): void => {
      const key = `supersede:${older.number}:${newer.number}`;
      if (this.done.has(key)) return;
      this.done.add(key);
      older.state = 'superseded';
    };
    if (posted.state !== 'issued') return;
    const others = [...this.certificates.values()].filter((c) => c.person === posted.person && c.run !== posted.run);
    for (const other of others)
      if (isNewer(posted, other) && ['issued', 'return-requested', 'missing'].includes(other.state))
        supersede(other, posted);
    const newest = others
      .filter((other) => isNewer(other, posted) && !['made', 'withdrawn', 'void'].includes(other.state))
      .toSorted((a, b) => (a.number > b.number ? -1 : 1))[0];
    if (newest) supersede(posted, newest);
  }

  /** The rows of a file one by one; null where the whole file is refused. */
  results(file: ModelFile): { recorded: number; already: number; refused: number } | null {
    const of = `${file.by} ${file.run}`;
    const text = JSON.stringify([of, file.rows]);
    const through = file.rows
      .map((row) => row.on)
      .toSorted()
      .at(-1)!;
    const others = [...this.files].flatMap(([other, f]) => (f.of === of && other !== text ? [f.through] : []));
    if (!file.isAllowed && others.some((day) => day > through)) return null;
    const counts = { recorded: 0, already: 0, refused: 0 };
    for (const { number, event, on } of file.rows) {
      const piece = this.pieces.get(number)!;
      const isOwn = piece.run === file.run && (file.by === 'contractor' || piece.route === 'workplace');
      const key = `result:${event}:${number}:${on}`;
      counts[isOwn ? this.piece(number, event, key, on, file.isAllowed) : 'refused'] += 1;
    }
    if (this.files.has(text) && counts.recorded === 0) return null;
    this.files.set(text, { of, through });
    return counts;
  }

  scan(number: string, stamp: string): Said {
    const piece = this.pieces.get(number)!;
    const key = `return:${number}:${piece.postings}`;
    if (!PIECE_STEPS['return']![0].includes(piece.state)) return this.done.has(key) ? 'already' : 'refused';
    piece.state = 'returned';
    piece.stamp = stamp;
    this.done.add(key);
    return 'recorded';
  }

  withdraw(certificate: ModelCertificate): Said {
    const piece = this.pieceOf(certificate);
    const key = `withdraw:${certificate.number}`;
    if (this.done.has(key)) return 'already';
    if (!PIECE_STEPS['withdraw']![0].includes(piece.state)) return 'refused';
    this.done.add(key);
    certificate.state = 'withdrawn';
    if (piece.certificates.every((c) => c.state === 'withdrawn')) {
      piece.state = 'withdrawn';
      piece.wasWithdrawn = true;
      this.done.add(`withdraw:${piece.number}`);
    }
    return 'recorded';
  }

  /** A notice is withdrawn with its piece. */
  withdrawNotice(piece: ModelPiece): Said {
    return this.piece(piece.number, 'withdraw', `withdraw:${piece.number}`);
  }

  /** Pieces of a run that count as held: until they are withdrawn, also when they are made again. */
  heldIn(run: number): number {
    return [...this.pieces.values()].filter((p) => p.run === run && p.wasDeferred && p.state !== 'withdrawn').length;
  }

  /** Pieces of a run that count as spoiled: those that are not made again after all count as withdrawn. */
  spoiledIn(run: number): number {
    return [...this.pieces.values()].filter((p) => p.run === run && p.wasSpoiled && !p.isWaived).length;
  }

  notices(): ModelPiece[] {
    return [...this.pieces.values()].filter((piece) => piece.notice !== null);
  }

  /** One person confirms a step of a lot. */
  confirm(lot: ModelLot, step: LotStep, person: string, isAllowed = false): Said {
    const before = NEXT_LOT_STEP[step];
    const confirmed = lot.confirmed[step];
    if (confirmed.has(person)) return confirmed.size === 2 ? 'already' : 'refused';
    if (confirmed.size === 2 || lot.isClosed) return 'refused';
    if (before !== null && lot.confirmed[before].size < 2) return 'refused';
    if (step === 'close' && !this.#isEven(lot)) return 'refused';
    const isPart = step === 'post' && !this.#isEnclosed(lot);
    if (isPart && !isAllowed && !lot.isAllowed) return 'refused';
    if (isPart && isAllowed) lot.isAllowed = true;
    confirmed.add(person);
    if (step === 'close') lot.isClosed = confirmed.size === 2;
    return 'recorded';
  }

  /** What may be confirmed now: the steps nearest to the end first. */
  ripeLots(): { lot: ModelLot; step: LotStep }[] {
    const steps = this.lots.flatMap((lot) => (['close', 'post', 'print'] as const).map((step) => ({ lot, step })));
    return steps.filter(({ lot, step }) => {
      const before = NEXT_LOT_STEP[step];
      if (lot.isClosed || lot.confirmed[step].size === 2) return false;
      if (before !== null && lot.confirmed[before].size < 2) return false;
      return step !== 'close' || this.#isEven(lot);
    });
  }

  /** All of a lot that is on paper and goes is enclosed. */
  #isEnclosed(lot: ModelLot): boolean {
    return [...this.pieces.values()]
      .filter((piece) => piece.lot === lot && !piece.wasSpoiled && !piece.wasWithdrawn && !piece.wasDeferred)
      .every((piece) => piece.wasEnclosed);
  }

  /** Nothing of a lot is missing: what is not withdrawn was posted, or spoiled and made again. */
  #isEven(lot: ModelLot): boolean {
    return [...this.pieces.values()]
      .filter((piece) => piece.lot === lot)
      .every((piece) => {
        if (piece.wasSpoiled) return piece.isRemade || piece.isWaived;
        return piece.wasWithdrawn || (piece.wasEnclosed && piece.wasPosted);
      });
  }

  /** What is left of a run's pieces comes on paper, or is held: where each is now. */
  print(run: number, isHeld: (number: string) => boolean): Map<string, string> {
    const waiting = [...this.pieces.values()].filter((piece) => piece.run === run && piece.state === 'planned');
    for (const piece of waiting) {
      piece.wasDeferred = isHeld(piece.number);
      piece.state = piece.wasDeferred ? 'held' : 'printed';
    }
    return new Map(waiting.map((piece) => [piece.number, piece.state]));
  }

  /** A parcel for what of the workplace lies in none; how many there are then, or null where there is none. */
  openParcels(run: number): number | null {
    const loose = [...this.pieces.values()].filter(
      (piece) =>
        piece.run === run &&
        piece.route === 'workplace' &&
        ['printed', 'enclosed'].includes(piece.state) &&
        piece.parcel === null,
    );
    if (loose.length > 0) {
      const parcel = { run, isClosed: false };
      this.parcels.push(parcel);
      for (const piece of loose) piece.parcel = parcel;
    }
    return this.parcels.filter((parcel) => parcel.run === run).length || null;
  }

  pack(run: number, number: string): Said | 'stranger' {
    const piece = this.pieces.get(number)!;
    if (piece.run !== run) return 'stranger';
    if (piece.route === 'home' || piece.parcel === null) return 'refused';
    if (piece.isPacked) return 'already';
    if (piece.parcel.isClosed || piece.state !== 'enclosed') return 'refused';
    piece.isPacked = true;
    return 'recorded';
  }

  /** Closes the only parcel, or the only open one: true where it is closed now, false where something is wrong. */
  closeParcel(run: number): boolean {
    const own = this.parcels.filter((parcel) => parcel.run === run);
    const open = own.filter((parcel) => !parcel.isClosed);
    const asked = open.length > 0 ? open : own;
    const [parcel] = asked;
    if (!parcel || asked.length > 1) return false;
    if (parcel.isClosed) return true;
    const inside = [...this.pieces.values()].filter((piece) => piece.parcel === parcel);
    const isGone = (piece: ModelPiece): boolean => ['withdrawn', 'spoiled', 'destroyed'].includes(piece.state);
    if (inside.some((piece) => piece.isPacked === isGone(piece)) || inside.every(isGone)) return false;
    parcel.isClosed = true;
    return true;
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
    if (!['missing', 'superseded', 'void'].includes(certificate.state)) return 'refused';
    this.done.add(key);
    if (certificate.state !== 'missing' || certificate.before === 'superseded') {
      certificate.state = 'return-demanded';
      certificate.demandedFor ??= 'found';
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

  #lostOn({ person, household }: Holder): LocalDate | null {
    const days = [this.lost.get(person), this.lost.get(household)].filter((d) => d !== undefined);
    return days.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? null;
  }

  #isLost(holder: Holder, on: LocalDate): boolean {
    const lostOn = this.#lostOn(holder);
    return lostOn !== null && lostOn <= on;
  }

  /** Papers on the list of a day, by ground. */
  recall(on: LocalDate): Record<string, number> {
    const counts = { lost: 0, found: 0, corrected: 0, damaged: 0, enrolled: 0, superseded: 0 };
    const listed: ModelCertificate[] = [];
    for (const c of this.certificates.values()) {
      if (!['issued', 'return-requested', 'return-demanded', 'superseded'].includes(c.state)) continue;
      if (!this.#isInHand(c) || c.validThrough < on) continue;
      if (this.#isLost(c, on)) {
        counts.lost += 1;
        if (!this.demanded.has(c.number)) this.demanded.set(c.number, this.#lostOn(c));
        c.demandedFor ??= 'lost';
        c.state = 'return-demanded';
      } else if (c.state === 'return-demanded' && c.demandedFor !== null && c.demandedFor !== 'lost')
        counts[c.demandedFor] += 1;
      else if (c.state === 'superseded') {
        const ground = this.#replacedFor(c);
        counts[ground ?? 'superseded'] += 1;
        if (ground !== null) {
          c.demandedFor ??= ground;
          c.state = 'return-demanded';
          if (!this.demanded.has(c.number)) this.demanded.set(c.number, null);
        }
      } else if (this.enrolled.has(c.person)) {
        counts.enrolled += 1;
        if (c.state === 'issued') c.state = 'return-requested';
      } else continue;
      listed.push(c);
    }
    this.#enterSlip('list', on, listed);
    return counts;
  }

  /** What the law asks a paper back for in whose place another was made, or null. */
  #replacedFor(c: ModelCertificate): 'corrected' | 'damaged' | null {
    const reason = this.requests.findLast((request) => request.certificate === c)?.reason;
    if (reason === 'torn' || reason === 'soiled') return 'damaged';
    return reason === 'name-changed' || reason === 'sex-changed' ? 'corrected' : null;
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

  /** Papers of the newest slip of a day that are still out, or null without a slip. */
  #open(on: LocalDate): ModelCertificate[] | null {
    const before = this.slips.filter((slip) => slip.on <= on);
    const newest = before.toSorted((a, b) => (a.on === b.on ? (a.kind < b.kind ? -1 : 1) : a.on > b.on ? -1 : 1))[0];
    return newest?.papers.filter((c) => c.state !== 'given-back' && c.state !== 'expired') ?? null;
  }

  waiting(on: LocalDate): number | null {
    return this.#open(on)?.length ?? null;
  }

  /** By count: true where the papers of the newest slip are back, false where nothing is recorded, null without a slip. */
  count(on: LocalDate, counted: number): boolean | null {
    const open = this.#open(on);
    if (!open) return null;
    if (counted === 0 || counted !== open.length) return false;
    for (const certificate of open) certificate.state = 'given-back';
    return true;
  }

  /**
   * A filing of loss for an insured person, with what it says of the person's own paper: what has gone is asked back, what
   * has not is withdrawn.
   */
  file(
    household: string,
    on: LocalDate,
    attachment: 'attached' | 'unrecoverable' | 'unsaid',
  ): { said: Said; demanded: number; withdrawn: number } {
    const key = `file:${household}:${on}`;
    if (this.done.has(key)) return { said: 'already', demanded: 0, withdrawn: 0 };
    this.done.add(key);
    const known = this.lost.get(household);
    if (known === undefined || on < known) this.lost.set(household, on);
    let [demanded, withdrawn] = [0, 0];
    for (const c of this.certificates.values()) {
      if (c.household !== household) continue;
      if (c.state === 'made' && this.withdraw(c) === 'recorded') withdrawn += 1;
      if (!this.#isInHand(c)) continue;
      if (['issued', 'return-requested', 'superseded'].includes(c.state)) {
        c.state = 'return-demanded';
        this.demanded.set(c.number, this.demanded.get(c.number) ?? on);
        demanded += 1;
      }
      if (c.state !== 'return-demanded' || !c.person.endsWith('-00')) continue;
      if (attachment === 'attached') c.state = 'given-back';
      if (attachment === 'unrecoverable') c.state = 'unrecoverable';
    }
    return { said: 'recorded', demanded, withdrawn };
  }

  /** A person asks for another certificate in place of the one in use. */
  reissue(person: string, request: Pick<ModelRequest, 'reason' | 'on'>, isAttached: boolean): Said {
    const own = this.#papersOf(person);
    const isKnown = this.requests.some(
      (r) =>
        r.certificate.person === person && (r.madeIn === null || (r.reason === request.reason && r.on === request.on)),
    );
    if (isKnown) return 'already';
    const asked = own.find((c) => ['issued', 'missing'].includes(c.state)) ?? own[0]!;
    const piece = this.pieceOf(asked);
    const isOut = ['posted', 'handed-over'].includes(piece.state);
    if (!['issued', 'missing'].includes(asked.state) || !isOut || asked.validThrough < request.on) return 'refused';
    if (this.#isDenied(asked, request.on)) return 'refused';
    const isGone = request.reason === 'missing' || request.reason === 'not-arrived';
    // The newest file changes nobody's name.
    if (request.reason === 'name-changed' || (isAttached && (isGone || asked.state === 'missing'))) return 'refused';
    if (isGone) this.missing(asked);
    this.requests.push({ ...request, certificate: asked, madeIn: null });
    if (asked.state === 'missing') asked.state = 'void';
    else if (isAttached) asked.state = 'given-back';
    return 'recorded';
  }

  /** Certificates of a person, the newest first. */
  #papersOf(person: string): ModelCertificate[] {
    return [...this.certificates.values()]
      .filter((c) => c.person === person)
      .toSorted((a, b) =>
        a.issuedOn === b.issuedOn ? (a.number > b.number ? -1 : 1) : a.issuedOn > b.issuedOn ? -1 : 1,
      );
  }

  /** Whose person gets no other: lost, with a card, or with a newer one that is out or on its way. */
  #isDenied(c: ModelCertificate, on: LocalDate): boolean {
    const own = this.#papersOf(c.person);
    const newer = own.slice(0, own.indexOf(c)).filter((other) => !['withdrawn', 'void'].includes(other.state));
    return this.#isLost(c, on) || this.enrolled.has(c.person) || newer.length > 0;
  }

  /** The persons of each run whose requests are met on a day. */
  dueReissues(on: LocalDate): Map<number, ModelRequest[]> {
    const due = this.requests.filter((r) => r.madeIn === null && !this.#isDenied(r.certificate, on));
    return Map.groupBy(due, (r) => r.certificate.run);
  }

  /** Pieces of a run that one kind of remake looks at. */
  dueFor(kind: RemakeKind, run: number): ModelPiece[] {
    return [...this.pieces.values()].filter((piece) => {
      if (piece.isRemade || piece.isWaived || piece.run !== run) return false;
      if (kind === 'reroute') return piece.state === 'returned';
      if (FIRST_PRINTS.includes(kind))
        return piece.state === 'released' && (piece.isSentHome === true) === (kind === 'send-home');
      if (kind === 'rehome')
        return piece.state === 'left-workplace' || (piece.state === 'returned' && piece.stamp === 'sent-back');
      return piece.wasSpoiled && ['spoiled', 'destroyed'].includes(piece.state);
    });
  }

  /** Pieces of a run that are made again, and who gets a new paper: the persons of each. */
  remake(kind: RemakeKind, run: number, on: LocalDate): { pieces: number; waived: number; persons: string[] } {
    const persons: string[] = [];
    let [pieces, waived] = [0, 0];
    for (const piece of this.dueFor(kind, run)) {
      if (kind === 'reroute' && !['moved', 'unknown-at-address', 'address-incomplete'].includes(piece.stamp)) continue;
      if (kind === 'reroute' && !this.employed.has(piece.household)) continue;
      const inside: readonly Holder[] =
        piece.notice === null
          ? piece.certificates.filter((c) => WANTED[kind].includes(c.state))
          : [{ person: piece.notice, household: piece.household }];
      const stay = inside.filter((holder) => !this.#isLost(holder, on));
      if (stay.length === 0) {
        if (kind === 'reprint') {
          piece.isWaived = true;
          if (piece.state === 'spoiled') piece.state = 'withdrawn';
        } else if (FIRST_PRINTS.includes(kind)) {
          this.piece(piece.number, 'withdraw', `withdraw:${piece.number}`);
          // By the keys a person's own withdrawal has.
          for (const c of piece.certificates) this.done.add(`withdraw:${c.number}`);
        } else continue;
        waived += 1;
        continue;
      }
      pieces += 1;
      persons.push(...stay.map((holder) => holder.person));
      piece.isRemade = true;
      if (kind === 'reprint') continue;
      piece.state = FIRST_PRINTS.includes(kind) ? 'remade' : 'rerouted';
      for (const c of piece.certificates) if (LIVE.includes(c.state) || c.state === 'made') c.state = 'void';
    }
    return { pieces, waived, persons: persons.toSorted() };
  }
}
