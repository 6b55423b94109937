// Room: operations. Decides about every member of the issuance, chunk by chunk: read, ask the rule, write, close.
import type { Context } from '../context.ts';
import { eachOpenChunk } from './chunks.ts';
import { issuingOf } from './kinds.ts';
import { refuseCancelled } from './plan.ts';
import type { Issuance } from '../issuance.ts';

/** Decides what is not decided yet. Doing it again changes nothing. */
export async function decideAll(context: Context, issuance: Issuance): Promise<void> {
  await refuseCancelled(context, issuance);
  const kind = issuingOf(issuance);
  await eachOpenChunk(context, issuance, 'decided', '判定', (chunk) => kind.decideChunk(context, chunk));
}
