// Room: rules. What staff should look at before print. A warning stops nothing by itself.
import { doubtOfAddress, doubtOfName } from '../intake/doubts.ts';
import type { DoubtReason } from '../intake/doubts.ts';
import type { Address } from '../words/address.ts';
import { isKana } from '../words/kana.ts';
import type { NoticeReason } from './notices.ts';
import type { ReasonCode } from './targeting.ts';

export type WarningCode =
  /** A name or an address that print will hold. */
  | DoubtReason
  /** What the postal data says must be there is not. */
  | 'address-incomplete'
  | 'home-is-workplace'
  | 'shared-address'
  | 'postal-code-missing'
  | 'postal-code-impossible'
  | 'postal-code-differs'
  | 'dependent-without-insured'
  /** 被保険者区分 of a row is not the insured person's, whose rules. */
  | 'class-differs'
  /** Older than anybody is: a birth date that may be wrong. */
  | 'age-unbelievable'
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

/** Nobody in a scheme that people leave at 75 is so old; Japan's oldest person ever was 119. */
export const UNBELIEVABLE_AGE = 110;

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

/** What of a paper print will hold: the person's name, and where the piece goes by post. */
export function paperWarnings({
  name,
  address,
}: {
  readonly name: string;
  readonly address: Address | null;
}): DoubtReason[] {
  const doubts = [doubtOfName(name), address === null ? null : doubtOfAddress(address)];
  return doubts.flatMap((doubt) => (doubt === null ? [] : [doubt.reason]));
}

/** Seven digits, not all the same filler: Japan's codes run from 001-0000 to 999-8531 and none is 000-xxxx. */
export function isPossiblePostalCode(text: string): boolean {
  return /^\d{7}$/.test(text) && !text.startsWith('000') && text !== '9999999';
}

/** The word of each warning. */
export const WARNING_LABELS = {
  'home-is-workplace': '住所が事業所の所在地と同じ',
  'shared-address': '同じ住所に多くの世帯がある',
  'postal-code-missing': '郵便番号がない',
  'postal-code-impossible': 'ありえない郵便番号',
  'postal-code-differs': '郵便番号と住所が合わない',
  'name-unreadable': '氏名として読めない（印刷で止まる）',
  'address-none': '住所といえるものがない（印刷で止まる）',
  'address-unreadable': '住所に読めない文字がある（印刷で止まる）',
  'address-incomplete': '住所に町名か番地がない（印刷で止まる）',
  'dependent-without-insured': '被保険者の行がない被扶養者だけの世帯',
  'class-differs': '被保険者区分が被保険者本人と違う（本人の区分で扱う）',
  'age-unbelievable': '110歳以上の生年月日',
  'no-status': '登録状況の提供がない（発行する）',
  'decided-after-legacy-end': '基準日までに取得し、保険証の新規発行終了後に決定（保険証も一括発行もない人）',
  'kana-is-none': 'カナ氏名が仮名でない',
  'same-person-twice': '同じ人と思われる行が二つある',
  'workplace-unknown': '事業所ファイルにない記号',
  'address-missing': '送付先の住所がない',
  'match-result-unknown': '突合結果に読めない語がある（下4桁を記載しない）',
  'earlier-unsent': '前回までの対象期間の加入者で、送付の記録がない',
} as const satisfies Record<WarningCode, string>;
