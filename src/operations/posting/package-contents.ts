// Room: operations. What of a hand-over package depends on the kind of its issuance: certificates or notices.
import type { CardImages, PackageTable } from '../../formats/package.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { StoredBatch } from '../../ledger/printing/prints.ts';
import { takesCardImages } from '../../rules/insurer.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { Refusal } from '../context.ts';
import type { Issuance } from '../issuance.ts';

export type Cells = readonly (string | number)[];

/** What the tables say of one printed batch. */
export interface BatchRows {
  readonly rows: readonly (readonly [table: PackageTable, cells: Cells])[];
  /** Everyone about whom a table or a page says something. */
  readonly persons: readonly PersonKey[];
}

/** A PDF of the package that is no print file. */
export interface ExtraPdf {
  /** Relative to the package. */
  readonly path: string;
  readonly pages: number;
}

export interface PackageContents {
  /** Papers that are the same for everyone, relative to the output folder. */
  readonly artwork: readonly string[];
  /** Tables filled batch by batch. */
  readonly batchTables: readonly PackageTable[];
  readBatch(tx: Transaction, batch: StoredBatch): Promise<BatchRows>;
  /** The other tables but enclosures.csv; `files` = paths of the package's print files. */
  readTables(
    tx: Transaction,
    files: ReadonlySet<string>,
  ): readonly (readonly [table: PackageTable, rows: AsyncIterable<readonly Cells[]>])[];
  /** Writes what lies beside the print files below a folder. */
  writeExtras(folder: string): Promise<readonly ExtraPdf[]>;
  /** Proof sheets of these batches, set whole by Typst, one by one. */
  proofs(
    tx: Transaction,
    batchNos: readonly number[],
  ): AsyncIterable<{ readonly name: string; readonly pdf: Uint8Array; readonly pages: number }>;
}

/** @throws Refusal `package-images` where images are asked for and this issuance has none. */
export function refuseCardImages(profile: InsurerProfile, kind: Issuance['kind'], images: CardImages | null): void {
  if (images !== null && !takesCardImages(profile, kind))
    throw new Refusal('package-images', '券面の画像はカード型の資格確認書だけに作れます。');
}
