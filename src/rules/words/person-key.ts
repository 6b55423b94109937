// Room: rules. Names of persons and households within an insurer.

/** 記号・番号・枝番: names one person within an insurer. */
export interface PersonKey {
  /** 記号: 1–8 characters, digits or kana, as the insurer writes it. */
  readonly symbol: string;
  /** 番号: digits, as the insurer writes it (leading zeros kept). */
  readonly number: string;
  /** 枝番: two digits, `00` = insured person. */
  readonly subNumber: string;
}

/** `記号-番号-枝番`, the only way a person is named in logs, errors and lists for staff. */
export function formatPersonKey(key: PersonKey): string {
  return `${key.symbol}-${key.number}-${key.subNumber}`;
}
