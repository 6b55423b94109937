// Room: web/api. Records for those who check, and accounts.
import { queryOptions } from '@tanstack/react-query';
import type { AuditList, JournalList, AccessRecordList } from '../../src/server/contract/papers.ts';
import type { Account } from '../../src/server/contract/session.ts';
import type { Role } from '../../src/rules/access.ts';
import { get, patch, post } from './client.ts';

export type { Account, AuditList, JournalList, AccessRecordList as LookList };

export const auditQuery = (actor: string, event: string, cursor: string) =>
  queryOptions({
    queryKey: ['audit', actor, event, cursor],
    queryFn: ({ signal }) => get<AuditList>('/audit', { signal, search: { actor, event, cursor } }),
  });

export const accessRecordsQuery = (cursor: string) =>
  queryOptions({
    queryKey: ['looks', cursor],
    queryFn: ({ signal }) => get<AccessRecordList>('/access-records', { signal, search: { cursor } }),
  });

/** '' = any; days `YYYY-MM-DD`, both inclusive. */
export interface JournalFilter {
  readonly operation: string;
  readonly actor: string;
  readonly from: string;
  readonly to: string;
}

export const journalQuery = (filter: JournalFilter, cursor: string) =>
  queryOptions({
    queryKey: ['journal', filter, cursor],
    queryFn: ({ signal }) => get<JournalList>('/journal', { signal, search: { ...filter, cursor } }),
  });

/** Reads the whole chain of records again. */
export function proveAudit(): Promise<{ whole: boolean; message: string; asOf: string }> {
  return get('/audit/proof');
}

export interface UserList {
  readonly items: readonly Account[];
  readonly branches: readonly { readonly code: string; readonly name: string }[];
}

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => get<UserList>('/users', { signal }),
});

export interface NewAccount {
  readonly login: string;
  readonly displayName: string;
  readonly role: Role;
  readonly branchCode: string | null;
  readonly workplaceSymbol: string | null;
  readonly password: string;
  readonly withTotp: boolean;
  readonly expiresOn: string | null;
}

/** `totp` is the otpauth:// link of the new account's one-time codes, shown once; `totpRows` the same as a QR code. */
export interface CreatedUser {
  readonly id: number;
  readonly totp: string | null;
  readonly totpRows: readonly string[];
}

export function createUser(account: NewAccount, key: string): Promise<CreatedUser> {
  return post('/users', { body: account, key });
}

export function changeUser(
  id: number,
  change: { readonly isDisabled?: boolean; readonly expiresOn?: string | null; readonly password?: string },
  key: string,
): Promise<{ ok: true }> {
  return patch(`/users/${id}`, { body: change, key });
}
