// Room: operations. The two kinds of paper, by what deciding and enclosing does for each.
import type { Run } from '../run.ts';
import { certificateIssuing } from './certificates.ts';
import type { IssuingKind } from './kind.ts';
import { noticeIssuing } from './notices.ts';

export function issuingOf(run: Run): IssuingKind {
  return run.kind === 'notice' ? noticeIssuing(run) : certificateIssuing(run);
}
