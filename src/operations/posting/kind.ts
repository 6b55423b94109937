// Room: operations. What of posting and writing out depends on the kind of paper: certificates or notices.
import type { Transaction } from '../../ledger/core/pool.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { PaperSubject } from '../../rules/papers/lifecycle.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Context } from '../context.ts';
import type { Table } from './export-tables.ts';
import type { Besides, Output } from './output.ts';

/** 同封物 with how many are needed. */
export interface EnclosureCount {
  readonly id: string;
  /** Japanese. */
  readonly name: string;
  readonly count: number;
}

export interface PostingKind {
  /** Packs what goes to workplaces, where its parcels are planned with its envelopes. Done again, it changes nothing. */
  pack(context: Context): Promise<void>;
  /** Writes what goes along beside the print files: employers' lists, papers of parcels. */
  writeBesides(context: Context, profile: InsurerProfile, outDir: string): Promise<Besides>;
  /** The output folder's tables that only this kind has. */
  tables(tx: Transaction, printed: Output['printed']): Table[];
  /** 同封物 of so many pieces with so many papers of persons. */
  enclosures(profile: InsurerProfile, mailpieces: number, papers: number): EnclosureCount[];
  /** A person's papers in this issuance: the paper itself first, then what it lies in; empty = the person has none. */
  papersOf(tx: Transaction, key: PersonKey): Promise<readonly { subject: PaperSubject; number: string }[]>;
}
