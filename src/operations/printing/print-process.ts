// Room: operations. A process that prints batches: it reads their pieces, stamps and reads back the files, and records
// the batch. It has its own connections and fonts; only small messages pass between it and its parent.
import type { ProcessInput } from './print-work.ts';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from '../../ledger/core/pool.ts';
import type { Database } from '../../ledger/core/pool.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import type { IssuanceKind } from '../../rules/papers/kinds.ts';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import { listPrintFiles, readPiecesToPrint, recordPrintedBatch } from '../../ledger/printing/prints.ts';
import type { PrintResult, StoredBatch } from '../../ledger/printing/prints.ts';
import { hashOfPapers, printBatch } from '../../print/batch.ts';
import { FontStack } from '../../print/fonts.ts';
import { printNotices } from '../../print/notice-batch.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import { Refusal } from '../context.ts';
import { withCustomerBarcode } from './customer-codes.ts';
import { reportOf, serveProcess } from './processes.ts';
import type { ProcessReport } from './processes.ts';
import { readNoticesForPaper } from './read-notices.ts';

let data: ProcessInput;
let stack: FontStack;
/** Read once a process. */
let postal: Promise<PostalMaster | null> | null = null;

serveProcess((given: ProcessInput) => {
  data = given;
  stack = new FontStack(data.profile.print.fonts);
  const database = openDatabase(data.connection, 2);
  return { work: (batch: StoredBatch) => work(database, batch), close: () => database.close() };
});

async function work(db: Database, batch: StoredBatch): Promise<ProcessReport> {
  try {
    await db.transaction(async (lock) => {
      // A process of a command that was killed may still be printing: two never write the same files at once.
      await lock.execute('select pg_advisory_xact_lock($1, $2)', [data.issuance.id, batch.no]);
      await printOne(db, batch);
    });
    return {};
  } catch (error) {
    return reportOf(error, `印刷単位${batch.no}`);
  }
}

async function printOne(db: Database, batch: StoredBatch): Promise<void> {
  const master = await (postal ??= db.transaction((tx) => readPostalMaster(tx, data.issuance.id)));
  const result = await ('papers' in data
    ? printCertificates(db, data, batch, master)
    : printNoticeBatch(db, data, batch, master));
  await db.transaction(async (tx) => {
    if (await recordPrintedBatch(tx, data.issuance, batch.no, result)) {
      await writeJournal(tx, data.actor, 'print', data.issuance, {
        batch: batch.no,
        mailpieces: result.printed.length,
        held: new Set(result.held.map((held) => held.mailpieceNumber)).size,
      });
    } else
      await assertSame(
        result,
        (await listPrintFiles(tx, data.issuance.id)).filter((file) => file.batchNo === batch.no),
      );
  });
}

type Work<Kind extends IssuanceKind> = Extract<ProcessInput, { issuance: { kind: Kind } }>;

async function printCertificates(
  db: Database,
  { issuance, papers: all, profile, outDir }: Work<'certificate'>,
  batch: StoredBatch,
  master: PostalMaster | null,
): Promise<PrintResult> {
  const papers = papersOf(all, batch.route);
  const read = await db.transaction((tx) => readPiecesToPrint(tx, issuance, batch));
  const pieces = read.map((piece) => withCustomerBarcode(piece, master));
  const templateSha256 = hashOfPapers(papers);
  return { templateSha256, ...printBatch({ no: batch.no, pieces, papers, profile, stack, outDir }) };
}

async function printNoticeBatch(
  db: Database,
  { issuance, noticePapers, profile, outDir, digitsKey, actor }: Work<'notice'>,
  batch: StoredBatch,
  master: PostalMaster | null,
): Promise<PrintResult> {
  const papers = papersOf(noticePapers, batch.route);
  const pieces = await db.transaction((tx) =>
    readNoticesForPaper(tx, issuance, batch, { digitsKey, actor, purpose: 'print', master }),
  );
  const templateSha256 = papers.notice.sheet.sha256 + papers.form.sheet.sha256;
  return { templateSha256, ...printNotices({ no: batch.no, pieces, papers, profile, stack, outDir }) };
}

function papersOf<Papers>(papers: Partial<Record<Route, Papers>>, route: Route): Papers {
  const found = papers[route];
  if (!found) throw new Error(`no papers for the route ${route}`);
  return found;
}

/** A batch printed before must come out the same, or the recorded hashes would name other papers. */
async function assertSame(result: PrintResult, recorded: readonly { path: string; sha256: string }[]): Promise<void> {
  const made = new Map(result.files.map((file) => [file.path, file.sha256]));
  const differs = recorded.find((file) => made.get(file.path) !== file.sha256);
  if (!differs) return;
  for (const file of result.files) await rm(path.join(data.outDir, file.path), { force: true });
  throw new Refusal(
    'print-differs',
    `${differs.path} を同じ内容で作り直せません（雛形・書体・プロファイルが、印刷したときと違います）。`,
  );
}
