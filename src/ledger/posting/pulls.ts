// Room: ledger. Papers withdrawn after printing: where the contractor finds them.
import type { Transaction } from '../core/pool.ts';

/**
 * Where the papers of certificates withdrawn after printing lie: what the contractor pulls out. `position`: place in the
 * envelope, `page`: of the face in the file.
 */
export async function listPulls(
  tx: Transaction,
  issuanceId: number,
): Promise<{ mailpieceNumber: string; certificateNumber: string; position: number; file: string; page: number }[]> {
  return tx.query(
    `with printed as (
       select c.mailpiece_number, c.certificate_number, f.path, s.state = 'withdrawn' as is_withdrawn,
              p.certificate_page, row_number() over (partition by c.mailpiece_number order by c.position) as place
         from printed_piece p
         join print_batch b on b.issuance_id = $1 and b.no = p.batch_no
         join print_file f on f.issuance_id = $1 and f.batch_no = p.batch_no and f.paper = 'certificates'
         join certificate c on c.issuance_id = $1 and c.mailpiece_number = p.mailpiece_number
         left join paper_state s on s.paper_number = c.certificate_number
         left join event e on e.insurer_number = (select insurer_number from issuance where id = $1) and e.seq = s.seq
        where p.issuance_id = $1
          and p.mailpiece_number in (select w.mailpiece_number from certificate w join paper_state ws
                                       on ws.paper_number = w.certificate_number and ws.state = 'withdrawn'
                                      where w.issuance_id = $1 and ws.issuance_id = $1)
          -- What was withdrawn before the batch was printed is in no file.
          and (s.state is distinct from 'withdrawn' or e.at > b.printed_at)
     )
     select mailpiece_number::text as "mailpieceNumber", certificate_number::text as "certificateNumber",
            place::int as position, path as file, (certificate_page + (place - 1) * 2)::int as page
       from printed where is_withdrawn order by mailpiece_number, place`,
    [issuanceId],
  );
}
