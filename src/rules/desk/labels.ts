// Room: rules. The Japanese word for every code. Total maps: a missing label does not compile.
import { FEWEST } from './disclosure.ts';
import type { Hidden } from './disclosure.ts';
import type { ExitReason, Route } from '../issuing/enveloping.ts';
import { NOTICE_EXIT_LABELS } from '../issuing/notice-plan.ts';
import { NOTICE_REASON_LABELS } from '../issuing/notices.ts';
import type { NoticeReason } from '../issuing/notices.ts';
import type { Enrolment, InsuredClass, Member } from '../intake/member.ts';
import type { ReasonCode } from '../issuing/targeting.ts';
import type { HeldReason } from '../printing/print-batches.ts';
import type { ValidityReason } from '../issuing/validity.ts';
import type { WarningCode } from '../issuing/warnings.ts';

/** Said under every table of shares. */
export const ROUNDING = '割合はそれぞれ小数第3位を四捨五入。合計が100％にならないことがあり、調整しません';

export const REASON_LABELS = {
  lost: '資格喪失済み',
  'not-yet': '資格取得前',
  'day-labourer': '法第3条第2項',
  'after-cutoff': '基準日後の加入',
  'no-legacy-card': '健康保険証なし',
  'holds-certificate': '有効な資格確認書あり',
  verifiable: 'マイナ保険証あり',
  'special-care': '要配慮',
  unlinked: '個人番号の紐付けなし',
  'card-returned': 'マイナンバーカード返納',
  'no-card': 'マイナンバーカード未取得',
  deregistered: '利用登録解除',
  unregistered: '利用登録なし',
  'certificate-expired': '電子証明書の有効期限切れ（3か月経過）',
  'no-status': '登録状況の提供なし',
} as const satisfies Record<ReasonCode, string>;

export const EXIT_LABELS = {
  'mail-stopped': '送付停止',
  'withdrawn-lost': '引き抜き（交付日までに資格喪失）',
  'no-validity': '有効期間なし（75歳到達などで交付日に終わっている）',
} as const satisfies Record<ExitReason, string>;

export const ROUTE_LABELS = { home: '自宅', workplace: '事業所経由' } as const satisfies Record<Route, string>;

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

export const VALIDITY_LABELS = {
  period: '発行期間の有効期限',
  'max-years': '交付の日から起算して5年',
  'age-75': '75歳の誕生日の前日',
  'voluntary-continuation': '任意継続の2年',
} as const satisfies Record<ValidityReason, string>;

export const WARNING_LABELS = {
  'home-is-workplace': '住所が事業所の所在地と同じ',
  'shared-address': '同じ住所に多くの世帯がある',
  'postal-code-missing': '郵便番号がない',
  'postal-code-impossible': 'ありえない郵便番号',
  'postal-code-differs': '郵便番号と住所が合わない',
  'dependent-without-insured': '被保険者の行がない被扶養者だけの世帯',
  'no-status': '登録状況の提供がない（発行する）',
  'decided-after-legacy-end': '基準日までに取得し、保険証の新規発行終了後に決定（保険証も一括発行もない人）',
  'kana-is-none': 'カナ氏名が仮名でない',
  'same-person-twice': '同じ人と思われる行が二つある',
  'workplace-unknown': '事業所ファイルにない記号',
  'address-missing': '送付先の住所がない',
  'match-result-unknown': '突合結果に読めない語がある（下4桁を記載しない）',
  'earlier-unsent': '前回までの対象期間の加入者で、送付の記録がない',
} as const satisfies Record<WarningCode, string>;

export const HELD_LABELS = {
  'address-missing': '住所がない',
  'workplace-unknown': '事業所がわからない',
  'missing-character': '書体にない文字がある',
  'does-not-fit': '欄に収まらない',
} as const satisfies Record<HeldReason, string>;

/** Why figures of a group are not told. */
export const HIDDEN_LABELS = {
  few: `${FEWEST}人未満のため出しません`,
  cover: `ほかの数と合わせると${FEWEST}人未満の数が分かるため出しません`,
} as const satisfies Record<Hidden, string>;

/** A reason of either kind of issuance. */
export type AnyReason = ReasonCode | NoticeReason;

/** Label of a reason in an issuance of a kind: 「期日後の加入」 is another sentence for each. */
export function reasonLabel(kind: 'certificate' | 'notice', reason: AnyReason): string {
  const other = { ...NOTICE_REASON_LABELS, ...REASON_LABELS };
  return kind === 'notice' && reason in NOTICE_REASON_LABELS
    ? NOTICE_REASON_LABELS[reason as NoticeReason]
    : other[reason];
}

/** Label of why a target gets no paper. */
export function exitLabel(kind: 'certificate' | 'notice', reason: string): string {
  const labels: Readonly<Record<string, string>> = kind === 'notice' ? NOTICE_EXIT_LABELS : EXIT_LABELS;
  return labels[reason] ?? reason;
}

/** What the journal may say was done. */
export const JOURNAL_LABELS = {
  'open-issuance': '発行の開始',
  decide: '判定',
  enclose: '封入計画',
  'plan-lots': 'ロットの計画',
  print: '印刷',
  'lot-print': 'ロットの印刷の確認',
  'lot-post': 'ロットの発送の確認',
  'lot-close': 'ロットの締め',
  'import-members': '加入者の取込',
  'import-workplaces': '事業所の取込',
  'import-ratios': '負担割合の取込',
  'import-enrolment': 'マイナ保険証の取込',
  'import-postal': '郵便番号の取込',
  reroute: '再送付の作成',
  reprint: '刷り直しの作成',
  rehome: '自宅への送り直しの作成',
  reissue: '再交付の作成',
  release: '確認済みの作り直しの作成',
  'reissue-requests': '再交付の申請の取込',
  filings: '届書の取込',
  inspection: '検認',
  expire: '有効期限切れ',
  'recall-list': '回収対象者リスト',
  'recall-remind': '回収の催告',
  'recall-receipt': '回収の受け入れ',
  'open-parcels': '梱包の開始',
  'close-parcel': '梱包の締め',
  pack: 'お知らせの梱包',
  erase: '個人データの消去',
  'create-account': '利用者の登録',
  'change-account': '利用者の変更',
  'change-profile': 'プロファイルの変更',
  package: '委託業者への引き渡し',
  results: '委託業者の結果の取込',
  'hand-over': '手渡しの報告の取込',
} as const;
export type JournalOperation = keyof typeof JOURNAL_LABELS;

/** What the journal may count or name beside it. */
export const JOURNAL_COUNT_LABELS = {
  members: '加入者',
  targets: '対象者',
  certificates: '資格確認書',
  mailpieces: '郵便物',
  pieces: '郵便物',
  exits: '送らない',
  held: '確認待ち',
  chunk: '区分',
  batch: '印刷単位',
  batches: '印刷単位',
  lots: 'ロット',
  lot: 'ロット',
  persons: '確認した人',
  parent: 'もとの発行',
  rows: '行',
  file: 'ファイル',
  account: '利用者',
  role: '役割',
  parcels: '梱包',
  notices: 'お知らせ',
  issuances: '発行',
  datasets: '取込ファイル',
  dataset: '取込番号',
  keys: '控えの鍵',
  rejected: '除いた行',
  districts: '町域',
  offices: '大口事業所',
  presented: '提出あり',
  notPresented: '提出なし',
  lost: '資格喪失',
  found: '発見',
  enrolled: '利用登録',
  superseded: '新しい証',
  first: 'はじめての催告',
  late: '期限を過ぎた催告',
  again: '2回目からの催告',
  counted: '数えた枚数',
  open: '残り',
  recorded: '記録',
  change: '変えたこと',
  override: '許可した人',
  reason: '理由',
} as const;
export type JournalCounts = Readonly<Partial<Record<keyof typeof JOURNAL_COUNT_LABELS, number | string>>>;

/** The word of an operation; one of an older release is shown as it was written: nothing is hidden from who checks. */
export function journalLabel(operation: string): string {
  return (JOURNAL_LABELS as Readonly<Record<string, string>>)[operation] ?? operation;
}

/** The word of a count, likewise. */
export function journalCountLabel(name: string): string {
  return (JOURNAL_COUNT_LABELS as Readonly<Record<string, string>>)[name] ?? name;
}
