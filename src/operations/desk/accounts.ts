// Room: operations. Accounts of the console: made, opened with a password and a one-time code, locked after wrong tries,
// changed by an administrator. Passwords are Argon2id (RFC 9106), one-time codes TOTP (RFC 6238).
import { hash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import {
  addAccount,
  addSession,
  changeAccount,
  clearFailures,
  countAdministrators,
  countFailure,
  enterInsurer,
  findAccountByLogin,
  findAccountBySubject,
  findPasswordHash,
  findSession,
  listAccounts,
  removeSession,
  removeSessionsOf,
  removeStale,
} from '../../ledger/desk/accounts.ts';
import type { Account, AccountRow, AccountSecrets, NewAccount, Session } from '../../ledger/desk/accounts.ts';
import type { Database, Transaction } from '../../ledger/core/pool.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { behindSession } from '../../ledger/core/walls.ts';
import { ROLE_LABELS } from '../../rules/access.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { hashPassword, isPassword } from './passwords.ts';

/** Wrong tries before an account is locked, and for how long. */
const TRIES = 5;
const LOCK_MINUTES = 15;
/** A working day, and half an hour without a sign of life. */
const SESSION_HOURS = 10;
const IDLE_MINUTES = 30;
const LEAST_PASSWORD = 12;

const PERIOD = 30;

/** The time step a code belongs to (one step before and after count), or null. */
function totpStep(secret: string, code: string, at: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const totp = new TOTP({ secret: Secret.fromBase32(secret), period: PERIOD });
  const delta = totp.validate({ token: code, window: 1, timestamp: at.getTime() });
  return delta === null ? null : Math.floor(at.getTime() / 1000 / PERIOD) + delta;
}

/** The link an authenticator app takes. */
export function totpLink(login: string, secret: string): string {
  return new TOTP({ issuer: 'todoke', label: login, secret: Secret.fromBase32(secret), period: PERIOD }).toString();
}

/** That link as a QR code: rows of modules, 1 = dark, no quiet zone. */
export async function qrRows(link: string): Promise<string[]> {
  const { qrOfText } = await import('../../print/codes.ts');
  return qrOfText(link);
}

export interface SignedIn {
  readonly account: Account;
  /** The cookie's value; only its hash is stored. */
  readonly token: string;
}

const WRONG = '利用者名、パスワード、確認コードのいずれかが違います。';

/**
 * Opens a session. Five wrong tries lock the account for a quarter of an hour; the answer never says which part was
 * wrong, nor whether the login exists.
 *
 * @throws Refusal `sign-in`, `busy`
 */
export async function signIn(
  database: Database,
  at: Date,
  asked: { readonly login: string; readonly password: string; readonly code: string },
): Promise<SignedIn> {
  // The password first, while no connection is held: it takes a thread for as long as hundreds of questions take.
  const stored = await findPasswordHash(database, asked.login);
  const isPasswordOf = await isPassword(asked.password, stored);
  // The outcome is a value until the transaction is over: a thrown one would undo the count of wrong tries.
  const outcome = await database.transaction(async (tx): Promise<SignedIn | null> => {
    const account = await findAccountByLogin(tx, asked.login);
    // Right for the password as it is now, not as it was before it was changed.
    const isRight = isPasswordOf && account?.passwordHash === stored;
    if (!account || !mayEnter(account)) return null;
    const step = account.totpSecret === null ? null : totpStep(account.totpSecret, asked.code, at);
    const isCode = account.totpSecret === null || (step !== null && step > (account.totpStep ?? 0));
    if (!isRight || !isCode) {
      await countFailure(tx, account.id, TRIES, LOCK_MINUTES);
      return null;
    }
    await clearFailures(tx, account.id, step);
    return openSession(tx, account);
  });
  if (outcome === null) throw new Refusal('sign-in', WRONG);
  return outcome;
}

/** Opens a session for somebody an organisation has vouched for (OpenID Connect). */
export async function signInBySubject(database: Database, issuer: string, subject: string): Promise<SignedIn> {
  const outcome = await database.transaction(async (tx) => {
    const account = await findAccountBySubject(tx, issuer, subject);
    return account && mayEnter(account) ? openSession(tx, account) : null;
  });
  if (outcome === null)
    throw new Refusal('sign-in', 'この組織の利用者として登録されていません。管理者にお尋ねください。');
  return outcome;
}

function mayEnter(account: AccountSecrets): boolean {
  return !account.isDisabled && !account.isExpired && !account.isLocked;
}

async function openSession(tx: Transaction, found: AccountSecrets): Promise<SignedIn> {
  const token = randomBytes(32).toString('base64url');
  const csrf = randomBytes(24).toString('base64url');
  await removeStale(tx, found.id);
  await addSession(tx, { tokenSha256: sha256(token), accountId: found.id, csrf, hours: SESSION_HOURS });
  const { id, insurerNumber, login, displayName, role, branchCode, workplaceSymbol, expiresOn, isDisabled } = found;
  const account = { id, insurerNumber, login, displayName, role, branchCode, workplaceSymbol, expiresOn, isDisabled };
  return { account, token };
}

/** Whose session a cookie opens, or null. */
export async function getSession(database: Database, token: string): Promise<Session | null> {
  if (token === '') return null;
  return findSession(database, sha256(token), IDLE_MINUTES);
}

/** The ledger behind the wall of a session that this process has seen before: the first statement checks that it still holds. */
export function admitSignIn(
  database: Database,
  token: string,
  { account, version }: Session,
): ReturnType<typeof behindSession> {
  return behindSession(database, { tokenSha256: sha256(token), version, idleMinutes: IDLE_MINUTES }, account);
}

export async function signOut(database: Database, token: string): Promise<void> {
  await database.transaction((tx) => removeSession(tx, sha256(token)));
}

function sha256(text: string): string {
  return hash('sha256', text);
}

/** What an account is made of. A password and an organisation's subject may both be missing only by mistake. */
export interface NewAccountRequest {
  readonly insurer: { readonly number: string; readonly name: string };
  readonly login: string;
  readonly displayName: string;
  readonly role: NewAccount['role'];
  readonly branchCode: string | null;
  readonly workplaceSymbol: string | null;
  readonly password: string | null;
  readonly withTotp: boolean;
  readonly oidc: NewAccount['oidc'];
  readonly expiresOn: LocalDate | null;
}

/**
 * Makes an account.
 *
 * @returns the account, and where a one-time code was asked for, the secret for the authenticator: shown once.
 * @throws Refusal `login-taken`, `password-short`, `scope-missing`
 */
export async function createAccount(
  context: Context,
  request: NewAccountRequest,
): Promise<{ account: Account; totpSecret: string | null }> {
  if (request.password === null && request.oidc === null)
    throw new Refusal('password-short', 'パスワードか、組織のサインインのどちらかが必要です。');
  if (request.password !== null) assertPassword(request.password);
  if ((request.role === 'branch') !== (request.branchCode !== null))
    throw new Refusal('scope-missing', `「${ROLE_LABELS.branch}」の利用者には支部を一つ指定してください。`);
  if ((request.role === 'workplace') !== (request.workplaceSymbol !== null))
    throw new Refusal('scope-missing', `「${ROLE_LABELS.workplace}」の利用者には事業所の記号を一つ指定してください。`);
  const passwordHash = request.password === null ? null : await hashPassword(request.password);
  const totpSecret = request.withTotp ? new Secret({ size: 20 }).base32 : null;
  const account = await context.database.transaction(async (tx) => {
    await enterInsurer(tx, request.insurer.number, request.insurer.name);
    const { login, displayName, role, branchCode, workplaceSymbol, oidc, expiresOn } = request;
    const added = await addAccount(tx, {
      insurerNumber: request.insurer.number,
      login,
      displayName,
      role,
      branchCode,
      workplaceSymbol,
      passwordHash,
      totpSecret,
      oidc,
      expiresOn,
      createdBy: context.actor,
    });
    if (added)
      await writeJournal(
        tx,
        context.actor,
        'create-account',
        { insurerNumber: request.insurer.number, id: null },
        { account: added.login, role },
      );
    return added;
  });
  if (!account)
    throw new Refusal(
      'login-taken',
      'その利用者名（または組織の識別子）は、このサーバーで使われています。別の名前（例: 名前@保険者の略称）にしてください。',
    );
  return { account, totpSecret };
}

function assertPassword(password: string): void {
  if ([...password].length < LEAST_PASSWORD)
    throw new Refusal('password-short', `パスワードは${LEAST_PASSWORD}文字以上にしてください。`);
}

export async function listUsers(context: Context, insurerNumber: string): Promise<AccountRow[]> {
  return context.database.transaction((tx) => listAccounts(tx, insurerNumber));
}

/**
 * Shuts or opens an account, changes its last day or its password; every open session of it ends. The last administrator cannot be shut.
 *
 * @throws Refusal `account-unknown`, `last-administrator`
 */
export async function changeUser(
  context: Context,
  insurerNumber: string,
  id: number,
  change: { readonly isDisabled?: boolean; readonly expiresOn?: LocalDate | null; readonly password?: string },
): Promise<void> {
  if (change.password !== undefined) assertPassword(change.password);
  const { password, ...rest } = change;
  const stored = password === undefined ? rest : { ...rest, passwordHash: await hashPassword(password) };
  await context.database.transaction(async (tx) => {
    const login = await changeAccount(tx, insurerNumber, id, stored);
    if (login === null) throw new Refusal('account-unknown', 'その利用者はいません。');
    if ((await countAdministrators(tx, insurerNumber)) === 0)
      throw new Refusal('last-administrator', '最後の管理者は止められません。先に別の管理者を登録してください。');
    await removeSessionsOf(tx, id);
    const changed = [
      ...(change.isDisabled === undefined ? [] : [change.isDisabled ? '停止' : '再開']),
      ...(change.expiresOn === undefined ? [] : ['有効期限']),
      ...(password === undefined ? [] : ['パスワード']),
    ];
    const counts = { account: login, change: changed.join('、') };
    await writeJournal(tx, context.actor, 'change-account', { insurerNumber, id: null }, counts);
  });
}
