// Room: rules. Whether files fit each other and the files before them: what stops an import or an issuance until the file
// is mended or a named person lets it pass (intake contract, second edition, "Gates").
import { formatCount } from '../words/counts.ts';

/** Limits of an insurer's profile. */
export interface FitLimits {
  /** A join stops above this share of the rows … */
  readonly share: number;
  /** … and above this many rows, … */
  readonly rows: number;
  /** … or from this share of the rows on, however few they are. */
  readonly shareOfAny: number;
  /** A file with fewer rows than this share of the file in use stops. */
  readonly shrunkBelow: number;
}

/** The contract's limits, for a profile that gives none. */
export const USUAL_FIT_LIMITS: FitLimits = { share: 0.05, rows: 20, shareOfAny: 0.5, shrunkBelow: 0.9 };

/** Rows of a file and how many of them found no partner. */
export interface Unmatched {
  readonly total: number;
  readonly without: number;
}

/** What is counted before anybody is decided. */
export interface JoinCounts {
  /** Members on the enrolment's reference date (not joined or decided after it, not lost by it): without a row. */
  readonly members: Unmatched;
  /** Rows of the enrolment: of no member at all. */
  readonly enrolment: Unmatched;
  /** Members who have an employer: whose 記号 is not in the workplace file. */
  readonly workplaces: Unmatched;
}

export type JoinStop = 'enrolment-does-not-join' | 'workplaces-missing';

/** Whether so many rows without a partner stop the issuance. */
export function isTooMany({ total, without }: Unmatched, limits: FitLimits): boolean {
  if (without === 0) return false;
  return without / total >= limits.shareOfAny || (without > limits.rows && without / total > limits.share);
}

/** What stops the issuance, in the order of the messages. */
export function joinStops({ members, enrolment, workplaces }: JoinCounts, limits: FitLimits): JoinStop[] {
  const stops: JoinStop[] = [];
  if (isTooMany(members, limits) || isTooMany(enrolment, limits)) stops.push('enrolment-does-not-join');
  if (isTooMany(workplaces, limits)) stops.push('workplaces-missing');
  return stops;
}

/** Members looked at in evenly spread places of a large file: all of them, and those whom the rule counts. */
export interface JoinSample {
  readonly looked: number;
  readonly matched: number;
  readonly counted: number;
  readonly countedWithout: number;
}

/**
 * Whether a sample leaves room for a stop, so that every row has to be counted: from half of the limit on, by the share
 * of members without a row and of enrolment rows that so many matched members leave over.
 */
export function isDoubtful(
  sample: JoinSample,
  totals: { readonly members: number; readonly enrolment: number },
  limits: FitLimits,
): boolean {
  const half = limits.share / 2;
  if (sample.looked === 0 || sample.counted === 0) return true;
  const matched = (sample.matched / sample.looked) * totals.members;
  return sample.countedWithout / sample.counted > half || (totals.enrolment - matched) / totals.enrolment > half;
}

/** What the rows without a partner show when the join is tried in another way. */
export interface JoinTries {
  /** Rows of the enrolment file, and members and rows that found no partner. */
  readonly rows: number;
  readonly membersWithout: number;
  readonly rowsWithout: number;
  /** Members without a row that stand behind the last member with one, in the member file's order; that member's line. */
  readonly behindLastMatch: number;
  readonly lastMatchLine: number;
  /** Of the rows tried, those that meet a member under another 記号, and the 記号 that meets most. */
  readonly tried: number;
  readonly otherSymbol: { readonly count: number; readonly given: string; readonly meets: string } | null;
  /** Rows that meet a member when 枝番 is raised or lowered by one, and by which. */
  readonly offByOne: { readonly count: number; readonly by: 1 | -1 } | null;
}

export type JoinCause =
  | { readonly kind: 'cut'; readonly rows: number; readonly line: number }
  | { readonly kind: 'other-symbol'; readonly given: string; readonly meets: string }
  | { readonly kind: 'sub-number'; readonly by: 1 | -1 }
  | { readonly kind: 'other-insurer' };

/** Most of the rows have to agree on a cause before the message names it. */
const MOST = 0.8;

/** The cause that explains most of the rows without a partner, or null. */
export function likelyCause(tries: JoinTries): JoinCause | null {
  const { rows, rowsWithout, membersWithout, offByOne, otherSymbol } = tries;
  if (offByOne !== null && rowsWithout > 0 && offByOne.count >= rowsWithout * MOST)
    return { kind: 'sub-number', by: offByOne.by };
  if (otherSymbol !== null && tries.tried > 0 && otherSymbol.count >= tries.tried * MOST)
    return { kind: 'other-symbol', given: otherSymbol.given, meets: otherSymbol.meets };
  if (rowsWithout === rows) return { kind: 'other-insurer' };
  if (membersWithout > 0 && tries.behindLastMatch >= membersWithout * MOST && rowsWithout < rows / 2)
    return { kind: 'cut', rows, line: tries.lastMatchLine };
  if (rowsWithout >= rows * MOST) return { kind: 'other-insurer' };
  return null;
}

/** What staff read of a cause. */
export function causeText(cause: JoinCause): string {
  switch (cause.kind) {
    case 'cut':
      return `マイナ保険証のファイルが途中で切れていませんか（${formatCount(cause.rows)}行で終わり、加入者のファイルでは${formatCount(cause.line)}行目の人までです）`;
    case 'other-symbol':
      return `記号が違いませんか（記号 ${cause.given} の行は、記号 ${cause.meets} の加入者とすれば一致します）`;
    case 'sub-number':
      return `枝番が1つずれていませんか（枝番を1つ${cause.by === 1 ? '増やす' : '減らす'}と一致します）`;
    case 'other-insurer':
      return '別の保険者のファイルではありませんか（一致する加入者がほとんどいません）';
  }
}

/** Lines at which Excel ends a sheet: of .xls and of .xlsx. */
const SHEET_LINES = [65_536, 1_048_576] as const;

/**
 * The sheet size a file was probably cut at, or null. `rows` = data rows; the heading, and a title above it, take a line
 * of the sheet each or were put in front of it later.
 */
export function sheetCutAt(rows: number): number | null {
  return SHEET_LINES.find((lines) => rows >= lines - 2 && rows <= lines) ?? null;
}

/** Whether a file lost so many rows against the file in use that a person has to look. */
export function isShrunk(rows: number, inUse: number, limits: FitLimits): boolean {
  return rows < inUse * limits.shrunkBelow;
}
