// Room: ledger. Files that came in or went out: each once, and none older than one of its kind before it.
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Reader, Transaction } from '../core/pool.ts';

export interface JobFile {
  readonly insurerNumber: string;
  /** `results`, `hand-over` and the workplace, or `package` and the lot. */
  readonly kind: string;
  readonly sha256: string;
  readonly issuanceId: number;
  readonly fileName: string;
  readonly rowCount: number;
  readonly refusedCount: number;
  /** The newest day its rows speak of; null = none could be read. */
  readonly throughOn: LocalDate | null;
  /** The person who lets it in or out though it is older than one before or goes again, or null. */
  readonly override: { readonly person: string; readonly reason: string } | null;
  readonly actor: string;
}

/** Notes a file as taken; false where it was taken before. Errors: 23514 `file_precedes`. */
export async function takeJobFile(tx: Transaction, file: JobFile): Promise<boolean> {
  const written = await tx.execute(
    `insert into job_file (insurer_number, kind, sha256, issuance_id, file_name, row_count, refused_count, through_on,
                           override_by, override_reason, actor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
    [
      file.insurerNumber,
      file.kind,
      file.sha256,
      file.issuanceId,
      file.fileName,
      file.rowCount,
      file.refusedCount,
      file.throughOn,
      file.override?.person ?? null,
      file.override?.reason ?? null,
      file.actor,
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

/** Lots of an issuance that were handed over to the contractor, the last time each. */
export async function listHandedLots(
  tx: Reader,
  insurerNumber: string,
  issuanceId: number,
): Promise<{ lotNo: number; times: number; fileName: string; takenOn: LocalDate }[]> {
  return tx.query(
    `select split_part(kind, ' ', 2)::int as "lotNo", count(*)::int as times,
            (array_agg(file_name order by taken_at desc))[1] as "fileName",
            (max(taken_at) at time zone 'Asia/Tokyo')::date as "takenOn"
       from job_file where insurer_number = $1 and issuance_id = $2 and kind ~ '^package [0-9]+$'
      group by kind order by 1`,
    [insurerNumber, issuanceId],
  );
}
