// Room: operations. The hand-over package for the print and mail contractor: everything it needs and nothing of the
// decisions behind it, with a manifest it can be checked by.
import { createHash } from 'node:crypto';
import { link, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../formats/content-hash.ts';
import { TextFileWriter, csvLine } from '../formats/csv.ts';
import { encryptTo } from '../formats/encryption.ts';
import { PACKAGE_COLUMNS, recordLayout } from '../formats/package.ts';
import type { PackageFile, PackageManifest } from '../formats/package.ts';
import {
  findPieceToPrint,
  findProofPieces,
  listPrintBatches,
  listPrintFiles,
  listPrintedPieces,
  readPiecesToPrint,
} from '../ledger/prints.ts';
import type { PieceToPrint, StoredBatch } from '../ledger/prints.ts';
import type { RecipientRow } from '../ledger/recipients.ts';
import type { Transaction } from '../ledger/database.ts';
import { listPulls } from '../ledger/life.ts';
import { listLots } from '../ledger/lots.ts';
import { readPostalMaster } from '../ledger/postal.ts';
import { qrPng } from '../print/images.ts';
import { certificateBackValues, certificateFrontValues, inserterDigits } from '../print/papers.ts';
import { referencePiece } from '../print/reference.ts';
import { Templates } from '../print/template.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { isReleased } from '../rules/lots.ts';
import type { PostalMaster } from '../rules/postal.ts';
import { Refusal, throwIfStopped } from './context.ts';
import type { Context } from './context.ts';
import { barcodeOf, withCustomerBarcode } from './customer-codes.ts';
import { enclosureCounts } from './export.ts';
import type { Run } from './issuance-run.ts';
import { checkRecipients } from './recipients.ts';

export interface PackageOptions {
  /** Output folder of the issuance, where `print/` and `artwork/` lie. */
  readonly outDir: string;
  /** Where the package goes; must not exist. */
  readonly packageDir: string;
  /** age public key (`age1…`) to encrypt every file to, or null. */
  readonly recipient: string | null;
  /** One QR image a certificate, for card printers that take images by key. */
  readonly images: boolean;
  /** One lot alone; null = all. */
  readonly lotNo?: number | null;
}

/** Makes the package aside and gives it its name when it is whole. */
export async function makePackage(
  context: Context,
  run: Run,
  profile: InsurerProfile,
  options: PackageOptions,
): Promise<PackageManifest> {
  if (run.kind === 'notice')
    throw new Refusal(
      'package-kind',
      'お知らせの引き渡しパッケージは作れません。書き出し先のフォルダ（print・parcels・artwork と manifest.json）をお渡しください。',
    );
  const part = `${path.resolve(options.packageDir)}.part`;
  if (await exists(options.packageDir)) throw new Refusal('package-exists', `${options.packageDir} はすでにあります。`);
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const maker = new PackageMaker(context, run, profile, options, part);
  const manifest = await maker.make();
  await writeFile(path.join(part, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(part, options.packageDir);
  return manifest;
}

class PackageMaker {
  readonly #context: Context;
  readonly #run: Run;
  readonly #profile: InsurerProfile;
  readonly #options: PackageOptions;
  readonly #part: string;
  readonly #files: PackageFile[] = [];

  constructor(context: Context, run: Run, profile: InsurerProfile, options: PackageOptions, part: string) {
    this.#context = context;
    this.#run = run;
    this.#profile = profile;
    this.#options = options;
    this.#part = part;
  }

  async make(): Promise<PackageManifest> {
    return this.#context.database.transaction(async (tx) => {
      const { lotNo = null } = this.#options;
      const batches = (await listPrintBatches(tx, this.#run.id)).filter((b) => lotNo === null || b.lotNo === lotNo);
      if (batches.length === 0 || batches.some((batch) => !batch.isPrinted))
        throw new Refusal('not-printed', '印刷が終わっていません。先に todoke print を実行してください。');
      await this.#refuseUnreleased(tx, batches);
      const own = new Set(batches.map((batch) => batch.no));
      const printed = (await listPrintFiles(tx, this.#run.id)).filter((file) => own.has(file.batchNo));
      this.#context.progress.begin('引き渡しパッケージ', printed.length, 'ファイル');
      for (const [i, file] of printed.entries()) {
        await this.#takePrintFile(file);
        this.#context.progress.reach(i + 1);
      }
      for (const name of await this.#artwork()) await this.#add(name, { pages: 1 });
      await this.#tables(tx, batches);
      await this.#enclosures(printed);
      await this.#pulls(tx, printed);
      await this.#text('record-layout.md', recordLayout());
      await this.#proofs(tx, [...own]);
      this.#context.progress.end();
      return this.#manifest(printed);
    });
  }

  /** The contractor gets nothing to print that two persons have not released. */
  async #refuseUnreleased(tx: Transaction, batches: readonly StoredBatch[]): Promise<void> {
    const own = new Set(batches.map((batch) => batch.lotNo));
    const waiting = (await listLots(tx, this.#run.id)).filter(
      (lot) => own.has(lot.no) && !isReleased(lot.confirmations, 'print'),
    );
    if (waiting.length === 0) return;
    const names = waiting.map((lot) => `ロット${lot.no}`).join('、');
    throw new Refusal(
      'lot-unreleased',
      `${names} は印刷の承認（二人の確認）が済んでいません。todoke lot confirm --step 印刷 で確認してください。`,
    );
  }

  #manifest(printed: Awaited<ReturnType<typeof listPrintFiles>>): PackageManifest {
    const letters = printed.filter((file) => file.paper === 'letters');
    const sum = (key: 'mailpieceCount' | 'certificateCount'): number =>
      letters.reduce((total, file) => total + file[key], 0);
    const [pieces, certificates] = [sum('mailpieceCount'), sum('certificateCount')];
    return {
      format: 'todoke-package',
      version: 1,
      insurerNumber: this.#profile.insurer.number,
      issuance: {
        id: this.#run.id,
        name: this.#run.name,
        issuedOn: this.#run.issuedOn,
        referenceOn: this.#run.referenceOn,
      },
      recipient: this.#options.recipient,
      files: this.#files,
      totals: {
        pieces,
        certificates,
        pages: printed.reduce((total, file) => total + file.pageCount, 0),
        enclosures: enclosureCounts(this.#profile, pieces, certificates),
      },
    };
  }

  async #takePrintFile(file: Awaited<ReturnType<typeof listPrintFiles>>[number]): Promise<void> {
    throwIfStopped(this.#context);
    const from = path.join(this.#options.outDir, file.path);
    if (!(await exists(from)) || (await hashFile(from)) !== file.sha256)
      throw new Refusal('print-file-differs', `${file.path} が記録と違います。todoke print で作り直してください。`);
    await this.#take(file.path);
    await this.#add(file.path, {
      pages: file.pageCount,
      pieces: file.mailpieceCount,
      certificates: file.certificateCount,
    });
  }

  async #artwork(): Promise<string[]> {
    const names = ['artwork/flyer.pdf', ...(this.#profile.form.kind === 'card' ? ['artwork/privacy-seal.pdf'] : [])];
    for (const name of names) await this.#take(name);
    return names;
  }

  /** A link where the file system allows one: print files are large. */
  async #take(name: string): Promise<void> {
    const [from, to] = [path.join(this.#options.outDir, name), path.join(this.#part, name)];
    await mkdir(path.dirname(to), { recursive: true });
    await link(from, to).catch(() => copyFile(from, to));
  }

  async #tables(tx: Transaction, batches: readonly StoredBatch[]): Promise<void> {
    const mailpieces = await this.#table('mailpieces.csv');
    const cards = this.#profile.form.kind === 'card' ? await this.#table('personalisation.csv') : null;
    const master = await readPostalMaster(tx, this.#run.id);
    let rows = 0;
    let cardRows = 0;
    for (const batch of batches) {
      throwIfStopped(this.#context);
      const handed: RecipientRow[] = [];
      const pages = new Map((await listPrintedPieces(tx, this.#run.id, batch.no)).map((p) => [p.mailpieceNumber, p]));
      for (const piece of await readPiecesToPrint(tx, this.#run, batch)) {
        const at = pages.get(piece.mailpieceNumber);
        if (!at) continue;
        rows += 1;
        handed.push(...piece.certificates.map((c) => ({ recipient: '', ...c })));
        await mailpieces.write(
          csvLine(mailpieceCells(piece, master, batch.no, at.letterPage, at.certificatePage ?? 0)),
        );
        cardRows += piece.certificates.length;
        await cards?.write(personalisationLines(piece, this.#profile));
        if (this.#options.images) await this.#images(piece);
      }
      await checkRecipients(tx, this.#run.insurerNumber, 'contractor', 'mailpieces.csv', handed);
    }
    await mailpieces.finish();
    await this.#add('mailpieces.csv', { rows });
    await cards?.finish();
    if (cards) await this.#add('personalisation.csv', { rows: cardRows });
  }

  async #images(piece: PieceToPrint): Promise<void> {
    for (const { certificateNumber } of piece.certificates) {
      // A folder a thousand: card printers and file systems dislike millions in one.
      const name = `images/${certificateNumber.slice(0, 10)}/${certificateNumber}.png`;
      await mkdir(path.dirname(path.join(this.#part, name)), { recursive: true });
      await writeFile(path.join(this.#part, name), qrPng(certificateNumber));
      await this.#add(name, {});
    }
  }

  async #enclosures(printed: Awaited<ReturnType<typeof listPrintFiles>>): Promise<void> {
    const writer = await this.#table('enclosures.csv');
    let rows = 0;
    for (const file of printed.filter((f) => f.paper === 'letters')) {
      for (const e of enclosureCounts(this.#profile, file.mailpieceCount, file.certificateCount)) {
        rows += 1;
        await writer.write(csvLine([file.path, e.name, e.count]));
      }
    }
    await writer.finish();
    await this.#add('enclosures.csv', { rows });
  }

  /** What was withdrawn after printing: taken out by hand before posting. */
  async #pulls(tx: Transaction, printed: Awaited<ReturnType<typeof listPrintFiles>>): Promise<void> {
    const writer = await this.#table('pull-list.csv');
    const files = new Set(printed.map((file) => file.path));
    const pulls = (await listPulls(tx, this.#run.id)).filter((pull) => files.has(pull.file));
    for (const p of pulls)
      await writer.write(csvLine([p.mailpieceNumber, p.certificateNumber, p.position, p.file, p.page]));
    await writer.finish();
    await this.#add('pull-list.csv', { rows: pulls.length });
  }

  /** Proof sheets, set whole by Typst: first, last, longest, largest household. */
  async #proofs(tx: Transaction, batchNos: readonly number[]): Promise<void> {
    const templates = new Templates(this.#profile, this.#profile.print.fonts);
    const master = await readPostalMaster(tx, this.#run.id);
    await mkdir(path.join(this.#part, 'proofs'), { recursive: true });
    for (const [kind, number] of Object.entries(await findProofPieces(tx, this.#run.id, batchNos))) {
      const found = await findPieceToPrint(tx, this.#run, number);
      if (!found) throw new Error(`no batch holds the proof ${kind}`);
      const { piece, batchNo } = found;
      const papers = referencePiece(templates, withCustomerBarcode(piece, master), this.#profile, batchNo);
      for (const [paper, pdf] of Object.entries(papers)) {
        const name = `proofs/${kind}-${paper}.pdf`;
        await writeFile(path.join(this.#part, name), pdf);
        await this.#add(name, { pages: paper === 'letter' ? 1 : piece.certificates.length });
      }
    }
  }

  async #table(name: keyof typeof PACKAGE_COLUMNS): Promise<TextFileWriter> {
    const writer = await TextFileWriter.create(path.join(this.#part, name));
    await writer.write(csvLine(PACKAGE_COLUMNS[name].map(([column]) => column)));
    return writer;
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

function mailpieceCells(
  piece: PieceToPrint,
  master: PostalMaster | null,
  batchNo: number,
  letterPage: number,
  certificatePage: number,
): (string | number)[] {
  const batch = String(batchNo).padStart(5, '0');
  const barcode = barcodeOf(piece.address, master);
  return [
    piece.mailpieceNumber,
    piece.route,
    piece.sequence,
    piece.sequenceCount,
    piece.certificates.length,
    piece.address?.postalCode ?? '',
    barcode?.characters ?? '',
    `print/${batch}-letters.pdf`,
    letterPage,
    `print/${batch}-certificates.pdf`,
    certificatePage,
    inserterDigits(withCustomerBarcode(piece, master), batchNo),
  ];
}

function personalisationLines(piece: PieceToPrint, profile: InsurerProfile): string {
  return piece.certificates
    .map((certificate, i) => {
      const v = certificateFrontValues(certificate, profile, piece.workplace?.branchCode ?? '');
      const face = ['symbol', 'number', 'subNumber', 'kana', 'name', 'insuredName', 'bornOn', 'sex', 'relation'];
      const rest = ['acquiredOn', 'issuedOn', 'validThrough', 'insurerNumber', 'insurerName', 'insurerAddress'];
      const values = [...face, ...rest].map((name) => v[name] ?? '');
      const { remarks = '' } = certificateBackValues(certificate);
      return csvLine([certificate.certificateNumber, piece.mailpieceNumber, i + 1, ...values, remarks]);
    })
    .join('');
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
