// Room: operations. Before papers are printed, handed over and released for post, the newest file of members and the filings are
// asked again: papers of persons who have lost eligibility are pulled out, other changes are listed. A file that misses too many is not
// acted on.
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
import { countOpenPeople, listNews } from '../../ledger/posting/newer-facts.ts';
import type { PersonWithNews } from '../../ledger/posting/newer-facts.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { lockChain } from '../../ledger/papers/events.ts';
import { NEWER_LABELS, findNewer, isFileDoubtful, isPulled } from '../../rules/posting/newer-facts.ts';
import type { NewerFinding } from '../../rules/posting/newer-facts.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { formatCount } from '../../rules/words/counts.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import type { AskedAgain } from './news.ts';
import { withdrawPaper } from './withdrawals.ts';

/** Of a profile: how much a newer file may miss before nothing is done on its word. */
export type FileLimits = Pick<InsurerProfile, 'fit'>;

/** Asks again and pulls out the papers of persons who have lost eligibility, with the reason. Doing it again finds none to pull. */
export async function refetchAll(
  context: Context,
  issuance: Issuance,
  profile: FileLimits,
  lotNo: number | null,
): Promise<AskedAgain> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, issuance.insurerNumber);
    return askAgainIn(tx, context, issuance, profile, lotNo);
  });
}

/** The same in a transaction that holds the chain. */
export async function askAgainIn(
  tx: Transaction,
  context: Context,
  issuance: Issuance,
  profile: FileLimits,
  lotNo: number | null,
): Promise<AskedAgain> {
  const asked = await findNews(tx, issuance, lotNo, await findNewerFile(tx, issuance, profile, lotNo));
  for (const { person, finding } of asked.pulls) await pull(tx, context, issuance, person, finding);
  return { news: asked.news, doubtful: asked.doubtful };
}

/**
 * What would be done now; changes nothing. `whole` sees all of the issuance: whether a file is doubted follows from all its
 * people. People are listed and counted as `viewer` sees them.
 */
export async function lookForNews(
  whole: Context,
  issuance: Issuance,
  profile: FileLimits,
  lotNo: number | null,
  viewer: Context = whole,
): Promise<AskedAgain> {
  const newer = await whole.database.transaction((tx) => findNewerFile(tx, issuance, profile, lotNo));
  return viewer.database.transaction((tx) => findNews(tx, issuance, lotNo, newer));
}

/** What was found in a line a finding, with how many people; nothing new is no line. */
export function describeNews({ news, doubtful }: AskedAgain): string[] {
  const lines = (Object.keys(NEWER_LABELS) as NewerFinding[]).flatMap((finding) => {
    const found = news.filter((person) => person.finding === finding).length;
    return found === 0 ? [] : [`${NEWER_LABELS[finding]}　${formatCount(found)}人`];
  });
  if (doubtful)
    lines.push(
      `${doubtful.fileName} には、まだ送っていない${formatCount(doubtful.people)}人のうち${formatCount(doubtful.absent)}人がいません。このファイルでは何もしていません`,
    );
  return lines;
}

/** A newer file of members than the issuance's, and whether it is doubted; null = there is none. */
type NewerFile = { readonly id: number; readonly fileName: string; readonly isDoubtful: boolean } | null;

async function findNewerFile(
  tx: Transaction,
  issuance: Issuance,
  profile: FileLimits,
  lotNo: number | null,
): Promise<NewerFile> {
  const newest = await findLatestDataset(tx, issuance.insurerNumber, 'members');
  if (!newest || newest.id === issuance.membersId) return null;
  const { id, fileName } = newest;
  const { people, absent } = await countOpenPeople(tx, issuance, id, lotNo);
  return { id, fileName, isDoubtful: isFileDoubtful(people, absent, profile.fit) };
}

async function findNews(
  tx: Transaction,
  issuance: Issuance,
  lotNo: number | null,
  newer: NewerFile,
): Promise<AskedAgain & { readonly pulls: readonly { person: PersonWithNews; finding: NewerFinding }[] }> {
  const found = await listNews(tx, issuance, newer && !newer.isDoubtful ? newer.id : null, lotNo);
  const all = found.flatMap((person) => {
    const finding = findNewer(person, person.goesOutOn);
    return finding === null ? [] : [{ person, finding }];
  });
  return {
    news: all.map(({ person: { symbol, number, subNumber, mailpieceNumber }, finding }) => ({
      symbol,
      number,
      subNumber,
      mailpieceNumber,
      finding,
    })),
    doubtful: newer?.isDoubtful
      ? { fileName: newer.fileName, ...(await countOpenPeople(tx, issuance, newer.id, lotNo)) }
      : null,
    pulls: all.filter(({ finding }) => isPulled(finding)),
  };
}

async function pull(
  tx: Transaction,
  context: Context,
  issuance: Issuance,
  person: PersonWithNews,
  finding: NewerFinding,
): Promise<void> {
  const isFiled = finding === 'lost-by-filing';
  const reason = isFiled ? '資格喪失の届出' : '資格喪失（新しい加入者ファイル）';
  const cause = { code: 'lost', lostOn: isFiled ? person.filedLostOn : person.lostOn } as const;
  const outcome = await withdrawPaper(tx, context, issuance, person, reason, '', cause);
  if (outcome.kind === 'refused') throw new Error('a paper that may be withdrawn');
}
