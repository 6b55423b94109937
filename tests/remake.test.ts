// Papers made again: by the rules of the day on which they are made, not of the issuance they are made of.
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { issueRows, readRows } from './issued.ts';
import { given, openTestFolder, approveLots } from './ledger.ts';

const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
const profile = { ...kyokai, issuances: kyokai.issuances.map((i) => ({ ...i, waves: [], postThrough: null })) };
const day = (text: string): LocalDate => text as LocalDate;

/** One piece was posted and came back: moved. */
const returned = given(async (context) => {
  const rows = { members: [person('1', 0)], enrolment: [status('1', 0, '0')] };
  const { issuance: run, out } = await issueRows(context, profile, folder, rows, { prints: true });
  const [{ 郵便物番号: number }] = readRows(path.join(out, 'mailpieces.csv')) as [{ 郵便物番号: string }];
  await approveLots(context, run);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(context, run, [{ mailpieceNumber: number, event, reason: '', source: '', key: event }]);
  await scanReturn(context, run.insurerNumber, number, 'moved');
  return { run };
});

test('the validity of a certificate made again is that of the profile of now', async () => {
  const validThrough = async (validity: typeof profile.validity): Promise<string[]> => {
    const { context, run } = await returned();
    const made = await remakePieces(context, run, { ...profile, validity }, 'reroute', day('2025-09-01'));
    const rows = await context.database.transaction((tx) =>
      tx.query<{ day: string }>('select valid_through as day from certificate where issuance_id = $1', [
        made.issuance!.id,
      ]),
    );
    return rows.map((row) => row.day);
  };
  const { firstPeriod } = profile.validity;
  expect(await validThrough(profile.validity)).toEqual(['2029-11-30']);
  const shorter = { ...firstPeriod, validThrough: day('2027-07-31') };
  expect(await validThrough({ ...profile.validity, firstPeriod: shorter })).toEqual(['2027-07-31']);
});
