// Room: ledger. Files that came in: each once, and none older than one of its kind before it.
import type { LocalDate } from '../rules/member.ts';
import type { Transaction } from './database.ts';

export interface JobFile {
  readonly insurerNumber: string;
  /** `results`, or `hand-over` and the workplace. */
  readonly kind: string;
  readonly sha256: string;
  readonly issuanceId: number;
  readonly fileName: string;
  readonly rowCount: number;
  readonly refusedCount: number;
  /** The newest day its rows speak of; null = none could be read. */
  readonly throughOn: LocalDate | null;
  /** Who lets it in though it is older than one before, or null. */
  readonly overrideBy: string | null;
  readonly actor: string;
}

/** Notes a file as taken; false where it was taken before. Errors: 23514 `file_precedes`. */
export async function takeJobFile(tx: Transaction, file: JobFile): Promise<boolean> {
  const written = await tx.execute(
    `insert into job_file (insurer_number, kind, sha256, issuance_id, file_name, row_count, refused_count, through_on,
                           override_by, actor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      ...[file.insurerNumber, file.kind, file.sha256, file.issuanceId, file.fileName, file.rowCount],
      ...[file.refusedCount, file.throughOn, file.overrideBy, file.actor],
    ],
  );
  return written === 1;
}

/** The newest day a file of this kind has spoken of for an issuance, this very file left out; null = none has. */
export async function findNewestJobDay(
  tx: Transaction,
  file: Pick<JobFile, 'insurerNumber' | 'kind' | 'sha256' | 'issuanceId'>,
): Promise<LocalDate | null> {
  const rows = await tx.query<{ newest: LocalDate | null }>(
    `select max(through_on) as newest from job_file
      where insurer_number = $1 and kind = $2 and sha256 <> $3 and issuance_id = $4`,
    [file.insurerNumber, file.kind, file.sha256, file.issuanceId],
  );
  return rows[0]?.newest ?? null;
}
