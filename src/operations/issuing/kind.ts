// Room: operations. What of deciding and enclosing depends on the kind of paper: certificates or notices.
import type { NoticeCounts } from '../../ledger/issuing/reconcile.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { Explanation } from '../../rules/issuing/explanation.ts';
import type { NoticeDecision } from '../../rules/issuing/notices.ts';
import type { Decision } from '../../rules/issuing/targeting.ts';
import type { RemakeKind } from '../../rules/papers/lifecycle.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Context } from '../context.ts';
import type { CertificateRules, NoticeRules } from '../frozen-rules.ts';

/** A stored decision, and why. */
export interface Explained {
  readonly decision: Decision | NoticeDecision;
  readonly explanation: Explanation;
}

export interface IssuingKind {
  /** Decides about every member of a chunk, in one transaction; a chunk that is closed is left as it is. */
  decideChunk(context: Context, chunk: Chunk): Promise<void>;
  /** Makes the mailpieces of a decided chunk, in one transaction; a chunk that is closed is left as it is. */
  encloseChunk(context: Context, chunk: Chunk): Promise<void>;
  /**
   * The rules the profile would freeze today for this issuance, begun on its day over its earlier rounds; null = the profile
   * has its plan no more.
   */
  rulesToday(profile: InsurerProfile): CertificateRules | NoticeRules | null;
  /** The rules of papers of this issuance that are made again on a day. */
  rulesOfRemake(profile: InsurerProfile, kind: RemakeKind, issuedOn: LocalDate): CertificateRules | NoticeRules;
  /** 負担割合 that papers made again now would say; null = none, or the papers say none. */
  findNewestRatios(tx: Transaction, profile: Pick<InsurerProfile, 'elderly'>): Promise<number | null>;
  /** The stored decision about one person, explained; null = there is none. */
  explain(tx: Transaction, key: PersonKey): Promise<Explained | null>;
  /** Counts that only this kind has in its reconciliation; null = none. */
  countPapers(tx: Transaction): Promise<NoticeCounts | null>;
}
