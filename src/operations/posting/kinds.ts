// Room: operations. The two kinds of paper, by what posting and writing out does for each.
import type { Issuance } from '../issuance.ts';
import { certificatePosting } from './certificates.ts';
import type { PostingKind } from './kind.ts';
import { noticePosting } from './notices.ts';

export function postingOf(issuance: Issuance): PostingKind {
  return issuance.kind === 'notice' ? noticePosting(issuance) : certificatePosting(issuance);
}
