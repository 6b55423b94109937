// Room: operations. Takes an intake file in: whole or not at all, the same file once, every bad row in an error file.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../formats/content-hash.ts';
import { IntakeFault } from '../../formats/intake.ts';
import { findLatestDataset, lockFilesInUse, storeDataset } from '../../ledger/intake/datasets.ts';
import type { Dataset, StoredDataset } from '../../ledger/intake/datasets.ts';
import { countRespelled } from '../../ledger/intake/fits.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { overrideCounts } from '../context.ts';
import type { Context } from '../context.ts';
import { FileReading, readingOf } from './file-reading.ts';
import type { ImportOptions } from './file-reading.ts';
import { fileStops } from './file-stops.ts';

export type { ImportOptions } from './file-reading.ts';

export interface ImportResult {
  readonly dataset: Dataset;
  /** The same file was stored before; nothing changed. */
  readonly existed: boolean;
  /** Of a file that was stored before: the one that came after it and is in use, or null. */
  readonly inUse: string | null;
  readonly unknownColumns: readonly string[];
  /** How the file was read where it was not as it should be. */
  readonly notes: readonly string[];
  /** Where the bad rows are listed, or null where there are none. */
  readonly errorsPath: string | null;
}

/**
 * Imports one file.
 *
 * @throws Refusal where the file or any of its rows is at fault (unless `skipInvalid`), or where it stops; nothing is stored then.
 */
export async function importFile(
  context: Context,
  profile: InsurerProfile,
  options: ImportOptions,
): Promise<ImportResult> {
  return context.database.transaction(async (tx) => {
    await lockFilesInUse(tx, profile.insurer.number);
    return importInto(tx, context, profile, options);
  });
}

/** The same in a transaction of the caller, which has locked the files in use and fails with it. */
export async function importInto(
  tx: Transaction,
  context: Context,
  profile: InsurerProfile,
  options: ImportOptions,
): Promise<ImportResult> {
  const reading = new FileReading(context, profile, options);
  const { number: insurerNumber } = profile.insurer;
  const stored = await storeFile(tx, context, profile, options, reading);
  const { dataset, existed } = stored;
  if (!existed) {
    const [stop] = options.override ? [] : await stopsOf(tx, profile, stored, reading, options.rows ?? null);
    if (stop) throw stop;
    const { id, rowCount, rejectedCount } = dataset;
    const counts = { dataset: id, rows: rowCount, rejected: rejectedCount, ...overrideCounts(options.override) };
    await writeJournal(tx, context.actor, `import-${options.kind}`, { insurerNumber, id: null }, counts);
    // A list from an earlier try would speak of rows that are no longer at fault.
    if (reading.finishedErrors === null) await rm(reading.errorsPath, { force: true });
  }
  const newest = await findLatestDataset(tx, insurerNumber, options.kind);
  const inUse = newest && newest.id !== dataset.id ? newest.fileName : null;
  const { unknownColumns, notes } = reading;
  return { dataset, existed, inUse, unknownColumns, notes, errorsPath: reading.finishedErrors };
}

/** Why a stored file stops unless a named person lets it in. */
export async function stopsOf(
  tx: Transaction,
  profile: InsurerProfile,
  { dataset, before }: Pick<StoredDataset, 'dataset' | 'before'>,
  reading: FileReading,
  rows: number | null,
): Promise<ReturnType<typeof fileStops>> {
  const respelled = before && dataset.kind === 'members' ? await countRespelled(tx, dataset.id, before.id) : 0;
  return fileStops(profile, dataset, before, { rows, said: reading.controlTotal, respelled });
}

/**
 * Reads a file into the ledger and counts nothing as in order yet: whether it stops is for the caller to ask.
 *
 * @throws Refusal where the file or a row is at fault
 */
export async function storeFile(
  tx: Transaction,
  context: Context,
  profile: InsurerProfile,
  options: ImportOptions,
  reading: FileReading,
): Promise<StoredDataset> {
  const fileName = path.basename(options.path);
  try {
    const sha256 = await hashFile(options.path).catch(() => {
      throw new IntakeFault('no-file', 'ファイルがありません。');
    });
    const stored = await storeDataset(
      tx,
      {
        insurerNumber: profile.insurer.number,
        insurerName: profile.insurer.name,
        kind: options.kind,
        sha256,
        reading: await readingOf(profile, options),
        asOf: options.asOf,
        fileName,
        actor: context.actor,
        override: options.override ?? null,
      },
      options.skipInvalid ? 'keep-first' : 'refuse',
      () => reading.content(),
    );
    await reading.reportDuplicates(stored.dropped);
    await reading.finishErrors();
    return stored;
  } catch (error) {
    throw await reading.asRefusal(error, fileName);
  } finally {
    context.progress.end();
  }
}
