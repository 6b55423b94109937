// Room: rules. What the journal says was done, and what it counts: the words of both. Total maps: a missing label does not
// compile.

/** What the journal may say was done. */
export const JOURNAL_LABELS = {
  'open-issuance': '発行の開始',
  'cancel-issuance': '発行の取りやめ',
  'take-back-cancellation': '取りやめの取り消し',
  'lift-withdrawal': '引き抜きの解除',
  decide: '判定',
  enclose: '封入計画',
  'plan-lots': 'ロットの計画',
  print: '印刷',
  'lot-print': 'ロットの印刷の確認',
  'lot-post': 'ロットの発送の確認',
  'lot-close': 'ロットの締め',
  'take-back-lot-print': 'ロットの印刷の確認の取り消し',
  'take-back-lot-post': 'ロットの発送の確認の取り消し',
  'import-members': '加入者の取込',
  'import-workplaces': '事業所の取込',
  'import-ratios': '負担割合の取込',
  'import-enrolment': 'マイナ保険証の取込',
  'import-postal': '郵便番号の取込',
  'use-file': '前に取り込んだファイルに戻す',
  reroute: '再送付の作成',
  reprint: '刷り直しの作成',
  rehome: '自宅への送り直しの作成',
  reissue: '再交付の作成',
  release: '確認済みの作り直しの作成',
  'send-home': '事業所がわからない郵便物の自宅への作成',
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
  files: '印刷ファイルの照合値',
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
  digits: '下4桁を消したファイル',
  dataset: '取込番号',
  keys: '控えの鍵',
  rejected: '除いた行',
  fitted: '書き方の違いを除いて一致した行',
  districts: '町域',
  offices: '大口事業所',
  presented: '提出あり',
  notPresented: '提出なし',
  lost: '資格喪失',
  found: '発見',
  enrolled: '利用登録',
  corrected: '記載事項の変更',
  damaged: 'き損・汚損',
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
