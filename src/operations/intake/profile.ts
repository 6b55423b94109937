// Room: operations. The insurer's profile as its administrators see and change it. The file is the profile, for commands and
// console alike; a change is checked whole before it is written, and its text, author and reason stay.
import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ProfileFault, parseProfile } from '../../formats/profile.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { notifyChange } from '../../ledger/core/listen.ts';
import { addProfileChange, findProfileSource, listProfileChanges } from '../../ledger/intake/profile-changes.ts';
import type { ProfileChange } from '../../ledger/intake/profile-changes.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface ProfilePage {
  /** YAML as it is in the file. */
  readonly source: string;
  readonly sha256: string;
  readonly changes: readonly ProfileChange[];
}

/** The profile's text and its history. */
export async function getProfilePage(context: Context, insurerNumber: string, file: string): Promise<ProfilePage> {
  const source = await readFile(file, 'utf8');
  const changes = await context.database.transaction((tx) => listProfileChanges(tx, insurerNumber));
  return { source, sha256: hash(source), changes };
}

/** The text a change made. @throws Refusal `file-unknown` */
export async function getProfileVersion(context: Context, insurerNumber: string, id: number): Promise<string> {
  const source = await context.database.transaction((tx) => findProfileSource(tx, insurerNumber, id));
  if (source === null) throw new Refusal('file-unknown', 'その版はありません。');
  return source;
}

/** What is wrong with a text, line by line; empty = it can be used. */
export function checkProfile(
  source: string,
  file: string,
): { faults: readonly string[]; profile: InsurerProfile | null } {
  try {
    return { faults: [], profile: parseProfile(source, path.basename(file)) };
  } catch (error) {
    if (error instanceof ProfileFault) return { faults: error.faults, profile: null };
    throw error;
  }
}

/**
 * Changes the profile. Issuances that have begun keep the rules they began with.
 *
 * @param seen hash of the text the author started from
 * @throws Refusal `profile-invalid` with every fault by line, `profile-changed` where somebody was faster, `profile-same`,
 *   `profile-insurer` where it would become another insurer's
 */
export async function changeProfile(
  context: Context,
  insurerNumber: string,
  file: string,
  change: { readonly source: string; readonly seen: string; readonly reason: string },
): Promise<InsurerProfile> {
  const { faults, profile } = checkProfile(change.source, file);
  if (profile === null) throw new Refusal('profile-invalid', 'プロファイルに誤りがあり、変えていません。', faults);
  if (profile.insurer.number !== insurerNumber)
    throw new Refusal('profile-insurer', '保険者番号は変えられません。別の保険者は別のプロファイルにします。');
  const part = `${file}.${randomUUID()}.part`;
  await context.database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [insurerNumber]);
    const before = hash(await readFile(file, 'utf8'));
    const after = hash(change.source);
    if (before !== change.seen)
      throw new Refusal('profile-changed', 'ほかの人が先に変えました。開き直してから、もう一度変えてください。');
    if (before === after) throw new Refusal('profile-same', '変わったところがありません。');
    const { source, reason } = change;
    await addProfileChange(tx, {
      insurerNumber,
      actor: context.actor,
      reason,
      beforeSha256: before,
      afterSha256: after,
      source,
    });
    await writeJournal(tx, context.actor, 'change-profile', { insurerNumber, id: null }, { reason });
    // Written aside first: the name changes hands in one step, and not at all where the disk is full.
    try {
      await writeFile(part, source, { flag: 'wx' });
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    await notifyChange(tx, insurerNumber, 'profile');
  });
  return profile;
}
