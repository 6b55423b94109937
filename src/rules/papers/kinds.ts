// Room: rules. The two kinds of paper an issuance makes, and what staff call what belongs to each.

/** 資格確認書, or 資格情報のお知らせ. */
export type IssuanceKind = 'certificate' | 'notice';

export interface KindWords {
  /** One person's paper, and its unit. */
  readonly paper: string;
  readonly unit: '枚' | '通';
  /** The day on the paper (`issuedOn`). */
  readonly issuedOn: string;
  /** The day whose data decide (`referenceOn`). */
  readonly referenceOn: string;
  /** Targets that get no paper, in a word, and with the usual reasons. */
  readonly notMade: string;
  readonly notSent: string;
}

export const KIND_WORDS = {
  certificate: {
    paper: '資格確認書',
    unit: '枚',
    issuedOn: '交付年月日',
    referenceOn: '基準日',
    notMade: '発行しない',
    notSent: '送らない（引き抜き・送付停止）',
  },
  notice: {
    paper: 'お知らせ',
    unit: '通',
    issuedOn: '通知年月日',
    referenceOn: '抽出日',
    notMade: '送らない',
    notSent: '送らない（保留・送付停止）',
  },
} as const satisfies Record<IssuanceKind, KindWords>;
