// Room: operations. The two kinds of paper, by what posting and writing out does for each.
import type { Run } from '../run.ts';
import { certificatePosting } from './certificates.ts';
import type { PostingKind } from './kind.ts';
import { noticePosting } from './notices.ts';

export function postingOf(run: Run): PostingKind {
  return run.kind === 'notice' ? noticePosting(run) : certificatePosting(run);
}
