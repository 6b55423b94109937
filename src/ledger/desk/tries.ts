// Room: ledger. Tries to sign in from an address, counted for all processes of the server together.
import type { Database } from '../core/pool.ts';

/** Counts a try of an address (as its hash). */
export async function countTry(
  database: Database,
  addressSha256: string,
): Promise<{ /** Within a minute of the first, this one counted. */ tries: number; secondsLeft: number }> {
  const rows = await database.statement<{ tries: number; secondsLeft: number }>(
    'count-try',
    `insert into sign_in_try as t (address_sha256, tries, ends_at) values ($1, 1, now() + interval '1 minute')
     on conflict (address_sha256) do update
        set tries = case when t.ends_at > now() then t.tries + 1 else 1 end,
            ends_at = case when t.ends_at > now() then t.ends_at else now() + interval '1 minute' end
     returning tries, ceil(extract(epoch from ends_at - now()))::int as "secondsLeft"`,
    [addressSha256],
  );
  return rows[0]!;
}

/** A try that was right does not count; old tries are removed with it. */
export async function forgetTry(database: Database, addressSha256: string): Promise<void> {
  await database.statement(
    'forgive-try',
    'update sign_in_try set tries = greatest(tries - 1, 0) where address_sha256 = $1',
    [addressSha256],
  );
  await database.statement('forget-tries', `delete from sign_in_try where ends_at < now() - interval '1 hour'`, []);
}
