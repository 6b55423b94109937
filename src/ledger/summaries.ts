// Room: ledger. Counts of a whole issuance from what has been counted before, for pages that are opened often. The exact
// count from the rows is `countReasons` and `countStates`; a test holds the two against each other.
import type { PaperState, PaperSubject } from '../rules/lifecycle.ts';
import type { AnyReason } from '../rules/labels.ts';
import type { Reader, Transaction } from './database.ts';
import { countReasons } from './decisions.ts';
import { countStates } from './life.ts';

/** Counts the decided chunks that have not been counted yet. Needs the whole ledger: the console's role may only read. */
export async function summariseDecisions(tx: Transaction, issuanceId: number): Promise<void> {
  await tx.execute(
    `insert into chunk_reason (issuance_id, chunk_no, is_target, reason, count)
     select $1, d.chunk_no, d.is_target, d.reason, count(*)
       from decision d
      where d.issuance_id = $1
        and d.chunk_no in (select no from chunk c where c.issuance_id = $1 and c.decided_at is not null
                              and not exists (select from chunk_reason r where r.issuance_id = $1 and r.chunk_no = c.no))
      group by d.chunk_no, d.is_target, d.reason
     on conflict do nothing`,
    [issuanceId],
  );
}

/** Issuances of an insurer with chunks that have not been counted yet. */
export async function listUnsummarised(tx: Transaction, insurerNumber: string): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `select i.id from issuance i
      where i.insurer_number = $1
        and exists (select from chunk c where c.issuance_id = i.id and c.decided_at is not null
                      and not exists (select from chunk_reason r where r.issuance_id = i.id and r.chunk_no = c.no))
      order by i.id`,
    [insurerNumber],
  );
  return rows.map((row) => row.id);
}

/** Members by reason, most first: from the summaries where they are whole and the one who asks sees all. */
export async function countReasonsQuickly(
  tx: Reader,
  issuanceId: number,
): Promise<{ isTarget: boolean; reason: AnyReason; count: number }[]> {
  const whole = tx.query<{ whole: boolean }>(
    `select sees_all() and not exists (
              select from chunk c where c.issuance_id = $1 and c.decided_at is not null
                 and not exists (select from chunk_reason r where r.issuance_id = $1 and r.chunk_no = c.no)) as whole`,
    [issuanceId],
  );
  // In one breath with the question whether they may be used: they cost next to nothing.
  const summed = tx.query<{ isTarget: boolean; reason: AnyReason; count: number }>(
    `select is_target as "isTarget", reason, sum(count)::int as count from chunk_reason where issuance_id = $1
      group by is_target, reason order by is_target desc, count desc, reason`,
    [issuanceId],
  );
  const [[seen], rows] = await Promise.all([whole, summed]);
  return seen?.whole ? rows : countReasons(tx, issuanceId);
}

/**
 * Papers by state: what rests where printing left it has been counted by chunks and batches, what has moved by the events
 * that moved it.
 */
export async function countStatesQuickly(
  tx: Reader,
  issuanceId: number,
): Promise<{ subject: PaperSubject; state: PaperState; count: number }[]> {
  const whole = tx.query<{ whole: boolean }>('select sees_all() as whole');
  const summed = tx.query<{ subject: PaperSubject; state: PaperState; count: number }>(
    `select subject, state, sum(count)::int as count
       from (-- A notice is no paper of its own: its envelope is.
             select 'certificate' as subject, 'made' as state, c.certificate_count as count
               from chunk c join issuance i on i.id = c.issuance_id and i.paper_kind = 'certificate'
              where c.issuance_id = $1
             union all
             select 'mailpiece', 'planned', mailpiece_count from chunk where issuance_id = $1
             union all
             -- What a batch printed or held is planned no longer.
             select 'mailpiece', side.state, side.count
               from batch_tally b cross join lateral (values (b.state, b.count), ('planned', -b.count)) side (state, count)
              where b.issuance_id = $1
             union all
             select subject, state, count from paper_tally where issuance_id = $1) counted
      group by subject, state having sum(count) <> 0 order by subject, 3 desc, state`,
    [issuanceId],
  );
  const [[seen], rows] = await Promise.all([whole, summed]);
  return seen?.whole ? rows : countStates(tx, issuanceId);
}
