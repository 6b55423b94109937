// Room: operations. The two kinds of paper, by what deciding and enclosing does for each.
import type { Issuance } from '../issuance.ts';
import { certificateIssuing } from './certificates.ts';
import type { IssuingKind } from './kind.ts';
import { noticeIssuing } from './notices.ts';

export function issuingOf(issuance: Issuance): IssuingKind {
  return issuance.kind === 'notice' ? noticeIssuing(issuance) : certificateIssuing(issuance);
}
