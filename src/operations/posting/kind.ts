// Room: operations. What of posting and writing out depends on the kind of paper: certificates or notices.
import type { CardImages, FormSpecification } from '../../formats/package.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { PrintedFile, StoredBatch } from '../../ledger/printing/prints.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { PaperSubject } from '../../rules/papers/lifecycle.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import type { Context } from '../context.ts';
import type { Table } from './export-tables.ts';
import type { Besides, Output } from './output.ts';
import type { PackageContents } from './package-contents.ts';

/** 同封物 with how many are needed. */
export interface EnclosureCount {
  readonly id: string;
  /** Japanese. */
  readonly name: string;
  readonly count: number;
}

/** A paper in an envelope at the contractor's that must not go out: where it lies. */
export interface PulledPaper {
  readonly mailpieceNumber: string;
  /** Null = a notice: its envelope is one person's and does not go at all. */
  readonly certificateNumber: string | null;
  /** Place in the envelope, from 1. */
  readonly position: number;
  /** Relative to the output folder. */
  readonly file: string;
  readonly page: number;
}

/** Papers of persons by the name of their kind. */
export interface PaperCounts {
  readonly certificates: number;
  readonly notices: number;
}

/** Images for card printers, of print files that are in their place. */
export interface CardImageFiles {
  readonly kind: CardImages;
  readonly outDir: string;
  readonly batches: readonly StoredBatch[];
  readonly files: readonly (PrintedFile & { readonly batchNo: number })[];
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
  /** How many persons' papers a piece holds that holds so many certificates. */
  papersInside(certificates: number): number;
  /** Papers withdrawn after they were printed, in number order. */
  pulledPapers(tx: Transaction): Promise<readonly PulledPaper[]>;
  /** What is handed to the contractor. */
  packageContents(
    context: Context,
    profile: InsurerProfile,
    master: PostalMaster | null,
    cardImages: CardImages | null,
  ): Promise<PackageContents>;
  /**
   * What the contractor must keep to when it makes the papers; null = nothing besides the files.
   *
   * @throws Refusal `copy-prevention` where the insurer has not settled it
   */
  specification(profile: InsurerProfile): FormSpecification | null;
  /** So many papers of persons in a package, by the name of this kind. */
  countInPackage(papers: number): PaperCounts;
  /** What is said of a print file with so many papers besides its pages and pieces. */
  countInFile(papers: number): { readonly certificates?: number };
  /** Draws what is missing of the images into the output folder; done ahead of a package, for it takes long. */
  drawCardImages(context: Context, profile: InsurerProfile, images: CardImageFiles): Promise<void>;
  /**
   * The letter and the 送付予定対象者一覧表 of one workplace, as they were or would be sent to it: a PDF.
   *
   * @throws Refusal `list-empty`
   */
  workplaceListPdf(context: Context, profile: InsurerProfile, symbol: string): Promise<Uint8Array>;
}
