// Room: operations. Decides about every member of the run, chunk by chunk: read, ask the rule, write, close.
import { decisionLine, packFacts, readDecidableMembers, writeDecisions } from '../../ledger/issuing/decisions.ts';
import type { DecidableMember } from '../../ledger/issuing/decisions.ts';
import { CopyText } from '../../ledger/core/copy.ts';
import {
  claimChunk,
  closeChunk,
  countMembersPast,
  findOpenChunks,
  writeJournal,
} from '../../ledger/papers/issuances.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import { writeWarnings } from '../../ledger/issuing/warnings.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { decide } from '../../rules/issuing/targeting.ts';
import type { Decision } from '../../rules/issuing/targeting.ts';
import { memberWarnings } from '../../rules/issuing/warnings.ts';
import { eachAtOnce } from '../context.ts';
import type { Context } from '../context.ts';
import { decideNoticeChunk } from './notices.ts';
import type { CertificateRun, Run } from '../run.ts';

/** Chunks in hand at once: while one is written by the database, the next is being decided. */
export const CHUNKS_AT_ONCE = 2;

/** Decides what is not decided yet. Doing it again changes nothing. */
export async function decideAll(context: Context, run: Run): Promise<void> {
  const { open, past } = await context.database.transaction(async (tx) => ({
    open: await findOpenChunks(tx, run.id, 'decided'),
    past: await countMembersPast(tx, run.id, 'decided'),
  }));
  context.progress.begin('判定', run.memberCount, '人');
  let done = past;
  context.progress.reach(done);
  await eachAtOnce(context, open, CHUNKS_AT_ONCE, async (chunk) => {
    if (run.kind === 'notice') await decideNoticeChunk(context, run, chunk);
    else await decideChunk(context, run, chunk);
    done += chunk.memberCount;
    context.progress.reach(done);
  });
  context.progress.end();
}

async function decideChunk(context: Context, run: CertificateRun, chunk: Chunk): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await claimChunk(tx, run.id, chunk.no, 'decided'))) return;
    const lines = new CopyText();
    const warnings: (PersonKey & { code: string })[] = [];
    let ordinal = chunk.membersBefore;
    let targets = 0;
    for await (const members of readDecidableMembers(tx, run, chunk)) {
      for (const member of members) {
        const decision = decide(member.facts, run.rules.targeting);
        ordinal += 1;
        if (decision.isTarget) targets += 1;
        lines.add(decisionLine(run.id, chunk.no, ordinal, member, packFacts(member.facts), decision));
        for (const code of warningsOf(member, decision)) warnings.push({ ...keyOf(member), code });
      }
    }
    await writeDecisions(tx, lines);
    await writeWarnings(tx, run.id, warnings);
    await closeChunk(tx, run.id, chunk.no, 'decided');
    await writeJournal(tx, context.actor, 'decide', run, { chunk: chunk.no, members: lines.count, targets });
  });
}

/** What a target's own row says against printing it. Members who get nothing need no attention here. */
function warningsOf(member: DecidableMember, decision: Decision): readonly string[] {
  if (!decision.isTarget) return [];
  return memberWarnings({
    kana: member.kana,
    reason: decision.reason,
    postalCode: member.mailPostalCode ?? member.homePostalCode,
  });
}

function keyOf(member: PersonKey): PersonKey {
  return { symbol: member.symbol, number: member.number, subNumber: member.subNumber };
}
