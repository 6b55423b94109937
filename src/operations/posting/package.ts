// Room: operations. The hand-over package for the print and mail contractor: everything it needs and nothing of the
// decisions behind it, with a manifest it can be checked by.
import { postingOf } from './kinds.ts';
import { createHash } from 'node:crypto';
import { link, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../formats/content-hash.ts';
import { TextFileWriter, csvLine } from '../../formats/csv.ts';
import { encryptTo } from '../../formats/encryption.ts';
import { packageColumns, recordLayout } from '../../formats/package.ts';
import type { CardImages, PackageFile, PackageManifest, PackageTable } from '../../formats/package.ts';
import { readZip } from '../../formats/zip.ts';
import { listPrintBatches, listPrintFiles } from '../../ledger/printing/prints.ts';
import type { StoredBatch } from '../../ledger/printing/prints.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { listHandedLots, takeJobFile } from '../../ledger/posting/job-files.ts';
import { listLots } from '../../ledger/posting/lots.ts';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { isApproved, isOfTheseFiles } from '../../rules/posting/lots.ts';
import { SEAL_IMAGE, cardArchive } from '../printing/card-images.ts';
import { refuseCancelled } from '../issuing/plan.ts';
import { refetchAll } from './ask-again.ts';
import type { AskedAgain } from './news.ts';
import { Refusal, overrideCounts, throwIfStopped } from '../context.ts';
import type { Context, Override } from '../context.ts';
import { isMainPaper } from './export.ts';
import type { Issuance } from '../issuance.ts';
import { refuseCardImages } from './package-contents.ts';
import type { Cells, PackageContents } from './package-contents.ts';
import { checkRecipients } from './recipients.ts';

type PrintFileRow = Awaited<ReturnType<typeof listPrintFiles>>[number];

export interface PackageOptions {
  /** Output folder of the issuance, where `print/` and `artwork/` lie. */
  readonly outDir: string;
  /** Where the package goes; must not exist. */
  readonly packageDir: string;
  /** age public key (`age1…`) to encrypt every file to, or null. */
  readonly recipient: string | null;
  /** Images for card printers that take them by key. */
  readonly cardImages: CardImages | null;
  /** One lot alone; null = all. */
  readonly lotNo?: number | null;
  /** The person who lets a lot be handed over once more. */
  readonly override?: Override | null;
}

/** A package, and what the newest files and filings said before it was made. */
export interface MadePackage {
  readonly manifest: PackageManifest;
  readonly askedAgain: AskedAgain;
}

/**
 * Asks the newest files and filings once more (papers of persons who have lost eligibility are pulled out and on the pull list),
 * makes the package aside and gives it its name when it is whole.
 */
export async function makePackage(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  options: PackageOptions,
): Promise<MadePackage> {
  refuseCardImages(profile, issuance.kind, options.cardImages);
  const part = `${path.resolve(options.packageDir)}.part`;
  await refuseCancelled(context, issuance);
  if (await exists(options.packageDir)) throw new Refusal('package-exists', `${options.packageDir} はすでにあります。`);
  const askedAgain = await refetchAll(context, issuance, profile, options.lotNo ?? null);
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const maker = new PackageMaker(context, issuance, profile, options, part);
  try {
    const manifest = await maker.make();
    await writeFile(path.join(part, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await context.database.transaction(async (tx) => {
      await maker.noteHandOver(tx, manifest);
      await rename(part, options.packageDir);
    });
    return { manifest, askedAgain };
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** A table on its way into the package. */
class Table {
  readonly name: PackageTable;
  readonly writer: TextFileWriter;
  rowCount = 0;

  constructor(name: PackageTable, writer: TextFileWriter) {
    this.name = name;
    this.writer = writer;
  }

  write(cells: Cells): Promise<void> {
    this.rowCount += 1;
    return this.writer.write(csvLine(cells));
  }
}

class PackageMaker {
  readonly #context: Context;
  readonly #issuance: Issuance;
  readonly #profile: InsurerProfile;
  readonly #options: PackageOptions;
  readonly #part: string;
  readonly #files: PackageFile[] = [];
  readonly #rows = new Map<PackageTable, number>();
  /** What is handed over, and how often it was before. */
  #lots: readonly { readonly no: number; readonly times: number }[] = [];

  constructor(context: Context, issuance: Issuance, profile: InsurerProfile, options: PackageOptions, part: string) {
    this.#context = context;
    this.#issuance = issuance;
    this.#profile = profile;
    this.#options = options;
    this.#part = part;
  }

  async make(): Promise<PackageManifest> {
    postingOf(this.#issuance).specification(this.#profile);
    await this.#drawImages();
    return this.#context.database.transaction(async (tx) => {
      const { batches, printed } = await this.#plan(tx);
      const contents = await postingOf(this.#issuance).packageContents(
        this.#context,
        this.#profile,
        await readPostalMaster(tx, this.#issuance.id),
        this.#options.cardImages,
      );
      this.#context.progress.begin('引き渡しパッケージ', printed.length, 'ファイル');
      for (const [i, file] of printed.entries()) {
        await this.#takePrintFile(file);
        this.#context.progress.reach(i + 1);
      }
      for (const name of contents.artwork) {
        await this.#take(name);
        await this.#add(name, { pages: 1 });
      }
      for (const { path: name, pages } of await contents.writeExtras(this.#part)) await this.#add(name, { pages });
      await this.#batchTables(tx, contents, batches);
      await this.#takeImages(batches);
      for (const [name, rows] of contents.readTables(tx, new Set(printed.map((file) => file.path))))
        await this.#table(name, rows);
      await this.#table('enclosures.csv', [this.#enclosures(printed)]);
      await this.#text(
        'record-layout.md',
        recordLayout(this.#issuance.kind, postingOf(this.#issuance).specification(this.#profile)),
      );
      await mkdir(path.join(this.#part, 'proofs'), { recursive: true });
      for await (const { name, pdf, pages } of contents.proofs(
        tx,
        batches.map((batch) => batch.no),
      )) {
        await writeFile(path.join(this.#part, `proofs/${name}.pdf`), pdf);
        await this.#add(`proofs/${name}.pdf`, { pages });
      }
      this.#context.progress.end();
      return this.#manifest(printed);
    });
  }

  /** What is handed over: batches that are printed and released, and their files. */
  async #plan(tx: Transaction): Promise<{ batches: StoredBatch[]; printed: PrintFileRow[] }> {
    const { lotNo = null } = this.#options;
    const batches = (await listPrintBatches(tx, this.#issuance.id)).filter((b) => lotNo === null || b.lotNo === lotNo);
    if (batches.length === 0 || batches.some((batch) => !batch.isPrinted))
      throw new Refusal('not-printed', '印刷ファイルができていません。先に印刷ファイルを作ってください。');
    await this.#refuseUnreleased(tx, batches);
    await this.#refuseRepeated(tx, batches);
    const own = new Set(batches.map((batch) => batch.no));
    return { batches, printed: (await listPrintFiles(tx, this.#issuance.id)).filter((file) => own.has(file.batchNo)) };
  }

  /** Ahead of the transaction: drawing every card takes far longer than all the rest. */
  async #drawImages(): Promise<void> {
    const { cardImages: kind, outDir } = this.#options;
    if (kind === null) return;
    const { batches, printed } = await this.#context.database.transaction((tx) => this.#plan(tx));
    const files = printed.filter((file) => file.paper === 'certificates');
    await postingOf(this.#issuance).drawCardImages(this.#context, this.#profile, { kind, outDir, batches, files });
  }

  async #takeImages(batches: readonly StoredBatch[]): Promise<void> {
    if (this.#options.cardImages === null) return;
    await this.#take(SEAL_IMAGE);
    await this.#add(SEAL_IMAGE, {});
    for (const name of batches.map((batch) => cardArchive(batch.no))) {
      // A batch of held pieces alone has none.
      if (!(await exists(path.join(this.#options.outDir, name)))) continue;
      throwIfStopped(this.#context);
      await this.#take(name);
      await this.#add(name, { images: (await readZip(path.join(this.#part, name)))?.names.length ?? 0 });
    }
  }

  /** The contractor gets nothing to print that two persons have not released, nor other files than they approved. */
  async #refuseUnreleased(tx: Transaction, batches: readonly StoredBatch[]): Promise<void> {
    const own = new Set(batches.map((batch) => batch.lotNo));
    const lots = (await listLots(tx, this.#issuance.id)).filter((lot) => own.has(lot.no));
    const changed = lots.find((lot) => !isOfTheseFiles(lot.confirmations, 'print', lot.filesSha256));
    if (changed)
      throw new Refusal(
        'approval-changed',
        `ロット${changed.no} の印刷ファイルは、二人が承認したときと違います。印刷の承認を取り消し、もう一度承認してください。`,
      );
    const waiting = lots.filter((lot) => !isApproved(lot.confirmations, 'print'));
    if (waiting.length === 0) return;
    const names = waiting.map((lot) => `ロット${lot.no}`).join('、');
    throw new Refusal(
      'lot-unapproved',
      `${names} は印刷の承認（二人の確認）が済んでいません。二人がそれぞれ確認すると、引き渡せます。`,
    );
  }

  /** Each lot is handed over once: a contractor that receives it twice could print it twice. */
  async #refuseRepeated(tx: Transaction, batches: readonly StoredBatch[]): Promise<void> {
    const own = new Set(batches.map((batch) => batch.lotNo));
    const before = await listHandedLots(tx, this.#issuance.insurerNumber, this.#issuance.id);
    const again = before.filter((lot) => own.has(lot.lotNo));
    this.#lots = [...own].map((no) => ({ no, times: again.find((lot) => lot.lotNo === no)?.times ?? 0 }));
    if (again.length === 0 || this.#options.override) return;
    const alreadyHandedOver = again.map((lot) => `ロット${lot.lotNo}（${lot.takenOn}　${lot.fileName}）`).join('、');
    throw new Refusal(
      'package-repeats',
      `${alreadyHandedOver} は引き渡し済みです。二度刷られるおそれがあるため、引き渡しを作りませんでした。`,
    );
  }

  /** Records which lots are handed over with this package. */
  async noteHandOver(tx: Transaction, manifest: PackageManifest): Promise<void> {
    await writeJournal(tx, this.#context.actor, 'package', this.#issuance, {
      lots: this.#lots.length,
      pieces: manifest.totals.pieces,
      ...overrideCounts(this.#options.override),
    });
    const fileName = path.basename(path.resolve(this.#options.packageDir));
    for (const { no, times } of this.#lots) {
      const sha256 = createHash('sha256')
        .update(JSON.stringify([manifest, fileName, times]))
        .digest('hex');
      await takeJobFile(tx, {
        insurerNumber: this.#issuance.insurerNumber,
        issuanceId: this.#issuance.id,
        kind: `package ${no}`,
        sha256,
        fileName,
        rowCount: manifest.totals.pieces,
        refusedCount: 0,
        throughOn: null,
        override: this.#options.override ?? null,
        actor: this.#context.actor,
      });
    }
  }

  #manifest(printed: readonly PrintFileRow[]): PackageManifest {
    const sum = (of: readonly PrintFileRow[], key: 'mailpieceCount' | 'certificateCount' | 'pageCount'): number =>
      of.reduce((total, file) => total + file[key], 0);
    const main = printed.filter((file) => isMainPaper(file.paper));
    const [pieces, papers] = [sum(main, 'mailpieceCount'), sum(main, 'certificateCount')];
    const { id, kind, name, issuedOn, referenceOn } = this.#issuance;
    const posting = postingOf(this.#issuance);
    return {
      format: 'todoke-package',
      version: 1,
      insurerNumber: this.#profile.insurer.number,
      issuance: { id, kind, name, issuedOn, referenceOn },
      recipient: this.#options.recipient,
      specification: postingOf(this.#issuance).specification(this.#profile),
      files: this.#files,
      totals: {
        pieces,
        ...posting.countInPackage(papers),
        requestForms: sum(
          printed.filter((file) => file.paper === 'request-forms'),
          'pageCount',
        ),
        parcels: this.#rows.get('parcels.csv') ?? 0,
        pages: sum(printed, 'pageCount'),
        enclosures: posting.enclosures(this.#profile, pieces, papers),
      },
    };
  }

  async #takePrintFile(file: PrintFileRow): Promise<void> {
    throwIfStopped(this.#context);
    const from = path.join(this.#options.outDir, file.path);
    if (!(await exists(from)) || (await hashFile(from)) !== file.sha256)
      throw new Refusal('print-file-differs', `${file.path} が記録と違います。印刷ファイルを作り直してください。`);
    await this.#take(file.path);
    const { pageCount: pages, mailpieceCount: pieces, certificateCount } = file;
    await this.#add(file.path, { pages, pieces, ...postingOf(this.#issuance).countInFile(certificateCount) });
  }

  /** A link where the file system allows one: print files are large. */
  async #take(name: string): Promise<void> {
    const [from, to] = [path.join(this.#options.outDir, name), path.join(this.#part, name)];
    await mkdir(path.dirname(to), { recursive: true });
    await link(from, to).catch(() => copyFile(from, to));
  }

  async #batchTables(tx: Transaction, contents: PackageContents, batches: readonly StoredBatch[]): Promise<void> {
    const open = new Map<PackageTable, Table>();
    for (const name of contents.batchTables) open.set(name, await this.#open(name));
    for (const batch of batches) {
      throwIfStopped(this.#context);
      const { rows, persons } = await contents.readBatch(tx, batch);
      const handed = persons.map((person) => ({ recipient: '', ...person }));
      await checkRecipients(tx, this.#issuance, 'contractor', 'mailpieces.csv', handed);
      for (const [name, cells] of rows) await open.get(name)!.write(cells);
    }
    for (const table of open.values()) await this.#close(table);
  }

  #enclosures(printed: readonly PrintFileRow[]): Cells[] {
    return printed
      .filter((file) => isMainPaper(file.paper))
      .flatMap((file) =>
        postingOf(this.#issuance)
          .enclosures(this.#profile, file.mailpieceCount, file.certificateCount)
          .map((e): Cells => [file.path, e.name, e.count]),
      );
  }

  async #table(
    name: PackageTable,
    batches: AsyncIterable<readonly Cells[]> | Iterable<readonly Cells[]>,
  ): Promise<void> {
    const table = await this.#open(name);
    for await (const rows of batches) for (const cells of rows) await table.write(cells);
    await this.#close(table);
  }

  async #open(name: PackageTable): Promise<Table> {
    const writer = await TextFileWriter.create(path.join(this.#part, name));
    await writer.write(csvLine(packageColumns(this.#issuance.kind, name)));
    return new Table(name, writer);
  }

  async #close({ name, writer, rowCount }: Table): Promise<void> {
    await writer.finish();
    this.#rows.set(name, rowCount);
    await this.#add(name, { rows: rowCount });
  }

  async #text(name: string, text: string): Promise<void> {
    await writeFile(path.join(this.#part, name), text);
    await this.#add(name, {});
  }

  /** Enters a file that is in its place, encrypted where a recipient is given. */
  async #add(name: string, counts: Omit<PackageFile, 'path' | 'bytes' | 'sha256'>): Promise<void> {
    const file = path.join(this.#part, name);
    const { recipient } = this.#options;
    if (recipient === null) {
      this.#files.push({ path: name, bytes: (await stat(file)).size, sha256: await hashFile(file), ...counts });
      return;
    }
    const plain = await readFile(file);
    const encrypted = await encryptTo(recipient, plain);
    await rm(file);
    await writeFile(`${file}.age`, encrypted);
    this.#files.push({
      path: `${name}.age`,
      bytes: encrypted.length,
      sha256: sha256(encrypted),
      plainSha256: sha256(plain),
      ...counts,
    });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
