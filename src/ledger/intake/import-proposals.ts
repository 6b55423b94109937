// Room: ledger. Files brought together to be taken in: what taking them in would change, who confirmed it, what became of it.
import type { ImportFile, ImportReport } from '../../rules/intake/import-report.ts';
import { instant } from '../core/columns.ts';
import { notifyChange } from '../core/listen.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import type { DatasetKind } from './datasets.ts';

export type ImportState = 'checking' | 'open' | 'taking-in' | 'taken-in' | 'rejected' | 'unchanged';

/** Files in use by kind, at a moment. */
export type FilesBase = Readonly<Record<DatasetKind, number | null>>;

/** A person who has confirmed the present version. */
export interface ImportConfirmation {
  readonly person: string;
  readonly personKey: string;
  readonly reason: string | null;
  /** ISO instant. */
  readonly at: string;
}

export interface ImportProposal {
  readonly id: number;
  readonly insurerNumber: string;
  readonly files: readonly ImportFile[];
  readonly skipInvalid: boolean;
  readonly state: ImportState;
  readonly version: number;
  /** Persons it needs; null = not worked out yet. */
  readonly persons: 1 | 2 | null;
  readonly needsReason: boolean | null;
  readonly base: FilesBase | null;
  readonly report: ImportReport | null;
  readonly createdBy: string;
  /** ISO instants. */
  readonly createdAt: string;
  readonly workedOutAt: string | null;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
}

const COLUMNS = `id, insurer_number as "insurerNumber", files, skip_invalid as "skipInvalid", state, version, persons,
  needs_reason as "needsReason", base, report, created_by as "createdBy", ${instant('created_at')} as "createdAt",
  ${instant('worked_out_at')} as "workedOutAt", ${instant('ended_at')} as "endedAt", ended_by as "endedBy",
  end_reason as "endReason"`;

/** Until the transaction ends, no other files of an insurer are worked out: each of them makes partitions of several tables. */
export async function lockWorkingOut(tx: Transaction, insurerNumber: string): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 5))', [`proposals ${insurerNumber}`]);
}

/** Notes files that are to be looked at together. */
export async function addImportProposal(
  tx: Transaction,
  proposal: Pick<ImportProposal, 'insurerNumber' | 'files' | 'skipInvalid' | 'createdBy'>,
): Promise<ImportProposal> {
  const { insurerNumber, files, skipInvalid, createdBy } = proposal;
  const rows = await tx.query<ImportProposal>(
    `insert into import_proposal (insurer_number, files, skip_invalid, created_by) values ($1, $2, $3, $4)
     returning ${COLUMNS}`,
    [insurerNumber, JSON.stringify(files), skipInvalid, createdBy],
  );
  await notifyChange(tx, insurerNumber, 'import');
  return rows[0]!;
}

export async function findImportProposal(
  tx: Reader,
  insurerNumber: string,
  id: number,
): Promise<ImportProposal | null> {
  const rows = await tx.query<ImportProposal>(
    `select ${COLUMNS} from import_proposal where insurer_number = $1 and id = $2`,
    [insurerNumber, id],
  );
  return rows[0] ?? null;
}

/** Waits until nobody else changes it; null where there is none. */
export async function lockImportProposal(
  tx: Transaction,
  insurerNumber: string,
  id: number,
): Promise<ImportProposal | null> {
  const rows = await tx.query<ImportProposal>(
    `select ${COLUMNS} from import_proposal where insurer_number = $1 and id = $2 for update`,
    [insurerNumber, id],
  );
  return rows[0] ?? null;
}

/** Newest first, without what is in them. */
export async function listImportProposals(
  tx: Reader,
  insurerNumber: string,
  limit: number,
): Promise<Omit<ImportProposal, 'report' | 'base'>[]> {
  return tx.query(
    `select id, insurer_number as "insurerNumber", files, skip_invalid as "skipInvalid", state, version, persons,
            needs_reason as "needsReason", created_by as "createdBy", ${instant('created_at')} as "createdAt",
            ${instant('worked_out_at')} as "workedOutAt", ${instant('ended_at')} as "endedAt", ended_by as "endedBy",
            end_reason as "endReason"
       from import_proposal where insurer_number = $1 order by id desc limit $2`,
    [insurerNumber, limit],
  );
}

/** Proposals that nobody has ended, and since when the oldest of them waits. */
export async function countOpenProposals(
  tx: Reader,
  insurerNumber: string,
): Promise<{ count: number; oldest: string | null }> {
  const rows = await tx.query<{ count: number; oldest: string | null }>(
    `select count(*)::int as count, ${instant('min(created_at)')} as oldest from import_proposal
      where insurer_number = $1 and ended_at is null`,
    [insurerNumber],
  );
  return rows[0]!;
}

/** It is to be worked out again: confirmations of the version before do not count for the next one. */
export async function reopenProposal(tx: Transaction, id: number, files: readonly ImportFile[]): Promise<void> {
  await tx.execute(`update import_proposal set state = 'checking', files = $2 where id = $1`, [
    id,
    JSON.stringify(files),
  ]);
}

/** What working it out has shown; `unchanged` = there is nothing to take in. */
export async function writeImportReport(
  tx: Transaction,
  proposal: Pick<ImportProposal, 'id' | 'insurerNumber'>,
  found: {
    readonly report: ImportReport;
    readonly base: FilesBase;
    readonly persons: 1 | 2;
    readonly needsReason: boolean;
    readonly isUnchanged: boolean;
    readonly actor: string;
  },
): Promise<void> {
  const { report, base, persons, needsReason, isUnchanged, actor } = found;
  await tx.execute(
    `update import_proposal set version = version + 1, report = $2, base = $3, persons = $4, needs_reason = $5,
            worked_out_at = now(), state = case when $6::boolean then 'unchanged' else 'open' end,
            ended_at = case when $6::boolean then now() end, ended_by = case when $6::boolean then $7::text end
      where id = $1 and state = 'checking'`,
    [proposal.id, JSON.stringify(report), JSON.stringify(base), persons, needsReason, isUnchanged, actor],
  );
  await notifyChange(tx, proposal.insurerNumber, 'import');
}

/** Who has confirmed a version, first one first. */
export async function listImportConfirmations(tx: Reader, id: number, version: number): Promise<ImportConfirmation[]> {
  return tx.query(
    `select person, person_key as "personKey", reason, ${instant('at')} as at
       from import_confirmation where proposal_id = $1 and version = $2 order by at, person_key`,
    [id, version],
  );
}

/** Errors: 23505 where the person has confirmed this version before. */
export async function addImportConfirmation(
  tx: Transaction,
  id: number,
  version: number,
  confirmation: Pick<ImportConfirmation, 'person' | 'personKey' | 'reason'> & { readonly actor: string },
): Promise<void> {
  const { person, personKey, reason, actor } = confirmation;
  await tx.execute(
    `insert into import_confirmation (proposal_id, version, person, person_key, reason, actor, at)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp())`,
    [id, version, person, personKey, reason, actor],
  );
}

/** Moves it on. Errors: 23514 `import_unconfirmed`. */
export async function moveImportProposal(
  tx: Transaction,
  proposal: Pick<ImportProposal, 'id' | 'insurerNumber'>,
  to: 'open' | 'taking-in',
): Promise<void> {
  await tx.execute('update import_proposal set state = $2 where id = $1', [proposal.id, to]);
  await notifyChange(tx, proposal.insurerNumber, 'import');
}

/** Ends it; the persons and cells its report names go, the counts stay. Errors: 23514 `import_unconfirmed`. */
export async function endImportProposal(
  tx: Transaction,
  proposal: Pick<ImportProposal, 'id' | 'insurerNumber'>,
  end: {
    readonly state: 'taken-in' | 'rejected';
    readonly report: ImportReport | null;
    readonly actor: string;
    readonly reason: string | null;
  },
): Promise<void> {
  const { state, report, actor, reason } = end;
  await tx.execute(
    `update import_proposal set state = $2, report = $3, ended_at = now(), ended_by = $4, end_reason = $5 where id = $1`,
    [proposal.id, state, report === null ? null : JSON.stringify(report), actor, reason],
  );
  await notifyChange(tx, proposal.insurerNumber, 'import');
}

/** The files in use now. */
export async function findFilesBase(tx: Reader, insurerNumber: string): Promise<FilesBase> {
  const rows = await tx.query<FilesBase>(
    `select dataset_in_use($1, 'members') as members, dataset_in_use($1, 'workplaces') as workplaces,
            dataset_in_use($1, 'enrolment') as enrolment, dataset_in_use($1, 'ratios') as ratios`,
    [insurerNumber],
  );
  return rows[0]!;
}
