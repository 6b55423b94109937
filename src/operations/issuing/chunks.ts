// Room: operations. An issuance chunk by chunk: what is still open of a step is done, and counted in members.
import { countMembersPast, findOpenChunks } from '../../ledger/papers/issuances.ts';
import type { Chunk, ChunkStep } from '../../ledger/papers/issuances.ts';
import { eachAtOnce } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';

/** Chunks in hand at once: while one is written by the database, the next is being decided. */
const CHUNKS_AT_ONCE = 2;

/** Does a step for every chunk that still needs it. `name`: what staff read while it is done. */
export async function eachOpenChunk(
  context: Context,
  issuance: Issuance,
  step: ChunkStep,
  name: string,
  work: (chunk: Chunk) => Promise<void>,
): Promise<void> {
  const { open, past } = await context.database.transaction(async (tx) => ({
    open: await findOpenChunks(tx, issuance.id, step),
    past: await countMembersPast(tx, issuance.id, step),
  }));
  context.progress.begin(name, issuance.memberCount, '人');
  let done = past;
  context.progress.reach(done);
  await eachAtOnce(context, open, CHUNKS_AT_ONCE, async (chunk) => {
    await work(chunk);
    done += chunk.memberCount;
    context.progress.reach(done);
  });
  context.progress.end();
}
