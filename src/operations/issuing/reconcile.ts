// Room: operations. The proof that nothing is lost: every balance counted again from the rows.
import { KIND_WORDS } from '../../rules/papers/kinds.ts';
import { countLedger } from '../../ledger/issuing/reconcile.ts';
import type { Balance, LedgerCounts, NoticeCounts } from '../../ledger/issuing/reconcile.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { listAllIssuances } from '../../ledger/papers/issuances.ts';
import { findErasure } from '../../ledger/papers/erased.ts';
import { countStrayStates } from '../../ledger/papers/states.ts';
import { countReasons } from '../../ledger/issuing/decisions.ts';
import type { AnyReason } from '../../rules/issuing/reasons.ts';
import type { Context } from '../context.ts';
import { issuingOf } from './kinds.ts';
import type { Issuance } from '../issuance.ts';

export interface Reconciliation {
  readonly balanced: boolean;
  readonly balances: readonly Balance[];
  readonly reasons: readonly { readonly isTarget: boolean; readonly reason: AnyReason; readonly count: number }[];
  readonly counts: LedgerCounts;
  /** Of a notice issuance: where its notices lie. */
  readonly notices: NoticeCounts | null;
}

/** Counts one issuance in one transaction. */
export async function reconcile(context: Context, issuance: Issuance): Promise<Reconciliation> {
  return context.database.transaction(async (tx) => {
    await tx.execute('set transaction isolation level repeatable read');
    return reconcileIn(tx, issuance);
  });
}

/** One issuance of several that were counted. */
export interface Reconciled {
  readonly issuance: Issuance;
  readonly result: Reconciliation;
}

/** Counts every issuance of an insurer, remakes and what was given up among them, each in a transaction of its own. */
export async function reconcileAll(context: Context, insurerNumber: string): Promise<Reconciled[]> {
  const issuances = await context.database.read((tx) => listAllIssuances<Issuance>(tx, insurerNumber));
  const counted: Reconciled[] = [];
  for (const issuance of issuances) counted.push({ issuance, result: await reconcile(context, issuance) });
  return counted;
}

/** Counts one issuance in a transaction that is open. */
export async function reconcileIn(tx: Transaction, issuance: Issuance): Promise<Reconciliation> {
  const erasure = await findErasure(tx, issuance.id);
  if (erasure)
    return reconcileErased(
      erasure.reconciliation as Reconciliation,
      erasure.statesLeft,
      await countStrayStates(tx, issuance.id),
    );
  const counts = await countLedger(tx, issuance);
  const notices = await issuingOf(issuance).countPapers(tx);
  const reasons = await countReasons(tx, issuance.id);
  const balances = balancesOf(
    counts,
    reasons.reduce((sum, r) => sum + r.count, 0),
    issuance.memberCount,
    notices,
  );
  return { balanced: balances.every((b) => b.difference === 0), balances, reasons, counts, notices };
}

/** After the personal data is gone: the balances as they were counted then, and the papers that stayed as numbers. */
function reconcileErased(reconciliation: Reconciliation, statesLeft: number, strays: number): Reconciliation {
  const balances = [
    ...reconciliation.balances.filter((balance) => balance.name !== '記録と合わない状態 = 0'),
    {
      name: '記録のある用紙 = 消去した時の記録のある用紙',
      left: statesLeft,
      right: reconciliation.counts.recordedPapers,
      difference: statesLeft - reconciliation.counts.recordedPapers,
    },
    { name: '記録と合わない状態 = 0', left: strays, right: 0, difference: strays },
  ];
  return { ...reconciliation, balances, balanced: balances.every((b) => b.difference === 0) };
}

/** Every equation of the contract, and what would hide behind an even sum. */
export function balancesOf(
  counts: LedgerCounts,
  reasonTotal: number,
  memberCount: number,
  notices: NoticeCounts | null = null,
): Balance[] {
  const { paper } = KIND_WORDS[notices ? 'notice' : 'certificate'];
  const printed = counts.batches > 0;
  const rows: [string, number, number][] = [
    ['取り込んだ加入者 = 加入者の行', memberCount, counts.members],
    ['加入者 = 理由ごとの人数の合計', counts.members, reasonTotal],
    ['加入者 = 対象 + 対象外', counts.members, counts.targets + counts.notTargets],
    ['判定のない加入者 = 0', counts.membersWithoutDecision, 0],
    ['加入者でない判定 = 0', counts.decisionsWithoutMember, 0],
    [`対象 = ${paper} + 引き抜き + 停止`, counts.targets, counts.certificates + counts.exits],
    [`${paper}も理由もない対象 = 0`, counts.targetsWithoutPaperOrExit, 0],
    [`対象でない人・二重の${paper} = 0`, counts.papersOrExitsOfNobody, 0],
    [`${paper} = 郵便物ごとの枚数の合計`, counts.certificates, counts.certificatesInMailpieces],
    ['中身が合わない郵便物 = 0', counts.mailpiecesNotHoldingWhatTheySay, 0],
    ['終わっていない処理単位 = 0', counts.openChunks, 0],
  ];
  if (counts.enrolment) {
    const { rows: taken, matched, nobodys } = counts.enrolment;
    rows.push(['取り込んだ登録状況の行 = 判定した加入者の行 + だれのものでもない行', taken, matched + nobodys]);
  }
  const inState = (subject: 'mailpiece' | 'certificate'): number =>
    counts.states.filter((s) => s.subject === subject).reduce((sum, s) => sum + s.count, 0);
  rows.push(
    ['郵便物 = 状態ごとの合計', counts.mailpieces, inState('mailpiece')],
    ['記録と合わない状態 = 0', counts.strayStates, 0],
    ['行と合わない画面の数 = 0', counts.strayTallies, 0],
  );
  if (notices) rows.push(...noticeRows(counts, notices));
  else rows.push(['資格確認書 = 状態ごとの合計', counts.certificates, inState('certificate')]);
  if (printed) {
    rows.push(
      ['郵便物 = 印刷単位の郵便物の合計', counts.mailpieces, counts.mailpiecesInBatches],
      [
        '郵便物 = 印刷済み + 確認待ち + 印刷前の引き抜き + 印刷待ち',
        counts.mailpieces,
        counts.printedMailpieces + counts.heldMailpieces + counts.withdrawnBeforePrint + counts.waitingMailpieces,
      ],
      ['締めたときと数の違うロット = 0', counts.lotsNotAsClosed, 0],
    );
  }
  return rows.map(([name, left, right]) => ({ name, left, right, difference: left - right }));
}

/** A notice is one person's and lies in one envelope; the envelope lies in one parcel or goes home. */
function noticeRows(counts: LedgerCounts, notices: NoticeCounts): [string, number, number][] {
  return [
    ['加入者 = お知らせ + 理由ごとの除外', counts.members, notices.notices + counts.exits + counts.notTargets],
    ['お知らせ = 郵便物', notices.notices, counts.mailpieces],
    ['お知らせ = 梱包の合計 + 自宅', notices.notices, notices.inParcels + notices.home],
    ['梱包の通数 = 梱包の中のお知らせ', notices.inParcels, notices.parcelled],
    ['あるべき梱包にないお知らせ = 0', notices.outOfPlace, 0],
    [
      'お知らせ = 下4桁の記載 + 個人番号申出書 + どちらもないもの',
      notices.notices,
      notices.withDigits + notices.requestForms + notices.withNeither,
    ],
    ['記載してはならない下4桁 = 0', notices.digitsNotAllowed, 0],
  ];
}
