// Room: ledger. Notices to print, as they are stored: their digits stay sealed here.
import type { AccessPurpose } from '../intake/digits.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import { correctedNotices } from '../../rules/printing/corrections.ts';
import type { PrintableNotice } from '../../rules/printing/printable.ts';
import { readCorrections } from './corrections.ts';
import { bytes, columns, date, digits, flag, from, numeric, optional, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';
import { MEMBER, PERSON_KEY, WORKPLACE } from '../intake/snapshot-columns.ts';
import type { Transaction } from '../core/pool.ts';
import type { StoredIssuance } from '../papers/issuances.ts';
import type { PrintBatch } from './prints.ts';

/** A notice as it is stored: codes are made and digits opened when it is printed. */
export interface NoticeToPrint extends Omit<PrintableNotice, 'customerBarcode' | 'last4' | 'hasDigits'> {
  readonly showsDigits: boolean;
  readonly sealedDigits: Uint8Array | null;
}

/** A piece from the alias `p`, its notice `n`, its holder `m`, the insured person `i`, the household's first piece `f`. */
const NOTICE_TO_PRINT = columns({
  mailpieceNumber: digits('p.mailpiece_number'),
  route: word<Route>('p.route'),
  ...from('n', PERSON_KEY, 'symbol', 'number', 'subNumber'),
  sequence: numeric('p.sequence'),
  sequenceCount: numeric('p.sequence_count'),
  firstOfHousehold: digits('f.mailpiece_number'),
  addressee: text('p.addressee'),
  insuredName: orNull(text('case when i.mail_stopped then null else i.name end')),
  hasInsured: flag('i.symbol is not null'),
  address: optional({
    postalCode: text('p.postal_code'),
    line: text('p.address_line'),
    building: text('p.building'),
  }),
  workplace: optional(from('w', WORKPLACE, 'name', 'branchCode')),
  ...from('m', MEMBER, 'kana', 'bornOn', 'acquiredOn', 'relation', 'insuredClass'),
  requestForm: flag('n.request_form'),
  ratio: orNull(numeric<2 | 3>('n.ratio')),
  ratioFrom: orNull(date('n.ratio_from')),
  ratioThrough: orNull(date('n.ratio_through')),
  showsDigits: flag('n.shows_digits'),
  sealedDigits: orNull(bytes('case when n.shows_digits then m.sealed_digits end')),
} satisfies ColumnsOf<Omit<NoticeToPrint, 'issuedOn' | 'isReleased'>>);

/** The notices of a range of one route in number order; what was withdrawn before its batch was printed is not there. */
export async function readNoticesToPrint(
  tx: Transaction,
  issuance: StoredIssuance,
  range: Pick<PrintBatch, 'no' | 'route' | 'firstMailpiece' | 'lastMailpiece'>,
): Promise<NoticeToPrint[]> {
  const insurerNumber = /^\d{6,8}$/.exec(issuance.insurerNumber)?.[0] ?? '';
  const lines = tx.copyOut(
    `copy (
       select ${NOTICE_TO_PRINT.list}
         from mailpiece p
         join notice n on n.issuance_id = p.issuance_id and n.mailpiece_number = p.mailpiece_number
         join member m on m.dataset_id = ${issuance.membersId} and m.symbol = n.symbol and m.number_rank = n.number_rank
                      and m.number = n.number and m.sub_number = n.sub_number
         left join member i on i.dataset_id = ${issuance.membersId} and i.symbol = n.symbol
                           and i.number_rank = n.number_rank and i.number = n.number and i.sub_number = '00'
         join mailpiece f on f.issuance_id = p.issuance_id and f.symbol = p.symbol and f.number = p.number
                         and f.sequence = 1
         left join workplace w on w.dataset_id = ${issuance.workplacesId} and w.symbol = p.symbol
         left join paper_state gone on gone.paper_number = p.mailpiece_number and gone.state = 'withdrawn'
         left join event went on went.insurer_number = '${insurerNumber}' and went.seq = gone.seq
        where (gone.paper_number is null
               or went.at > (select printed_at from print_batch where issuance_id = ${issuance.id} and no = ${range.no}))
          and p.issuance_id = ${issuance.id} and p.route = '${range.route}'
          and p.mailpiece_number between ${Number(range.firstMailpiece)} and ${Number(range.lastMailpiece)}
          and n.mailpiece_number between ${Number(range.firstMailpiece)} and ${Number(range.lastMailpiece)}
        order by p.mailpiece_number
     ) to stdout`,
  );
  const isReleased = issuance.lineage.remake === 'release';
  const notices: NoticeToPrint[] = [];
  for await (const batch of NOTICE_TO_PRINT.rows(lines))
    for (const notice of batch) notices.push({ ...notice, isReleased, issuedOn: issuance.issuedOn });
  return correctedNotices(notices, await readCorrections(tx, issuance, range));
}

/** The batch a notice was planned into, and whether it shows digits; null where there is none. */
export async function findNoticeBatch(
  tx: Transaction,
  issuanceId: number,
  mailpieceNumber: string,
): Promise<{ no: number; route: Route; showsDigits: boolean } | null> {
  const rows = await tx.query<{ no: number; route: Route; showsDigits: boolean }>(
    `select b.no, b.route, n.shows_digits as "showsDigits"
       from mailpiece p
       join notice n on n.issuance_id = p.issuance_id and n.mailpiece_number = p.mailpiece_number
       join print_batch b on b.issuance_id = p.issuance_id and b.route = p.route
                         and p.mailpiece_number between b.first_mailpiece and b.last_mailpiece
      where p.issuance_id = $1 and p.mailpiece_number = $2`,
    [issuanceId, mailpieceNumber],
  );
  return rows[0] ?? null;
}

/** Records that the digits of these pieces are put on paper; a row a person whose notice shows them. */
export async function recordPaperAccess(
  tx: Transaction,
  issuance: StoredIssuance,
  pieces: Pick<PrintBatch, 'firstMailpiece' | 'lastMailpiece' | 'route'>,
  actor: string,
  purpose: Exclude<AccessPurpose, 'person'>,
): Promise<number> {
  return tx.execute(
    `insert into digits_access (actor, purpose, reason, insurer_number, dataset_id, issuance_id, symbol, number, sub_number)
     select $1, $2, '', $3, $4, n.issuance_id, n.symbol, n.number, n.sub_number
       from notice n
       join mailpiece p on p.issuance_id = n.issuance_id and p.mailpiece_number = n.mailpiece_number and p.route = $8
      where n.issuance_id = $5 and n.mailpiece_number between $6 and $7 and n.shows_digits
      order by n.mailpiece_number`,
    [
      actor,
      purpose,
      issuance.insurerNumber,
      issuance.membersId,
      issuance.id,
      pieces.firstMailpiece,
      pieces.lastMailpiece,
      pieces.route,
    ],
  );
}
