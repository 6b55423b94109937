// Room: rules. What a scheme of insurance says about certificates and notices: articles, forms, days, and what it calls
// whom. Everything on paper or screen that cites an article, counts days to a return or names the employer asks here.
//
// Sources, read in force 2026-08-01: 健康保険法, 同施行規則 (29, 36, 47–51条, 51条の3, 51条の4); 船員保険法 (11, 12, 14, 28条の2),
// 同施行規則 (14, 35–38, 40, 40条の3, 40条の4). 国民健康保険 and 後期高齢者医療 would each be one more entry: they know no employer
// (`employer: null`, so every passage is `direct`), name the 世帯主 in the insured person's place, and number their forms by kind.
import { isInsurerNumber } from '../words/check-digits.ts';
import type { LocalDate } from '../words/local-date.ts';

export const SCHEME_IDS = ['health', 'seamen'] as const;
export type SchemeId = (typeof SCHEME_IDS)[number];

/**
 * The last day on which the old cards (健康保険証) were in use. What practice granted beyond it to the national scheme alone, until
 * 2026-03-31 (003), is not in it.
 */
export const LEGACY_CARDS_LAST_DAY = '2025-12-01' as LocalDate;

/** Articles of the act (法). */
type ActArticle = 'acquired' | 'lost' | 'voluntaryEnd' | 'request' | 'ratioOfInsured' | 'ratioOfFamily';
/** Articles of the regulation (施行規則). */
type RegulationArticle =
  | 'issue'
  | 'correction'
  | 'reissue'
  | 'damaged'
  | 'foundAgain'
  | 'inspection'
  | 'inspectionVoid'
  | 'return'
  | 'returnToEmployer'
  | 'returnDirect'
  | 'returnAfterDeath'
  | 'corrected'
  | 'notice'
  | 'noticeRatio'
  | 'noticeAlone'
  | 'noticePortal'
  | 'noticeChange'
  | 'noticeAgain'
  | 'lossFiling'
  | 'nameFiling';

export interface Scheme {
  readonly id: SchemeId;
  /** 制度の名, on top of every paper. */
  readonly name: string;
  readonly act: string;
  readonly regulation: string;
  readonly actArticles: Readonly<Record<ActArticle, string>>;
  readonly articles: Readonly<Record<RegulationArticle, string>>;
  /** 様式 of the certificate by the regulation; `variants` = how many numbered drawings (1) to (n) there are, 0 = one. */
  readonly form: { readonly name: string; readonly variants: number };
  /** What papers call the employer; null = the scheme knows none, and every passage is direct. */
  readonly employer: string | null;
  /** What papers call the one to whom a person without an employer returns a certificate. */
  readonly insurer: string;
  /** What stands before the insured person's name on a dependent's paper. */
  readonly insuredNameLabel: string;
  /** Days within which a certificate is handed over after a loss, counted from the day after it. */
  readonly daysToReturn: Readonly<Record<Passage, number>>;
  /** Days within which the employer files a loss. */
  readonly daysToFileLoss: number;
  /** Old cards (健康保険証): the last day on which they counted, and to which day on a filing still brings them back (003, 004). */
  readonly legacyCards: { readonly lastDay: LocalDate };
  /** Whence the power to issue without application while it lasts; null = no article of it was read. */
  readonly exOfficio: string | null;
  /** What is paid to who buries the insured person: with its claim the papers come back. */
  readonly funeralBenefit: string;
  /** 任意継続の資格喪失の申出書, which goes with the certificate (004). */
  readonly voluntaryLossForm: string;
}

/** Whether a paper and what is asked of its holder pass through the employer. */
export type Passage = 'employer' | 'direct';

export const SCHEMES: Readonly<Record<SchemeId, Scheme>> = {
  health: {
    id: 'health',
    name: '健康保険',
    act: '健康保険法',
    regulation: '健康保険法施行規則',
    actArticles: {
      acquired: '第35条',
      lost: '第36条・第38条',
      voluntaryEnd: '第38条第1号',
      request: '第51条の3',
      ratioOfInsured: '第74条第1項',
      ratioOfFamily: '第110条第2項第1号',
    },
    articles: {
      issue: '第47条',
      correction: '第48条',
      reissue: '第49条',
      damaged: '第49条第2項',
      foundAgain: '第49条第4項',
      inspection: '第50条',
      inspectionVoid: '第50条第9項',
      return: '第51条',
      returnToEmployer: '第51条第4項',
      returnDirect: '第51条第2項',
      returnAfterDeath: '第51条第5項',
      corrected: '第48条第1項',
      notice: '第51条の3',
      noticeRatio: '第51条の3第1項第3号',
      noticeAlone: '第51条の3第2項第1号',
      noticePortal: '第51条の3第2項第2号',
      noticeChange: '第51条の3第5項',
      noticeAgain: '第51条の4',
      lossFiling: '第29条第1項',
      nameFiling: '第36条',
    },
    form: { name: '様式第九号', variants: 12 },
    employer: '事業主',
    insurer: '保険者',
    insuredNameLabel: '被保険者氏名',
    daysToReturn: { employer: 5, direct: 5 }, // 51条4項, 2項
    daysToFileLoss: 5, // 29条1項
    legacyCards: { lastDay: LEGACY_CARDS_LAST_DAY },
    exOfficio: '令和5年法律第48号附則第15条', // 「当分の間」, no end date
    funeralBenefit: '埋葬料（埋葬に要した費用）',
    voluntaryLossForm: '任意継続被保険者資格喪失申出書',
  },
  seamen: {
    id: 'seamen',
    name: '船員保険',
    act: '船員保険法',
    regulation: '船員保険法施行規則',
    actArticles: {
      acquired: '第11条',
      lost: '第12条・第14条',
      voluntaryEnd: '第14条第1号',
      request: '第28条の2',
      ratioOfInsured: '第55条第1項',
      ratioOfFamily: '第76条第2項第1号',
    },
    articles: {
      issue: '第35条',
      correction: '第36条',
      reissue: '第37条',
      damaged: '第37条第2項',
      foundAgain: '第37条第4項',
      inspection: '第38条',
      inspectionVoid: '第38条第9項',
      return: '第40条',
      returnToEmployer: '第40条第4項',
      returnDirect: '第40条第2項',
      returnAfterDeath: '第40条第5項',
      corrected: '第36条第1項',
      notice: '第40条の3',
      noticeRatio: '第40条の3第1項第3号',
      noticeAlone: '第40条の3第2項第1号',
      noticePortal: '第40条の3第2項第2号',
      noticeChange: '第40条の3第5項',
      noticeAgain: '第40条の4',
      lossFiling: '第14条',
      nameFiling: '第36条',
    },
    form: { name: '様式第一号', variants: 0 },
    employer: '船舶所有者',
    insurer: '全国健康保険協会', // its regulation names no other insurer
    insuredNameLabel: '被保険者氏名',
    daysToReturn: { employer: 10, direct: 5 }, // 40条4項, 2項
    daysToFileLoss: 10, // 14条
    legacyCards: { lastDay: LEGACY_CARDS_LAST_DAY },
    exOfficio: null,
    funeralBenefit: '葬祭料',
    voluntaryLossForm: '疾病任意継続被保険者資格喪失申出書',
  },
};

/** The scheme of an insurer by its number: 法別番号 02 (the first two of eight digits) is 船員保険. */
export function schemeOfInsurer(insurerNumber: string): Scheme {
  return SCHEMES[insurerNumber.length === 8 && insurerNumber.startsWith('02') ? 'seamen' : 'health'];
}

/** Whether a scheme and an insurer number belong together. A number that is none is not judged here. */
export function isSchemeOf(id: SchemeId, insurerNumber: string): boolean {
  return !isInsurerNumber(insurerNumber) || schemeOfInsurer(insurerNumber).id === id;
}

/** 「健康保険法施行規則第51条」 */
export function citeRegulation(scheme: Scheme, article: RegulationArticle): string {
  return `${scheme.regulation}${scheme.articles[article]}`;
}

/** 「健康保険法第36条・第38条」 */
export function citeAct(scheme: Scheme, article: ActArticle): string {
  return `${scheme.act}${scheme.actArticles[article]}`;
}

/**
 * The form's name as it stands on the certificate: 「様式第九号（3）（健康保険法施行規則第47条関係）」. `variant`: which of the numbered
 * drawings the insurer uses; null = none is named.
 */
export function formName(scheme: Scheme, variant: number | null): string {
  const number = variant === null ? '' : `（${variant}）`;
  return `${scheme.form.name}${number}（${citeRegulation(scheme, 'issue')}関係）`;
}

/**
 * 「5日以内に事業主に提出」, 「5日以内に保険者に返納」: what a holder does with a certificate after a loss.
 *
 * @public
 */
export function returnWords(scheme: Scheme, passage: Passage): string {
  const through = scheme.employer === null ? 'direct' : passage;
  const what = through === 'employer' ? `${scheme.employer}に提出` : `${scheme.insurer}に返納`;
  return `${scheme.daysToReturn[through]}日以内に${what}`;
}

/** Words of the scheme in the insurer's own texts: 「{返却}」 stands for what `returnWords` says, and so on. */
const WORDS: Readonly<Record<string, (scheme: Scheme, passage: Passage) => string>> = {
  返却: returnWords,
  事業主: (scheme) => scheme.employer ?? scheme.insurer,
  保険者: (scheme) => scheme.insurer,
  喪失申出書: (scheme) => scheme.voluntaryLossForm,
};
const PLACE = /\{([^{}]*)\}/g;

/** An insurer's text with the scheme's words in their places. An unknown place is left as it is. */
export function fillWords(text: string, scheme: Scheme, passage: Passage): string {
  return text.replace(PLACE, (place, word: string) => WORDS[word]?.(scheme, passage) ?? place);
}

/** Places in a text that no word is known for. */
export function unknownWords(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, word]) => word!).filter((word) => !(word in WORDS));
}

/** How a letter addresses the employer: 「事業主 山田 太郎 様」. */
export function employerLine(scheme: Scheme, name: string): string {
  const word = scheme.employer ?? '';
  return name === '' ? `${word}　様` : `${word}　${name}　様`;
}
