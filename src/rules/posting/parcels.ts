// Room: rules. How the notices of one workplace go into parcels: order, households together, at most so many to a parcel,
// envelope or box, estimated weight and thickness. Source: 002 pages 6 and 7.
import type { Member } from '../intake/member.ts';
import type { PersonKey } from '../words/person-key.ts';

/** One sealed notice of one person, as far as parcels need it. */
export interface NoticePiece extends PersonKey {
  readonly pieceNumber: string;
  readonly relation: Member['relation'];
  /** 個人番号申出書 is enclosed: one sheet more. */
  readonly requestForm: boolean;
}

export interface ParcelContainer {
  readonly kind: 'envelope' | 'box';
  /** Outer size, millimetres; depth is an envelope's gusset (マチ). */
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly depthMm: number;
  /** Empty, grams. */
  readonly weightG: number;
}

/** A profile's parcel settings; sizes in millimetres, weights in grams. */
export interface ParcelRules {
  /** Notices to a parcel, at most (002: 約150人分). */
  readonly limit: number;
  /** The sealed letter: its size, and what an ordinary one and a request form weigh and how thick they are. */
  readonly letter: {
    readonly lengthMm: number;
    readonly widthMm: number;
    readonly thicknessMm: number;
    readonly weightG: number;
  };
  readonly requestForm: { readonly thicknessMm: number; readonly weightG: number };
  /** In order of preference: the first that holds the contents is taken; the last sets how much goes into one parcel. */
  readonly containers: readonly ParcelContainer[];
  /** 差出しの限度: weight, and length + width + depth as filled. */
  readonly postal: { readonly weightG: number; readonly sumMm: number };
}

/** Where a profile says nothing of parcels, as it sends no notices: 002's envelope (49 × 32, gusset 12 cm) and box (36 × 25 × 12 cm); what letters weigh is an estimate of three A4 sheets. */
export const PARCEL_RULES: ParcelRules = {
  limit: 150,
  letter: { lengthMm: 235, widthMm: 120, thicknessMm: 1.6, weightG: 20 },
  requestForm: { thicknessMm: 0.3, weightG: 4 },
  containers: [
    { kind: 'envelope', lengthMm: 490, widthMm: 320, depthMm: 120, weightG: 60 },
    { kind: 'box', lengthMm: 360, widthMm: 250, depthMm: 120, weightG: 180 },
  ],
  postal: { weightG: 4000, sumMm: 900 },
};

export const CONTAINER_LABELS = { envelope: '封筒', box: '箱' } as const satisfies Record<
  ParcelContainer['kind'],
  string
>;

export interface Parcel {
  /** 通番, from 1, and 総数 of the workplace. */
  readonly sequence: number;
  readonly sequenceCount: number;
  readonly container: ParcelContainer['kind'];
  /** Insured person, then dependents, household by household. */
  readonly pieces: readonly NoticePiece[];
  /** Estimates: filled weight in whole grams, filled depth in whole millimetres. */
  readonly weightG: number;
  readonly depthMm: number;
}

interface Load {
  readonly weightG: number;
  readonly thicknessMm: number;
  readonly count: number;
}

/**
 * The parcels of one workplace. A household goes into one parcel; only one that no parcel can hold is divided, and then
 * starts a parcel of its own.
 *
 * @throws RangeError where the pieces are of two workplaces, a piece comes twice, the limit is below 1, or a single
 *   letter fits no container.
 */
export function packParcels(pieces: readonly NoticePiece[], rules: ParcelRules): Parcel[] {
  if (new Set(pieces.map((piece) => piece.symbol)).size > 1) throw new RangeError('pieces of two workplaces');
  if (new Set(pieces.map((piece) => piece.pieceNumber)).size < pieces.length) throw new RangeError('a piece twice');
  if (!(rules.limit >= 1)) throw new RangeError('limit must be at least 1');
  const parcels = divide(pieces, rules);
  return parcels.map((contents, i) => {
    const load = contents.reduce((sum, piece) => add(sum, piece, rules), EMPTY);
    const filled = containerFor(load, rules);
    if (filled === null) throw new RangeError('a letter fits no container');
    return { sequence: i + 1, sequenceCount: parcels.length, pieces: contents, ...filled };
  });
}

/** Households in order, each into the parcel begun where it fits, else into a new one. */
function divide(pieces: readonly NoticePiece[], rules: ParcelRules): NoticePiece[][] {
  const parcels: NoticePiece[][] = [];
  let load = FULL;
  for (const household of households(pieces)) {
    const together = household.reduce((sum, piece) => add(sum, piece, rules), load);
    if (!holds(together, rules)) load = FULL;
    for (const piece of household) {
      const next = add(load, piece, rules);
      const open = parcels.at(-1);
      if (open !== undefined && holds(next, rules)) {
        open.push(piece);
        load = next;
      } else {
        parcels.push([piece]);
        load = add(EMPTY, piece, rules);
      }
    }
  }
  return parcels;
}

const EMPTY: Load = { weightG: 0, thicknessMm: 0, count: 0 };
/** Holds nothing more: the next piece begins a parcel. */
const FULL: Load = { weightG: Infinity, thicknessMm: Infinity, count: Infinity };

function add(load: Load, piece: NoticePiece, rules: ParcelRules): Load {
  const form = piece.requestForm ? rules.requestForm : { weightG: 0, thicknessMm: 0 };
  return {
    weightG: load.weightG + rules.letter.weightG + form.weightG,
    thicknessMm: load.thicknessMm + rules.letter.thicknessMm + form.thicknessMm,
    count: load.count + 1,
  };
}

function holds(load: Load, rules: ParcelRules): boolean {
  return load.count <= rules.limit && containerFor(load, rules) !== null;
}

type Filled = Pick<Parcel, 'container' | 'weightG' | 'depthMm'>;

/** The first container that holds a load, or null. */
function containerFor(load: Load, rules: ParcelRules): Filled | null {
  for (const container of rules.containers) {
    const weightG = Math.ceil(load.weightG + container.weightG);
    const depthMm = filledDepth(load, container, rules);
    const isBox = container.kind === 'box';
    const sumMm = container.lengthMm + container.widthMm + (isBox ? container.depthMm : depthMm);
    if (depthMm <= container.depthMm && weightG <= rules.postal.weightG && sumMm <= rules.postal.sumMm) {
      return { container: container.kind, weightG, depthMm };
    }
  }
  return null;
}

/** Letters lie flat in as many stacks as fit side by side, whichever way round; Infinity where not one fits. */
function filledDepth(load: Load, container: ParcelContainer, rules: ParcelRules): number {
  const { lengthMm, widthMm, thicknessMm } = rules.letter;
  const stacks = Math.max(
    Math.floor(container.lengthMm / lengthMm) * Math.floor(container.widthMm / widthMm),
    Math.floor(container.lengthMm / widthMm) * Math.floor(container.widthMm / lengthMm),
  );
  if (stacks === 0 || !Number.isFinite(load.count)) return Infinity;
  // The highest stack, were every letter as thick as the mean: whole letters only.
  const mean = load.count === 0 ? thicknessMm : load.thicknessMm / load.count;
  return Math.ceil(Math.ceil(load.count / stacks) * mean);
}

/** Pieces by 番号, each household's insured person first, then dependents by 枝番. */
function households(pieces: readonly NoticePiece[]): NoticePiece[][] {
  const byNumber = new Map<string, NoticePiece[]>();
  for (const piece of pieces) {
    const household = byNumber.get(piece.number);
    if (household) household.push(piece);
    else byNumber.set(piece.number, [piece]);
  }
  const numbers = [...byNumber.keys()].sort((a, b) => a.length - b.length || compare(a, b));
  return numbers.map((number) => (byNumber.get(number) ?? []).sort(insuredFirst));
}

function insuredFirst(a: NoticePiece, b: NoticePiece): number {
  if (a.relation !== b.relation) return a.relation === 'insured' ? -1 : 1;
  return compare(a.subNumber, b.subNumber) || compare(a.pieceNumber, b.pieceNumber);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
