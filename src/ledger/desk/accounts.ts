// Room: ledger. Accounts and their sessions. Nothing here checks a password: it stores and counts.
import type { Role } from '../../rules/access.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Database, Transaction } from '../core/pool.ts';

export interface Account {
  readonly id: number;
  readonly insurerNumber: string;
  readonly login: string;
  readonly displayName: string;
  readonly role: Role;
  readonly branchCode: string | null;
  readonly workplaceSymbol: string | null;
  readonly expiresOn: LocalDate | null;
  readonly isDisabled: boolean;
}

/** What sign-in looks at besides. */
export interface AccountSecrets extends Account {
  readonly passwordHash: string | null;
  readonly totpSecret: string | null;
  readonly totpStep: number | null;
  readonly failedCount: number;
  readonly isLocked: boolean;
  readonly isExpired: boolean;
}

/** One row of the list of users. */
export interface AccountRow extends Account {
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  readonly hasOrganisation: boolean;
  readonly isLocked: boolean;
  readonly createdBy: string;
  /** ISO instants; null = never. */
  readonly seenAt: string | null;
}

export interface NewAccount extends Omit<Account, 'id' | 'isDisabled'> {
  readonly passwordHash: string | null;
  readonly totpSecret: string | null;
  readonly oidc: { readonly issuer: string; readonly subject: string } | null;
  readonly createdBy: string;
}

const columnsOf = (a: string): string => `${a}.id, ${a}.insurer_number as "insurerNumber", ${a}.login,
  ${a}.display_name as "displayName", ${a}.role, ${a}.branch_code as "branchCode",
  ${a}.workplace_symbol as "workplaceSymbol", ${a}.expires_on as "expiresOn", ${a}.is_disabled as "isDisabled"`;
const COLUMNS = columnsOf('account');

const SECRETS = `${COLUMNS}, password_hash as "passwordHash", totp_secret as "totpSecret", totp_step as "totpStep",
  failed_count as "failedCount", coalesce(locked_until > now(), false) as "isLocked",
  coalesce(expires_on < current_date, false) as "isExpired"`;

/** The insurer's row, so that an account can be made before its first file comes. */
export async function enterInsurer(tx: Transaction, insurerNumber: string, name: string): Promise<void> {
  await tx.execute('insert into insurer (insurer_number, name) values ($1, $2) on conflict do nothing', [
    insurerNumber,
    name,
  ]);
}

/** Adds an account; null where the login is taken. */
export async function addAccount(tx: Transaction, account: NewAccount): Promise<Account | null> {
  const rows = await tx.query<Account>(
    `insert into account (insurer_number, login, display_name, role, branch_code, workplace_symbol, password_hash,
                          totp_secret, oidc_issuer, oidc_subject, expires_on, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict do nothing returning ${COLUMNS}`,
    [
      account.insurerNumber,
      account.login,
      account.displayName,
      account.role,
      account.branchCode,
      account.workplaceSymbol,
      account.passwordHash,
      account.totpSecret,
      account.oidc?.issuer ?? null,
      account.oidc?.subject ?? null,
      account.expiresOn,
      account.createdBy,
    ],
  );
  return rows[0] ?? null;
}

/** The stored password of a login as it is now; null where there is none, or no such login. */
export async function findPasswordHash(database: Database, login: string): Promise<string | null> {
  const rows = await database.statement<{ hash: string | null }>(
    'find-password-hash',
    'select password_hash as hash from account where login = $1',
    [login],
  );
  return rows[0]?.hash ?? null;
}

/** The account of a login, locked for this transaction, so that tries are counted one after the other. */
export async function findAccountByLogin(tx: Transaction, login: string): Promise<AccountSecrets | null> {
  const rows = await tx.query<AccountSecrets>(`select ${SECRETS} from account where login = $1 for update`, [login]);
  return rows[0] ?? null;
}

export async function findAccountBySubject(
  tx: Transaction,
  issuer: string,
  subject: string,
): Promise<AccountSecrets | null> {
  const rows = await tx.query<AccountSecrets>(
    `select ${SECRETS} from account where oidc_issuer = $1 and oidc_subject = $2 for update`,
    [issuer, subject],
  );
  return rows[0] ?? null;
}

/** Counts a wrong try; from `limit` on the account is locked for `minutes`. */
export async function countFailure(tx: Transaction, id: number, limit: number, minutes: number): Promise<void> {
  await tx.execute(
    `update account set failed_count = failed_count + 1,
            locked_until = case when failed_count + 1 >= $2 then now() + make_interval(mins => $3) else locked_until end
      where id = $1`,
    [id, limit, minutes],
  );
}

/** A right try: the count starts again, and the one-time code's step is used up. */
export async function clearFailures(tx: Transaction, id: number, totpStep: number | null): Promise<void> {
  await tx.execute(
    'update account set failed_count = 0, locked_until = null, totp_step = coalesce($2, totp_step) where id = $1',
    [id, totpStep],
  );
}

export interface Session {
  readonly account: Account;
  readonly csrf: string;
  /** Changes with everything above and below: what a request knew of the session is still so where it is the same. */
  readonly version: string;
  /** ISO instant. */
  readonly expiresAt: string;
}

export async function addSession(
  tx: Transaction,
  session: { readonly tokenSha256: string; readonly accountId: number; readonly csrf: string; readonly hours: number },
): Promise<void> {
  await tx.execute(
    `insert into session (token_sha256, account_id, csrf, expires_at)
     values ($1, $2, $3, now() + make_interval(hours => $4))`,
    [session.tokenSha256, session.accountId, session.csrf, session.hours],
  );
}

/** The session of a token that is still open, seen within `idleMinutes`, of an account that may still sign in. */
export async function findSession(
  database: Database,
  tokenSha256: string,
  idleMinutes: number,
): Promise<Session | null> {
  const rows = await database.statement<Account & Omit<Session, 'account'> & { stale: boolean }>(
    'find-session',
    `select ${columnsOf('s')}, s.csrf, s.version, to_json(s.expires_at) #>> '{}' as "expiresAt",
            s.seen_at < now() - interval '1 minute' as stale
       from open_session s
      where s.token_sha256 = $1 and s.seen_at > now() - make_interval(mins => $2)`,
    [tokenSha256, idleMinutes],
  );
  const row = rows[0];
  if (!row) return null;
  const { csrf, version, expiresAt, stale, ...account } = row;
  if (stale)
    await database.statement('see-session', 'update session set seen_at = now() where token_sha256 = $1', [
      tokenSha256,
    ]);
  return { account, csrf, version, expiresAt };
}

export async function removeSession(tx: Transaction, tokenSha256: string): Promise<void> {
  await tx.execute('delete from session where token_sha256 = $1', [tokenSha256]);
}

/** Removes what an account needs no more: sessions that are over, answers of the day before. */
export async function removeStale(tx: Transaction, accountId: number): Promise<void> {
  await tx.execute('delete from session where account_id = $1 and expires_at < now()', [accountId]);
  await tx.execute(`delete from answered_request where account_id = $1 and at < now() - interval '1 day'`, [accountId]);
}

/** Ends every session of an account, and those that are over. */
export async function removeSessionsOf(tx: Transaction, accountId: number): Promise<void> {
  await tx.execute('delete from session where account_id = $1 or expires_at < now()', [accountId]);
}

/** Accounts of an insurer by login. */
export async function listAccounts(tx: Transaction, insurerNumber: string): Promise<AccountRow[]> {
  return tx.query(
    `select ${COLUMNS}, password_hash is not null as "hasPassword", totp_secret is not null as "hasTotp",
            oidc_subject is not null as "hasOrganisation", coalesce(locked_until > now(), false) as "isLocked",
            created_by as "createdBy",
            (select to_json(max(s.seen_at)) #>> '{}' from session s where s.account_id = account.id) as "seenAt"
       from account where insurer_number = $1 order by login`,
    [insurerNumber],
  );
}

/** Changes what an administrator may change; its login, or null where the insurer has no such account. */
export async function changeAccount(
  tx: Transaction,
  insurerNumber: string,
  id: number,
  change: { readonly isDisabled?: boolean; readonly expiresOn?: LocalDate | null; readonly passwordHash?: string },
): Promise<string | null> {
  const rows = await tx.query<{ login: string }>(
    `update account set is_disabled = coalesce($3, is_disabled),
            expires_on = case when $4 then $5::date else expires_on end,
            password_hash = coalesce($6, password_hash),
            failed_count = case when $6::text is null then failed_count else 0 end,
            locked_until = case when $6::text is null then locked_until end
      where insurer_number = $1 and id = $2 returning login`,
    [
      insurerNumber,
      id,
      change.isDisabled ?? null,
      'expiresOn' in change,
      change.expiresOn ?? null,
      change.passwordHash ?? null,
    ],
  );
  return rows[0]?.login ?? null;
}

/** Administrators of an insurer who can sign in today. */
export async function countAdministrators(tx: Transaction, insurerNumber: string): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count from account where insurer_number = $1 and role = 'administrator'
        and not is_disabled and coalesce(expires_on >= current_date, true)`,
    [insurerNumber],
  );
  return rows[0]?.count ?? 0;
}

/** An answer given before to the same request. */
export interface AnsweredRequest {
  readonly requestSha256: string;
  /** Null while it is still being answered. */
  readonly status: number | null;
  readonly body: string | null;
}

/**
 * Takes a key for a request; the answer says who has taken it before, if anybody. A request that began a quarter of an hour
 * ago has died with its server: the same account may take its key again.
 */
export async function takeRequestKey(
  tx: Transaction,
  accountId: number,
  key: string,
  requestSha256: string,
): Promise<AnsweredRequest | null> {
  const taken = await tx.execute(
    `insert into answered_request as known (account_id, key, request_sha256) values ($1, $2, $3)
     on conflict (account_id, key) do update set at = now()
      where known.status is null and known.request_sha256 = $3 and known.at < now() - interval '15 minutes'`,
    [accountId, key, requestSha256],
  );
  if (taken === 1) return null;
  const rows = await tx.query<AnsweredRequest>(
    `select request_sha256 as "requestSha256", status, body from answered_request where account_id = $1 and key = $2`,
    [accountId, key],
  );
  return rows[0] ?? null;
}

/** Keeps the answer of a key, or gives the key free where there is none to keep. */
export async function keepAnswer(
  tx: Transaction,
  accountId: number,
  key: string,
  answer: { readonly status: number; readonly body: string } | null,
): Promise<void> {
  await tx.execute(
    answer
      ? 'update answered_request set status = $3, body = $4 where account_id = $1 and key = $2'
      : 'delete from answered_request where account_id = $1 and key = $2',
    answer ? [accountId, key, answer.status, answer.body] : [accountId, key],
  );
}
