// Room: print. The papers: which fields each has, which of them may not be missing, and what a person's data becomes in
// them. Where a field stands on the page, the templates say.
import { formatWareki } from '../rules/words/calendar.ts';
import { formatPaperNumber } from '../rules/words/check-digits.ts';
import type { Route } from '../rules/issuing/enveloping.ts';
import { MOUNT_PLACES } from '../rules/insurer.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { SEX_LABELS } from '../rules/intake/member.ts';
import type { Member, Workplace } from '../rules/intake/member.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import type { PrintableCertificate, PrintablePiece } from '../rules/printing/printable.ts';
import { employerLine } from '../rules/papers/scheme.ts';
import type { Scheme } from '../rules/papers/scheme.ts';
import { BLANK } from '../rules/printing/holds.ts';
import { postal } from './address.ts';
import { noticePaperFields } from './notice-papers.ts';
import type { PageValues } from './page-values.ts';
import type { NoticePaperKind } from './notice-papers.ts';
import { RECALL_LETTER_FIELDS } from './recall-letter.ts';
import { RECALL_LIST_FIELDS, RECALL_SLIP_FIELDS } from './recall-papers.ts';
import { formatCount } from '../rules/words/counts.ts';

export type PaperKind =
  | 'letter'
  | 'card-front'
  | 'card-back'
  | 'postcard-front'
  | 'postcard-back'
  | 'flyer'
  | 'privacy-seal'
  | 'seal'
  | 'pre-notice'
  | 'workplace-list'
  | 'recall-slip'
  | 'recall-list'
  | 'recall-letter'
  | 'parcel-contents'
  | NoticePaperKind;

export interface FieldContract {
  readonly known: ReadonlySet<string>;
  /** Fields without which the paper may not be printed (B1). */
  readonly required: ReadonlySet<string>;
}

/** Rows of a 送付予定対象者一覧表 sheet. */
const LIST_ROWS = 30;
/** Rows of a parcel's 内容一覧 sheet. */
const CONTENTS_ROWS = 28;
/** Names a postcard form's letter lists before it says how many more. */
const LETTER_ITEMS = 12;

const numbered = (count: number, name: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => name(i + 1));

const ADDRESS = ['postalCode', 'addressLine', 'building', 'addressee', 'customerBarcode'];
const CERTIFICATE = [
  'symbol',
  'number',
  'subNumber',
  'kana',
  'name',
  'insuredName',
  'bornOn',
  'sex',
  'relation',
  'acquiredOn',
  'issuedOn',
  'validThrough',
  'insurerNumber',
  'insurerName',
  'insurerAddress',
];

const PRE_NOTICE = [
  'postalCode',
  'addressLine',
  'building',
  'workplaceName',
  'employerName',
  'symbol',
  'noticeOn',
  'personCount',
  'sheetCount',
];
const LIST_HEAD = ['workplaceName', 'symbol', 'page', 'asOf'];
const CONTENTS_HEAD = ['workplaceName', 'symbol', 'page', 'parcel', 'total'];
const CONTENTS_COLUMNS = ['no', 'number', 'name', 'count', 'piece'];

/** Cards the mount of this profile has places for. */
function mountPlaces(profile: InsurerProfile): number {
  return Math.min(profile.enclosing.limit ?? MOUNT_PLACES, MOUNT_PLACES);
}

/** The fields a template of this paper may name, and those it must. */
export function fieldContract(
  paper: PaperKind,
  profile: InsurerProfile,
  route: Route,
  { hasDigits }: { readonly hasDigits: boolean } = { hasDigits: true },
): FieldContract {
  const all = contractFields(paper, profile, route).filter((name) => hasDigits || name !== 'last4');
  const optional = new Set(['more', 'customerBarcode']);
  return { known: new Set(all), required: new Set(all.filter((name) => !optional.has(name))) };
}

function contractFields(paper: PaperKind, profile: InsurerProfile, route: Route): readonly string[] {
  switch (paper) {
    case 'letter': {
      const addressing = route === 'home' ? ADDRESS : ['workplaceName', 'symbolNumber', 'addressee'];
      const contents =
        profile.form.kind === 'card'
          ? numbered(mountPlaces(profile), (i) => `card${i}.label`)
          : [...numbered(LETTER_ITEMS, (i) => `item${i}.name`), 'more'];
      const common = ['pieceNumber', 'pieceCode', 'inserterCode', 'sequence', 'issuedOn', 'certificateCount'];
      return [...addressing, ...common, ...contents];
    }
    case 'card-front':
    case 'postcard-front':
      return [
        ...CERTIFICATE,
        ...(profile.form.showsCertificateNumber ? ['certificateNumber'] : []),
        ...(profile.form.showsQr ? ['qr'] : []),
        ...(profile.elderly === 'on-certificate' ? ['ratio', 'ratioFrom'] : []),
      ];
    case 'card-back':
    case 'postcard-back':
      return ['remarks'];
    case 'pre-notice':
      return PRE_NOTICE;
    case 'workplace-list':
      return [...LIST_HEAD, ...Array.from({ length: LIST_ROWS }, (_, i) => i + 1).flatMap(rowFields)];
    case 'recall-slip':
      return RECALL_SLIP_FIELDS;
    case 'recall-list':
      return RECALL_LIST_FIELDS;
    case 'recall-letter':
      return RECALL_LETTER_FIELDS;
    case 'parcel-contents':
      return [
        ...CONTENTS_HEAD,
        ...numbered(CONTENTS_ROWS, (i) => `row${i}`).flatMap((row) => CONTENTS_COLUMNS.map((c) => `${row}.${c}`)),
      ];
    case 'flyer':
    case 'privacy-seal':
    case 'seal':
      return [];
    case 'notice':
    case 'request-form':
    case 'notice-parcel-label':
    case 'notice-parcel-contents':
    case 'recorded-delivery':
      return noticePaperFields(paper, route);
  }
}

function rowFields(i: number): string[] {
  return ['number', 'subNumber', 'name', 'relation'].map((column) => `row${i}.${column}`);
}

const subLabel = (c: PrintableCertificate): string => `${c.subNumber}　${c.name}`;

/**
 * What the inserting machine reads, 22 digits: issuance (4), household = the ordinal in its first piece's number (8),
 * k (2), n (2), certificates inside (2), batch (4). No 記号・番号 (告知要求制限).
 */
export function inserterDigits(piece: PrintablePiece, batchNo: number): string {
  const serial = piece.firstOfHousehold.slice(1, 13);
  const pad = (n: number, width: number): string => String(n % 10 ** width).padStart(width, '0');
  return (
    serial + pad(piece.sequence, 2) + pad(piece.sequenceCount, 2) + pad(piece.certificates.length, 2) + pad(batchNo, 4)
  );
}

/** The cover letter (and mount) of a piece. */
export function letterValues(piece: PrintablePiece, profile: InsurerProfile, batchNo: number): PageValues {
  const { address, certificates } = piece;
  const values: Record<string, string> = {
    addressee: `${piece.addressee}　様`,
    pieceNumber: formatPaperNumber(piece.mailpieceNumber),
    pieceCode: piece.mailpieceNumber,
    inserterCode: inserterDigits(piece, batchNo),
    sequence: `${piece.sequenceCount}通のうち${piece.sequence}通目`,
    issuedOn: formatWareki((certificates[0] as PrintableCertificate).issuedOn),
    certificateCount: `${certificates.length}枚`,
  };
  if (piece.route === 'home' && address) {
    values['postalCode'] = postal(address.postalCode);
    values['addressLine'] = address.line;
    values['building'] = address.building;
    values['customerBarcode'] = piece.customerBarcode;
  } else if (piece.route === 'workplace' && piece.workplace) {
    values['workplaceName'] = piece.workplace.name;
    // Where only dependents are inside, the name alone is shown (A6).
    const hasInsured = certificates.some((c) => c.relation === 'insured');
    values['symbolNumber'] = hasInsured ? `記号　${piece.symbol}　番号　${piece.number}` : '';
  }
  if (profile.form.kind === 'card') {
    for (const [i, c] of certificates.entries()) values[`card${i + 1}.label`] = subLabel(c);
  } else {
    for (const [i, c] of certificates.slice(0, LETTER_ITEMS).entries()) values[`item${i + 1}.name`] = subLabel(c);
    if (certificates.length > LETTER_ITEMS) values['more'] = `ほか${certificates.length - LETTER_ITEMS}名`;
  }
  return values;
}

/**
 * The face of a certificate, card or postcard form (健保則47条3項, 様式第九号). From 70 on with the ratio and its 発効期日 where no
 * 高齢受給者証 says them (4号).
 */
export function certificateFrontValues(
  certificate: PrintableCertificate,
  profile: InsurerProfile,
  branchCode: string,
): PageValues {
  const c = certificate;
  const branch = profile.form.showsBranch ? profile.branches.find((b) => b.code === branchCode) : undefined;
  return {
    certificateNumber: formatPaperNumber(c.certificateNumber),
    qr: c.certificateNumber,
    symbol: c.symbol,
    number: c.number,
    subNumber: c.subNumber,
    kana: c.kana,
    name: faceName(c),
    insuredName: c.relation === 'dependent' ? (c.insuredName ?? '') : '',
    bornOn: formatWareki(c.bornOn),
    sex: c.sexOnBack ? '裏面参照' : SEX_LABELS[c.sex],
    relation: c.relation === 'insured' ? '本人（被保険者）' : '家族（被扶養者）',
    acquiredOn: formatWareki(c.acquiredOn),
    issuedOn: formatWareki(c.issuedOn),
    validThrough: formatWareki(c.validThrough),
    insurerNumber: branch?.insurerNumber ?? profile.insurer.number,
    insurerName: branch ? `${profile.insurer.name}　${branch.name}` : profile.insurer.name,
    insurerAddress: branch?.address || profile.insurer.address,
    ratio: c.ratio ? `一部負担金の割合　${c.ratio.tenths}割` : '',
    ratioFrom: c.ratio ? `発効期日　${formatWareki(c.ratio.from)}` : '',
  };
}

/** 旧姓 stands in brackets between surname and given name (平成31年の取扱い; domain.md §5). */
function faceName(c: PrintableCertificate): string {
  if (!c.showsFormerName || !c.formerName) return c.name;
  // Where no blank says what the surname is, the piece is held (rules/printing/holds.ts).
  const gap = c.name.search(BLANK);
  return `${c.name.slice(0, gap)}（${c.formerName}）${c.name.slice(gap)}`;
}

/** 備考 on the back: the registered name of a 通称名, whose the name in brackets is, sex, and entries asked for with their days. */
export function certificateBackValues(certificate: PrintableCertificate): PageValues {
  const remarks: string[] = [];
  if (certificate.registeredName !== null) remarks.push(`戸籍上の氏名　${certificate.registeredName}`);
  if (certificate.showsFormerName && certificate.formerName) remarks.push('氏名欄の括弧内は旧姓');
  if (certificate.sexOnBack) remarks.push(`戸籍上の性別　${SEX_LABELS[certificate.sex]}`);
  const { optionalContent: content, optionalFrom: from, optionalThrough: through } = certificate;
  if (content) {
    const days = [from && `発効期日 ${formatWareki(from)}`, through && `有効期限 ${formatWareki(through)}`];
    remarks.push([content, ...days].filter(Boolean).join('　'));
  }
  return { remarks: remarks.join('。') };
}

/** A workplace with those its list names. */
export interface PrintableWorkplace {
  readonly symbol: string;
  readonly workplace: Pick<Workplace, 'name' | 'postalCode' | 'address' | 'building' | 'employerName'>;
  readonly targets: readonly Pick<Member, 'number' | 'subNumber' | 'name' | 'relation'>[];
}

/** Sheets of a workplace's list, the letter not counted. */
export function listSheets(targetCount: number): number {
  return Math.max(1, Math.ceil(targetCount / LIST_ROWS));
}

/** 送付文書 to the employer. */
export function preNoticeValues(target: PrintableWorkplace, noticeOn: LocalDate, scheme: Scheme): PageValues {
  const { workplace } = target;
  return {
    postalCode: postal(workplace.postalCode),
    addressLine: workplace.address,
    building: workplace.building,
    workplaceName: workplace.name,
    employerName: employerLine(scheme, workplace.employerName),
    symbol: target.symbol,
    noticeOn: formatWareki(noticeOn),
    personCount: `${formatCount(target.targets.length)}名`,
    sheetCount: `${listSheets(target.targets.length)}枚`,
  };
}

/** 送付予定対象者一覧表, a sheet an entry. No reasons: they are not the employer's business. */
export function workplaceListValues(target: PrintableWorkplace, asOf: LocalDate): PageValues[] {
  const sheets = listSheets(target.targets.length);
  return Array.from({ length: sheets }, (_, sheet) => {
    const values: Record<string, string> = {
      workplaceName: target.workplace.name,
      symbol: target.symbol,
      page: `${sheet + 1}/${sheets}`,
      asOf: formatWareki(asOf),
    };
    for (const [i, row] of target.targets.slice(sheet * LIST_ROWS, (sheet + 1) * LIST_ROWS).entries()) {
      values[`row${i + 1}.number`] = row.number;
      values[`row${i + 1}.subNumber`] = row.subNumber;
      values[`row${i + 1}.name`] = row.name;
      values[`row${i + 1}.relation`] = row.relation === 'insured' ? '本人' : '家族';
    }
    return values;
  });
}

/** A parcel to a workplace, and the pieces in it. */
export interface PrintableParcel {
  readonly symbol: string;
  readonly workplaceName: string;
  readonly sequence: number;
  readonly sequenceCount: number;
}

/** One piece of a parcel. */
export interface PrintableContent {
  readonly mailpieceNumber: string;
  readonly number: string;
  readonly addressee: string;
  readonly certificateCount: number;
  /** Sub-numbers of whose papers are inside. */
  readonly persons: readonly string[];
}

/** 番号 as a workplace may see it: where only dependents are inside, the insured person's name alone is shown (A6; 001). */
export function shownNumber(content: Pick<PrintableContent, 'number' | 'persons'>): string {
  return content.persons.includes('00') ? content.number : '';
}

/** 梱包の内容一覧, a sheet an entry. */
export function parcelContentsValues(
  parcel: PrintableParcel,
  contents: readonly PrintableContent[],
  issuedOn: LocalDate,
): PageValues[] {
  const sheets = Math.max(1, Math.ceil(contents.length / CONTENTS_ROWS));
  const certificates = contents.reduce((sum, content) => sum + content.certificateCount, 0);
  return Array.from({ length: sheets }, (_, sheet) => {
    const values: Record<string, string> = {
      workplaceName: parcel.workplaceName,
      symbol: parcel.symbol,
      page: `${sheet + 1}/${sheets}`,
      parcel: `${parcel.sequenceCount}個口のうち${parcel.sequence}　${formatWareki(issuedOn)}交付`,
      total: `${contents.length}通　資格確認書 ${certificates}枚`,
    };
    const from = sheet * CONTENTS_ROWS;
    for (const [i, content] of contents.slice(from, from + CONTENTS_ROWS).entries()) {
      values[`row${i + 1}.no`] = String(from + i + 1);
      values[`row${i + 1}.number`] = shownNumber(content);
      values[`row${i + 1}.name`] = content.addressee;
      values[`row${i + 1}.count`] = String(content.certificateCount);
      values[`row${i + 1}.piece`] = formatPaperNumber(content.mailpieceNumber);
    }
    return values;
  });
}
