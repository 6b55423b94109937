// Room: ledger. Which issuances were made of a plan of the profile, of which files, and how far they are.
import type { Reader, Transaction } from '../core/pool.ts';
import { RUN_COLUMNS } from './issuances.ts';
import type { IssuanceKind } from '../../rules/papers/kinds.ts';
import type { StoredIssuance } from './issuances.ts';

/** Until the transaction ends, nobody else opens an issuance of the insurer. */
export async function lockPlans(tx: Transaction, insurerNumber: string): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 1))', [insurerNumber]);
}

/** Runs of an insurer whose name is the plan's or begins with it, oldest first; without remakes and what was given up. */
export async function listRunsOfPlan<Issuance extends StoredIssuance>(
  tx: Reader,
  insurerNumber: string,
  kind: IssuanceKind,
  plan: string,
): Promise<Issuance[]> {
  return tx.query<Issuance>(
    `select ${RUN_COLUMNS} from issuance
      where insurer_number = $1 and paper_kind = $2 and parent_id is null and plan = $3 and not is_cancelled(id)
      order by id`,
    [insurerNumber, kind, plan],
  );
}

/** The oldest certificate issuance of an insurer that stands and is not enclosed through, or null. */
export async function findUnfinished(tx: Reader, insurerNumber: string): Promise<{ id: number; name: string } | null> {
  const rows = await tx.query<{ id: number; name: string }>(
    `select id, name from issuance i
      where insurer_number = $1 and paper_kind = 'certificate' and parent_id is null and not is_cancelled(id)
        and exists (select from chunk k where k.issuance_id = i.id and k.enclosed_at is null)
      order by id limit 1`,
    [insurerNumber],
  );
  return rows[0] ?? null;
}

/** The working of a plan before another. */
export interface RunBefore {
  readonly id: number;
  readonly name: string;
  readonly issuedOn: string;
  /** Two persons have given it up. */
  readonly isCancelled: boolean;
}

/** The issuance of the same plan made before this one: an earlier round or one that was given up; null = none, or of a remake. */
export async function findRunBefore(tx: Reader, issuanceId: number): Promise<RunBefore | null> {
  const rows = await tx.query<RunBefore>(
    `select b.id, b.name, b.issued_on as "issuedOn", is_cancelled(b.id) as "isCancelled"
       from issuance i
       join issuance b on b.insurer_number = i.insurer_number and b.paper_kind = i.paper_kind and b.plan = i.plan
                      and b.parent_id is null and b.id < i.id
      where i.id = $1 and i.parent_id is null order by b.id desc limit 1`,
    [issuanceId],
  );
  return rows[0] ?? null;
}

/** How far an issuance is. */
export interface RunCounts {
  readonly targets: number;
  /** Certificates or notices. */
  readonly papers: number;
  readonly mailpieces: number;
  /** Mailpieces that have been posted, wherever they are now. */
  readonly posted: number;
}

/** Counts of one issuance; what is not decided or enclosed yet counts as nothing. */
export async function countRun(tx: Reader, issuanceId: number): Promise<RunCounts> {
  const rows = await tx.query<RunCounts>(
    `select coalesce(sum(target_count), 0)::int as targets, coalesce(sum(certificate_count), 0)::int as papers,
            coalesce(sum(mailpiece_count), 0)::int as mailpieces,
            (select count(*)::int from paper_state s
              where s.issuance_id = $1 and s.subject = 'mailpiece'
                and exists (select from event e where e.paper_number = s.paper_number and e.event = 'post')) as posted
       from chunk where issuance_id = $1`,
    [issuanceId],
  );
  return rows[0]!;
}

/** Content hashes of datasets by id, and how each was read. */
export async function readHashes(
  tx: Reader,
  datasets: readonly number[],
): Promise<Map<number, { readonly sha256: string; readonly reading: string }>> {
  const rows = await tx.query<{ id: number; sha256: string; reading: string }>(
    'select id, sha256, reading from dataset where id = any($1)',
    [datasets],
  );
  return new Map(rows.map(({ id, ...hashes }) => [id, hashes]));
}
