// Room: operations. Notices on their way to paper: read, their digits opened, the look recorded in the same transaction.
import type { DigitsKey } from '../../formats/digits.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { writePaperLooks } from '../../ledger/printing/notice-prints.ts';
import { findNoticeBatch, readNoticesToPrint } from '../../ledger/printing/notice-prints.ts';
import type { NoticeToPrint } from '../../ledger/printing/notice-prints.ts';
import { noteLook } from '../../ledger/papers/access-records.ts';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import type { PrintBatch } from '../../ledger/printing/prints.ts';
import { referenceNotice } from '../../print/reference.ts';
import { Templates } from '../../print/template.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import type { PrintableNotice } from '../../rules/printing/printable.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { barcodeOf } from './customer-codes.ts';
import { digitsKeyOf, opened } from '../intake/digits.ts';
import type { NoticeRun } from '../run.ts';

/** Who puts digits on paper, and with which key. */
export interface PaperLook {
  /** Null where none of the pieces shows digits. */
  readonly digitsKey: DigitsKey | null;
  readonly actor: string;
  readonly purpose: 'print' | 'reference';
  readonly master: PostalMaster | null;
}

type PieceRange = Pick<PrintBatch, 'no' | 'route' | 'firstMailpiece' | 'lastMailpiece'>;

/** The notices of a range as their papers need them. Every look at digits is on record before they are used. */
export async function readNoticesForPaper(
  tx: Transaction,
  run: NoticeRun,
  range: PieceRange,
  look: PaperLook,
): Promise<PrintableNotice[]> {
  await writePaperLooks(tx, run, range, look.actor, look.purpose);
  const notices = await readNoticesToPrint(tx, run, range);
  return notices.map((notice) =>
    printable(notice, look.master, (sealed) => digitsOf(run, notice, sealed, look.digitsKey)),
  );
}

/** A notice as its proof shows it: the digits covered, so nobody looks at them. */
export function withoutDigits(notice: NoticeToPrint, master: PostalMaster | null): PrintableNotice {
  return printable(notice, master, () => '＊＊＊＊');
}

function printable(
  { sealedDigits, showsDigits, ...notice }: NoticeToPrint,
  master: PostalMaster | null,
  digits: (sealed: Uint8Array | null) => string,
): PrintableNotice {
  const barcode = notice.route === 'home' ? barcodeOf(notice.address, master) : null;
  return { ...notice, customerBarcode: barcode?.bars ?? '', last4: showsDigits ? digits(sealedDigits) : null };
}

function digitsOf(
  run: NoticeRun,
  notice: Pick<PrintableNotice, 'symbol' | 'number' | 'subNumber'>,
  sealed: Uint8Array | null,
  key: DigitsKey | null,
): string {
  if (sealed === null || key === null) throw new Error('a notice shows digits that are not there');
  return opened(key, run.insurerNumber, notice, sealed);
}

/** One notice's papers set whole through Typst, by paper; the look at its digits is recorded. */
export async function printNoticeReference(
  context: Context,
  run: NoticeRun,
  profile: InsurerProfile,
  mailpieceNumber: string,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const found = await context.database.transaction(async (tx) => {
    const batch = await findNoticeBatch(tx, run.id, mailpieceNumber);
    if (!batch) return null;
    const range = { ...batch, firstMailpiece: mailpieceNumber, lastMailpiece: mailpieceNumber };
    const master = await readPostalMaster(tx, run.id);
    const digitsKey = batch.showsDigits ? digitsKeyOf(context) : null;
    const [notice] = await readNoticesForPaper(tx, run, range, {
      digitsKey,
      actor: context.actor,
      purpose: 'reference',
      master,
    });
    if (batch.showsDigits) await noteLook(tx, run.insurerNumber, context.actor, 'digits', mailpieceNumber);
    return notice ? { notice, batchNo: batch.no } : null;
  });
  if (!found) throw new Refusal('mailpiece-unknown', `郵便物 ${mailpieceNumber} はこの発行の印刷にありません。`);
  return referenceNotice(new Templates(profile, profile.print.fonts), found.notice, profile, found.batchNo);
}
