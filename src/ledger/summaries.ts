// Room: ledger. Counts of a whole issuance from what has been counted before, for pages that are opened often. The exact
// count from the rows is `countReasons` and `countStates`; a test holds the two against each other.
import type { PaperState, PaperSubject } from '../rules/lifecycle.ts';
import type { AnyReason } from '../rules/labels.ts';
import type { Transaction } from './database.ts';
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
  tx: Transaction,
  issuanceId: number,
): Promise<{ isTarget: boolean; reason: AnyReason; count: number }[]> {
  const [whole] = await tx.query<{ whole: boolean }>(
    `select sees_all() and not exists (
              select from chunk c where c.issuance_id = $1 and c.decided_at is not null
                 and not exists (select from chunk_reason r where r.issuance_id = $1 and r.chunk_no = c.no)) as whole`,
    [issuanceId],
  );
  if (!whole?.whole) return countReasons(tx, issuanceId);
  return tx.query(
    `select is_target as "isTarget", reason, sum(count)::int as count from chunk_reason where issuance_id = $1
      group by is_target, reason order by is_target desc, count desc, reason`,
    [issuanceId],
  );
}

/**
 * Papers by state. Those something has happened to are counted by index; the others are where printing left them, which
 * the batches have counted: `printed` and `held` less those that have moved on.
 */
export async function countStatesQuickly(
  tx: Transaction,
  issuanceId: number,
): Promise<{ subject: PaperSubject; state: PaperState; count: number }[]> {
  const [base] = await tx.query<Base>(
    `select sees_all() as whole,
            (select coalesce(sum(certificate_count), 0)::int from chunk where issuance_id = $1) as certificates,
            (select coalesce(sum(mailpiece_count), 0)::int from chunk where issuance_id = $1) as pieces,
            (select coalesce(sum(printed_count), 0)::int from print_batch where issuance_id = $1) as printed,
            (select coalesce(sum(held_count), 0)::int from print_batch where issuance_id = $1) as held,
            -- What left before it was printed, or while it was held: few, and only by withdrawing.
            (select count(*)::int from paper_state s
              where s.issuance_id = $1 and s.subject = 'mailpiece' and s.state in ('withdrawn', 'destroyed')
                and not exists (select from printed_piece p where p.issuance_id = $1 and p.mailpiece_number = s.paper_number)
                and exists (select from held_piece h where h.issuance_id = $1 and h.mailpiece_number = s.paper_number)
            ) as "movedHeld",
            (select count(*)::int from paper_state s
              where s.issuance_id = $1 and s.subject = 'mailpiece' and s.state in ('withdrawn', 'destroyed')
                and not exists (select from printed_piece p where p.issuance_id = $1 and p.mailpiece_number = s.paper_number)
                and not exists (select from held_piece h where h.issuance_id = $1 and h.mailpiece_number = s.paper_number)
            ) as "movedPlanned"`,
    [issuanceId],
  );
  if (!base?.whole) return countStates(tx, issuanceId);
  const moved = await tx.query<{ subject: PaperSubject; state: PaperState; count: number }>(
    `select subject, state, count(*)::int as count from paper_state where issuance_id = $1 group by 1, 2`,
    [issuanceId],
  );
  const movedOf = (subject: PaperSubject): number =>
    moved.filter((row) => row.subject === subject).reduce((sum, row) => sum + row.count, 0);
  const printed = base.printed - (movedOf('mailpiece') - base.movedHeld - base.movedPlanned);
  const held = base.held - base.movedHeld;
  const planned = base.pieces - base.printed - base.held - base.movedPlanned;
  const resting: { subject: PaperSubject; state: PaperState; count: number }[] = [
    { subject: 'certificate', state: 'made', count: base.certificates - movedOf('certificate') },
    { subject: 'mailpiece', state: 'planned', count: planned },
    { subject: 'mailpiece', state: 'held', count: held },
    { subject: 'mailpiece', state: 'printed', count: printed },
  ];
  return [...resting.filter((row) => row.count > 0), ...moved].toSorted(
    (a, b) => a.subject.localeCompare(b.subject) || b.count - a.count || a.state.localeCompare(b.state),
  );
}

interface Base {
  readonly whole: boolean;
  readonly certificates: number;
  readonly pieces: number;
  readonly printed: number;
  readonly held: number;
  readonly movedHeld: number;
  readonly movedPlanned: number;
}
