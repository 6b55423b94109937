// Room: operations. The two kinds of paper, by what printing does for each.
import type { Issuance } from '../issuance.ts';
import type { PrintingKind } from './kind.ts';
import { certificatePrinting } from './certificates.ts';
import { noticePrinting } from './notices.ts';

export function printingOf(issuance: Issuance): PrintingKind {
  return issuance.kind === 'notice' ? noticePrinting(issuance) : certificatePrinting(issuance);
}
