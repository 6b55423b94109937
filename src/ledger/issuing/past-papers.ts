// Room: ledger. What the ledger knew at an instant of one household: the files in use, its papers with where they stood, its losses. Only
// added to, the records answer the same whenever they are asked; `earlier-papers.ts` asks the same of the present, for whole chunks.
import { WAIVABLE } from '../../rules/papers/lifecycle.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Reader } from '../core/pool.ts';
import type { DatasetKind } from '../intake/datasets.ts';
import { stateList } from '../papers/states.ts';
import { byHousehold, byPerson } from './earlier-papers.ts';
import type { EarlierPapers, KnownLosses, LossRow, PaperRow } from './earlier-papers.ts';

/** The file of a kind that was in use before an instant (ISO 8601 with its zone), or null. */
export async function findDatasetAt(
  tx: Reader,
  insurerNumber: string,
  kind: DatasetKind,
  until: string,
): Promise<number | null> {
  const rows = await tx.query<{ id: number }>(
    `select dataset_id as id from dataset_use
      where insurer_number = $1 and kind = $2 and at < $3::timestamptz order by id desc limit 1`,
    [insurerNumber, kind, until],
  );
  return rows[0]?.id ?? null;
}

/** Certificates that a household had before an instant, as they stood then. */
export async function readPapersAt(
  tx: Reader,
  insurerNumber: string,
  { symbol, number }: Omit<PersonKey, 'subNumber'>,
  until: string,
): Promise<EarlierPapers> {
  const rows = await tx.query<PaperRow>(
    `with paper as (
       select c.*,
              coalesce((select e.to_state from event e where e.paper_number = c.certificate_number and e.at < $4::timestamptz
                         order by e.seq desc limit 1), 'made') as state,
              coalesce((select e.to_state from event e where e.paper_number = c.mailpiece_number and e.at < $4::timestamptz
                         order by e.seq desc limit 1), 'planned') as piece
         from certificate c
         join issuance i on i.id = c.issuance_id and i.insurer_number = $1 and i.paper_kind = 'certificate'
         join chunk k on k.issuance_id = c.issuance_id and k.no = c.chunk_no and k.enclosed_at < $4::timestamptz
        where c.symbol = $2 and c.number = $3)
     select c.symbol || '-' || c.number || '-' || c.sub_number as person, c.issuance_id as "issuanceId",
            c.certificate_number::text as "certificateNumber", c.valid_through as "validThrough", c.state as certificate, c.piece,
            (c.state = 'void'
              and not exists (select from event e
                               where e.paper_number = c.mailpiece_number and e.event = 'waive' and e.at < $4::timestamptz)
              and (c.piece in ${stateList(WAIVABLE)} and remake.id is null
                   or exists (select from chunk k where k.issuance_id = remake.id
                               and (k.enclosed_at is null or k.enclosed_at >= $4::timestamptz))))
            or exists (select from event e
                         left join (select a.certificate_number, a.issuance_id from reissued_certificate a
                                      join issuance i on i.id = a.issuance_id and i.created_at < $4::timestamptz) a
                                on a.certificate_number = e.paper_number
                        where e.paper_number = c.certificate_number and e.event = 'reissue' and e.at < $4::timestamptz
                          and (a.certificate_number is null
                               or exists (select from chunk k where k.issuance_id = a.issuance_id
                                           and (k.enclosed_at is null or k.enclosed_at >= $4::timestamptz))))
              as "isOwed",
            w.code, w.lost_on as "lostOn", w.withdrawn_on as "withdrawnOn", l.paper_number is not null as "isLifted"
       from paper c
       left join (select r.parent_id, r.mailpiece_number, i.id from remade_piece r
                    join issuance i on i.id = r.issuance_id and i.created_at < $4::timestamptz) remake
              on remake.parent_id = c.issuance_id and remake.mailpiece_number = c.mailpiece_number
       left join withdrawal w on w.paper_number = c.certificate_number and c.state = 'withdrawn'
       left join lifted_withdrawal l on l.paper_number = c.certificate_number and l.at < $4::timestamptz
      order by c.issuance_id, c.certificate_number`,
    [insurerNumber, symbol, number, until],
  );
  return byPerson(rows);
}

/** Losses of a household that were filed before an instant; those of the file in use are its own. */
export async function readLossesAt(
  tx: Reader,
  insurerNumber: string,
  { symbol, number }: Omit<PersonKey, 'subNumber'>,
  until: string,
): Promise<KnownLosses> {
  const rows = await tx.query<LossRow>(
    `select symbol || '-' || number as household, sub_number as "subNumber", kind = 'loss' as "endsHousehold",
            effective_on as "lostOn"
       from filing
      where insurer_number = $1 and symbol = $2 and number = $3 and kind in ('loss', 'dependent-loss')
        and recorded_at < $4::timestamptz`,
    [insurerNumber, symbol, number, until],
  );
  return byHousehold(rows);
}
