// Room: ledger. The history of an insurer's profile.
import type { Transaction } from '../core/pool.ts';

export interface ProfileChange {
  readonly id: number;
  /** ISO instant. */
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly afterSha256: string;
}

export async function addProfileChange(
  tx: Transaction,
  change: {
    readonly insurerNumber: string;
    readonly actor: string;
    readonly reason: string;
    readonly beforeSha256: string;
    readonly afterSha256: string;
    readonly source: string;
  },
): Promise<void> {
  await tx.execute(
    `insert into profile_change (insurer_number, actor, reason, before_sha256, after_sha256, source)
     values ($1, $2, $3, $4, $5, $6)`,
    [change.insurerNumber, change.actor, change.reason, change.beforeSha256, change.afterSha256, change.source],
  );
}

/** Newest first. */
export async function listProfileChanges(tx: Transaction, insurerNumber: string): Promise<ProfileChange[]> {
  return tx.query(
    `select id, to_json(at) #>> '{}' as at, actor, reason, after_sha256 as "afterSha256" from profile_change
      where insurer_number = $1 order by id desc limit 100`,
    [insurerNumber],
  );
}

/** The text a profile became by a change, or null. */
export async function findProfileSource(tx: Transaction, insurerNumber: string, id: number): Promise<string | null> {
  const rows = await tx.query<{ source: string }>(
    'select source from profile_change where insurer_number = $1 and id = $2',
    [insurerNumber, id],
  );
  return rows[0]?.source ?? null;
}
