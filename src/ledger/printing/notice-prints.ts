// Room: ledger. Notices to print, as they are stored: their digits stay sealed here.
import type { LookPurpose } from '../intake/digits.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import { correctedNotices } from '../../rules/printing/corrections.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { PrintableNotice } from '../../rules/printing/printable.ts';
import { readCorrections } from './corrections.ts';
import { copyFields } from '../core/copy.ts';
import type { Transaction } from '../core/pool.ts';
import type { IssuanceRun } from '../papers/issuances.ts';
import type { PrintBatch } from './prints.ts';

/** A notice as it is stored: codes are made and digits opened when it is printed. */
export interface NoticeToPrint extends Omit<PrintableNotice, 'customerBarcode' | 'last4'> {
  readonly showsDigits: boolean;
  readonly sealedDigits: Uint8Array | null;
}

/** The notices of a range of one route in number order; what was withdrawn before its batch was printed is not there. */
export async function readNoticesToPrint(
  tx: Transaction,
  run: IssuanceRun,
  range: Pick<PrintBatch, 'no' | 'route' | 'firstMailpiece' | 'lastMailpiece'>,
): Promise<NoticeToPrint[]> {
  const insurerNumber = /^\d{6,8}$/.exec(run.insurerNumber)?.[0] ?? '';
  const lines = tx.copyOut(
    `copy (
       select p.mailpiece_number, p.route, n.symbol, n.number, n.sub_number, p.sequence, p.sequence_count,
              f.mailpiece_number, p.addressee, case when i.mail_stopped then null else i.name end,
              p.postal_code, p.address_line, p.building, w.name, w.branch_code,
              m.kana, m.born_on, m.acquired_on, n.request_form, n.ratio, n.ratio_from, n.ratio_through,
              n.shows_digits, case when n.shows_digits then encode(m.sealed_digits, 'hex') end
         from mailpiece p
         join notice n on n.issuance_id = p.issuance_id and n.mailpiece_number = p.mailpiece_number
         join member m on m.dataset_id = ${run.membersId} and m.symbol = n.symbol and m.number_rank = n.number_rank
                      and m.number = n.number and m.sub_number = n.sub_number
         left join member i on i.dataset_id = ${run.membersId} and i.symbol = n.symbol
                           and i.number_rank = n.number_rank and i.number = n.number and i.sub_number = '00'
         join mailpiece f on f.issuance_id = p.issuance_id and f.symbol = p.symbol and f.number = p.number
                         and f.sequence = 1
         left join workplace w on w.dataset_id = ${run.workplacesId} and w.symbol = p.symbol
         left join paper_state gone on gone.paper_number = p.mailpiece_number and gone.state = 'withdrawn'
         left join event went on went.insurer_number = '${insurerNumber}' and went.seq = gone.seq
        where (gone.paper_number is null
               or went.at > (select printed_at from print_batch where issuance_id = ${run.id} and no = ${range.no}))
          and p.issuance_id = ${run.id} and p.route = '${range.route}'
          and p.mailpiece_number between ${Number(range.firstMailpiece)} and ${Number(range.lastMailpiece)}
          and n.mailpiece_number between ${Number(range.firstMailpiece)} and ${Number(range.lastMailpiece)}
        order by p.mailpiece_number
     ) to stdout`,
  );
  const notices: NoticeToPrint[] = [];
  for await (const batch of lines) for (const line of batch) notices.push(readNotice(copyFields(line), run.issuedOn));
  return correctedNotices(notices, await readCorrections(tx, run, range));
}

function readNotice(f: (string | null)[], issuedOn: LocalDate): NoticeToPrint {
  return {
    mailpieceNumber: f[0]!,
    route: f[1] as Route,
    symbol: f[2]!,
    number: f[3]!,
    subNumber: f[4]!,
    sequence: Number(f[5]),
    sequenceCount: Number(f[6]),
    firstOfHousehold: f[7]!,
    addressee: f[8]!,
    insuredName: f[9] ?? null,
    address: f[11] === null ? null : { postalCode: f[10]!, line: f[11]!, building: f[12]! },
    workplace: f[13] === null ? null : { name: f[13]!, branchCode: f[14]! },
    kana: f[15]!,
    bornOn: f[16] as LocalDate,
    acquiredOn: f[17] as LocalDate,
    issuedOn,
    requestForm: f[18] === 't',
    ratio: f[19] === null ? null : (Number(f[19]) as 2 | 3),
    ratioFrom: f[20] as LocalDate | null,
    ratioThrough: f[21] as LocalDate | null,
    showsDigits: f[22] === 't',
    sealedDigits: f[23] ? Buffer.from(f[23], 'hex') : null,
  };
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
export async function writePaperLooks(
  tx: Transaction,
  run: IssuanceRun,
  pieces: Pick<PrintBatch, 'firstMailpiece' | 'lastMailpiece' | 'route'>,
  actor: string,
  purpose: Exclude<LookPurpose, 'person'>,
): Promise<number> {
  return tx.execute(
    `insert into digits_look (actor, purpose, reason, insurer_number, dataset_id, issuance_id, symbol, number, sub_number)
     select $1, $2, '', $3, $4, n.issuance_id, n.symbol, n.number, n.sub_number
       from notice n
       join mailpiece p on p.issuance_id = n.issuance_id and p.mailpiece_number = n.mailpiece_number and p.route = $8
      where n.issuance_id = $5 and n.mailpiece_number between $6 and $7 and n.shows_digits
      order by n.mailpiece_number`,
    [
      actor,
      purpose,
      run.insurerNumber,
      run.membersId,
      run.id,
      pieces.firstMailpiece,
      pieces.lastMailpiece,
      pieces.route,
    ],
  );
}
