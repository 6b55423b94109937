// Room: operations. The papers of parcels to workplaces: a label and a contents list a parcel, and the 特定記録 list the post
// office gets. Numbers come from the assigned range alone; without one the fields stay empty and say so.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readParcelContents } from '../../ledger/posting/notice-parcels.ts';
import { Booklet } from '../../print/booklet.ts';
import type { BookletFile } from '../../print/booklet.ts';
import { FontStack } from '../../print/fonts.ts';
import {
  DELIVERY_ROWS,
  parcelContentsValues,
  parcelLabelValues,
  recordedDeliveryValues,
} from '../../print/notice-papers.ts';
import type { NoticePaperKind, PrintableParcel } from '../../print/notice-papers.ts';
import type { PageValues } from '../../print/page-values.ts';
import { Templates } from '../../print/template.ts';
import { SCHEMES } from '../../rules/papers/scheme.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { doubtOfDestination } from '../../rules/printing/holds.ts';
import type { Context } from '../context.ts';
import { lackingNote } from './export-notices.ts';
import type { NoticeIssuance } from '../issuance.ts';
import { NO_TEXTS } from '../printing/texts.ts';
import { compilePaper } from '../printing/compiled-papers.ts';
import { checkedGroups } from './recipients.ts';

const TITLES = {
  'notice-parcel-label': '梱包ラベル',
  'notice-parcel-contents': '内容一覧',
  'recorded-delivery': '特定記録郵便物等差出票',
} as const satisfies Partial<Record<NoticePaperKind, string>>;

export interface ParcelPapers {
  readonly files: readonly BookletFile[];
  /** Parcels whose label or list a character or a length keeps from being printed: `項目 U+XXXX` by parcel. */
  readonly held: ReadonlyMap<number, string>;
}

/** Writes `<outDir>/parcels/*.pdf`. Doing it again writes the same files. */
export async function writeParcelPapers(
  context: Context,
  issuance: NoticeIssuance,
  profile: InsurerProfile,
  outDir: string,
): Promise<ParcelPapers> {
  const templates = new Templates(profile, NO_TEXTS);
  const stack = new FontStack(profile.print.fonts);
  const reconciliation: Booklet[] = [];
  const held = new Map<number, string>();
  const open = async (
    paper: keyof typeof TITLES,
  ): Promise<(pages: readonly PageValues[], parcels: readonly PrintableParcel[]) => void> => {
    const folder = `parcels/${paper}`;
    await mkdir(path.join(outDir, folder), { recursive: true });
    const title = `${TITLES[paper]}　${profile.insurer.name}`;
    const { pagesPerFile } = profile.print;
    const papers = [await compilePaper(templates, paper, 'workplace')];
    const book = new Booklet({ outDir, folder, title, pagesPerFile, papers }, stack);
    reconciliation.push(book);
    return (pages, parcels) => {
      const place = book.add(pages.map((values) => ({ paper: 0, values })));
      if (place.held !== '') for (const { no } of parcels) held.set(no, `${TITLES[paper]}　${place.held}`);
    };
  };
  const label = await open('notice-parcel-label');
  const contents = await open('notice-parcel-contents');
  const delivery = await open('recorded-delivery');
  context.progress.begin('梱包のラベルと一覧', 1, '回');
  try {
    let sheet: PrintableParcel[] = [];
    let page = 0;
    const deliver = (): void => {
      if (sheet.length > 0) delivery([recordedDeliveryValues(sheet, ++page, issuance.issuedOn)], sheet);
      sheet = [];
    };
    await context.database.transaction(async (tx) => {
      const packed = checkedGroups(
        context,
        issuance,
        'workplace',
        '内容一覧',
        readParcelContents(tx, issuance),
        (parcel) => parcel.rows.map((row) => ({ ...row, recipient: parcel.symbol })),
      );
      for await (const stored of packed) {
        const parcel = { ...stored, lacking: lackingNote(issuance, stored.acceptanceNumber) };
        const doubt = doubtOfDestination(stored.workplace);
        if (doubt !== '') {
          held.set(stored.no, doubt);
          continue;
        }
        label([parcelLabelValues(parcel, SCHEMES[profile.scheme])], [parcel]);
        contents(parcelContentsValues(parcel), [parcel]);
        sheet.push(parcel);
        if (sheet.length === DELIVERY_ROWS) deliver();
      }
    });
    deliver();
    const files = reconciliation.flatMap((book) => book.finish());
    context.progress.end();
    return { files, held };
  } catch (error) {
    for (const book of reconciliation) book.abandon();
    throw error;
  }
}
