// Room: operations. What the newest file of members and the filings say of papers that have not gone out.
import type { NewerFinding } from '../../rules/posting/newer-facts.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';

/** One person of whom something new is known. */
export interface News extends PersonKey {
  readonly mailpieceNumber: string;
  readonly finding: NewerFinding;
}

export interface AskedAgain {
  /** In key order; those who are pulled come with their finding. */
  readonly news: readonly News[];
  /** A newer file that misses more people than it may: nothing was done on its word. */
  readonly doubtful: { readonly fileName: string; readonly people: number; readonly absent: number } | null;
}
