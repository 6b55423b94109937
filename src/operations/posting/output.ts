// Room: operations. What was printed and reconciled of an issuance, for the folder it is written to.
import type { Reconciliation } from '../issuing/reconcile.ts';
import type { AskedAgain } from './news.ts';
import type { Printed } from '../printing/print.ts';
import type { ParcelPapers } from './notice-parcel-papers.ts';
import type { WorkplaceLists } from './workplace-lists.ts';

/** What goes along beside the print files; of the other kind's each is empty. */
export interface Besides {
  /** Of certificates: the lists that employers get in advance. */
  readonly lists: WorkplaceLists;
  /** Of notices: labels, contents lists and 特定記録 lists of the parcels. */
  readonly parcels: ParcelPapers;
}

export interface Output {
  readonly reconciliation: Reconciliation;
  /** What the newest files and filings said before print; null where nothing was printed. */
  readonly askedAgain: AskedAgain | null;
  /** Null where nothing was printed. */
  readonly printed: (Printed & Besides) | null;
}
