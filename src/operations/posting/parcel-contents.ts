// Room: operations. A closed parcel's list of contents: the sheet that lies on top, and the same as rows.
import { harmlessCsvLine } from '../../formats/csv.ts';
import type { ParcelContent, StoredParcel } from '../../ledger/posting/parcels.ts';
import { parcelContentsValues, shownNumber } from '../../print/papers.ts';
import { referenceValues } from '../../print/reference.ts';
import { Templates } from '../../print/template.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { NO_TEXTS } from '../printing/texts.ts';
import type { Issuance } from '../issuance.ts';

/** `pdf`: the sheets. `csv`: a piece a row, in the order of the parcel. */
export function parcelContents(
  profile: InsurerProfile,
  issuance: Issuance,
  parcel: StoredParcel,
  contents: readonly ParcelContent[],
): { readonly csv: string; readonly pdf: Uint8Array } {
  const rows = contents.map((piece, i) => [
    i + 1,
    shownNumber(piece),
    piece.addressee,
    piece.certificateCount,
    piece.mailpieceNumber,
  ]);
  const templates = new Templates(profile, NO_TEXTS);
  const { sheet } = templates.compile('parcel-contents', 'workplace');
  const pages = parcelContentsValues(parcel, contents, issuance.issuedOn);
  return {
    csv: [['順', '番号', '被保険者氏名', '枚数', '郵便物番号'], ...rows].map((row) => harmlessCsvLine(row)).join(''),
    pdf: templates.reference(
      'parcel-contents',
      'workplace',
      pages.map((values) => referenceValues(sheet, values)),
    ),
  };
}
