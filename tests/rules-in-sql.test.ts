// What SQL has to ask for itself, held against the rule row by row: random rows, both answers.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { isCoveredOn, lostByFilings } from '../src/rules/intake/eligibility.ts';
import { SHOWS_DIGITS } from '../src/rules/intake/matching.ts';
import type { CoverFiling, FilingKind } from '../src/rules/intake/eligibility.ts';
import { firstState } from '../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { issueRows } from './issued.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('mbk');
const insurer = profile.insurer.number;
const query = <Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row & object>(sql, values));

const households = ['1', '2', '3'];
const { issuance: run } = await issueRows(
  context,
  profile,
  folder,
  {
    members: [
      ...households.map((number) => person(number, 0, {})),
      // A character that no font has: print holds the piece.
      person('4', 0, { 氏名: '健保　\u{e000}' }),
    ],
    enrolment: [...households, '4'].map((number) => status(number, 0, '0')),
    workplaces: [{ 記号: '100', 事業所名称: '株式会社あさひ', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' }],
  },
  { issuedOn: '2025-11-04' as LocalDate, prints: true },
);
test('lost_by_filing says of every person what the rule says', async () => {
  const filing = fc.record({
    household: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
    kind: fc.constantFrom<FilingKind>('loss', 'dependent-loss', 'name-change'),
    subNumber: fc.constantFrom('00', '01', '02'),
    effectiveOn: fc.constantFrom('2025-11-01', '2025-11-15', '2025-12-01', '2026-04-01').map((on) => on as LocalDate),
  });
  const key = ({ household, kind, subNumber, effectiveOn }: CoverFiling & { household: string }): string =>
    `${household} ${kind} ${subNumber} ${effectiveOn}`;
  // One draw of many rows: a household without any filing, with one, with several of each kind.
  const [rows = []] = fc.sample(fc.uniqueArray(filing, { minLength: 40, maxLength: 60, selector: key }), {
    numRuns: 1,
  });
  await context.database.transaction(async (tx) => {
    for (const { household, kind, subNumber, effectiveOn } of rows)
      await tx.execute(
        `insert into filing (insurer_number, kind, symbol, number, sub_number, effective_on, arrived_on, processed_on,
                             is_late, legacy_card, legacy_duty, certificate, reason, source, actor)
         values ($1, $2, '100', $3, $4, $5, '2026-01-10', '2026-01-10', false, 'unsaid', 'destroy-allowed', 'unsaid', '', '', 'test')`,
        [insurer, kind, household, subNumber, effectiveOn],
      );
  });
  const persons = ['0', '1', '2', '3', '4', '5', '6', '7', '8'].flatMap((household) =>
    ['00', '01', '02', '03'].map((subNumber) => ({ household, subNumber })),
  );
  // Acquired before every filing, between them, after; of whom the household has no insured person's row, too.
  const days = ['2015-04-01', '2025-11-15', '2025-12-01'] as LocalDate[];
  const acquired = persons.map((_, i) => ({ own: days[i % 3]!, insured: [...days, null][i % 4] ?? null }));
  const said = await query<{ lostOn: LocalDate | null }>(
    `select f.lost_on as "lostOn"
       from unnest($2::text[], $3::text[], $4::date[], $5::date[]) with ordinality p (number, sub_number, own, insured, place)
       cross join lateral lost_by_filing($1, '100', p.number, p.sub_number, p.own, p.insured) f
      order by p.place`,
    [
      insurer,
      persons.map((one) => one.household),
      persons.map((one) => one.subNumber),
      acquired.map((one) => one.own),
      acquired.map((one) => one.insured),
    ],
  );
  const meant = persons.map(({ household, subNumber }, i) => ({
    lostOn: lostByFilings(
      rows.filter((row) => row.household === household),
      subNumber,
      acquired[i]!,
    ),
  }));
  expect(said).toEqual(meant);
  expect(meant.some((one) => one.lostOn === null) && meant.some((one) => one.lostOn !== null)).toBe(true);
  // Another insurer's filings end nobody's cover here.
  expect(await query(`select lost_on from lost_by_filing('01130012', '100', '1', '00', '2015-04-01', null)`)).toEqual([
    { lost_on: null },
  ]);
});

test('is_covered_on says of every day what the rule says', async () => {
  const days = ['2025-03-31', '2025-04-01', '2025-04-02', '2026-01-01'] as LocalDate[];
  const pairs = [null, ...days].flatMap((lostOn) => days.map((on) => ({ lostOn, on })));
  const said = await query<{ covered: boolean }>(
    `select is_covered_on(lost_on, on_day) as covered
       from unnest($1::date[], $2::date[]) with ordinality p (lost_on, on_day, place) order by place`,
    [pairs.map((pair) => pair.lostOn), pairs.map((pair) => pair.on)],
  );
  expect(said.map((row) => row.covered)).toEqual(pairs.map(({ lostOn, on }) => isCoveredOn(lostOn, on)));
  expect(new Set(said.map((row) => row.covered))).toEqual(new Set([true, false]));
});

test('first_state says of every paper what the rule says', async () => {
  const papers = await query<{
    subject: 'mailpiece' | 'certificate';
    number: string;
    isPrinted: boolean;
    isHeld: boolean;
  }>(
    `select 'mailpiece' as subject, m.mailpiece_number::text as number,
            exists (select from printed_piece p where p.issuance_id = $1 and p.mailpiece_number = m.mailpiece_number) as "isPrinted",
            exists (select from held_piece h where h.issuance_id = $1 and h.mailpiece_number = m.mailpiece_number) as "isHeld"
       from mailpiece m where m.issuance_id = $1
      union all
     select 'certificate', certificate_number::text, false, false from certificate where issuance_id = $1`,
    [run.id],
  );
  const said = await query<{ state: string }>(
    `select first_state(subject, $1, number) as state
       from unnest($2::text[], $3::bigint[]) with ordinality p (subject, number, place) order by place`,
    [run.id, papers.map((one) => one.subject), papers.map((one) => one.number)],
  );
  expect(said.map((row) => row.state)).toEqual(papers.map((one) => firstState(one.subject, one)));
  expect(new Set(said.map((row) => row.state))).toEqual(new Set(['printed', 'held', 'made']));
  // No such paper: no state.
  expect(await query('select first_state($1, $2, 20001000000009) as state', ['mailpiece', run.id])).toEqual([
    { state: null },
  ]);
});

test('constraints that name the states a paper begins in name those of the rule', async () => {
  const begins = (['mailpiece', 'certificate'] as const).flatMap((subject) =>
    [true, false].flatMap((isPrinted) => [true, false].map((isHeld) => firstState(subject, { isPrinted, isHeld }))),
  );
  const named = async (table: string): Promise<string[]> => {
    const rows = await query<{ text: string }>(
      `select pg_get_constraintdef(oid) as text from pg_constraint
        where conrelid = $1::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%state%'`,
      [table],
    );
    return rows.flatMap(({ text }) => [...text.matchAll(/'([a-z-]+)'::text/g)].map((match) => match[1]!)).toSorted();
  };
  expect(await named('paper_tally')).toEqual([...new Set(begins)].toSorted());
  // What a batch counts has been printed or held.
  expect(await named('batch_tally')).toEqual(
    [...new Set(begins)].filter((s) => s !== 'planned' && s !== 'made').toSorted(),
  );
});

test('the constraint on digits names the classes of the rule', async () => {
  const rows = await query<{ text: string }>(
    `select pg_get_constraintdef(oid) as text from pg_constraint
      where conrelid = 'notice'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%shows_digits%match_class%'`,
  );
  expect(rows).toHaveLength(1);
  expect([...rows[0]!.text.matchAll(/'([a-z-]+)'::text/g)].map((match) => match[1])).toEqual(SHOWS_DIGITS);
});
