// Room: operations. What of printing depends on the kind of paper: certificates or notices.
import type { WorkOfKind } from './print-work.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { Wave } from '../../rules/printing/waves.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Context } from '../context.ts';

/** A paper without a person, relative to the output folder. */
export interface ArtworkFile {
  readonly path: string;
  readonly byteCount: number;
  readonly sha256: string;
}

/** When an issuance is posted: its waves, none = as one; and its last day, null = any. */
export interface Calendar {
  readonly waves: readonly Wave[];
  readonly postThrough: LocalDate | null;
}

export interface PrintingKind {
  /** Pages that one person's paper takes in a print file. */
  readonly pagesPerPaper: number;
  /** The waves of the issuance by the profile as it is now. */
  calendar(profile: InsurerProfile): Calendar;
  /** Compiles the papers of these routes once; what the printing processes are given. */
  prepare(context: Context, profile: InsurerProfile, routes: readonly Route[]): Promise<WorkOfKind>;
  /** Writes the papers that are the same for everyone into `<outDir>/artwork/`. */
  writeArtwork(profile: InsurerProfile, outDir: string): Promise<ArtworkFile[]>;
  /** One piece set whole through Typst, by paper, for comparison with its stamped pages. */
  setReference(
    context: Context,
    profile: InsurerProfile,
    mailpieceNumber: string,
  ): Promise<Readonly<Record<string, Uint8Array>>>;
}
