// Room: rules. 資格情報のお知らせ (資格情報通知書): who gets one in which round, what may stand on it, and what must.
// Sources: 002 sections 2 and 3 (rounds, contents, way), 健康保険法施行規則51条の3 (statements; paragraph 5: changes).
import { isCoveredOn } from '../intake/eligibility.ts';
import { mayPassEmployer } from '../intake/passage.ts';
import { mayShowDigits } from '../intake/matching.ts';
import type { MatchClass } from '../intake/matching.ts';
import type { InsuredClass } from '../intake/member.ts';
import type { PersonKey } from '../words/person-key.ts';
import type { Address } from '../words/address.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { NoticeChange } from './notice-changes.ts';
import { citeRegulation } from '../papers/scheme.ts';
import type { Scheme } from '../papers/scheme.ts';

/** One round of the bulk notice, or the standing one for each new member. Dates are inclusive. */
export interface NoticeIssuanceSettings {
  readonly id: string;
  readonly name: string;
  readonly kind: 'notice';
  /** データ抽出日: members on this day are asked about. Null = the command says which day. */
  readonly extractedOn: LocalDate | null;
  /** Null = everyone (round 1). Else only persons who joined, or whose symbol changed, between these days; no last day = the extraction's. */
  readonly joined: { readonly from: LocalDate; readonly through: LocalDate | null } | null;
  /** Which changes of what the last notice says make another one. Empty in the rounds of 002, which name none. */
  readonly changes: readonly NoticeChange[];
  /** 送付時期, first and last day; null = at any time. Its first day is the notice's date where the command gives none. */
  readonly posting: { readonly from: LocalDate; readonly through: LocalDate } | null;
  /** The last four digits stand on it; null = they do not. */
  readonly digits: DigitsBasis | null;
}

/**
 * That the last four digits of the individual number stand on a round's notices, and by what: they are no item of the notice
 * (施行規則51条の3第1項), so that a round prints them only where somebody has said so, for a time.
 */
export interface DigitsBasis {
  /** The document that says so. */
  readonly basis: string;
  /** Dates of notices, inclusive. */
  readonly from: LocalDate;
  readonly through: LocalDate;
}

/** Whether a notice dated `on` may show the digits at all; made again after the time of its basis it does not. */
export function showsDigitsOn(digits: DigitsBasis | null, on: LocalDate): boolean {
  return digits !== null && digits.from <= on && on <= digits.through;
}

/** 不一致（未解決）: wait for staff, or go without digits and with the request form (002's 「未提出の者等」). */
export type UnresolvedHandling = 'hold' | 'send-without-digits';

/** A round as it is run: its days are settled. */
export interface NoticeSpan {
  readonly extractedOn: LocalDate;
  readonly joined: { readonly from: LocalDate; readonly through: LocalDate } | null;
  readonly changes: readonly NoticeChange[];
}

/**
 * The days of a round.
 *
 * @param extractedOn the day the command gives; only a round without one of its own takes it.
 * @returns null where no day is known, or another than the round's own is asked for.
 */
export function spanOf(round: NoticeIssuanceSettings, extractedOn: LocalDate | null): NoticeSpan | null {
  const on = round.extractedOn ?? extractedOn;
  if (on === null || (extractedOn !== null && extractedOn !== on)) return null;
  const { joined, changes } = round;
  return { extractedOn: on, joined: joined && { from: joined.from, through: joined.through ?? on }, changes };
}

/** What the rule may look at of one member. */
export interface NoticeFacts {
  readonly acquiredOn: LocalDate;
  readonly lostOn: LocalDate | null;
  readonly insuredClass: InsuredClass;
  /** A notice of this acquisition under this 記号・番号・枝番 or, after a change of them, under the earlier ones. */
  readonly hadNotice: boolean;
  /** A target of an earlier round that was held then, or whose notice was withdrawn, spoiled or came back for good. */
  readonly wasDeferred: boolean;
  /** 事業所の管轄外所在地変更により事業所記号が変わった日. */
  readonly symbolChangedOn: LocalDate | null;
  /** What the last notice says that no longer holds; empty in a round that asks for no change. */
  readonly changes: readonly NoticeChange[];
  /** 資格確認書 is held on the day of extraction: then no change makes a notice (施行規則51条の3第5項). */
  readonly holdsCertificate: boolean;
}

export type NoticeTargetReason =
  | 'member'
  | 'joined-since'
  | 'symbol-changed'
  /** 施行規則51条の3第5項, of its first paragraph's 2号 (記号・番号, 保険者) and 3号 (ratio from 70 on). */
  | 'number-changed'
  | 'ratio-changed'
  /** Beyond the law, where the round asks for it: name, birth date or day of acquisition. */
  | 'details-changed'
  /** A target of an earlier round who was deferred then, or whose notice reached nobody: decided about again. */
  | 'held-before';

export type NoticeExclusion =
  | 'lost'
  | 'not-yet'
  /** 健康保険法第3条第2項 and their dependents: never. */
  | 'day-labourer'
  | 'already-noticed'
  /** Something changed, and a certificate is held (施行規則51条の3第5項). */
  | 'holds-certificate'
  | 'after-cutoff'
  /** Member since before the first extraction, yet without a notice: no round names them; listed for staff. */
  | 'earlier-unsent';

export type NoticeReason = NoticeTargetReason | NoticeExclusion;

export const NOTICE_REASON_LABELS = {
  member: '加入者',
  'joined-since': '前回の抽出日以後の新規資格取得',
  'symbol-changed': '管轄外所在地変更による事業所記号の変更',
  'number-changed': '記号・番号、保険者の変更',
  'ratio-changed': '負担割合・有効期限・発効期日の変更',
  'details-changed': '氏名など記載した事項の変更',
  'held-before': '前回までに保留した・届かなかった対象',
  lost: '資格喪失済み',
  'not-yet': '資格取得前',
  'day-labourer': '法第3条第2項',
  'already-noticed': '送付済み',
  'holds-certificate': '変更があるが資格確認書を持っている',
  'after-cutoff': '期日後の加入',
  'earlier-unsent': '前回の対象期間の加入者で送付の記録がない（職員確認）',
} as const satisfies Record<NoticeReason, string>;

export interface NoticeDecision {
  readonly isTarget: boolean;
  readonly reason: NoticeReason;
}

/** A notice of an extraction says what was acquired by that day; it does not count for an acquisition after that day. */
export function isNoticed(noticedAsOf: LocalDate | null, acquiredOn: LocalDate): boolean {
  return noticedAsOf !== null && acquiredOn <= noticedAsOf;
}

/** Decides about one member in one round (002 section 3, 施行規則51条の3); the first reason that applies. */
export function decideNotice(facts: NoticeFacts, round: NoticeSpan): NoticeDecision {
  const target = (reason: NoticeTargetReason): NoticeDecision => ({ isTarget: true, reason });
  const not = (reason: NoticeExclusion): NoticeDecision => ({ isTarget: false, reason });
  if (!isCoveredOn(facts.lostOn, round.extractedOn)) return not('lost');
  if (facts.acquiredOn > round.extractedOn) return not('not-yet');
  if (facts.insuredClass === 'day-labourer') return not('day-labourer');
  if (round.joined === null) return facts.hadNotice ? not('already-noticed') : target('member');
  const { from, through } = round.joined;
  const moved = facts.symbolChangedOn;
  // 002's second round sends to persons who moved; later it is one of the changes.
  if (!round.changes.includes('number') && moved !== null && moved >= from && moved <= through)
    return target('symbol-changed');
  if (facts.hadNotice) {
    const reason = CHANGE_REASONS.find(([change]) => isChanged(facts, round, change))?.[1];
    if (reason === undefined) return not('already-noticed');
    return facts.holdsCertificate ? not('holds-certificate') : target(reason);
  }
  if (facts.wasDeferred) return target('held-before');
  if (facts.acquiredOn > through) return not('after-cutoff');
  return facts.acquiredOn < from ? not('earlier-unsent') : target('joined-since');
}

/** The reason of each change, the law's own first. */
const CHANGE_REASONS = [
  ['number', 'number-changed'],
  ['ratio', 'ratio-changed'],
  ['details', 'details-changed'],
  ['ratio-below-70', 'ratio-changed'],
] as const satisfies readonly (readonly [NoticeChange, NoticeTargetReason])[];

function isChanged({ changes }: NoticeFacts, round: NoticeSpan, change: NoticeChange): boolean {
  return round.changes.includes(change) && changes.includes(change);
}

/** What a notice says of the individual number. */
export interface NoticeContent {
  /** `printed` = the last four digits; `asked` = the sentence that asks for the number; `none` = not a word of it. */
  readonly digits: 'printed' | 'asked' | 'none';
  /** 個人番号申出書 goes with it. */
  readonly requestForm: boolean;
  /** Not sent until staff have resolved the match. */
  readonly held: boolean;
}

/**
 * 002: digits only for those who agree, are confirmed or of low risk, in a round that shows any; whose number is not known for
 * certain gets the request form.
 */
export function noticeContent(
  matchClass: MatchClass,
  settings: { readonly unresolved: UnresolvedHandling; readonly showsDigits: boolean },
): NoticeContent {
  if (mayShowDigits(matchClass))
    return { digits: settings.showsDigits ? 'printed' : 'none', requestForm: false, held: false };
  const held = matchClass === 'unresolved' && settings.unresolved === 'hold';
  return { digits: 'asked', requestForm: !held, held };
}

/** Printed in place of the digits (002: 正確なマイナンバーが把握できていない場合、記載しておりません). */
export const NUMBER_REQUEST =
  '個人番号（マイナンバー）を正確に把握できていないため、下4桁を記載していません。同封の個人番号申出書によりご提出ください。';

/** The same where no digits stand on anybody's notice. */
export const NUMBER_REQUEST_ALONE =
  '個人番号（マイナンバー）を正確に把握できていないため、同封の個人番号申出書によりご提出ください。';

/** 資格基本情報, on the sheet. The ratio's three fields stand only where `burdenRatio` gives one. */
export const NOTICE_SHEET_FIELDS = [
  'symbol',
  'number',
  'subNumber',
  'name',
  'kana',
  'bornOn',
  'ratio',
  'ratioFrom',
  'ratioThrough',
  'acquiredOn',
  'noticeOn',
  'insurerNumber',
  'insurerName',
  'last4',
] as const;

/** The card to cut out (002): kana in place of the name, no ratio, no digits of the individual number. */
export const NOTICE_CARD_FIELDS = [
  'symbol',
  'number',
  'subNumber',
  'kana',
  'bornOn',
  'acquiredOn',
  'insurerNumber',
  'insurerName',
] as const;

export type NoticeDefect =
  | 'purpose-missing'
  | 'not-alone-missing'
  | 'with-card-missing'
  | 'portal-missing'
  | 'card-dispensable';

const DEFECTS = {
  'purpose-missing': [
    '「自らの資格に係る情報を確認するために通知するものである」旨がない',
    'noticeAlone',
    'その文が必要です',
  ],
  'not-alone-missing': ['「このお知らせのみでは受診できない」旨がない', 'noticeAlone', 'その文が必要です'],
  'with-card-missing': [
    '「電子資格確認を受けられないときはマイナンバーカードとともに受診できる」旨がない',
    'noticePortal',
    'その文が必要です',
  ],
  'portal-missing': [
    '「お知らせに代えてマイナポータルの資格情報を提示してもよい」旨がない',
    'noticePortal',
    'その文が必要です',
  ],
  'card-dispensable': [
    'マイナンバーカードがなくてもよい（不要）と読める文がある',
    'noticePortal',
    'お知らせはマイナンバーカードとともに使うものなので、その文は除いてください',
  ],
} as const satisfies Record<NoticeDefect, readonly [string, 'noticeAlone' | 'noticePortal', string]>;

/** What a defect is, with the article that asks for the statement, and what to do. */
export function noticeDefectLabel(defect: NoticeDefect, scheme: Scheme): string {
  const [what, article, instead] = DEFECTS[defect];
  return `${what}（${citeRegulation(scheme, article)}）。${instead}`;
}

/**
 * Which statutory statement (施行規則51条の3第2項) a paper's whole text lacks, or denies. The law fixes their sense, not their words.
 */
export function lintNoticeText(text: string): NoticeDefect[] {
  const sentences = text.replaceAll(/[\s\u3000]/g, '').split('。');
  const alone = (s: string): boolean =>
    /(?:のみ|だけ)では/.test(s) &&
    /(?:受診|療養|利用)/.test(s) &&
    /(?:できません|できない|受けられません|受けられない)/.test(s);
  const purpose = (s: string): boolean => /(?:自ら|自身|自分|本人)の.*資格.*情報.*確認.*ため/.test(s);
  const together = (s: string): boolean =>
    /電子資格確認|カードリーダー|マイナ保険証で受診|オンライン資格確認/.test(s) &&
    /(?:できない|できません|使えない|受けられない|未導入|導入していない)/.test(s) &&
    /マイナンバーカード|個人番号カード/.test(s) &&
    /(?:受診でき(?!な|ま[せ])|療養を受けることができ(?!な|ま[せ])|受けられます)/.test(s);
  const defects: NoticeDefect[] = [];
  if (!sentences.some(purpose)) defects.push('purpose-missing');
  if (!sentences.some(alone)) defects.push('not-alone-missing');
  if (!sentences.some(together)) defects.push('with-card-missing');
  if (!sentences.some((s) => /マイナポータル/.test(s) && /提示|受診/.test(s))) defects.push('portal-missing');
  const denies = (s: string): boolean => /(?:マイナンバーカード|個人番号カード).*(?:なくても|無くても|不要)/.test(s);
  if (sentences.some(denies)) defects.push('card-dispensable');
  return defects;
}

export type NoticeRoute = 'workplace' | 'home' | 'no-address' | 'mail-stopped';

/**
 * 002: 一般加入者 through the employer. Persons without one go home, and 送付先 always wins. A workplace that is not known
 * changes no route: print holds the piece, so that a file with few workplaces sends nothing home.
 */
export function noticeRoute(member: {
  readonly insuredClass: InsuredClass;
  readonly home: Address | null;
  readonly mailTo: Address | null;
  readonly mailStopped: boolean;
  /** Made again for home. */
  readonly isForHome: boolean;
}): NoticeRoute {
  if (member.mailStopped) return 'mail-stopped';
  if (member.mailTo !== null) return 'home';
  const { insuredClass, mailStopped: isProtected, isForHome } = member;
  // 任意記載 is of certificates; a workplace that is not known yet holds the piece.
  const passage = { insuredClass, isProtected, hasOptionalEntries: false, hasWorkplace: true };
  if (!isForHome && mayPassEmployer(passage)) return 'workplace';
  return member.home === null ? 'no-address' : 'home';
}

/** What the window shows on the way through the workplace (002 pages 6 and 7), a line each. */
export function windowLines(
  notice: Pick<PersonKey, 'symbol' | 'number'> & WindowNames,
): [symbol: string, insured: string, addressee: string] {
  return [
    `（記号）${notice.symbol}　（番号）${notice.number}`,
    notice.insuredName === null ? '' : `（被保険者氏名）${notice.insuredName}　様`,
    `（対象者氏名）${notice.addressee}　様`,
  ];
}

interface WindowNames {
  /** Null = no row of the insured person, or protected: not even the name may be used. */
  readonly insuredName: string | null;
  readonly addressee: string;
}
