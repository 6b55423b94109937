// Room: rules. Who a member is: the values every other room passes around. No behaviour beyond keys.
import type { Address } from '../words/address.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { PersonKey } from '../words/person-key.ts';

/** 被保険者区分, the insured person's, on every row of the household. */
export type InsuredClass = 'general' | 'voluntary-continuation' | 'special-retiree' | 'day-labourer';

/** One row of 加入者.csv. Text is stored as given, never Unicode-normalised; kana is full-width katakana. */
export interface Member extends PersonKey {
  /** As it is printed: 通称名 where one is in use. */
  readonly name: string;
  /** 戸籍上の氏名 where `name` is a 通称名; it stands on the back. */
  readonly registeredName: string | null;
  readonly kana: string;
  readonly bornOn: LocalDate;
  readonly sex: 'male' | 'female';
  readonly relation: 'insured' | 'dependent';
  readonly acquiredOn: LocalDate;
  /** 取得決定年月日: the day the insurer decided. */
  readonly decidedOn: LocalDate | null;
  /** 資格喪失年月日: the first day without cover. */
  readonly lostOn: LocalDate | null;
  readonly insuredClass: InsuredClass;
  readonly holdsLegacyCard: boolean;
  /** 資格確認書有効期限 of a certificate already held; inclusive. */
  readonly certificateValidThrough: LocalDate | null;
  readonly home: Address | null;
  /** 送付先: where mail must go instead of the home address; it always wins. */
  readonly mailTo: Address | null;
  /** 送付停止: send nothing (protected address). */
  readonly mailStopped: boolean;
  /**
   * Nothing about the person passes the employer: 任意記載 (limit class, specified disease, reduction; 健保則47条7項) unless the
   * applicant wished that way in so many words, or the person's own request.
   */
  readonly hasOptionalEntries: boolean;
  /** 任意記載の内容 as it is printed; '' = asked for, and the file does not say what; null = none asked for. */
  readonly optionalContent: string | null;
  /** 発効年月日 and 有効期限 of them, where there are any. */
  readonly optionalFrom: LocalDate | null;
  readonly optionalThrough: LocalDate | null;
  readonly formerName: string | null;
  readonly showsFormerName: boolean;
  readonly sexOnBack: boolean;
  /** 要配慮 */
  readonly specialCare: boolean;
  readonly individualNumberLast4: string | null;
  readonly matchResult: string | null;
}

/** One row of 事業所.csv. */
export interface Workplace {
  readonly symbol: string;
  readonly name: string;
  readonly postalCode: string;
  readonly address: string;
  readonly building: string;
  readonly employerName: string;
  readonly branchCode: string;
  readonly corporateNumber: string;
  readonly phone: string;
  readonly email: string;
}

/** One row of マイナ保険証.csv: what an enrolment snapshot says of one person. */
export interface Enrolment extends PersonKey {
  readonly card: 'held' | 'none' | 'returned';
  readonly registration: 'registered' | 'unregistered' | 'deregistered';
  readonly registeredOn: LocalDate | null;
  readonly deregisteredOn: LocalDate | null;
  readonly digitalCertificateExpiresOn: LocalDate | null;
  readonly cardReturnedOn: LocalDate | null;
  /** 紐付け: false = no individual number on record. */
  readonly linked: boolean;
}

/** 負担割合 of a person of 70 or over, as the insurer has determined it from the income. */
export interface DeterminedRatio {
  /** Tenths of the cost. */
  readonly tenths: 2 | 3;
  /** 発効期日 and 有効期限, inclusive. */
  readonly from: LocalDate;
  readonly through: LocalDate;
}

export const RELATION_LABELS = { insured: '本人', dependent: '家族' } as const satisfies Record<
  Member['relation'],
  string
>;

export const SEX_LABELS = { male: '男', female: '女' } as const satisfies Record<Member['sex'], string>;

export const INSURED_CLASS_LABELS = {
  general: '一般',
  'voluntary-continuation': '任意継続',
  'special-retiree': '特例退職',
  'day-labourer': '法第3条第2項（日雇特例）',
} as const satisfies Record<InsuredClass, string>;

export const CARD_LABELS = { held: '有', none: '無', returned: '返納' } as const satisfies Record<
  Enrolment['card'],
  string
>;

export const REGISTRATION_LABELS = {
  registered: '登録',
  unregistered: '未登録',
  deregistered: '解除',
} as const satisfies Record<Enrolment['registration'], string>;
