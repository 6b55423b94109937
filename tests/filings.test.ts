// 引き抜き by filing: a person who has lost eligibility before the envelope goes gets no certificate; the others of the household do.
import { expect, test } from 'vitest';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { takeFilings } from '../src/operations/life/filings.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { issueRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('kyokai-kenpo');

test('a loss that is filed before the envelope goes pulls the certificate out', async () => {
  const members = [person('1', 0), person('1', 1), person('2', 0), person('2', 1), person('3', 0)];
  const enrolment = members.map((row) => status(row['番号']!, Number(row['枝番']), '0'));
  const { issuance: run } = await issueRows(context, profile, folder, { members, enrolment });
  const filing = (届書: string, number: string, place: number, 異動年月日: string): Cells => ({
    届書,
    記号: '100',
    番号: number,
    枝番: `0${place}`,
    異動年月日,
    到着年月日: '2025-08-01',
  });
  const file = writeRows(folder, '喪失届.csv', FILING_COLUMNS, [
    // The insured person's loss is the household's, the dependent's is its own.
    filing('喪失', '1', 0, '2025-07-31'),
    filing('被扶養者異動', '2', 1, '2025-08-01'),
    // Still a member, for a month.
    filing('喪失', '3', 0, '2025-09-01'),
  ]);
  const taken = await takeFilings(context, profile, file, '2025-08-01' as LocalDate);
  expect(taken).toMatchObject({ recorded: 3, withdrawn: 3, demanded: 0 });
  expect(await takeFilings(context, profile, file, '2025-08-02' as LocalDate)).toMatchObject({
    recorded: 0,
    already: 3,
    withdrawn: 0,
  });
  const left = await context.database.transaction((tx) =>
    tx.query<{ paper: string; state: string; reason: string; source: string }>(
      `select coalesce(c.number || '-' || c.sub_number, m.number) as paper, s.state, e.reason, e.source
         from paper_state s
         join event e on e.seq = s.seq and e.paper_number = s.paper_number
         left join certificate c on c.certificate_number = s.paper_number
         left join mailpiece m on m.mailpiece_number = s.paper_number order by 1`,
    ),
  );
  const why = { state: 'withdrawn', reason: '資格喪失の届出' };
  expect(left).toEqual([
    { paper: '1', ...why, source: '喪失届.csv:2' },
    { paper: '1-00', ...why, source: '喪失届.csv:2' },
    { paper: '1-01', ...why, source: '喪失届.csv:2' },
    { paper: '2-01', ...why, source: '喪失届.csv:3' },
  ]);
  expect((await reconcile(context, run)).balanced).toBe(true);
});
