// Room: print. The papers of 資格情報のお知らせ: which fields each has, and what a person's or a parcel's data becomes in them.
// Sources: 002 section 2 (contents, digits, window), 施行規則51条の3.
import { formatAcceptanceNumber } from '../rules/posting/acceptance-numbers.ts';
import { formatWareki } from '../rules/words/calendar.ts';
import { formatPaperNumber } from '../rules/words/check-digits.ts';
import type { Route } from '../rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import {
  NOTICE_CARD_FIELDS,
  NOTICE_SHEET_FIELDS,
  NUMBER_REQUEST,
  NUMBER_REQUEST_ALONE,
  windowLines,
} from '../rules/issuing/notices.ts';
import type { Workplace } from '../rules/intake/member.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { CONTAINER_LABELS } from '../rules/posting/parcels.ts';
import type { ParcelContainer } from '../rules/posting/parcels.ts';
import type { PrintableNotice } from '../rules/printing/printable.ts';
import { employerLine } from '../rules/papers/scheme.ts';
import type { Scheme } from '../rules/papers/scheme.ts';
import { postal } from './address.ts';
import type { PageValues } from './page-values.ts';
import { formatCount } from '../rules/words/counts.ts';

export type NoticePaperKind =
  | 'notice'
  | 'request-form'
  | 'notice-parcel-label'
  | 'notice-parcel-contents'
  | 'recorded-delivery';

/** Rows of a sheet of a parcel's contents list, and of the 特定記録 list. */
const CONTENTS_ROWS = 30;
export const DELIVERY_ROWS = 25;

const WINDOW_HOME = ['postalCode', 'addressLine', 'building', 'addressee', 'customerBarcode'];
const WINDOW_WORKPLACE = ['windowSymbol', 'windowInsured', 'windowAddressee'];
const MACHINE = ['pieceNumber', 'pieceCode', 'inserterCode'];

const rows = (count: number, columns: readonly string[]): string[] =>
  Array.from({ length: count }, (_, i) => columns.map((column) => `row${i + 1}.${column}`)).flat();

/** All fields a template of this paper names; all but the customer barcode are required. */
export function noticePaperFields(paper: NoticePaperKind, route: Route): string[] {
  switch (paper) {
    case 'notice':
      return [
        ...(route === 'home' ? WINDOW_HOME : WINDOW_WORKPLACE),
        ...MACHINE,
        ...NOTICE_SHEET_FIELDS,
        'numberRequest',
        ...NOTICE_CARD_FIELDS.map((field) => `card.${field}`),
      ];
    case 'request-form':
      return ['symbol', 'number', 'subNumber', 'kana', 'name', 'bornOn', 'insuredName', 'noticeOn', 'pieceNumber'];
    case 'notice-parcel-label':
      return [
        'postalCode',
        'addressLine',
        'building',
        'workplaceName',
        'employerName',
        'symbol',
        'sequence',
        'count',
        'acceptanceNumber',
        'container',
        'weight',
        'parcelNo',
      ];
    case 'notice-parcel-contents':
      return [
        'workplaceName',
        'symbol',
        'sequence',
        'count',
        'page',
        'parcelNo',
        ...rows(CONTENTS_ROWS, ['no', 'number', 'subNumber', 'insuredName', 'addressee', 'note']),
      ];
    case 'recorded-delivery':
      return [
        'page',
        'sentOn',
        'total',
        ...rows(DELIVERY_ROWS, ['no', 'number', 'name', 'postalCode', 'weight', 'note']),
      ];
  }
}

/**
 * What the inserting machine reads, 22 digits: issuance (4), household (8), k (2), n (2), sheets inside (2: the notice, and the
 * request form where it goes with it), batch (4). No 記号・番号 (告知要求制限).
 */
export function noticeInserterDigits(
  notice: Pick<PrintableNotice, 'firstOfHousehold' | 'sequence' | 'sequenceCount' | 'requestForm'>,
  batchNo: number,
): string {
  const pad = (n: number, width: number): string => String(n % 10 ** width).padStart(width, '0');
  return (
    notice.firstOfHousehold.slice(1, 13) +
    pad(notice.sequence, 2) +
    pad(notice.sequenceCount, 2) +
    pad(notice.requestForm ? 2 : 1, 2) +
    pad(batchNo, 4)
  );
}

/** The A4 sheet with its cut-out card. The card shows kana and no ratio, and never a digit of the individual number. */
export function noticeValues(notice: PrintableNotice, profile: InsurerProfile, batchNo: number): PageValues {
  const n = notice;
  const branch = profile.branches.find((b) => b.code === n.workplace?.branchCode);
  const insurerNumber = branch?.insurerNumber ?? profile.insurer.number;
  const insurerName = branch ? `${profile.insurer.name}　${branch.name}` : profile.insurer.name;
  const card: Record<(typeof NOTICE_CARD_FIELDS)[number], string> = {
    symbol: n.symbol,
    number: n.number,
    subNumber: n.subNumber,
    kana: n.kana,
    bornOn: formatWareki(n.bornOn),
    acquiredOn: formatWareki(n.acquiredOn),
    insurerNumber,
    insurerName,
  };
  const sheet: Record<(typeof NOTICE_SHEET_FIELDS)[number], string> = {
    ...card,
    name: n.addressee,
    ratio: n.ratio === null ? '高齢受給者証に記載' : `${n.ratio}割`,
    ratioFrom: n.ratioFrom === null ? '' : `発効期日　${formatWareki(n.ratioFrom)}`,
    ratioThrough: n.ratioThrough === null ? '' : `有効期限　${formatWareki(n.ratioThrough)}`,
    noticeOn: formatWareki(n.issuedOn),
    last4: n.last4 === null ? '' : `＊＊＊＊　＊＊＊＊　${n.last4}`,
  };
  return {
    ...windowValues(n),
    pieceNumber: formatPaperNumber(n.mailpieceNumber),
    pieceCode: n.mailpieceNumber,
    inserterCode: noticeInserterDigits(n, batchNo),
    ...sheet,
    numberRequest: numberRequestOf(n),
    ...Object.fromEntries(Object.entries(card).map(([field, value]) => [`card.${field}`, value])),
  };
}

/** What asks for the number: in place of the digits, or by itself in a round that shows none. */
function numberRequestOf({ hasDigits, last4, requestForm }: PrintableNotice): string {
  if (hasDigits) return last4 === null ? NUMBER_REQUEST : '';
  return requestForm ? NUMBER_REQUEST_ALONE : '';
}

function windowValues(n: PrintableNotice): Record<string, string> {
  if (n.route === 'workplace') {
    const [windowSymbol, windowInsured, windowAddressee] = windowLines(n);
    return { windowSymbol, windowInsured, windowAddressee };
  }
  return {
    postalCode: postal(n.address?.postalCode ?? ''),
    addressLine: n.address?.line ?? '',
    building: n.address?.building ?? '',
    addressee: `${n.addressee}　様`,
    customerBarcode: n.customerBarcode,
  };
}

/** 個人番号申出書, filled in but for the number itself. */
export function requestFormValues(n: PrintableNotice): PageValues {
  return {
    symbol: n.symbol,
    number: n.number,
    subNumber: n.subNumber,
    kana: n.kana,
    name: n.addressee,
    bornOn: formatWareki(n.bornOn),
    insuredName: n.insuredName ?? '',
    noticeOn: formatWareki(n.issuedOn),
    pieceNumber: formatPaperNumber(n.mailpieceNumber),
  };
}

/** A parcel with what lies in it, for its label and lists. */
export interface PrintableParcel {
  readonly no: number;
  readonly symbol: string;
  readonly sequence: number;
  readonly sequenceCount: number;
  readonly container: ParcelContainer['kind'];
  readonly weightG: number;
  /** 11 digits, or null. */
  readonly acceptanceNumber: string | null;
  /** Why there is no number, or ''. */
  readonly lacking: string;
  readonly workplace: Pick<Workplace, 'name' | 'postalCode' | 'address' | 'building' | 'employerName'>;
  readonly rows: readonly {
    readonly position: number;
    readonly number: string;
    readonly subNumber: string;
    readonly insuredName: string;
    readonly addressee: string;
    /** Why it is not in the parcel after all, or ''. */
    readonly absence: string;
  }[];
}

const sequenceText = (parcel: PrintableParcel): string => `${parcel.sequenceCount}個口のうち${parcel.sequence}`;
/** What is really inside: held and withdrawn notices are listed, not counted. */
const countText = (parcel: PrintableParcel): string =>
  `${formatCount(parcel.rows.filter((row) => row.absence === '').length)}通`;
const weightText = (grams: number): string => `約${formatCount(grams)}g`;
const numberText = ({ acceptanceNumber, lacking }: PrintableParcel): string =>
  acceptanceNumber === null ? lacking : formatAcceptanceNumber(acceptanceNumber);

/** The label of a parcel: where it goes and what is in it. */
export function parcelLabelValues(parcel: PrintableParcel, scheme: Scheme): PageValues {
  const { workplace } = parcel;
  return {
    postalCode: postal(workplace.postalCode),
    addressLine: workplace.address,
    building: workplace.building,
    workplaceName: `${workplace.name}　御中`,
    employerName: workplace.employerName === '' ? '' : employerLine(scheme, workplace.employerName),
    symbol: parcel.symbol,
    sequence: sequenceText(parcel),
    count: countText(parcel),
    acceptanceNumber: numberText(parcel),
    container: CONTAINER_LABELS[parcel.container],
    weight: weightText(parcel.weightG),
    parcelNo: String(parcel.no),
  };
}

/** 内容一覧 of a parcel, a sheet an entry. */
export function parcelContentsValues(parcel: PrintableParcel): PageValues[] {
  const sheets = Math.ceil(parcel.rows.length / CONTENTS_ROWS);
  return Array.from({ length: sheets }, (_, sheet) => {
    const values: Record<string, string> = {
      workplaceName: parcel.workplace.name,
      symbol: parcel.symbol,
      sequence: sequenceText(parcel),
      count: countText(parcel),
      page: `${sheet + 1}/${sheets}`,
      parcelNo: String(parcel.no),
    };
    for (const [i, row] of parcel.rows.slice(sheet * CONTENTS_ROWS, (sheet + 1) * CONTENTS_ROWS).entries()) {
      values[`row${i + 1}.no`] = String(row.position);
      values[`row${i + 1}.number`] = row.number;
      values[`row${i + 1}.subNumber`] = row.subNumber;
      values[`row${i + 1}.insuredName`] = row.insuredName;
      values[`row${i + 1}.addressee`] = row.addressee;
      values[`row${i + 1}.note`] = row.absence;
    }
    return values;
  });
}

/** One sheet of the 特定記録郵便物等差出票, of up to `DELIVERY_ROWS` parcels. */
export function recordedDeliveryValues(
  parcels: readonly PrintableParcel[],
  page: number,
  sentOn: LocalDate,
): PageValues {
  const values: Record<string, string> = {
    page: `${page}枚目`,
    sentOn: formatWareki(sentOn),
    total: `${parcels.length}個`,
  };
  for (const [i, parcel] of parcels.entries()) {
    values[`row${i + 1}.no`] = String(parcel.no);
    values[`row${i + 1}.number`] =
      parcel.acceptanceNumber === null ? '' : formatAcceptanceNumber(parcel.acceptanceNumber);
    values[`row${i + 1}.name`] = parcel.workplace.name;
    values[`row${i + 1}.postalCode`] = postal(parcel.workplace.postalCode);
    values[`row${i + 1}.weight`] = weightText(parcel.weightG);
    values[`row${i + 1}.note`] = parcel.lacking;
  }
  return values;
}
