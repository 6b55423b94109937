// Room: rules. Cells of a file that can be stored but will stop their piece, or that nobody has: what staff see before the file
// counts (intake contract, second edition, "Gates").
import type { Address } from '../words/address.ts';
import { isKana } from '../words/kana.ts';
import { doubtOfAddress, doubtOfName, doubtOfWorkplaceName } from './doubts.ts';
import type { Doubt } from './doubts.ts';
import type { Member, Workplace } from './member.ts';

/** A cell to look at, by its header. */
export interface Suspect {
  readonly column: string;
  /** What is odd about it, in words, without its value. */
  readonly what: string;
}

/** What the postal data says an address lacks; absent postal data = nothing. */
export type Lacks = (address: Address) => 'town' | 'number' | null;

const nothing: Lacks = () => null;

const WORDS = {
  'name-unreadable': '氏名や名称として読めない',
  'address-none': '住所といえない',
  'address-unreadable': '住所として読めない',
} as const satisfies Record<Doubt['reason'], string>;

function told(column: string, doubt: Doubt | null): Suspect[] {
  if (doubt === null) return [];
  const character = doubt.codePoint === '' ? '' : `（文字 ${doubt.codePoint}）`;
  return [{ column, what: WORDS[doubt.reason] + character }];
}

function address(column: string, own: Address | null, lacks: Lacks): Suspect[] {
  return own === null ? [] : told(column, doubtOfAddress(own, lacks(own)));
}

/** Cells of a member's row to look at, in the order of the file. */
export function suspectsOfMember(member: Member, lacks: Lacks = nothing): Suspect[] {
  const kana: Suspect[] = isKana(member.kana)
    ? told('カナ氏名', doubtOfName(member.kana))
    : [{ column: 'カナ氏名', what: '仮名でない文字がある' }];
  return [
    ...told('氏名', doubtOfName(member.name)),
    ...kana,
    ...address('住所', member.home, lacks),
    ...address('送付先住所', member.mailTo, lacks),
    ...(member.formerName === null || !member.showsFormerName ? [] : told('旧姓', doubtOfName(member.formerName))),
  ];
}

/** Cells of a workplace's row to look at. */
export function suspectsOfWorkplace(workplace: Workplace, lacks: Lacks = nothing): Suspect[] {
  const { postalCode, address: line, building } = workplace;
  const place = line === '' ? null : { postalCode, line, building };
  return [...told('事業所名称', doubtOfWorkplaceName(workplace.name)), ...address('所在地', place, lacks)];
}
