// Room: rules. What a file of an issuance's output holds, in words (docs/files.md).

const WHOLE = {
  'decisions.csv': '全加入者の判定と理由',
  'certificates.csv': '資格確認書の番号・有効期限・入る封筒',
  'mailpieces.csv': '封筒ごとの経路・枚数・印刷ファイル',
  'warnings.csv': '職員が見るべき行',
  'print-held.csv': '印刷を止めた郵便物',
  'print-replaced.csv': '置き換えた文字',
  'reconciliation.json': '突き合わせ',
  'pull-list.csv': '印刷の後に引き抜いた証の場所',
  'workplace-lists.csv': '事業所への一覧表の人数・枚数・封筒',
  'notices.csv': 'お知らせの経路・突合・梱包',
  'notice-exits.csv': 'いま送らないお知らせとその理由',
  'parcels.csv': '事業所への梱包',
  'parcel-contents.csv': '梱包の中身',
  'newer-facts.csv': '新しいファイルにいない人、氏名・住所が変わった人',
  'manifest.json': '全ファイルの大きさとSHA-256',
} as const satisfies Record<string, string>;

const FOLDERS = {
  print: '印刷ファイル',
  artwork: '説明用チラシ・個人情報保護シール',
  'workplace-lists': '事業主への送付文書と一覧表',
  parcels: '梱包のラベル・内容一覧・特定記録の一覧',
} as const satisfies Record<string, string>;

/** What a file holds, by its path in the output folder; '' for one that is not known. */
export function outputFileLabel(path: string): string {
  if (Object.hasOwn(WHOLE, path)) return WHOLE[path as keyof typeof WHOLE];
  const [folder = ''] = path.split('/');
  return path.includes('/') && Object.hasOwn(FOLDERS, folder) ? FOLDERS[folder as keyof typeof FOLDERS] : '';
}
