// Room: formats. The manifest of a hand-over package: what the contractor gets, file by file, and its control totals.
import type { Passage } from '../rules/papers/scheme.ts';
import { z } from 'zod';
import { formatCount } from '../rules/words/counts.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

const file = z.strictObject({
  /** Relative to the package, `/` between; with `.age` where it is encrypted. */
  path: z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/),
  bytes: count,
  sha256: hash,
  /** Of the file before it was encrypted. */
  plainSha256: hash.optional(),
  pages: count.optional(),
  pieces: count.optional(),
  certificates: count.optional(),
  rows: count.optional(),
  /** Of an archive of images. */
  images: count.optional(),
});

const manifest = z.strictObject({
  format: z.literal('todoke-package'),
  version: z.literal(1),
  insurerNumber: z.string(),
  issuance: z.strictObject({
    id: count,
    /** Packages from before notices could be handed over name none. */
    kind: z.enum(['certificate', 'notice']).default('certificate'),
    name: z.string(),
    issuedOn: z.string(),
    referenceOn: z.string(),
  }),
  /** age public key of the contractor, or null where nothing is encrypted. */
  recipient: z.string().nullable(),
  /** 様式 and 複製等防止 of certificates; null of notices, and in packages from before it was named. */
  specification: z.strictObject({ form: z.string(), copyPrevention: z.string() }).nullable().default(null),
  files: z.array(file).min(1),
  totals: z.strictObject({
    pieces: count,
    certificates: count,
    notices: count.default(0),
    /** 個人番号申出書, of those notices that have one inside. */
    requestForms: count.default(0),
    /** 梱包 to workplaces, each with its label. */
    parcels: count.default(0),
    /** Of the print files. */
    pages: count,
    enclosures: z.array(z.strictObject({ id: z.string(), name: z.string(), count })),
  }),
});

export type PackageManifest = z.infer<typeof manifest>;
export type PackageFile = z.infer<typeof file>;

/** Reads a manifest; null where the text is none. */
export function parsePackageManifest(text: string): PackageManifest | null {
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What a package holds, in one line for people; what there is none of is left out. */
export function describeTotals(totals: PackageManifest['totals']): string {
  const parts: readonly (readonly [name: string, count: number, unit: string])[] = [
    ['郵便物', totals.pieces, '通'],
    ['資格確認書', totals.certificates, '枚'],
    ['お知らせ', totals.notices, '通'],
    ['個人番号申出書', totals.requestForms, '枚'],
    ['梱包', totals.parcels, '個'],
  ];
  const said = parts.flatMap(([name, n, unit]) => (n === 0 ? [] : [`${name} ${formatCount(n)}${unit}`]));
  return [...said, `${formatCount(totals.pages)}ページ`].join('　');
}

/** Rows of a CSV file after its header (RFC 4180: a line break inside quotes is no end). */
export function countCsvRows(bytes: Uint8Array): number {
  let lines = 0;
  let quoted = false;
  for (const byte of bytes) {
    if (byte === 0x22) quoted = !quoted;
    else if (byte === 0x0a && !quoted) lines++;
  }
  return Math.max(0, lines - 1);
}

type Columns = readonly (readonly [column: string, meaning: string])[];

const ENCLOSURES = [
  ['印刷ファイル', '送付書またはお知らせの印刷ファイル'],
  ['同封物', '名称'],
  ['数', 'この印刷ファイルの郵便物に要る数'],
] as const satisfies Columns;

const CERTIFICATE_TABLES = {
  'mailpieces.csv': [
    ['郵便物番号', '14桁。送付書の番号と一次元バーコード（Code 128）に同じ'],
    ['経路', 'home 自宅、workplace 事業所経由'],
    ['通番', '世帯の何通目か'],
    ['総通数', '世帯の総通数'],
    ['枚数', '封入する資格確認書の枚数'],
    ['郵便番号', '7桁。事業所経由は空'],
    ['バーコード文字', 'カスタマバーコードの郵便番号と住所表示番号。付けないものは空'],
    ['送付書ファイル', '送付書のある印刷ファイル'],
    ['送付書ページ', '1から'],
    ['資格確認書ファイル', '資格確認書のある印刷ファイル'],
    ['資格確認書ページ', '先頭のおもて面。1から。おもて・うらの順に枚数×2ページ'],
    ['封入機コード', 'データマトリクスの22桁（発行4、世帯8、通番2、総通数2、枚数2、印刷単位4）'],
  ],
  'personalisation.csv': [
    ['証番号', '14桁。QRコードの内容に同じ'],
    ['郵便物番号', '封入する郵便物'],
    ['封入順', '1から'],
    ['記号', '券面のとおり'],
    ['番号', '券面のとおり'],
    ['枝番', '券面のとおり'],
    ['カナ氏名', '券面のとおり'],
    ['氏名', '券面のとおり（旧姓は括弧書き）'],
    ['被保険者氏名', '被扶養者のみ'],
    ['生年月日', '和暦'],
    ['性別', '券面のとおり（裏面参照を含む）'],
    ['区分', '本人（被保険者）または家族（被扶養者）'],
    ['資格取得年月日', '和暦'],
    ['交付年月日', '和暦'],
    ['有効期限', '和暦'],
    ['保険者番号', '8桁'],
    ['保険者名称', '券面のとおり'],
    ['保険者所在地', '券面のとおり'],
    ['一部負担金の割合', '券面のとおり（70歳以上で高齢受給者証を発行しないときだけ）'],
    ['発効期日', '割合の発効期日。券面のとおり'],
    ['備考', '裏面の備考欄'],
    ['画像書庫', '次の画像が入ったファイル（ZIP）。画像を入れないパッケージでは空'],
    ['おもて画像', '画像書庫の中のファイル名。証番号-front.png。300 dpi、仕上がり寸法、塗り足しなし'],
    ['うら画像', '同じく証番号-back.png。備考のない券面はどれも同じなので back.png、直接返納のものは back-direct.png'],
    ['QR画像', '同じく証番号-qr.png。白黒、余白つき'],
    ['うら面', '注意事項の返却先。employer（勤め先へ提出）または direct（保険者へ直接返納）。うら面の版が違う'],
  ],
  'pull-list.csv': [
    ['郵便物番号', '引き抜く証の入った郵便物'],
    ['証番号', '引き抜く資格確認書'],
    ['封入順', '封筒の中の順'],
    ['資格確認書ファイル', '印刷ファイル'],
    ['ページ', 'おもて面のページ'],
  ],
  'enclosures.csv': ENCLOSURES,
} as const satisfies Record<string, Columns>;

/** No digit of an individual number is in any of these: the contractor has them on the printed page alone. */
const NOTICE_TABLES = {
  'mailpieces.csv': [
    ['郵便物番号', '14桁。お知らせの番号と一次元バーコード（Code 128）に同じ'],
    ['経路', 'home 自宅、workplace 事業所経由'],
    ['通番', '世帯の何通目か'],
    ['総通数', '世帯の総通数'],
    ['郵便番号', '7桁。事業所経由は空'],
    ['バーコード文字', 'カスタマバーコードの郵便番号と住所表示番号。付けないものは空'],
    ['お知らせファイル', 'お知らせのある印刷ファイル'],
    ['お知らせページ', '1から'],
    ['申出書ファイル', '個人番号申出書のある印刷ファイル。同封しないものは空'],
    ['申出書ページ', '1から。同封しないものは空'],
    ['封入機コード', 'データマトリクスの22桁（発行4、世帯8、通番2、総通数2、紙の枚数2、印刷単位4）'],
    ['梱包', '入れる梱包の番号。自宅へ送るものは空'],
    ['梱包順', '梱包の中の順（内容一覧の順）。1から'],
  ],
  'parcels.csv': [
    ['梱包', '番号。ラベル・内容一覧・特定記録の一覧に同じ'],
    ['事業所名称', 'ラベルのとおり'],
    ['郵便番号', '7桁'],
    ['所在地', 'ラベルのとおり'],
    ['方書', 'ラベルのとおり'],
    ['通番', '事業所の何個口目か'],
    ['総個数', '事業所の個口の数'],
    ['容器', '封筒または箱'],
    ['通数', '入れる郵便物の数（保留・引き抜きを除く）'],
    ['重さg', '見積り'],
    ['厚さmm', '見積り'],
    ['引受番号', '11桁。割当てがないものは空'],
    ['備考', '引受番号がない理由'],
  ],
  'pull-list.csv': [
    ['郵便物番号', '引き抜く郵便物（封筒ごと）'],
    ['お知らせファイル', '印刷ファイル'],
    ['お知らせページ', '1から'],
    ['申出書ファイル', '印刷ファイル。同封しないものは空'],
    ['申出書ページ', '1から。同封しないものは空'],
  ],
  'enclosures.csv': ENCLOSURES,
} as const satisfies Record<string, Columns>;

/** What each column of the package's CSV files says, by kind of issuance: columns in order, with their meaning. */
export const PACKAGE_TABLES = { certificate: CERTIFICATE_TABLES, notice: NOTICE_TABLES } as const;

type Kind = keyof typeof PACKAGE_TABLES;
export type PackageTable<K extends Kind = Kind> = K extends Kind ? keyof (typeof PACKAGE_TABLES)[K] : never;

/** Header of a table. */
export function packageColumns(kind: Kind, table: PackageTable): readonly string[] {
  const tables: Partial<Record<PackageTable, Columns>> = PACKAGE_TABLES[kind];
  return (tables[table] ?? []).map(([column]) => column);
}

const PAPERS = {
  certificate: '墨1色（資格確認書の地色と公印を除く）。資格確認書（カード型）は塗り足し3 mm、TrimBox が仕上がり寸法',
  notice:
    '墨1色、A4。parcels/ は梱包のラベル・内容一覧・特定記録の一覧。校正（proofs/）の個人番号下4桁は伏せてあり、実物は print/ の印刷ファイルだけにある',
} as const satisfies Record<Kind, string>;

/** What a package has for card printers that take images by key: the codes alone, or the faces as they are printed too. */
export type CardImages = 'qr' | 'faces';

/** What tells a card's back from others. */
export interface BackSide {
  readonly hasRemarks: boolean;
  /** Whom its notes name for the return. */
  readonly passage: Passage;
}

const SHARED_BACKS = { employer: 'back.png', direct: 'back-direct.png' } as const satisfies Record<Passage, string>;

/** Names of a card's images in its batch's archive; '' for those a package does not have. */
export function cardImageNames(
  kind: CardImages | null,
  certificateNumber: string,
  side: BackSide,
): { readonly front: string; readonly back: string; readonly qr: string } {
  const faces = kind === 'faces';
  return {
    front: faces ? `${certificateNumber}-front.png` : '',
    back: faces ? (side.hasRemarks ? `${certificateNumber}-back.png` : SHARED_BACKS[side.passage]) : '',
    qr: kind === null ? '' : `${certificateNumber}-qr.png`,
  };
}

const IMAGES =
  '## card-images/\n\n' +
  '`card-images/印刷単位.zip` は、personalisation.csv の「画像書庫」「おもて画像」「うら画像」「QR画像」で引く画像（PNG）。' +
  'カード型の資格確認書で、画像を入れたパッケージだけにある。\n' +
  'おもて・うらは 85.60 × 53.98 mm を 300 dpi で描いた 1011 × 638 画素。QR は 1区画 8画素、余白 4区画の 232 × 232 画素。\n' +
  '`card-images/seal.png` は公印（20 mm 角を 600 dpi、全券面に共通）。\n';

/** What the certificates of a package must be, besides what is in its files. */
export interface FormSpecification {
  readonly form: string;
  readonly copyPrevention: string;
}

/** レコードレイアウト, as Markdown; of certificates with the specification of their form. */
export function recordLayout(kind: Kind, specification: FormSpecification | null): string {
  const tables = Object.entries<Columns>(PACKAGE_TABLES[kind]).map(
    ([name, columns]) =>
      `## ${name}\n\n| 順 | 項目 | 内容 |\n|---|---|---|\n${columns
        .map(([column, meaning], i) => `| ${i + 1} | ${column} | ${meaning} |`)
        .join('\n')}\n`,
  );
  return (
    '# レコードレイアウト\n\n' +
    'CSV は UTF-8（BOM付き）、区切りはコンマ、改行は CRLF、引用符は RFC 4180。1行目は見出し。\n' +
    `PDF は PDF 1.7、書体埋め込み、${PAPERS[kind]}。\n\n` +
    (specification === null
      ? ''
      : `## 資格確認書の仕様\n\n様式　${specification.form}\n\n複製等の防止　${specification.copyPrevention}\n\n`) +
    tables.join('\n') +
    (kind === 'certificate' ? `\n${IMAGES}` : '')
  );
}
