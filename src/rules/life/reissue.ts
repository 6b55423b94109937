// Room: rules. 再交付: who may have a certificate made again on request, and what becomes of the one there was. A lost or
// damaged one is reissued (健保則49条); one whose name or sex has changed goes back to be corrected (健保則48条).
import { ASKED_BACK, BROUGHT_BACK, NOT_DELIVERED, REPLACEABLE } from '../papers/lifecycle.ts';
import type { CertificateState, MailpieceState, PaperState } from '../papers/lifecycle.ts';
import { isCoveredOn } from '../intake/eligibility.ts';
import { mayDestroyCertificate } from './recall.ts';
import type { LocalDate } from '../words/local-date.ts';

export type ReissueReason =
  | 'missing'
  | 'not-arrived'
  | 'torn'
  | 'soiled'
  | 'name-changed'
  | 'sex-changed'
  | 'address-changed';

export const REISSUE_REASON_LABELS = {
  missing: '滅失',
  'not-arrived': '未着',
  torn: 'き損',
  soiled: '汚損',
  'name-changed': '氏名変更',
  'sex-changed': '性別変更',
  'address-changed': '住所変更',
} as const satisfies Record<ReissueReason, string>;

/**
 * Whether the holder has the old one no more: it is void from the day of the request, and goes back at once where it is
 * found (健保則49条). Otherwise it comes with the request, or serves until the new one is posted (004: the newer counts)
 * and is asked back then.
 */
export function isGone(reason: ReissueReason): boolean {
  return reason === 'missing' || reason === 'not-arrived';
}

/**
 * Why the law asks for a certificate in whose place another was made, or null where the new one says the same: torn or soiled, it is to
 * be handed in (健保則49条2項), and so it is where its number, name or sex has changed (48条1項). An address stands on no certificate.
 */
export function replacedFor(
  reason: ReissueReason | null,
  changed: Pick<ChangedFacts, 'name' | 'sex'>,
): 'corrected' | 'damaged' | null {
  if (reason === 'torn' || reason === 'soiled') return 'damaged';
  if (reason === 'name-changed' || reason === 'sex-changed' || changed.name || changed.sex) return 'corrected';
  return null;
}

/** Why nothing is made again for a person, or in place of a certificate. */
export type ReissueRefusal =
  | 'lost'
  | 'protected'
  | 'verifiable'
  | 'requested'
  | 'newer'
  | 'not-posted'
  | 'brought-back'
  | 'asked-back'
  | 'ended'
  | 'unchanged'
  | 'not-at-hand';

export const REISSUE_REFUSAL_LABELS = {
  lost: '資格を失っています',
  protected: '送付停止の方です。職員が直接お渡しください',
  verifiable: 'マイナ保険証で受診できる方です',
  requested: '再交付の申請を受け付けてあります',
  newer: 'これより新しい証があります',
  'not-posted': 'まだ発送していません。引き抜きか刷り直しをしてください',
  'brought-back': '郵便物がお手元に届いていません。再発送か作り直しをしてください',
  'asked-back': '返却をお願いしている証です',
  ended: '使われていない証です',
  unchanged: '加入者ファイルにまだ変更がありません。新しいファイルを取り込んでから受け付けてください',
  'not-at-hand': '紛失の届出がある証です。見つかったのなら、先に発見を登録してください',
} as const satisfies Record<ReissueRefusal, string>;

/** What the newest files say of the person. */
export interface HolderFacts {
  readonly isMember: boolean;
  /** The first day without cover, after the newest file and the filings. */
  readonly lostOn: LocalDate | null;
  readonly isProtected: boolean;
  readonly isVerifiable: boolean;
  /** 要配慮: has a certificate beside an enrolled card. */
  readonly specialCare: boolean;
  /** Another certificate of the person was issued later, or is on its way. */
  readonly hasNewer: boolean;
}

/** Why a person gets no certificate made again on a day, or null. */
export function holderRefusal(facts: HolderFacts, on: LocalDate): ReissueRefusal | null {
  if (!facts.isMember || !isCoveredOn(facts.lostOn, on)) return 'lost';
  if (facts.isProtected) return 'protected';
  if (facts.hasNewer) return 'newer';
  return facts.isVerifiable && !facts.specialCare ? 'verifiable' : null;
}

export interface ReissueFacts extends HolderFacts {
  readonly state: CertificateState;
  readonly mailpieceState: MailpieceState;
  readonly validThrough: LocalDate;
  readonly isRequested: boolean;
}

const NOT_IN_HAND = new Set<PaperState>([...NOT_DELIVERED, ...BROUGHT_BACK]);

/** Why a certificate is not made again on request on a day, or null. */
export function reissueRefusal(facts: ReissueFacts, on: LocalDate): ReissueRefusal | null {
  if (facts.isRequested) return 'requested';
  if (facts.state === 'made') return 'not-posted';
  if (ASKED_BACK.includes(facts.state)) return 'asked-back';
  if (!REPLACEABLE.includes(facts.state)) return 'ended';
  if (mayDestroyCertificate(facts.validThrough, on)) return 'ended';
  if (NOT_IN_HAND.has(facts.mailpieceState)) return 'brought-back';
  return holderRefusal(facts, on);
}

/** The entries of a person for whose change a certificate is made again. */
export interface HolderEntries {
  /** 氏名, フリガナ, 旧姓 and whether it is shown. */
  readonly name: readonly (string | boolean | null)[];
  readonly sex: string | null;
  /** Home and 送付先: postal code, address, building each. */
  readonly address: readonly (string | null)[];
}

export interface ChangedFacts {
  readonly name: boolean;
  readonly sex: boolean;
  readonly address: boolean;
}

/** Which entries differ between the certificate's file and the newest; somebody who is not in the newest has none there. */
export function changedEntries(then: HolderEntries, now: HolderEntries | null): ChangedFacts {
  const differs = (a: readonly unknown[], b: readonly unknown[] | undefined): boolean =>
    a.some((entry, i) => entry !== (b?.[i] ?? null));
  return {
    name: differs(then.name, now?.name),
    sex: then.sex !== (now?.sex ?? null),
    address: differs(then.address, now?.address),
  };
}

/** Whether what a certificate is to be made again for has not come in with a file yet (a 氏名変更届 may come first). */
export function isUnchanged(reason: ReissueReason, changed: ChangedFacts): boolean {
  const changes: Partial<Record<ReissueReason, boolean>> = {
    'name-changed': changed.name,
    'sex-changed': changed.sex,
    'address-changed': changed.address,
  };
  return changes[reason] === false;
}

/** Why a certificate is not made again for this reason, or null. `isAttached`: the old one came with the request. */
export function reasonRefusal(
  reason: ReissueReason,
  isAttached: boolean,
  state: CertificateState,
  changed: ChangedFacts,
): ReissueRefusal | null {
  if (isAttached && (isGone(reason) || state === 'missing')) return 'not-at-hand';
  return isUnchanged(reason, changed) ? 'unchanged' : null;
}
