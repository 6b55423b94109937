// Room: operations. Before papers are printed, handed over and released for post, the newest file of members and the filings are
// asked again: who has lost eligibility is pulled out, what else has changed is listed. A file that misses too many is not believed.
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
import { countOpenPeople, listNews } from '../../ledger/posting/newer-facts.ts';
import type { PersonWithNews } from '../../ledger/posting/newer-facts.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { lockChain } from '../../ledger/papers/events.ts';
import { NEWER_LABELS, findNewer, isFileDoubtful, isPulled } from '../../rules/posting/newer-facts.ts';
import type { NewerFinding } from '../../rules/posting/newer-facts.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { withdrawCertificate, withdrawNotice } from './withdrawals.ts';

/** One person of whom something new is known. */
export interface News extends PersonKey {
  readonly mailpieceNumber: string;
  readonly finding: NewerFinding;
}

export interface AskedAgain {
  /** In key order; those who are pulled come with their finding. */
  readonly news: readonly News[];
  /** A newer file that misses more people than it may: nothing was done on its word. */
  readonly doubtful: { readonly fileName: string; readonly people: number; readonly absent: number } | null;
}

/** Of a profile: how much a newer file may miss before nothing is done on its word. */
export type FileLimits = Pick<InsurerProfile, 'fit'>;

/** Asks again and pulls out who has lost eligibility, with the reason. Doing it again finds nobody to pull. */
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
  const asked = await access(tx, issuance, profile, lotNo);
  for (const { person, finding } of asked.pulls) await pull(tx, context, issuance, person, finding);
  return { news: asked.news, doubtful: asked.doubtful };
}

/** What would be done now; changes nothing. */
export async function lookForNews(
  context: Context,
  issuance: Issuance,
  profile: FileLimits,
  lotNo: number | null,
): Promise<AskedAgain> {
  return context.database.transaction((tx) => access(tx, issuance, profile, lotNo));
}

/** What was found in a line a finding, with how many people; nothing new is no line. */
export function describeNews({ news, doubtful }: AskedAgain): string[] {
  const n = (count: number): string => count.toLocaleString('ja-JP');
  const lines = (Object.keys(NEWER_LABELS) as NewerFinding[]).flatMap((finding) => {
    const found = news.filter((person) => person.finding === finding).length;
    return found === 0 ? [] : [`${NEWER_LABELS[finding]}　${n(found)}人`];
  });
  if (doubtful)
    lines.push(
      `${doubtful.fileName} には、まだ送っていない${n(doubtful.people)}人のうち${n(doubtful.absent)}人がいません。このファイルでは何もしていません`,
    );
  return lines;
}

async function access(
  tx: Transaction,
  issuance: Issuance,
  profile: FileLimits,
  lotNo: number | null,
): Promise<AskedAgain & { readonly pulls: readonly { person: PersonWithNews; finding: NewerFinding }[] }> {
  const newest = await findLatestDataset(tx, issuance.insurerNumber, 'members');
  const newer = newest && newest.id !== issuance.membersId ? newest : null;
  const counts = newer && (await countOpenPeople(tx, issuance, newer.id, lotNo));
  const isDoubtful = counts !== null && isFileDoubtful(counts.people, counts.absent, profile.fit);
  const found = await listNews(tx, issuance, newer && !isDoubtful ? newer.id : null, lotNo);
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
    doubtful: newer && counts && isDoubtful ? { fileName: newer.fileName, ...counts } : null,
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
  const outcome =
    issuance.kind === 'notice'
      ? await withdrawNotice(tx, context, issuance, person, reason, '', cause)
      : await withdrawCertificate(tx, context, issuance, person, reason, '', cause);
  if (outcome.kind === 'refused') throw new Error('a paper that may be withdrawn');
}
