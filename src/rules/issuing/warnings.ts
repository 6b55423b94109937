// Room: rules. What staff should look at before print. A warning stops nothing by itself.
import { foldAddress } from '../words/place-folding.ts';
import { foldKana, isKana } from '../words/kana.ts';
import type { Member } from '../intake/member.ts';
import type { Address } from '../words/address.ts';
import type { NoticeReason } from './notices.ts';
import type { ReasonCode } from './targeting.ts';

export type WarningCode =
  | 'home-is-workplace'
  | 'shared-address'
  | 'postal-code-missing'
  | 'postal-code-impossible'
  | 'postal-code-differs'
  | 'dependent-without-insured'
  | 'no-status'
  | 'decided-after-legacy-end'
  | 'kana-is-none'
  | 'same-person-twice'
  | 'workplace-unknown'
  | 'address-missing'
  /** 突合結果 is no word of the contract: nothing is printed on a guess. */
  | 'match-result-unknown'
  /** Member since before the first round, yet without a notice. */
  | 'earlier-unsent';

/** What a target's own row says. `postalCode` is that of the mailing address: null = no address, '' = left empty. */
export function memberWarnings(row: {
  readonly kana: string;
  readonly reason: ReasonCode | NoticeReason;
  readonly postalCode: string | null;
}): WarningCode[] {
  const codes: WarningCode[] = [];
  if (!isKana(row.kana)) codes.push('kana-is-none');
  if (row.reason === 'no-status') codes.push('no-status');
  if (row.postalCode === '') codes.push('postal-code-missing');
  else if (row.postalCode !== null && !isPossiblePostalCode(row.postalCode)) codes.push('postal-code-impossible');
  return codes;
}

/** Seven digits, not all the same filler: Japan's codes run from 001-0000 to 999-8531 and none is 000-xxxx. */
export function isPossiblePostalCode(text: string): boolean {
  return /^\d{7}$/.test(text) && !text.startsWith('000') && text !== '9999999';
}

/** Hash of the folded address, below 2^53; null where there is none. */
export function addressKey(address: Pick<Address, 'line' | 'building'> | null): number | null {
  return address === null || address.line === '' ? null : hash53(foldAddress(address.line, address.building));
}

/** Hash of folded kana, birth date and sex: equal for two rows that may be one person. */
export function personKey(member: Pick<Member, 'kana' | 'bornOn' | 'sex'>): number {
  return hash53(`${foldKana(member.kana)}|${member.bornOn}|${member.sex}`);
}

/** cyrb53 (public domain, bryc): 53 bits, well spread; among 40 million rows one false meeting in about ten runs. */
function hash53(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ c, 2654435761);
    h2 = Math.imul(h2 ^ c, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
