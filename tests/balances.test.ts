// Each balance is broken on purpose, behind the program's back where it must be, and is caught: by the database when a
// chunk closes, by the frozen rows, or by reconciliation.
import { beforeAll, expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import type { Transaction } from '../src/ledger/core/pool.ts';
import { countReasons } from '../src/ledger/issuing/decisions.ts';
import { countLedger } from '../src/ledger/issuing/reconcile.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { balancesOf, reconcile } from '../src/operations/issuing/reconcile.ts';
import { issueSample } from './issued.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const context = await openTestLedger();
const folder = openTestFolder();
let run: Issuance;

beforeAll(async () => {
  const profile = await loadProfile('kyokai-kenpo');
  ({ issuance: run } = await issueSample(context, profile, folder, { members: 6000, seed: 3 }));
});

/** Runs SQL that must be refused with a check violation that names the balance. */
async function refuses(sql: readonly string[], message: RegExp): Promise<void> {
  const attempt = context.database.transaction(async (tx) => {
    for (const statement of sql) await tx.execute(statement);
  });
  await expect(attempt).rejects.toMatchObject({ code: '23514', message: expect.stringMatching(message) });
}

test.each([
  'decision',
  'certificate',
  'mailpiece',
  'target_exit',
  'member',
  'enrolment',
  'dataset',
  'issuance',
  'journal',
])('rows of %s are never changed or removed', async (table) => {
  await refuses([`delete from ${table}`], /never changed/);
});

test('rows of an enrolment file are somebody’s or nobody’s: a row more than was taken in is refused', async () => {
  await refuses(
    [
      'alter table enrolment_join disable trigger frozen',
      'delete from enrolment_join',
      `insert into enrolment (dataset_id, line, symbol, number, sub_number, card, registration, linked)
       select enrolment_id, 999999, '99999999', '1', '00', 'none', 'unregistered', true from issuance limit 1`,
      `insert into enrolment_join select id, 0, 0, 0 from issuance limit 1`,
    ],
    /balance_enrolment_rows/,
  );
});

test('a closed chunk takes no more rows and stays closed', async () => {
  await refuses(
    [
      `insert into target_exit select issuance_id, chunk_no, symbol, number, sub_number, 'mail-stopped' from decision where not is_target limit 1`,
    ],
    /closed_chunk/,
  );
  await refuses(['update chunk set decided_at = now()'], /closed_chunk/);
});

test('a reason of the other side is refused', async () => {
  await refuses(
    [
      `insert into decision (issuance_id, chunk_no, ordinal, symbol, number, sub_number, is_target, reason, facts)
    values (${run.id}, 1, 99999, '999', '1', '00', true, 'verifiable', '{}')`,
    ],
    /reasons_partition/,
  );
});

const REOPEN = [
  'alter table chunk disable trigger close_chunk',
  'update chunk set decided_at = null, enclosed_at = null',
  'alter table chunk enable trigger close_chunk',
];
const CLOSE = 'update chunk set decided_at = now(), enclosed_at = now()';
const behind = (table: string, sql: string): string[] => [
  `alter table ${table} disable trigger user`,
  sql,
  `alter table ${table} enable trigger user`,
];

test.each([
  [
    'a lost decision',
    'decision',
    `delete from decision where ordinal = (select min(ordinal) from decision where not is_target)`,
    /balance_members_decided/,
  ],
  [
    'a decision moved to another chunk',
    'decision',
    `update decision set chunk_no = 2 where ordinal = 7`,
    /balance_members_decided/,
  ],
  [
    'a target turned away after its paper was made',
    'decision',
    `update decision set is_target = false, reason = 'lost' where (symbol, number, sub_number) in (select symbol, number, sub_number from certificate limit 1)`,
    /balance_targets_certificates/,
  ],
  [
    'a lost certificate',
    'certificate',
    `delete from certificate where certificate_number = (select min(certificate_number) from certificate)`,
    /balance_certificates_enclosed/,
  ],
  [
    'a lost mailpiece',
    'mailpiece',
    `delete from mailpiece where mailpiece_number = (select min(mailpiece_number) from mailpiece)`,
    /balance_certificates_enclosed/,
  ],
  [
    'a piece that says it holds more',
    'mailpiece',
    `update mailpiece set certificate_count = certificate_count + 1 where mailpiece_number = (select min(mailpiece_number) from mailpiece)`,
    /balance_certificates_enclosed/,
  ],
  [
    'a lost exit',
    'target_exit',
    `delete from target_exit where ctid = (select min(ctid) from target_exit)`,
    /balance_targets_certificates/,
  ],
  [
    'a person with a paper and an exit',
    'target_exit',
    `insert into target_exit select issuance_id, chunk_no, symbol, number, sub_number, 'mail-stopped' from certificate limit 1`,
    /balance_targets_certificates/,
  ],
] as const)('%s keeps its chunk from closing', async (_, table, sql, message) => {
  await refuses([...behind(table, sql), ...REOPEN, CLOSE], message);
});

/** Events as `append_event` takes them, of the first mailpiece; rolled back. What the chain then holds of it. */
async function eventsAfter(events: readonly (readonly [event: string, key: string])[]): Promise<string[]> {
  let held: string[] = [];
  await undone(async (tx) => {
    for (const [event, key] of events)
      await tx.execute(
        `insert into event (insurer_number, seq, issuance_id, subject, paper_number, event, from_state, to_state, actor,
                            reason, source, key, hash)
         select $1, 0, $2, 'mailpiece', min(mailpiece_number), $3, '', '', 'x', '', '', $4, ''
           from mailpiece where issuance_id = $2`,
        [run.insurerNumber, run.id, event, key],
      );
    const rows = await tx.query<{ text: string }>(
      `select e.from_state || ' ' || e.event || ' ' || e.to_state || ' ' || e.key as text from event e
        where e.issuance_id = $1 order by e.seq`,
      [run.id],
    );
    held = rows.map(({ text }) => text);
  });
  return held;
}

test('an event whose key is in the chain is passed over by the database itself', async () => {
  expect(
    await eventsAfter([
      ['withdraw', 'one'],
      ['withdraw', 'one'],
    ]),
  ).toEqual(['planned withdraw withdrawn one']);
});

test('an event that may not follow the state of its paper is refused by the database itself', async () => {
  const refused = { code: '23514', message: expect.stringMatching(/^transition_refused: /) };
  // Each of these has a row in the table, from another state.
  for (const event of ['post', 'return', 'destroy', 'repost'])
    await expect(eventsAfter([[event, 'one']])).rejects.toMatchObject(refused);
  // By the state it is in after the first one, not by the one it began with.
  await expect(
    eventsAfter([
      ['withdraw', 'one'],
      ['withdraw', 'two'],
    ]),
  ).rejects.toMatchObject(refused);
});

test('two certificates for one person are refused', async () => {
  const attempt = context.database.transaction((tx) =>
    tx.execute(
      `insert into certificate select issuance_id, chunk_no, certificate_number + 100000000, symbol, number, sub_number, issued_on, valid_through, mailpiece_number, position + 50 from certificate limit 1`,
    ),
  );
  await expect(attempt).rejects.toMatchObject({ code: '23505' });
});

class Undo extends Error {}

/** Does something in a transaction that is rolled back. */
async function undone(work: (tx: Transaction) => Promise<void>): Promise<void> {
  await context.database
    .transaction(async (tx) => {
      await work(tx);
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
}

/** Breaks the ledger in a transaction that is rolled back after reconciliation has looked at it. */
async function balancesAfter(table: string, sql: string): Promise<string[]> {
  let broken: string[] = [];
  await undone(async (tx) => {
    for (const statement of behind(table, sql)) await tx.execute(statement);
    const counts = await countLedger(tx, run);
    const total = (await countReasons(tx, run.id)).reduce((sum, r) => sum + r.count, 0);
    broken = balancesOf(counts, total, run.memberCount)
      .filter((b) => b.difference !== 0)
      .map((b) => b.name);
  });
  return broken;
}

test.each([
  ['member', `delete from member where line = 9`, '取り込んだ加入者 = 加入者の行'],
  ['decision', `delete from decision where ordinal = 7`, '判定のない加入者 = 0'],
  [
    'certificate',
    `delete from certificate where certificate_number = (select min(certificate_number) from certificate)`,
    '対象 = 資格確認書 + 引き抜き + 停止',
  ],
  [
    'mailpiece',
    `delete from mailpiece where mailpiece_number = (select min(mailpiece_number) from mailpiece)`,
    '資格確認書 = 郵便物ごとの枚数の合計',
  ],
  [
    'target_exit',
    `update target_exit set sub_number = '77' where ctid = (select min(ctid) from target_exit)`,
    '資格確認書も理由もない対象 = 0',
  ],
] as const)('reconciliation sees a broken %s', async (table, sql, name) => {
  expect(await balancesAfter(table, sql)).toContain(name);
});

test('untouched, everything balances', async () => {
  expect((await reconcile(context, run)).balanced).toBe(true);
});
