// Room: operations. Notices on their way to paper: read, their digits opened, the look recorded in the same transaction.
import type { DigitsKey } from '../../formats/digits.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { recordPaperAccess, readNoticesToPrint } from '../../ledger/printing/notice-prints.ts';
import type { NoticeToPrint } from '../../ledger/printing/notice-prints.ts';
import type { PrintBatch } from '../../ledger/printing/prints.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import type { PrintableNotice } from '../../rules/printing/printable.ts';
import { showsDigitsOn } from '../../rules/issuing/notices.ts';
import { addressFacts } from './customer-codes.ts';
import { opened } from '../intake/digits.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import { Refusal } from '../context.ts';
import type { NoticeIssuance } from '../issuance.ts';

/** Who puts digits on paper, and with which key. */
export interface PaperAccess {
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
  issuance: NoticeIssuance,
  range: PieceRange,
  access: PaperAccess,
): Promise<PrintableNotice[]> {
  await recordPaperAccess(tx, issuance, range, access.actor, access.purpose);
  const notices = await readNoticesToPrint(tx, issuance, range);
  return notices.map((notice) =>
    printable(issuance, notice, access.master, (sealed) => digitsOf(issuance, notice, sealed, access.digitsKey)),
  );
}

/** A notice as its proof shows it: the digits covered, so nobody looks at them. */
export function withoutDigits(
  issuance: NoticeIssuance,
  notice: NoticeToPrint,
  master: PostalMaster | null,
): PrintableNotice {
  return printable(issuance, notice, master, () => '＊＊＊＊');
}

/** Whether the notices of a run show the last four digits. */
export function hasDigits({ rules: { plan } }: NoticeIssuance): boolean {
  return showsDigitsOn(plan.digits, plan.issuedOn);
}

function printable(
  issuance: NoticeIssuance,
  { sealedDigits, showsDigits, ...notice }: NoticeToPrint,
  master: PostalMaster | null,
  digits: (sealed: Uint8Array | null) => string,
): PrintableNotice {
  const last4 = showsDigits ? digits(sealedDigits) : null;
  return { ...notice, ...addressFacts(notice, master), hasDigits: hasDigits(issuance), last4 };
}

function digitsOf(
  issuance: NoticeIssuance,
  notice: Pick<PrintableNotice, 'symbol' | 'number' | 'subNumber'>,
  sealed: Uint8Array | null,
  key: DigitsKey | null,
): string {
  if (sealed === null)
    throw new Refusal(
      'digits-erased',
      `${formatPersonKey(notice)} の個人番号の下4桁は消去されています。下4桁を記載した紙面は作り直せません。`,
    );
  if (key === null) throw new Error('a notice shows digits without a key');
  return opened(key, issuance.insurerNumber, notice, sealed);
}
