// Room: operations. What of deciding and enclosing depends on the kind of paper: certificates or notices.
import type { NoticeCounts } from '../../ledger/issuing/reconcile.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { Context } from '../context.ts';

export interface IssuingKind {
  /** Decides about every member of a chunk, in one transaction; a chunk that is closed is left as it is. */
  decideChunk(context: Context, chunk: Chunk): Promise<void>;
  /** Makes the mailpieces of a decided chunk, in one transaction; a chunk that is closed is left as it is. */
  encloseChunk(context: Context, chunk: Chunk): Promise<void>;
  /** Counts that only this kind has in its reconciliation; null = none. */
  countPapers(tx: Transaction): Promise<NoticeCounts | null>;
}
