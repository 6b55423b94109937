// The journal's words in Japanese. One it does not know is shown as it was written: nothing is hidden from who checks.

const OPERATIONS: Readonly<Record<string, string>> = {
  'open-issuance': '発行の開始',
  decide: '判定',
  enclose: '封入計画',
  'plan-lots': '便の計画',
  print: '印刷',
  'lot-print': '便の印刷の確認',
  'lot-post': '便の発送の確認',
  'lot-close': '便の締め',
  'import-members': '加入者の取込',
  'import-workplaces': '事業所の取込',
  'import-enrolment': 'マイナ保険証の取込',
  'import-postal': '郵便番号の取込',
  reroute: '再送付の作成',
  reprint: '刷り直しの作成',
  filings: '届書の取込',
  inspection: '検認',
  expire: '有効期限切れ',
  'recall-list': '回収対象者リスト',
  'recall-remind': '回収の催告',
  'recall-receipt': '回収の受け入れ',
  'open-parcels': '梱包の開始',
  'close-parcel': '梱包の締め',
  pack: 'お知らせの梱包',
  'create-account': '利用者の登録',
  'change-account': '利用者の変更',
};

const COUNTS: Readonly<Record<string, string>> = {
  members: '加入者',
  targets: '対象者',
  certificates: '資格確認書',
  mailpieces: '郵便物',
  pieces: '郵便物',
  exits: '送らない',
  held: '確認待ち',
  chunk: '区分',
  batch: '束',
  batches: '束',
  lots: '便',
  lot: '便',
  persons: '確認した人',
  parent: 'もとの発行',
  rows: '行',
  file: 'ファイル',
  account: '利用者',
  role: '役割',
  parcels: '梱包',
};

export function operationWord(operation: string): string {
  return OPERATIONS[operation] ?? operation;
}

export function countWord(name: string): string {
  return COUNTS[name] ?? name;
}
