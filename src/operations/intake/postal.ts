// Room: operations. Takes Japan Post's postal data in; the same files twice change nothing.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PostalFileFault, readPostalDistricts, readPostalOffices } from '../../formats/postal.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { findPostalEdition, writePostalEdition } from '../../ledger/intake/postal.ts';
import type { PostalEdition } from '../../ledger/intake/postal.ts';
import type { PostalDistrict, PostalOffice } from '../../rules/words/postal.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';

/** Imports utf_ken_all.csv and, where given, JIGYOSYO.CSV as one edition. */
export async function importPostal(
  context: Context,
  files: { readonly districts: string; readonly offices: string | null },
): Promise<PostalEdition & { readonly existed: boolean }> {
  const hash = createHash('sha256').update(await readFile(files.districts));
  if (files.offices !== null) hash.update('\n').update(await readFile(files.offices));
  const sha256 = hash.digest('hex');
  const known = await context.database.transaction((tx) => findPostalEdition(tx, sha256));
  if (known) return { ...known, existed: true };
  const districts = await collect<PostalDistrict>(files.districts, readPostalDistricts(files.districts));
  const offices =
    files.offices === null ? [] : await collect<PostalOffice>(files.offices, readPostalOffices(files.offices));
  if (districts.length === 0) throw new Refusal('invalid-rows', `${path.basename(files.districts)}: 行がありません。`);
  // An office's code may stand in several rows (a firm with several names): one is enough.
  const byCode = [...new Map(offices.map((office) => [office.postalCode, office])).values()];
  const edition = await context.database.transaction(async (tx) => {
    const written = await writePostalEdition(tx, sha256, districts, byCode);
    await writeJournal(tx, context.actor, 'import-postal', null, {
      districts: written.districtCount,
      offices: written.officeCount,
    });
    return written;
  });
  return { ...edition, existed: false };
}

async function collect<T>(file: string, batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const rows: T[] = [];
  try {
    for await (const batch of batches) for (const row of batch) rows.push(row);
  } catch (error) {
    if (error instanceof PostalFileFault) throw new Refusal('invalid-rows', `${path.basename(file)} ${error.message}`);
    throw error;
  }
  return rows;
}
