// Room: operations. The two kinds of paper, by what printing does for each.
import type { Run } from '../run.ts';
import type { PrintingKind } from './kind.ts';
import { certificatePrinting } from './print-certificates.ts';
import { noticePrinting } from './print-notices.ts';

export function printingOf(run: Run): PrintingKind {
  return run.kind === 'notice' ? noticePrinting(run) : certificatePrinting(run);
}
