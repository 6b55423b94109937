// Room: operations. Mailpieces for those who work through them: lists by state, the pages of one, and what a person may
// do to it by hand.
import path from 'node:path';
import type { Transaction } from '../ledger/database.ts';
import { findIssuance } from '../ledger/issuances.ts';
import { findPosting, findStates, listPulls } from '../ledger/life.ts';
import { readNoticePulls } from '../ledger/notice-exports.ts';
import { listHeld, listPagesOf, listPiecesInState, listRecallsOf } from '../ledger/papers.ts';
import type { HeldRow, OpenRecall, PieceRow } from '../ledger/papers.ts';
import { findPersonOfPaper, noteLook } from '../ledger/people.ts';
import {
  countWorkplacePieces,
  findWorkplace,
  listIssuances,
  listIssuancesOfWorkplace,
  listWorkplacePieces,
  listWorkplaces,
} from '../ledger/overview.ts';
import type { WorkplaceDetail, WorkplacePiece, WorkplaceRow } from '../ledger/overview.ts';
import { findLatestDataset } from '../ledger/datasets.ts';
import { findLatestCertificates } from '../ledger/issuances.ts';
import { parsePaperNumber } from '../rules/check-digits.ts';
import type { PaperEvent, PaperState } from '../rules/lifecycle.ts';
import { Refusal } from './context.ts';
import type { Context } from './context.ts';
import { parsePersonKey } from './explain.ts';
import type { Run } from './issuance-run.ts';
import { outputFolder } from './jobs.ts';
import { recordPieceEvents, withdrawPerson } from './life.ts';

/** Pieces in a state, in the order in which they came to it. `next` = the place to go on from, or null. */
export async function listPieces(
  context: Context,
  insurerNumber: string,
  state: PaperState,
  after: number,
  limit: number,
): Promise<{ items: PieceRow[]; next: number | null }> {
  const rows = await context.database.transaction((tx) =>
    listPiecesInState(tx, insurerNumber, state, after, limit + 1),
  );
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.seq ?? null) : null };
}

/** Pieces print has held for staff. */
export async function listHeldPieces(
  context: Context,
  insurerNumber: string,
  after: string,
  limit: number,
): Promise<{ items: HeldRow[]; next: string | null }> {
  // A piece with several reasons is not parted between two pages.
  const rows = await context.database.transaction((tx) => listHeld(tx, insurerNumber, after, limit + 1));
  const cut = rows.length > limit ? rows[limit]!.mailpieceNumber : null;
  const items = cut === null ? rows : rows.filter((row) => row.mailpieceNumber < cut);
  const whole = items.length > 0 ? items : rows;
  return { items: whole, next: cut === null ? null : (whole.at(-1)?.mailpieceNumber ?? null) };
}

/** A run of a paper number, whatever of the insurer's issuances it is. */
export async function getRunOfPaper(
  context: Context,
  insurerNumber: string,
  number: string,
): Promise<{ run: Run; kind: 'certificate' | 'mailpiece' }> {
  const paper = parsePaperNumber(number);
  if (!paper) throw new Refusal('paper-unknown', '検査数字が合いません。番号を確かめてください。');
  const run = await context.database.transaction((tx) => findIssuance<Run>(tx, insurerNumber, paper.run));
  if (!run) throw new Refusal('paper-unknown', `${number} はこの保険者の用紙ではありません。`);
  return { run, kind: paper.kind };
}

/** One printed page: of which paper, and where it lies. */
export interface PageOfPiece {
  /** From 1, in the order of reading. */
  readonly n: number;
  readonly paper: string;
  /** Whole path of the file, and the page in it from 1. */
  readonly file: string;
  readonly page: number;
}

/** Pages of a mailpiece; none where it is not printed. @throws Refusal `paper-unknown` where it may not be seen */
export async function listPiecePages(
  context: Context,
  insurerNumber: string,
  number: string,
  files: string,
): Promise<PageOfPiece[]> {
  const { run, kind } = await getRunOfPaper(context, insurerNumber, number);
  const rows = await context.database.transaction(async (tx) => {
    const isSeen = kind === 'mailpiece' && (await findPersonOfPaper(tx, run.id, kind, number)) !== null;
    if (!isSeen) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
    return listPagesOf(tx, run.id, number);
  });
  const folder = outputFolder(files, run);
  return rows
    .flatMap(({ paper, path: name, firstPage, pageCount }) =>
      Array.from({ length: pageCount }, (_, i) => ({ paper, file: path.join(folder, name), page: firstPage + i })),
    )
    .map((page, i) => ({ n: i + 1, ...page }));
}

/** A page of a piece as PNG. The look is noted. */
export async function drawPiecePage(
  context: Context,
  insurerNumber: string,
  number: string,
  n: number,
  files: string,
): Promise<Buffer> {
  const pages = await listPiecePages(context, insurerNumber, number, files);
  const page = pages.find((p) => p.n === n);
  if (!page) throw new Refusal('file-unknown', 'このページはありません（まだ印刷されていません）。');
  const { drawPdfPages } = await import('../print/picture.ts');
  const [picture] = await drawPdfPages(page.file, [page.page]).catch(() => {
    throw new Refusal(
      'file-unknown',
      '印刷ファイルがこのサーバーにありません。印刷をもう一度行うと同じものができます。',
    );
  });
  await context.database.transaction((tx) => noteLook(tx, insurerNumber, context.actor, 'page', number));
  return picture!;
}

export type HandAction = 'withdraw' | 'repost' | 'take-back-return' | 'hand-over' | 'fail-hand-over';

/**
 * Does to a piece what a person asks by hand, with a reason; `withdraw` takes a certificate's number and leaves the
 * household's others in the envelope.
 *
 * @throws Refusal `not-now` with the state it is in
 */
export async function actOnPaper(
  context: Context,
  insurerNumber: string,
  number: string,
  action: HandAction,
  reason: string,
): Promise<'recorded' | 'already'> {
  const { run, kind } = await getRunOfPaper(context, insurerNumber, number);
  if (action === 'withdraw') {
    if (kind !== 'certificate')
      throw new Refusal(
        'arguments',
        '引き抜きは資格確認書の番号で行います（世帯のほかの方の分はそのまま送られます）。',
      );
    const owner = await context.database.transaction((tx) => findPersonOfPaper(tx, run.id, kind, number));
    if (!owner) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
    const key = parsePersonKey(`${owner.symbol}-${owner.number}-${owner.subNumber ?? ''}`);
    return tell(await withdrawPerson(context, run, key, reason));
  }
  if (kind !== 'mailpiece') throw new Refusal('arguments', '郵便物の番号で行います。');
  const { state, postings } = await context.database.transaction((tx) => findPosting(tx, run.id, number));
  if (state === null) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
  const event: PaperEvent = action;
  const [outcome] = await recordPieceEvents(context, run, [
    { mailpieceNumber: number, event, reason, source: '', key: `${event}:${number}:${postings}` },
  ]);
  return tell(outcome ?? { kind: 'refused', why: '' });
}

function tell(outcome: { kind: 'recorded' | 'already' } | { kind: 'refused'; why: string }): 'recorded' | 'already' {
  if (outcome.kind === 'refused') throw new Refusal('not-now', outcome.why);
  return outcome.kind;
}

/** Workplaces of the newest file, by symbol; of a text, those whose name holds it or whose symbol it is. */
export async function searchWorkplaces(
  context: Context,
  insurerNumber: string,
  asked: { readonly text: string; readonly after: string; readonly limit: number },
): Promise<{ items: WorkplaceRow[]; next: string | null }> {
  return context.database.transaction(async (tx) => {
    const workplacesId = (await findLatestDataset(tx, insurerNumber, 'workplaces'))?.id ?? 0;
    const issuanceId = (await findLatestCertificates(tx, insurerNumber))?.id ?? 0;
    const rows = await listWorkplaces(tx, { workplacesId, issuanceId, ...asked, limit: asked.limit + 1 });
    const items = rows.slice(0, asked.limit);
    return { items, next: rows.length > asked.limit ? (items.at(-1)?.symbol ?? null) : null };
  });
}

/** One workplace and the pieces that go through it. */
export async function getWorkplacePage(
  context: Context,
  insurerNumber: string,
  symbol: string,
  after: string,
  limit: number,
): Promise<{
  workplace: WorkplaceDetail;
  items: WorkplacePiece[];
  counts: { state: PaperState; count: number }[];
  /** Issuances of which it has a 送付予定対象者一覧表. */
  issuances: { id: number; name: string }[];
  next: string | null;
}> {
  return context.database.transaction(async (tx) => {
    const workplacesId = (await findLatestDataset(tx, insurerNumber, 'workplaces'))?.id ?? 0;
    const workplace = await findWorkplace(tx, workplacesId, symbol);
    if (!workplace) throw new Refusal('workplace-unknown', 'その記号の事業所は見つかりません。');
    const rows = await listWorkplacePieces(tx, insurerNumber, symbol, after, limit + 1);
    const items = rows.slice(0, limit);
    const counts = await countWorkplacePieces(tx, insurerNumber, symbol);
    const issuances = await listIssuancesOfWorkplace(tx, insurerNumber, symbol);
    const next = rows.length > limit ? (items.at(-1)?.mailpieceNumber ?? null) : null;
    return { workplace, items, counts, issuances, next };
  });
}

/** A paper in an envelope at the contractor's that must not go out: where it lies. */
export interface Pull {
  readonly issuanceId: number;
  readonly mailpieceNumber: string;
  /** Null = a notice: its envelope is one person's and does not go at all. */
  readonly certificateNumber: string | null;
  /** Place in the envelope, from 1. */
  readonly position: number;
  readonly file: string;
  readonly page: number;
}

/** Before these the envelope can still be opened. */
const IN_HAND: readonly PaperState[] = ['printed', 'enclosed', 'withdrawn'];

/** Papers withdrawn after they were printed whose envelope has not gone, of every issuance, newest first. */
export async function listOpenPulls(context: Context, insurerNumber: string): Promise<Pull[]> {
  return context.database.transaction(async (tx) => {
    const found: Pull[] = [];
    for (const { id, kind } of await listIssuances(tx, insurerNumber, 10_000, 200)) {
      const pulls = kind === 'notice' ? await listNoticePulls(tx, id) : await listPulls(tx, id);
      const states = await findStates(
        tx,
        id,
        'mailpiece',
        pulls.map((pull) => pull.mailpieceNumber),
      );
      for (const pull of pulls)
        if (IN_HAND.includes(states.get(pull.mailpieceNumber) ?? 'printed')) found.push({ issuanceId: id, ...pull });
    }
    return found;
  });
}

async function listNoticePulls(tx: Transaction, issuanceId: number): Promise<Omit<Pull, 'issuanceId'>[]> {
  const pulls: Omit<Pull, 'issuanceId'>[] = [];
  for await (const rows of readNoticePulls(tx, issuanceId))
    for (const { mailpieceNumber, notice } of rows)
      pulls.push({ mailpieceNumber, certificateNumber: null, position: 1, ...notice });
  return pulls;
}

/** What a workplace has to collect of its people. @throws Refusal `workplace-unknown` */
export async function listOpenRecalls(context: Context, insurerNumber: string, symbol: string): Promise<OpenRecall[]> {
  return context.database.transaction(async (tx) => {
    const workplacesId = (await findLatestDataset(tx, insurerNumber, 'workplaces'))?.id ?? 0;
    if (!(await findWorkplace(tx, workplacesId, symbol)))
      throw new Refusal('workplace-unknown', 'その記号の事業所は見つかりません。');
    return listRecallsOf(tx, insurerNumber, symbol);
  });
}
