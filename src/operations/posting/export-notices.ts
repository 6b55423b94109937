// Room: operations. The tables of a notice issuance: notices, who gets none now, parcels and what lies in them. No digit of an
// individual number is in any of them.
import { csvLine } from '../../formats/csv.ts';
import { packageColumns } from '../../formats/package.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { readNoticeExits, readNoticePulls, readNoticesToExport } from '../../ledger/posting/notice-exports.ts';
import type { ExportedNotice } from '../../ledger/posting/notice-exports.ts';
import { readParcelContents, readParcels } from '../../ledger/posting/notice-parcels.ts';
import { LACKING_LABELS } from '../../rules/posting/acceptance-numbers.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { exitLabel } from '../../rules/issuing/reasons.ts';
import { MATCH_LABELS, describeDifferences } from '../../rules/intake/matching.ts';
import { CONTAINER_LABELS } from '../../rules/posting/parcels.ts';
import { noticeFlyersOf } from '../printing/texts.ts';
import { csvLines } from './export-tables.ts';
import type { Table } from './export-tables.ts';
import type { NoticeIssuance } from '../issuance.ts';

/** 同封物 of so many notices: the flyers go into every envelope. (The request form is printed with the notices.) */
export function noticeEnclosures(
  profile: InsurerProfile,
  issuance: NoticeIssuance,
  count: number,
): { id: string; name: string; count: number }[] {
  return noticeFlyersOf(profile, issuance).map(({ title }, i) => ({ id: `flyer-${i + 1}`, name: title, count }));
}

/** @param held parcels whose papers could not be printed, and why; null where nothing was printed. */
export function noticeTables(
  tx: Transaction,
  issuance: NoticeIssuance,
  held: ReadonlyMap<number, string> | null,
): Table[] {
  const pulls: Table = ['pull-list.csv', packageColumns('notice', 'pull-list.csv'), pullLines(tx, issuance)];
  return [
    ...(held === null ? [] : [pulls]),
    [
      'notices.csv',
      [
        '郵便物番号',
        '記号',
        '番号',
        '枝番',
        '経路',
        '突合',
        '下4桁',
        '個人番号申出書',
        '負担割合',
        '梱包',
        '封入順',
        '申出書ページ',
      ],
      csvLines(readNoticesToExport(tx, issuance.id, held !== null), noticeCells),
    ],
    ['notice-exits.csv', ['記号', '番号', '枝番', '理由コード', '理由', '相違'], exitLines(tx, issuance)],
    [
      'parcels.csv',
      [
        '梱包',
        '記号',
        '事業所名称',
        '郵便番号',
        '所在地',
        '方書',
        '通番',
        '総個数',
        '容器',
        '通数',
        '重さg',
        '厚さmm',
        '引受番号',
        '備考',
      ],
      parcelLines(tx, issuance, held ?? new Map()),
    ],
    [
      'parcel-contents.csv',
      ['梱包', '記号', '封入順', '番号', '枝番', '被保険者氏名', '対象者氏名', '郵便物番号', '備考'],
      contentsLines(tx, issuance),
    ],
  ];
}

function noticeCells(n: ExportedNotice): readonly (string | number)[] {
  return [
    n.mailpieceNumber,
    n.symbol,
    n.number,
    n.subNumber,
    n.route,
    MATCH_LABELS[n.matchClass],
    n.showsDigits ? '記載' : 'なし',
    n.requestForm ? '同封' : '',
    n.ratio === null ? '高齢受給者証' : `${n.ratio}割`,
    n.parcelNo ?? '',
    n.position ?? '',
    n.formPage ?? '',
  ];
}

/** Whole envelopes: a notice is one person's. */
export async function* noticePullCells(
  tx: Transaction,
  issuance: NoticeIssuance,
): AsyncIterable<(string | number)[][]> {
  for await (const pulls of readNoticePulls(tx, issuance.id))
    yield pulls.map(({ mailpieceNumber, notice, requestForm }) => [
      mailpieceNumber,
      notice.file,
      notice.page,
      requestForm?.file ?? '',
      requestForm?.page ?? '',
    ]);
}

async function* pullLines(tx: Transaction, issuance: NoticeIssuance): AsyncIterable<string[]> {
  for await (const rows of noticePullCells(tx, issuance)) yield rows.map(csvLine);
}

async function* exitLines(tx: Transaction, issuance: NoticeIssuance): AsyncIterable<string[]> {
  for await (const batch of readNoticeExits(tx, issuance.id)) {
    yield batch.map((exit) =>
      csvLine([
        exit.symbol,
        exit.number,
        exit.subNumber,
        exit.reason,
        exitLabel('notice', exit.reason),
        describeDifferences(exit.differences),
      ]),
    );
  }
}

/** Why a parcel has no 引受番号. */
export function lackingNote(issuance: NoticeIssuance, acceptanceNumber: string | null): string {
  if (acceptanceNumber !== null) return '';
  return LACKING_LABELS[issuance.rules.acceptanceNumbers === null ? 'no-range' : 'range-used-up'];
}

async function* parcelLines(
  tx: Transaction,
  issuance: NoticeIssuance,
  held: ReadonlyMap<number, string>,
): AsyncIterable<string[]> {
  for await (const batch of readParcels(tx, issuance)) {
    yield batch.map((p) =>
      csvLine([
        p.no,
        p.symbol,
        p.workplace.name,
        p.workplace.postalCode,
        p.workplace.address,
        p.workplace.building,
        p.sequence,
        p.sequenceCount,
        CONTAINER_LABELS[p.container],
        p.noticeCount,
        p.weightG,
        p.depthMm,
        p.acceptanceNumber ?? '',
        [lackingNote(issuance, p.acceptanceNumber), held.get(p.no) ?? ''].filter((note) => note !== '').join('、'),
      ]),
    );
  }
}

async function* contentsLines(tx: Transaction, issuance: NoticeIssuance): AsyncIterable<string[]> {
  for await (const batch of readParcelContents(tx, issuance)) {
    yield batch.flatMap((parcel) =>
      parcel.rows.map((r) =>
        csvLine([
          parcel.no,
          parcel.symbol,
          r.position,
          r.number,
          r.subNumber,
          r.insuredName,
          r.addressee,
          r.pieceNumber,
          r.absence,
        ]),
      ),
    );
  }
}
