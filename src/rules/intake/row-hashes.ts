// Room: rules. Numbers under which rows meet that may be of one place or one person.
import { foldKana } from '../words/kana.ts';
import { foldAddress } from '../words/place-folding.ts';
import type { Address } from '../words/address.ts';
import type { Member } from './member.ts';

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
