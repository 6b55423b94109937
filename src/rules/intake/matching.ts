// Room: rules. Whether the five attributes of two records say the same person (5情報: 漢字氏名・カナ氏名・生年月日・性別・
// 住所), and so whether the last four digits may be printed. Answers are codes, never values. Source: 002 section 2.
import { foldAddressPart, foldKanaName, foldName, isUnreadable, withoutPrefecture } from '../words/folding.ts';
import type { Member } from './member.ts';
import type { Address } from '../words/address.ts';
import type { LocalDate } from '../words/local-date.ts';

export type Attribute = 'name' | 'kana' | 'bornOn' | 'sex' | 'address';

/** The five attributes as one source holds them; null or '' = the source has none. */
export interface Identity {
  readonly name: string;
  readonly kana: string;
  readonly bornOn: LocalDate | null;
  readonly sex: Member['sex'] | null;
  readonly address: Pick<Address, 'line' | 'building'> | null;
}

/** How two values differ, without saying what they are. */
export type Manner =
  /** One of the two records has no value. */
  | 'missing'
  /** A character the sender could not represent (●, 〓, 外字). */
  | 'unreadable'
  /** One holds the other and more (旧姓 in brackets, a middle name). */
  | 'extra-text'
  | 'prefecture-omitted'
  | 'building-omitted'
  | 'building-differs'
  | 'differs';

export interface Difference {
  readonly attribute: Attribute;
  readonly manner: Manner;
}

/**
 * A combination the insurer holds to be of low risk (002: リスクが低いと判断した者). It covers a person whose every
 * difference is in `allows`. A birth date is not in the type: no profile can allow a different one.
 */
export interface LowRiskRule {
  readonly allows: readonly LowRiskDifference[];
  /** Why the insurer holds it so; shown with every person it covers. */
  readonly reason: string;
}

export interface LowRiskDifference {
  readonly attribute: Exclude<Attribute, 'bornOn'>;
  readonly manner: Manner;
}

export type MatchClass =
  | 'agrees'
  /** It disagreed and the insurer has looked: 不一致があったものの保険者で確認済み. */
  | 'confirmed'
  | 'low-risk'
  /** Held: never sent with digits. */
  | 'unresolved'
  /** 個人番号未提出: the request form goes with the notice. */
  | 'not-submitted';

export const MATCH_LABELS = {
  agrees: '一致',
  confirmed: '不一致（保険者確認済み）',
  'low-risk': '一部不一致（低リスク）',
  unresolved: '不一致（未解決）',
  'not-submitted': '個人番号未提出',
} as const satisfies Record<MatchClass, string>;

const ATTRIBUTE_LABELS = {
  name: '漢字氏名',
  kana: 'カナ氏名',
  bornOn: '生年月日',
  sex: '性別',
  address: '住所',
} as const satisfies Record<Attribute, string>;

export const MANNER_LABELS = {
  missing: '一方にない',
  unreadable: '表示できない文字がある',
  'extra-text': '一方に余分な文字がある',
  'prefecture-omitted': '都道府県の省略',
  'building-omitted': '方書の省略',
  'building-differs': '方書が異なる',
  differs: '異なる',
} as const satisfies Record<Manner, string>;

export interface MatchResult {
  readonly matchClass: MatchClass;
  /** In the order 氏名, カナ, 生年月日, 性別, 住所; empty where all agree. */
  readonly differences: readonly Difference[];
  /** The low-risk rule's reason, else null. */
  readonly reason: string | null;
}

/** Compares two records; the order of the two does not matter. */
export function compareIdentities(a: Identity, b: Identity): Difference[] {
  const found: Difference[] = [];
  const note = (attribute: Attribute, manner: Manner | null): void => {
    if (manner !== null) found.push({ attribute, manner });
  };
  note('name', compareText(a.name, b.name, foldName));
  note('kana', compareText(a.kana, b.kana, foldKanaName));
  note('bornOn', compareExactly(a.bornOn, b.bornOn));
  note('sex', compareExactly(a.sex, b.sex));
  note('address', compareAddress(a.address, b.address));
  return found;
}

/** A date or a sex agrees only with itself. */
function compareExactly(a: string | null, b: string | null): Manner | null {
  if (a === null || b === null) return 'missing';
  return a === b ? null : 'differs';
}

function compareText(a: string, b: string, fold: (text: string) => string): Manner | null {
  if (a === '' || b === '') return 'missing';
  if (isUnreadable(a) || isUnreadable(b)) return 'unreadable';
  if (a === b) return null;
  const x = fold(a);
  const y = fold(b);
  // Nothing but spaces and marks: there is no name to compare.
  if (x === '' || y === '') return 'missing';
  if (x === y) return null;
  return x.includes(y) || y.includes(x) ? 'extra-text' : 'differs';
}

function compareAddress(a: Identity['address'], b: Identity['address']): Manner | null {
  if (a === null || b === null || a.line === '' || b.line === '') return 'missing';
  if ([a, b].some((address) => isUnreadable(address.line) || isUnreadable(address.building))) return 'unreadable';
  const line = a.line === b.line ? null : compareLines(foldAddressPart(a.line), foldAddressPart(b.line));
  if (line === 'differs') return joinsUp(a, b) ? null : 'differs';
  return line ?? compareBuildings(foldAddressPart(a.building), foldAddressPart(b.building));
}

/** Folded lines; 府中市 is in 東京都 and in 広島県, so a prefecture left out is said, not passed over. */
function compareLines(x: string, y: string): Manner | null {
  if (x === y) return null;
  return withoutPrefecture(x) === y || withoutPrefecture(y) === x ? 'prefecture-omitted' : 'differs';
}

function compareBuildings(x: string, y: string): Manner | null {
  if (x === y) return null;
  return x === '' || y === '' ? 'building-omitted' : 'building-differs';
}

/** One source keeps the building on the address line, the other apart. */
function joinsUp(a: Pick<Address, 'line' | 'building'>, b: Pick<Address, 'line' | 'building'>): boolean {
  if ((a.building === '') === (b.building === '')) return false;
  // Folded apart from a space, `3` and `201` must not become `3201`: the parts are joined by a hyphen on both sides.
  const joined = (address: typeof a): string =>
    foldAddressPart(
      address.building === '' ? address.line.replace(/[\s\u3000]+/g, '-') : `${address.line}-${address.building}`,
    );
  return joined(a) === joined(b);
}

/**
 * The class of one person.
 *
 * @param submitted whether the individual number was submitted (its last four digits are on record).
 * @param confirmed the differences the insurer has looked at and confirmed; a difference that is not among them, found
 *   later, is not covered by the confirmation.
 */
export function classify(
  differences: readonly Difference[],
  facts: { readonly submitted: boolean; readonly confirmed: readonly Difference[] },
  lowRisk: readonly LowRiskRule[],
): MatchResult {
  const result = (matchClass: MatchClass, reason: string | null = null): MatchResult => ({
    matchClass,
    differences,
    reason,
  });
  if (!facts.submitted) return result('not-submitted');
  if (differences.length === 0) return result('agrees');
  if (covers(facts.confirmed, differences)) return result('confirmed');
  const rule = lowRisk.find((candidate) => covers(candidate.allows, differences));
  return rule === undefined ? result('unresolved') : result('low-risk', rule.reason);
}

function covers(allowed: readonly Difference[], differences: readonly Difference[]): boolean {
  return differences.every((found) =>
    allowed.some((entry) => entry.attribute === found.attribute && entry.manner === found.manner),
  );
}

/** The classes of which the last four digits may be printed (002 section 2). The ledger has a constraint of the same. */
export const SHOWS_DIGITS: readonly MatchClass[] = ['agrees', 'confirmed', 'low-risk'];

/** Whether the last four digits may be printed. */
export function mayShowDigits(matchClass: MatchClass): boolean {
  return SHOWS_DIGITS.includes(matchClass);
}

/** What 突合結果 of 加入者.csv says: a class (label or code), or the differences found. Null = neither. */
export type GivenMatch = { readonly matchClass: MatchClass } | { readonly differences: readonly Difference[] } | null;

/**
 * Reads 突合結果 where the insurer matched elsewhere: 「一致」, 「不一致（保険者確認済み）」 … or their codes; or what differs
 * and how, as `describeDifferences` writes it (「住所：方書の省略、カナ氏名：異なる」), for the profile's low-risk rules to weigh.
 */
export function parseMatchResult(text: string): GivenMatch {
  const word = text.normalize('NFKC').trim();
  const matchClass = keyOf(MATCH_LABELS, word);
  if (matchClass !== null) return { matchClass };
  const differences = word.split(/[、,]/).map((part): Difference | null => {
    const [left = '', right = '', more] = part.split(':');
    const attribute = keyOf(ATTRIBUTE_LABELS, left.trim());
    const manner = keyOf(MANNER_LABELS, right.trim());
    return attribute === null || manner === null || more !== undefined ? null : { attribute, manner };
  });
  return differences.every((d) => d !== null) ? { differences } : null;
}

/** The code whose label (or itself) a word is. */
function keyOf<Code extends string>(labels: Readonly<Record<Code, string>>, word: string): Code | null {
  const entries = Object.entries(labels) as [Code, string][];
  return entries.find(([code, label]) => word === code || word === label.normalize('NFKC'))?.[0] ?? null;
}

/**
 * The class of one person by what 加入者.csv says. Nothing said, or a word nobody knows, is unresolved: digits are never
 * printed on a guess.
 *
 * @param submitted whether the individual number is on record: its last four digits, and 紐付け.
 */
export function matchOf(given: GivenMatch, submitted: boolean, lowRisk: readonly LowRiskRule[]): MatchResult {
  if (!submitted) return classify([], { submitted, confirmed: [] }, lowRisk);
  if (given !== null && 'differences' in given)
    return classify(given.differences, { submitted, confirmed: [] }, lowRisk);
  return { matchClass: given?.matchClass ?? 'unresolved', differences: [], reason: null };
}

/** 「氏名: 異なる」-like lines for staff: attributes and manners, never values. */
export function describeDifferences(differences: readonly Difference[]): string {
  return differences.map((d) => `${ATTRIBUTE_LABELS[d.attribute]}：${MANNER_LABELS[d.manner]}`).join('、');
}
