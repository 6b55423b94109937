// Room: operations. What two persons approve: the pieces of a lot by way and what print held, its files with their hashes, pieces
// whose pages are looked at, and how the issuance differs from the working of its plan before it.
import path from 'node:path';
import { hashFile } from '../../formats/content-hash.ts';
import { countRun, findRunBefore } from '../../ledger/papers/plans.ts';
import type { RunBefore, RunCounts } from '../../ledger/papers/plans.ts';
import {
  countHeldKinds,
  countRoutes,
  findProofPieces,
  listPrintBatches,
  listPrintFiles,
} from '../../ledger/printing/prints.ts';
import type { PrintedFile, ProofKind, RouteCounts } from '../../ledger/printing/prints.ts';
import type { Reader, Transaction } from '../../ledger/core/pool.ts';
import { HELD_LABELS } from '../../rules/printing/print-batches.ts';
import type { HeldReason } from '../../rules/printing/print-batches.ts';
import { ROUTE_LABELS } from '../../rules/issuing/enveloping.ts';
import { Refusal, throwIfStopped } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { getLotIn, viewOf } from './lots.ts';
import type { LotView } from './lots.ts';
import { formatCount } from '../../rules/words/counts.ts';

export const PROOF_LABELS = {
  first: '最初の郵便物',
  last: '最後の郵便物',
  longest: '宛名と住所がいちばん長い郵便物',
  'longest-name': '氏名がいちばん長い人の郵便物',
  largest: '枚数がいちばん多い郵便物',
  'with-form': '申出書の入る郵便物',
} as const satisfies Record<ProofKind, string>;

/** An issuance in the numbers that are compared. */
export interface Working extends Pick<RunCounts, 'targets' | 'papers' | 'mailpieces'> {
  readonly id: number;
  readonly name: string;
  readonly issuedOn: string;
  /** By way, as it was printed; empty = it was not. */
  readonly routes: readonly RouteCounts[];
}

export interface ApprovalSheet {
  readonly lot: LotView;
  readonly routes: readonly RouteCounts[];
  readonly held: readonly { readonly reason: HeldReason; readonly count: number; readonly first: string }[];
  /** Pieces to look at, each once, with all it stands for. */
  readonly proofs: readonly { readonly mailpieceNumber: string; readonly kinds: readonly ProofKind[] }[];
  readonly files: readonly PrintedFile[];
  /** The whole issuance, and the working of the same plan before it (an earlier round, or one that was given up); null = none. */
  readonly now: Working;
  readonly before: (Working & Pick<RunBefore, 'isCancelled'>) | null;
}

/**
 * What is approved of a lot. Reads and changes nothing.
 *
 * @throws Refusal `lot-unknown`
 */
export async function getApprovalSheet(context: Context, issuance: Issuance, no: number): Promise<ApprovalSheet> {
  return context.database.transaction(async (tx) => {
    const lot = viewOf(await getLotIn(tx, issuance, no));
    const batches = (await listPrintBatches(tx, issuance.id)).filter((batch) => batch.lotNo === no);
    const own = new Set(batches.map((batch) => batch.no));
    const found = await findProofPieces(tx, issuance, [...own]);
    const before = await findRunBefore(tx, issuance.id);
    return {
      lot,
      routes: await countRoutes(tx, issuance.id, no),
      held: await countHeldKinds(tx, issuance.id, no),
      proofs: [...Map.groupBy(Object.entries(found) as [ProofKind, string][], ([, number]) => number)].map(
        ([mailpieceNumber, kinds]) => ({ mailpieceNumber, kinds: kinds.map(([kind]) => kind) }),
      ),
      files: (await listPrintFiles(tx, issuance.id)).filter((file) => own.has(file.batchNo)),
      now: await workingOf(tx, { id: issuance.id, name: issuance.name, issuedOn: issuance.issuedOn }),
      before: before && { ...(await workingOf(tx, before)), isCancelled: before.isCancelled },
    };
  });
}

async function workingOf(
  tx: Transaction & Reader,
  { id, name, issuedOn }: Pick<RunBefore, 'id' | 'name' | 'issuedOn'>,
): Promise<Working> {
  const { targets, papers, mailpieces } = await countRun(tx, id);
  return { id, name, issuedOn, targets, papers, mailpieces, routes: await countRoutes(tx, id, null) };
}

/**
 * Holds the print files of a lot in an output folder against what is recorded of them.
 *
 * @throws Refusal `print-file-differs` naming the first that is missing or another
 */
export async function checkLotFiles(context: Context, sheet: ApprovalSheet, outDir: string): Promise<void> {
  for (const file of sheet.files) {
    throwIfStopped(context);
    const sha256 = await hashFile(path.join(outDir, file.path)).catch(() => null);
    if (sha256 !== file.sha256)
      throw new Refusal('print-file-differs', `${file.path} が記録と違います。印刷ファイルを作り直してください。`);
  }
}

const signed = (difference: number): string =>
  difference === 0 ? '増減なし' : `${difference > 0 ? '+' : '−'}${formatCount(Math.abs(difference))}`;

/** The sheet as lines of text, for a terminal. */
export function approvalLines({ lot, routes, held, proofs, files, now, before }: ApprovalSheet): string[] {
  const { extracted, withdrawn, spoiled, printed, enclosed } = lot.counts;
  const piecesOf = (working: Working, route: RouteCounts['route']): number | undefined =>
    working.routes.find((row) => row.route === route)?.pieces;
  const change = (label: string, unit: string, of: number, then: number | undefined): string =>
    then === undefined
      ? `　　${label}　${formatCount(of)}${unit}`
      : `　　${label}　${formatCount(of)}${unit}（前 ${formatCount(then)}、${signed(of - then)}）`;
  const pages = files.reduce((sum, file) => sum + file.pageCount, 0);
  return [
    `承認するもの　郵便物 ${formatCount(extracted)}通　確認待ち ${formatCount(lot.counts.held)}　引き抜き ${formatCount(withdrawn)}　損傷 ${formatCount(spoiled)}　印刷 ${formatCount(printed)}　封入 ${formatCount(enclosed)}`,
    ...routes.map(
      (row) =>
        `　　${ROUTE_LABELS[row.route]}　${formatCount(row.pieces)}通（${formatCount(row.papers)}人分）　印刷 ${formatCount(row.printed)}　確認待ち ${formatCount(row.held)}　印刷前の引き抜き ${formatCount(row.withdrawn)}`,
    ),
    ...held.map(
      ({ reason, count, first }) => `　　確認待ち　${HELD_LABELS[reason]}　${formatCount(count)}通（例 ${first}）`,
    ),
    `印刷ファイル ${formatCount(files.length)}（${formatCount(pages)}ページ）　照合値 ${lot.filesSha256}`,
    ...files.map(({ path: name, pageCount, sha256 }) => `　　${name}　${formatCount(pageCount)}ページ　${sha256}`),
    '見るページ',
    ...proofs.map(
      ({ mailpieceNumber, kinds }) => `　　${mailpieceNumber}　${kinds.map((kind) => PROOF_LABELS[kind]).join('、')}`,
    ),
    before === null
      ? '発行全体（同じ計画の前の回はありません）'
      : `発行全体と前の回（第${before.id}号 ${before.name}　${before.issuedOn}${before.isCancelled ? '　取りやめ' : ''}）`,
    change('対象', '人', now.targets, before?.targets),
    change('用紙', '人分', now.papers, before?.papers),
    change('郵便物', '通', now.mailpieces, before?.mailpieces),
    ...now.routes.map(({ route, pieces }) =>
      change(ROUTE_LABELS[route], '通', pieces, before ? piecesOf(before, route) : undefined),
    ),
  ];
}
