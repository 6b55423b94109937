// Room: ledger. Counts of a whole issuance from what has been counted before, for pages that are opened often. The exact
// count from the rows is `countReasons` and `countStates`; a test holds the two against each other.
import type { AnyReason } from '../../rules/issuing/reasons.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { countReasons } from '../issuing/decisions.ts';

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

/** Issuances of an insurer, decided to the end, whose decisions are not yet findable by reason. (Remakes are of a few.) */
export async function listUnindexed(tx: Transaction, insurerNumber: string): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `select i.id from issuance i
      where i.insurer_number = $1 and i.parent_id is null
        and to_regclass('decision_' || i.id) is not null and to_regclass('decision_' || i.id || '_reason') is null
        and exists (select from chunk c where c.issuance_id = i.id)
        and not exists (select from chunk c where c.issuance_id = i.id and c.decided_at is null)
      order by i.id`,
    [insurerNumber],
  );
  return rows.map((row) => row.id);
}

interface ReasonCount {
  readonly isTarget: boolean;
  readonly reason: AnyReason;
  readonly count: number;
}

/**
 * Members by reason, most first: from the figures (of all branches, or of one: the one given, or that of the account), which
 * are there when all is decided; before that from the counted chunks, where all may be seen. `isOfBranch`: the counts are of
 * one branch alone; while its figures are not there yet, the counts are of all.
 */
export async function countReasonsQuickly(
  tx: Reader,
  issuanceId: number,
  branchCode: string | null = null,
): Promise<{ readonly counts: readonly ReasonCount[]; readonly isOfBranch: boolean }> {
  const counted = await tx.query<ReasonCount & { isWhole: boolean }>(
    `select is_target as "isTarget", reason, sum(count)::int as count, $2::text is null and sees_all() as "isWhole"
       from reason_count
      where issuance_id = $1 and level = 'branch'
        and case when $2::text is null and (select sees_all()) then true
                 else code = coalesce($2, (select wall('branch'))) end
      group by is_target, reason order by is_target desc, count desc, reason`,
    [issuanceId, branchCode],
  );
  if (counted.length > 0) {
    const counts = counted.map(({ isTarget, reason, count }) => ({ isTarget, reason, count }));
    return { counts, isOfBranch: !counted[0]!.isWhole };
  }
  const whole = tx.query<{ whole: boolean }>(
    `select sees_all() and not exists (
              select from chunk c where c.issuance_id = $1 and c.decided_at is not null
                 and not exists (select from chunk_reason r where r.issuance_id = $1 and r.chunk_no = c.no)) as whole`,
    [issuanceId],
  );
  // Sent together with the question whether they may be used.
  const summed = tx.query<ReasonCount>(
    `select is_target as "isTarget", reason, sum(count)::int as count from chunk_reason where issuance_id = $1
      group by is_target, reason order by is_target desc, count desc, reason`,
    [issuanceId],
  );
  const [[seen], rows] = await Promise.all([whole, summed]);
  return { counts: seen?.whole ? rows : await countReasons(tx, issuanceId), isOfBranch: false };
}

/** Issuances of an insurer, enclosed to the end, whose papers have not been counted by branch. (Remakes are of a few.) */
export async function listUncountedEnclosures(tx: Transaction, insurerNumber: string): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `select i.id from issuance i
      where i.insurer_number = $1 and i.parent_id is null
        and not exists (select from enclosed_count n where n.issuance_id = i.id)
        and exists (select from chunk c where c.issuance_id = i.id and c.mailpiece_count > 0)
        and not exists (select from chunk c where c.issuance_id = i.id and c.enclosed_at is null)
        and not exists (select from erasure x where x.issuance_id = i.id)
      order by i.id`,
    [insurerNumber],
  );
  return rows.map((row) => row.id);
}

/** Counts what is enclosed by branch: as many as the chunks say, or nothing is kept. */
export async function summariseEnclosure(tx: Transaction, issuanceId: number): Promise<void> {
  await tx.execute(
    `insert into enclosed_count (issuance_id, branch_code, certificates, mailpieces)
     select $1, coalesce(w.branch_code, ''), sum(p.certificates), sum(p.mailpieces)
       from (select m.symbol, count(*) as mailpieces, sum(m.certificate_count) as certificates
               from mailpiece m where m.issuance_id = $1 group by m.symbol) p
       join issuance i on i.id = $1
       left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = p.symbol
      group by 2
     on conflict do nothing`,
    [issuanceId],
  );
  const [sums] = await tx.query<{ chunks: number; branches: number }>(
    `select (select sum(mailpiece_count)::int from chunk where issuance_id = $1) as chunks,
            (select sum(mailpieces)::int from enclosed_count where issuance_id = $1) as branches`,
    [issuanceId],
  );
  if (sums!.chunks !== sums!.branches)
    throw new Error(`issuance ${issuanceId}: ${sums!.chunks} pieces by chunk, ${sums!.branches} by branch`);
}
