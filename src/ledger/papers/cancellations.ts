// Room: ledger. Issuances given up: the two persons who did, and the papers that leave with them.
import { NO_PAPER_LEFT, OUT_OF_ISSUANCE, WAIVABLE } from '../../rules/papers/lifecycle.ts';
import type { MailpieceState } from '../../rules/papers/lifecycle.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { stateList } from './states.ts';

/** An issuance with what was made again of it, by number. */
const FAMILY = `with recursive family as (
       select id from issuance where id = $1
       union all select i.id from issuance i join family f on i.parent_id = f.id
     )`;

export interface Canceller {
  readonly person: string;
  readonly personKey: string;
  readonly reason: string;
  /** `YYYY-MM-DD HH:MM:SS`, Japan. */
  readonly at: string;
}

/** Of an asking `c`: it was not taken back. */
const STANDS = `not exists (select from cancellation_take_back t where t.issuance_id = c.issuance_id and t.turn = c.turn)`;

/** Who has asked for an issuance to be given up and has not taken it back, first one first; two = it is given up. */
export async function listCancellers(tx: Reader, issuanceId: number): Promise<Canceller[]> {
  return tx.query(
    `select person, person_key as "personKey", reason,
            to_char(at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS') as at
       from cancellation c where issuance_id = $1 and ${STANDS} order by at, person_key`,
    [issuanceId],
  );
}

/** Notes one person. Errors: 23514 `cancellation_after_posting`, `cancelled_before`, `cancellation_of_remake`. */
export async function insertCancellation(
  tx: Transaction,
  issuanceId: number,
  canceller: Omit<Canceller, 'at'> & { readonly actor: string },
): Promise<void> {
  const { person, personKey, reason, actor } = canceller;
  await tx.execute(
    `insert into cancellation (issuance_id, person, person_key, reason, actor, at)
     values ($1, $2, $3, $4, $5, clock_timestamp())`,
    [issuanceId, person, personKey, reason, actor],
  );
}

/** Takes back what one person has asked for. Errors: 23514 `nothing_to_take_back`, `take_back_after_destruction`. */
export async function insertCancellationTakeBack(
  tx: Transaction,
  issuanceId: number,
  takeBack: { readonly person: string; readonly reason: string; readonly actor: string },
): Promise<void> {
  await tx.execute(
    'insert into cancellation_take_back (issuance_id, turn, person, reason, actor) values ($1, 1, $2, $3, $4)',
    [issuanceId, takeBack.person, takeBack.reason, takeBack.actor],
  );
}

/** Papers of an issuance and of what was made again of it that were destroyed because somebody gives it up. */
export async function countDestroyedForCancellation(tx: Reader, issuanceId: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `${FAMILY}
     select count(*)::int as count from withdrawal w
      where w.issuance_id in (select id from family) and w.code = 'cancelled'`,
    [issuanceId],
  );
  return rows[0]!.count;
}

/** Whether an issuance, or one it was made again of, is given up; with `asked`, whether anybody has asked for that. */
export async function isCancelled(tx: Reader, issuanceId: number, asked = false): Promise<boolean> {
  const rows = await tx.query<{ yes: boolean }>(
    `with recursive line as (
       select id, parent_id from issuance where id = $1
       union all select i.id, i.parent_id from issuance i join line l on i.id = l.parent_id
     )
     select exists (select from line
                     where case when $2 then exists (select from cancellation c
                                                       where c.issuance_id = line.id and ${STANDS})
                                else is_cancelled(line.id) end) as yes`,
    [issuanceId, asked],
  );
  return rows[0]!.yes;
}

/** Waits for chunks of the issuance that are in hand, so that no paper of it is made after it was given up. */
export async function lockChunks(tx: Transaction, issuanceId: number): Promise<void> {
  await tx.execute('select 1 from chunk where issuance_id = $1 order by no for update', [issuanceId]);
}

/** Mailpieces of an issuance and of what was made again of it that have been posted, wherever they are now. */
export async function countPosted(tx: Reader, issuanceId: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `${FAMILY}
     select count(distinct e.paper_number)::int as count from event e
      where e.issuance_id in (select id from family) and e.subject = 'mailpiece' and e.event = 'post'`,
    [issuanceId],
  );
  return rows[0]!.count;
}

/** Lots that were handed to the contractor and hold printed pieces that nobody has destroyed. */
export async function listLotsOut(
  tx: Reader,
  insurerNumber: string,
  issuanceId: number,
): Promise<{ issuanceId: number; lotNo: number; count: number }[]> {
  return tx.query(
    `${FAMILY}
     select p.issuance_id as "issuanceId", b.lot_no as "lotNo", count(*)::int as count
       from printed_piece p
       join print_batch b on b.issuance_id = p.issuance_id and b.no = p.batch_no
       left join paper_state s on s.paper_number = p.mailpiece_number
      where p.issuance_id in (select id from family) and coalesce(s.state, 'printed') not in ${stateList(NO_PAPER_LEFT)}
        and exists (select from job_file j
                     where j.insurer_number = $2 and j.issuance_id = p.issuance_id and j.kind = 'package ' || b.lot_no)
      group by 1, 2 order by 1, 2`,
    [issuanceId, insurerNumber],
  );
}

/** A piece that leaves with its issuance, and the certificates in it that have not left before. */
export interface PieceToCancel {
  readonly mailpieceNumber: string;
  /** `planned` also of one on paper to which nothing has happened. */
  readonly state: MailpieceState;
  readonly certificates: readonly string[];
}

/** Pieces of one issuance that have not left yet (a spoiled one: that is still to be made again), after a number, in number order. */
export async function listPiecesToCancel(
  tx: Reader,
  issuanceId: number,
  after: string,
  limit: number,
): Promise<PieceToCancel[]> {
  return tx.query(
    `select p.mailpiece_number::text as "mailpieceNumber", coalesce(s.state, 'planned') as state,
            coalesce((select json_agg(c.certificate_number::text order by c.position)
                        from certificate c left join paper_state cs on cs.paper_number = c.certificate_number
                       where c.issuance_id = $1 and c.mailpiece_number = p.mailpiece_number
                         and coalesce(cs.state, 'made') = 'made'), '[]') as certificates
       from mailpiece p left join paper_state s on s.paper_number = p.mailpiece_number
      where p.issuance_id = $1 and p.mailpiece_number > $2::bigint
        and coalesce(s.state, 'planned') not in ${stateList(OUT_OF_ISSUANCE)}
        and not (coalesce(s.state, 'planned') in ${stateList(WAIVABLE)}
                 and (exists (select from event e where e.paper_number = p.mailpiece_number and e.event in ('withdraw', 'waive'))
                      or exists (select from remade_piece r where r.parent_id = $1 and r.mailpiece_number = p.mailpiece_number)))
      order by p.mailpiece_number limit $3`,
    [issuanceId, after, limit],
  );
}

/** An issuance and all that was made again of it, by number. */
export async function listFamily(tx: Reader, issuanceId: number): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(`${FAMILY} select id from family order by id`, [issuanceId]);
  return rows.map(({ id }) => id);
}
