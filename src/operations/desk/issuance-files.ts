// Room: operations. What an issuance has for staff besides its pages: rows to look at, replaced characters, and every file that was
// written for it.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readListedFiles } from '../../formats/output-manifest.ts';
import type { ListedFile } from '../../formats/output-manifest.ts';
import { countWarnings, listReplacedAfter, listWarningsAfter } from '../../ledger/desk/staff-lists.ts';
import type { ListedWarning, ReplacedCharacter, WarningPlace } from '../../ledger/desk/staff-lists.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { outputFolder } from './jobs.ts';

export interface WarningPage {
  readonly items: readonly ListedWarning[];
  readonly next: WarningPlace | null;
  /** Rows by code, of all codes. */
  readonly counts: readonly { readonly code: string; readonly count: number }[];
}

/** Rows to look at, of one code or ('') of all, as far as the account sees them. */
export async function listIssuanceWarnings(
  context: Context,
  issuance: Pick<Issuance, 'id'>,
  code: string,
  after: WarningPlace | null,
  limit: number,
): Promise<WarningPage> {
  return context.database.read(async (tx) => {
    const [rows, counts] = await Promise.all([
      listWarningsAfter(tx, issuance.id, code, after, limit + 1),
      countWarnings(tx, issuance.id),
    ]);
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? (items.at(-1) ?? null) : null, counts };
  });
}

/** Characters printed as their base character; all of a piece are on one page. */
export async function listIssuanceReplaced(
  context: Context,
  issuance: Pick<Issuance, 'id'>,
  after: string,
  limit: number,
): Promise<{ readonly items: readonly ReplacedCharacter[]; readonly next: string | null }> {
  const rows = await context.database.read((tx) => listReplacedAfter(tx, issuance.id, after, limit + 1));
  if (rows.length <= limit) return { items: rows, next: null };
  const last = rows[limit]!.mailpieceNumber;
  const whole = rows.filter((row) => row.mailpieceNumber !== last);
  const items = whole.length > 0 ? whole : rows;
  return { items, next: items.at(-1)?.mailpieceNumber ?? null };
}

/** Files that were written for an issuance, as its manifest lists them, and the manifest; empty before they are. */
export async function listIssuanceFiles(
  files: string,
  issuance: Issuance,
): Promise<readonly Omit<ListedFile, 'sha256'>[]> {
  const manifest = path.join(outputFolder(files, issuance), 'manifest.json');
  const found = await stat(manifest).catch(() => null);
  const listed = found && (await readListedFiles(manifest));
  if (!found || !listed) return [];
  return [
    ...listed.map(({ path: name, bytes }) => ({ path: name, bytes })),
    { path: 'manifest.json', bytes: found.size },
  ];
}

/**
 * Where a file of an issuance lies, for who takes it: on record, as it holds persons. Only what its manifest lists (and the
 * manifest) can be asked for, so no name leads anywhere else.
 *
 * @throws Refusal `file-unknown`
 */
export async function takeIssuanceFile(
  context: Context,
  files: string,
  issuance: Issuance,
  name: string,
): Promise<string> {
  const listed = await listIssuanceFiles(files, issuance);
  if (!listed.some((file) => file.path === name)) throw new Refusal('file-unknown', 'そのファイルはありません。');
  await context.database.transaction((tx) =>
    recordAccess(tx, issuance.insurerNumber, context.actor, 'output', `${issuance.id}/${name}`),
  );
  return path.join(outputFolder(files, issuance), name);
}
