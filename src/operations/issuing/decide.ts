// Room: operations. Decides about every member of the run, chunk by chunk: read, ask the rule, write, close.
import { countMembersPast, findOpenChunks } from '../../ledger/papers/issuances.ts';
import { eachAtOnce } from '../context.ts';
import type { Context } from '../context.ts';
import { issuingOf } from './kinds.ts';
import { refuseCancelled } from './plan.ts';
import type { Issuance } from '../issuance.ts';

/** Chunks in hand at once: while one is written by the database, the next is being decided. */
export const CHUNKS_AT_ONCE = 2;

/** Decides what is not decided yet. Doing it again changes nothing. */
export async function decideAll(context: Context, issuance: Issuance): Promise<void> {
  await refuseCancelled(context, issuance);
  const { open, past } = await context.database.transaction(async (tx) => ({
    open: await findOpenChunks(tx, issuance.id, 'decided'),
    past: await countMembersPast(tx, issuance.id, 'decided'),
  }));
  context.progress.begin('判定', issuance.memberCount, '人');
  const kind = issuingOf(issuance);
  let done = past;
  context.progress.reach(done);
  await eachAtOnce(context, open, CHUNKS_AT_ONCE, async (chunk) => {
    await kind.decideChunk(context, chunk);
    done += chunk.memberCount;
    context.progress.reach(done);
  });
  context.progress.end();
}
