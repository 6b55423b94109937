// Room: operations. Mailpieces for those who work through them: lists with their totals, the pages of one, a workplace's.
import type { Lineage } from '../../rules/papers/lineage.ts';
import path from 'node:path';
import type { Reader } from '../../ledger/core/pool.ts';
import { findIssuance, findLatestCertificates, listNewestIssuances } from '../../ledger/papers/issuances.ts';
import { listLotNames } from '../../ledger/posting/lots.ts';
import { findPiecesInHand, findPersonOfPaper } from '../../ledger/papers/pieces.ts';
import { findStates } from '../../ledger/papers/states.ts';
import { listHeld, listPagesOf, listRecallsOf } from '../../ledger/desk/papers.ts';
import type { HeldFilter, HeldRow, OpenRecall } from '../../ledger/desk/papers.ts';
import { countPieces, listPieceRows, totalOf } from '../../ledger/desk/piece-lists.ts';
import type { Facet, PieceFilter, PiecePlace, PieceRow } from '../../ledger/desk/piece-lists.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import {
  countWorkplacePieces,
  listIssuancesOfWorkplace,
  listWorkplacePieces,
  listWorkplaces,
} from '../../ledger/desk/overview.ts';
import { findWorkplace } from '../../ledger/intake/workplaces.ts';
import type { WorkplacePiece, WorkplaceRow } from '../../ledger/desk/overview.ts';
import type { WorkplaceDetail } from '../../ledger/intake/workplaces.ts';
import { findFilesInUse } from '../../ledger/intake/fits.ts';
import { isReturnReason, WITH_CONTRACTOR, nextState } from '../../rules/papers/lifecycle.ts';
import type { InsuredClass } from '../../rules/intake/member.ts';
import type { PaperState, ReturnNextStep } from '../../rules/papers/lifecycle.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { getIssuanceOfPaper } from '../issuance.ts';
import type { Issuance } from '../issuance.ts';
import type { PulledPaper } from '../posting/kind.ts';
import { postingOf } from '../posting/kinds.ts';
import { outputFolder } from './jobs.ts';
import { nextStepAfterReturn } from '../life/returns.ts';

/** A piece of a list; `nextStep`: what is to be done with one that came back, null in every other state. */
export interface ListedPiece extends PieceRow {
  readonly nextStep: ReturnNextStep | null;
}

/** A page of the pieces that match. `next` = the place to go on from, or null. */
export async function listPieces(
  context: Context,
  insurerNumber: string,
  filter: PieceFilter,
  after: PiecePlace | null,
  limit: number,
): Promise<{ items: ListedPiece[]; next: PiecePlace | null }> {
  return context.database.read(async (tx) => {
    const rows = await listPieceRows(tx, insurerNumber, filter, after, limit + 1);
    const items = rows.slice(0, limit);
    const nextSteps = await findNextSteps(tx, insurerNumber, items);
    return {
      items: items.map((row) => ({ ...row, nextStep: nextSteps.get(row.mailpieceNumber) ?? null })),
      next: rows.length > limit ? (items.at(-1)?.place ?? null) : null,
    };
  });
}

/** The roads of those among the pieces that came back. */
export async function findNextSteps(
  tx: Reader,
  insurerNumber: string,
  pieces: readonly PieceRow[],
): Promise<Map<string, ReturnNextStep>> {
  const nextSteps = new Map<string, ReturnNextStep>();
  const returned = pieces.filter(({ state, reason }) => state === 'returned' && isReturnReason(reason));
  for (const [id, ofIssuance] of Map.groupBy(returned, (piece) => piece.issuanceId)) {
    const issuance = await findIssuance<Issuance>(tx, insurerNumber, id);
    if (!issuance) continue;
    const numbers = ofIssuance.map((piece) => piece.mailpieceNumber);
    const inHand = await findPiecesInHand(tx, issuance, numbers);
    for (const { mailpieceNumber, reason } of ofIssuance) {
      const piece = inHand.get(mailpieceNumber);
      if (piece && isReturnReason(reason)) {
        const insuredClass = piece.insuredClass as InsuredClass;
        nextSteps.set(mailpieceNumber, nextStepAfterReturn({ ...piece, insuredClass }, reason));
      }
    }
  }
  return nextSteps;
}

/** What can be chosen in the filters, and how many pieces match. */
export interface PieceCounts {
  readonly total: number;
  readonly facets: readonly Facet[];
  /** Of the lots among the facets. */
  readonly lots: readonly { readonly no: number; readonly name: string }[];
}

/** Counted from tallies: costs the same at twelve million pieces as at twelve. */
export async function getPieceCounts(
  context: Context,
  insurerNumber: string,
  filter: PieceFilter,
): Promise<PieceCounts> {
  return context.database.read(async (tx) => {
    const { issuanceId } = filter;
    const [facets, lots] = await Promise.all([
      countPieces(tx, insurerNumber, filter),
      issuanceId === null ? [] : listLotNames(tx, issuanceId),
    ]);
    return { total: totalOf(facets, filter), facets, lots };
  });
}

/** Pieces print has held for staff. */
export async function listHeldPieces(
  context: Context,
  insurerNumber: string,
  filter: HeldFilter,
  after: string,
  limit: number,
): Promise<{ items: HeldRow[]; next: string | null }> {
  // A piece with several reasons is not parted between two pages.
  const rows = await context.database.read((tx) => listHeld(tx, insurerNumber, filter, after, limit + 1));
  const cut = rows.length > limit ? rows[limit]!.mailpieceNumber : null;
  const items = cut === null ? rows : rows.filter((row) => row.mailpieceNumber < cut);
  const whole = items.length > 0 ? items : rows;
  return { items: whole, next: cut === null ? null : (whole.at(-1)?.mailpieceNumber ?? null) };
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
  const { issuance, kind } = await getIssuanceOfPaper(context, insurerNumber, number);
  const rows = await context.database.transaction(async (tx) => {
    const isSeen = kind === 'mailpiece' && (await findPersonOfPaper(tx, issuance.id, kind, number)) !== null;
    if (!isSeen) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
    return listPagesOf(tx, issuance.id, number);
  });
  const folder = outputFolder(files, issuance);
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
  const { drawPdfPages } = await import('../../print/picture.ts');
  const [picture] = await drawPdfPages(page.file, [page.page]).catch(() => {
    throw new Refusal(
      'file-unknown',
      '印刷ファイルがこのサーバーにありません。印刷をもう一度行うと同じものができます。',
    );
  });
  await context.database.transaction((tx) => recordAccess(tx, insurerNumber, context.actor, 'page', number));
  return picture!;
}

/** Workplaces of the newest file, by symbol; of a text, those whose name holds it or whose symbol it is. */
export async function searchWorkplaces(
  context: Context,
  insurerNumber: string,
  asked: { readonly text: string; readonly after: string; readonly limit: number },
): Promise<{ items: WorkplaceRow[]; next: string | null }> {
  return context.database.read(async (tx) => {
    const [{ workplacesId }, issuance] = await Promise.all([
      findFilesInUse(tx, insurerNumber),
      findLatestCertificates(tx, insurerNumber),
    ]);
    const newest = { workplacesId, issuanceId: issuance?.id ?? 0 };
    const rows = await listWorkplaces(tx, { ...newest, ...asked, limit: asked.limit + 1 });
    const items = rows.slice(0, asked.limit);
    return { items, next: rows.length > asked.limit ? (items.at(-1)?.symbol ?? null) : null };
  });
}

/** One workplace and the pieces that go through it. */
export async function getWorkplacePage(
  context: Context,
  insurerNumber: string,
  query: {
    readonly symbol: string;
    /** Pieces in this state alone; null = all. */
    readonly state: PaperState | null;
    readonly after: string;
    readonly limit: number;
  },
): Promise<{
  workplace: WorkplaceDetail;
  items: WorkplacePiece[];
  counts: { state: PaperState; count: number }[];
  /** Issuances of which it has a 送付予定対象者一覧表. */
  issuances: { id: number; lineage: Lineage }[];
  next: string | null;
}> {
  const { symbol, limit } = query;
  return context.database.read(async (tx) => {
    const { workplacesId } = await findFilesInUse(tx, insurerNumber);
    const [workplace, rows, counts, issuances] = await Promise.all([
      findWorkplace(tx, workplacesId, symbol),
      listWorkplacePieces(tx, insurerNumber, {
        symbol,
        after: query.after,
        limit: limit + 1,
        states: query.state === null ? null : [query.state],
      }),
      countWorkplacePieces(tx, insurerNumber, symbol),
      listIssuancesOfWorkplace(tx, insurerNumber, symbol),
    ]);
    if (!workplace) throw new Refusal('workplace-unknown', 'その記号の事業所は見つかりません。');
    const items = rows.slice(0, limit);
    const next = rows.length > limit ? (items.at(-1)?.mailpieceNumber ?? null) : null;
    return { workplace, items, counts, issuances, next };
  });
}

/** Before these the envelope can still be opened. */
const OPENABLE: readonly PaperState[] = [...WITH_CONTRACTOR, nextState('mailpiece', 'withdraw', 'printed')!];

/** Papers withdrawn after they were printed whose envelope has not gone, of every issuance, newest first. */
export async function listOpenPulls(
  context: Context,
  insurerNumber: string,
): Promise<(PulledPaper & { readonly issuanceId: number })[]> {
  return context.database.transaction(async (tx) => {
    const found: (PulledPaper & { readonly issuanceId: number })[] = [];
    for (const issuance of await listNewestIssuances<Issuance>(tx, insurerNumber, 200)) {
      const { id } = issuance;
      const pulls = await postingOf(issuance).pulledPapers(tx);
      const states = await findStates(
        tx,
        id,
        'mailpiece',
        pulls.map((pull) => pull.mailpieceNumber),
      );
      for (const pull of pulls)
        if (OPENABLE.includes(states.get(pull.mailpieceNumber) ?? 'printed')) found.push({ issuanceId: id, ...pull });
    }
    return found;
  });
}

/** What a workplace has to collect of its people. @throws Refusal `workplace-unknown` */
export async function listOpenRecalls(context: Context, insurerNumber: string, symbol: string): Promise<OpenRecall[]> {
  return context.database.transaction(async (tx) => {
    const { workplacesId } = await findFilesInUse(tx, insurerNumber);
    if (!(await findWorkplace(tx, workplacesId, symbol)))
      throw new Refusal('workplace-unknown', 'その記号の事業所は見つかりません。');
    return listRecallsOf(tx, insurerNumber, symbol);
  });
}
