// Room: operations. An issuance's mailpieces as they are planned: what lies in each, and which parcel takes it to a workplace.
import { encloseAll } from '../issuing/enclose.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { postingOf } from './kinds.ts';

/** Encloses and packs what is not yet. Doing it again changes nothing. */
export async function planPieces(context: Context, issuance: Issuance): Promise<void> {
  await encloseAll(context, issuance);
  await postingOf(issuance).pack(context);
}
