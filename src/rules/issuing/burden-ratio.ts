// Room: rules. 負担割合 of a person on a day, and the sentence that says where it comes from.
// Sources: 健保法74条1項 (insured persons), 110条2項1号 (family); 施行規則47条3項4号 (from 70 on it stands on the certificate) and
// 51条の3第1項3号 (and on the notice), both unless 高齢受給者証 (52条1項, issued to holders of a certificate without the ratio) says it;
// 002 section 2 (負担割合 is one of 資格基本情報, so that everyone's stands there).
import { addDays, addMonths, birthdayOn, formatWareki, minDate, partsOf } from '../words/calendar.ts';
import { citeAct, citeRegulation, LEGACY_CARDS_LAST_DAY } from '../papers/scheme.ts';
import type { Scheme } from '../papers/scheme.ts';
import type { DeterminedRatio, Member } from '../intake/member.ts';
import type { LocalDate } from '../words/local-date.ts';

/**
 * Where an insurer says the ratio of its members of 70 and over who hold a certificate: on 高齢受給者証, a paper of its own
 * (施行規則52条1項), or on the certificate (47条3項4号). One of the two, never both, never neither.
 */
export const ELDERLY_REGIMES = ['separate-certificate', 'on-certificate'] as const;
export type ElderlyRegime = (typeof ELDERLY_REGIMES)[number];

/** What says whether a person has been issued 高齢受給者証. */
export interface ElderlyFacts {
  readonly bornOn: LocalDate;
  /** A certificate that is in the holder's hands and valid on the day. */
  readonly holdsCertificate: boolean;
  readonly holdsLegacyCard: boolean;
}

/**
 * Whether a person holds 高齢受給者証 on a day: it goes to who holds a certificate without the ratio (施行規則52条1項), so that a member
 * with nothing but an enrolled card has none. Until the old cards ended it went with those.
 */
export function holdsElderlyCertificate(regime: ElderlyRegime, facts: ElderlyFacts, on: LocalDate): boolean {
  if (regime !== 'separate-certificate' || on < seniorFrom(facts.bornOn)) return false;
  return facts.holdsCertificate || (facts.holdsLegacyCard && on <= LEGACY_CARDS_LAST_DAY);
}

/** What decides the ratio of one person. */
export interface BurdenFacts {
  readonly bornOn: LocalDate;
  readonly relation: Member['relation'];
  /**
   * What the insurer has determined (負担割合.csv); it counts from 70 on. Three tenths go by 現役並み所得: of the person where
   * insured; of the insured person, who must be 70 too, for a dependent. Null = the files do not say.
   */
  readonly determined: DeterminedRatio | null;
  /** The insured person's birth date, of a dependent; null = the household has no row of one. */
  readonly insuredBornOn: LocalDate | null;
  /** 高齢受給者証 is held: it says the ratio, the notice does not. */
  readonly holdsElderlyCertificate: boolean;
}

export interface RatioWithDays {
  /** 自己負担, tenths of the cost. */
  readonly tenths: 2 | 3;
  /** 発効期日 and 有効期限, inclusive; only from 70 on. */
  readonly from: LocalDate | null;
  readonly through: LocalDate | null;
}

export type BurdenRatio =
  | RatioWithDays
  /**
   * `income-unknown` = nothing determined for the day: the paper waits; `ratio-doubtful` = three tenths of a dependent whose insured
   * person is not 70 yet, which no determination can give (110条2項1号ニ): staff look; `ended` = 75, no member any more.
   */
  | 'elderly-certificate'
  | 'income-unknown'
  | 'ratio-doubtful'
  | 'ended';

/**
 * Ratio on a day. 健保法74条 (insured) and 110条 (family): two tenths for family before school age and for all from the
 * month after reaching 70, three tenths with high income, three tenths otherwise.
 */
export function burdenRatio(facts: BurdenFacts, on: LocalDate): BurdenRatio {
  if (on >= birthdayOn(facts.bornOn, 75)) return 'ended';
  const from = seniorFrom(facts.bornOn);
  if (on < from) {
    const preschool = facts.relation === 'dependent' && on <= preschoolThrough(facts.bornOn);
    return { tenths: preschool ? 2 : 3, from: null, through: null };
  }
  if (facts.holdsElderlyCertificate) return 'elderly-certificate';
  const { determined } = facts;
  if (determined === null || on < determined.from || on > determined.through) return 'income-unknown';
  if (determined.tenths === 3 && isInsuredTooYoung(facts, on)) return 'ratio-doubtful';
  const lastDay = addDays(birthdayOn(facts.bornOn, 75), -1);
  return {
    tenths: determined.tenths,
    from: determined.from > from ? determined.from : from,
    through: minDate(determined.through, lastDay),
  };
}

/** 健保法110条2項1号ニ: three tenths of a dependent go by the income of an insured person who is 70, too. */
function isInsuredTooYoung({ relation, insuredBornOn }: BurdenFacts, on: LocalDate): boolean {
  return relation === 'dependent' && insuredBornOn !== null && on < seniorFrom(insuredBornOn);
}

/** 七十歳に達する日の属する月の翌月 first: an age is reached the day before the birthday. */
export function seniorFrom(bornOn: LocalDate): LocalDate {
  const reached = addDays(birthdayOn(bornOn, 70), -1);
  return addMonths(`${reached.slice(0, 8)}01` as LocalDate, 1);
}

/** 六歳に達する日以後の最初の三月三十一日. */
function preschoolThrough(bornOn: LocalDate): LocalDate {
  const reached = addDays(birthdayOn(bornOn, 6), -1);
  const { year } = partsOf(reached);
  const sameYear = `${year}-03-31` as LocalDate;
  return reached <= sameYear ? sameYear : (`${year + 1}-03-31` as LocalDate);
}

/** Where a ratio comes from, by its article and what of it. */
const GROUNDS = {
  insured: ['70歳未満の被保険者', 'ratioOfInsured', '第1号'],
  preschool: ['6歳に達する日以後の最初の3月31日までの被扶養者', 'ratioOfFamily', 'ロ'],
  family: ['就学後・70歳未満の被扶養者', 'ratioOfFamily', 'イ'],
  insured2: ['70歳以上の被保険者で、負担割合.csv の判定が2割', 'ratioOfInsured', '第2号'],
  insured3: ['70歳以上の被保険者で、負担割合.csv の判定が現役並み所得の3割', 'ratioOfInsured', '第3号'],
  family2: ['70歳以上の被扶養者で、負担割合.csv の判定が2割', 'ratioOfFamily', 'ハ'],
  family3: ['70歳以上の被扶養者で、負担割合.csv の判定が現役並み所得の3割', 'ratioOfFamily', 'ニ'],
} as const;

/** From 75 on a person is insured there, and in no scheme of employees. */
const OVER_75 = '高齢者の医療の確保に関する法律第50条';

/** A notice's ratio in words: what it says and why, and the rule that says so. */
export interface RatioExplanation {
  readonly sentence: string;
  readonly rule: string;
}

/** What a notice dated `on` says of the ratio, or why it says none. */
export function explainRatio(facts: BurdenFacts, on: LocalDate, scheme: Scheme): RatioExplanation {
  const ratio = burdenRatio(facts, on);
  const notice = citeRegulation(scheme, 'noticeRatio');
  switch (ratio) {
    case 'ended':
      return { sentence: '75歳に達し加入者でなくなるため、負担割合は記載しません。', rule: OVER_75 };
    case 'elderly-certificate':
      return { sentence: '70歳以上で、負担割合は高齢受給者証に記載するため、お知らせには記載しません。', rule: notice };
    case 'ratio-doubtful':
      return {
        sentence:
          '負担割合.csv の判定が3割ですが、被保険者が70歳未満のため、被扶養者が3割になることはありません。判定を確かめるまで記載しません。',
        rule: `${citeAct(scheme, 'ratioOfFamily')}ニ`,
      };
    case 'income-unknown':
      return {
        sentence: `70歳以上で、通知日（${formatWareki(on)}）の負担割合が負担割合.csv にないため、まだ記載できません。`,
        rule: notice,
      };
    default: {
      const [ground, of, item] = GROUNDS[groundOf(facts, ratio, on)];
      const article = `${citeAct(scheme, of)}${item}`;
      const days = formatRatioDays(ratio);
      return {
        sentence: `負担割合は${ratio.tenths}割${days === '' ? '' : `（${days}）`}です（${ground}のため）。`,
        rule: ratio.from === null ? article : `${article}、${notice}`,
      };
    }
  }
}

function groundOf({ bornOn, relation }: BurdenFacts, ratio: RatioWithDays, on: LocalDate): keyof typeof GROUNDS {
  const who = relation === 'insured' ? 'insured' : 'family';
  if (ratio.from !== null) return `${who}${ratio.tenths}`;
  return who === 'family' && on <= preschoolThrough(bornOn) ? 'preschool' : who;
}

/** 「令和6年8月1日から令和7年7月31日まで」, or '' below 70. */
export function formatRatioDays({ from, through }: Pick<RatioWithDays, 'from' | 'through'>): string {
  return from === null || through === null ? '' : `${formatWareki(from)}から${formatWareki(through)}まで`;
}
