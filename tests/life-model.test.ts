// Random lives of a small population's papers, by several actors, against a simple model: after every step each paper is
// where the model says, and the books balance. Each run is undone, so that thousands are cheap; fast-check shrinks a
// difference to the shortest story that tells it. TODOKE_MODEL_RUNS sets how many (default 1,000; `npm run test:lives` plays 5,000).
import { deepStrictEqual } from 'node:assert';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, test } from 'vitest';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { loadProfile } from '../src/formats/profile.ts';
import type { Database, Transaction } from '../src/ledger/database.ts';
import { findChainFault } from '../src/ledger/life.ts';
import { takeFilings } from '../src/operations/filings.ts';
import { Refusal } from '../src/operations/context.ts';
import type { Context } from '../src/operations/context.ts';
import { expireCertificates } from '../src/operations/expiry.ts';
import { closeInspection, presentCertificate } from '../src/operations/inspection.ts';
import type { Run } from '../src/operations/issuance-run.ts';
import { recordPieceEvents, scanReturn, withdrawPerson } from '../src/operations/life.ts';
import { askBack, remind } from '../src/operations/recall.ts';
import {
  checkInCertificate,
  declareFound,
  declareMissing,
  giveUpReturn,
  receiveByCount,
} from '../src/operations/recall-return.ts';
import { reconcile } from '../src/operations/reconcile.ts';
import { rehomeLeft, reprintSpoiled, rerouteReturned } from '../src/operations/remake.ts';
import { parsePersonKey } from '../src/operations/explain.ts';
import { RETURN_REASON_LABELS } from '../src/rules/lifecycle.ts';
import type { PaperEvent, ReturnReason } from '../src/rules/lifecycle.ts';
import type { LocalDate } from '../src/rules/member.ts';
import { importRows, issueRows, person, status, writeRows } from './issued.ts';
import type { Cells } from './issued.ts';
import { openTestFolder, openTestLedger, releaseLots } from './ledger.ts';
import { LifeModel, PIECE_EVENTS } from './life-model.ts';
import type { ModelCertificate, ModelPiece } from './life-model.ts';

const MOST_STEPS = 16;
const RUNS = Number(process.env['TODOKE_MODEL_RUNS'] ?? 1000);
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
// Envelopes of two, so that a household of three has two of them.
const profile = { ...kyokai, enclosing: { ...kyokai.enclosing, limit: 2 } };
const insurer = profile.insurer.number;
const day = (text: string): LocalDate => text as LocalDate;

const at = (symbol: string, number: string, place: number, change: Cells = {}): Cells =>
  person(number, place, { 記号: symbol, ...change });
const MEMBERS: Cells[] = [
  at('100', '1', 0),
  ...[0, 1, 2].map((place) => at('100', '2', place)),
  // Voluntary continuation: no workplace, and valid for two years only.
  at('300', '1', 0, { 被保険者区分: '2', 資格取得年月日: '2024-10-01' }),
];
const keyOf = (row: Cells): string => `${row['記号']}-${row['番号']}-${row['枝番']}`;
const NO_CARD = MEMBERS.map((row): Cells => ({
  ...status(row['番号']!, Number(row['枝番']), '0'),
  記号: row['記号']!,
}));
// After the newest files: one has lost, two have enrolled a card.
const LOST = new Map([['100-2-01', day('2025-10-01')]]);
const ENROLLED = new Set(['100-2-02']);
const EMPLOYED = new Set(['100-1', '100-2']);
const FILINGS = [
  { household: '100-1', attachment: 'attached', word: '添付' },
  { household: '100-2', attachment: 'unsaid', word: '' },
  { household: '300-1', attachment: 'unrecoverable', word: '回収不能' },
] as const;
const FILED_LOSS = day('2025-11-01');
const LIST_DAYS = [day('2025-11-20'), day('2025-12-20')];
const REMIND_DAYS = [day('2025-12-05'), day('2026-01-05')];
const EXPIRY_DAY = day('2027-01-01');

type Setting = readonly Omit<ModelPiece, 'postings' | 'stamp' | 'wasSpoiled' | 'isRemade'>[];

/** A database of its own, so that lives go on side by side. */
interface Lane {
  readonly context: Context;
  /** Two issuances over the same people, the second newer: of two papers of a person the newer counts. */
  readonly runs: readonly Run[];
  readonly setting: Setting;
}

const LANES = 2;
const contexts = await Promise.all(Array.from({ length: LANES }, openTestLedger));
const lanes: Lane[] = [];

beforeAll(async () => {
  for (const { household, word } of FILINGS) {
    const [symbol = '', number = ''] = household.split('-');
    const reason = word === '回収不能' ? '連絡がつかない' : '';
    writeRows(folder, `${household}.csv`, FILING_COLUMNS, [
      {
        ...{ 届書: '喪失', 記号: symbol, 番号: number, 枝番: '00', 異動年月日: FILED_LOSS, 到着年月日: '2025-11-03' },
        ...{ 資格確認書: word, 回収不能の理由: reason },
      },
    ]);
  }
  for (const context of contexts) lanes.push(await prepare(context));
});

async function prepare(context: Context): Promise<Lane> {
  const runs: Run[] = [];
  const workplaces = [
    { 記号: '100', 事業所名称: '株式会社あさひ', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' },
  ];
  const given = { members: MEMBERS, enrolment: NO_CARD, workplaces };
  for (const issuedOn of [day('2025-07-22'), day('2025-09-01')])
    runs.push((await issueRows(context, profile, folder, given, { issuedOn, prints: true })).run);
  const members = MEMBERS.map((row) => ({ ...row, 資格喪失年月日: LOST.get(keyOf(row)) ?? '' }));
  const enrolment = NO_CARD.map((row) => (ENROLLED.has(keyOf(row)) ? { ...row, カード: '1', 利用登録: '1' } : row));
  await importRows(context, profile, folder, { members, enrolment }, day('2025-10-31'));
  for (const run of runs) await releaseLots(context, run);
  const ids = runs.map((run) => run.id);
  return { context, runs, setting: await context.database.transaction((tx) => readPieces(tx, ids)) };
}

async function readPieces(tx: Transaction, ids: readonly number[]): Promise<Setting> {
  const rows = await tx.query<Omit<ModelCertificate, 'household'> & { piece: string; pieceState: string }>(
    `select c.mailpiece_number::text as piece, first_state('mailpiece', c.issuance_id, c.mailpiece_number) as "pieceState",
            c.certificate_number::text as number, c.symbol || '-' || c.number || '-' || c.sub_number as person,
            c.issuance_id as run, c.issued_on as "issuedOn", c.valid_through as "validThrough"
       from certificate c where c.issuance_id = any($1) order by c.mailpiece_number, c.position`,
    [ids],
  );
  return [...Map.groupBy(rows, (row) => row.piece)].map(([number, inside]) => ({
    number,
    state: inside[0]!.pieceState,
    certificates: inside.map(({ number: paper, person: key, run, issuedOn, validThrough }) => ({
      ...{ number: paper, person: key, household: key.slice(0, -3), run, issuedOn, validThrough },
      ...{ state: 'made', wasIssued: false, timesMissing: 0, before: '', isFoundAgain: false },
    })),
  }));
}

/** Transactions inside one that is never kept. What waits for the commit is asked at the end of each. */
function inside(tx: Transaction, { connection }: Database): Database {
  let depth = 0;
  return {
    connection,
    close: () => Promise.resolve(),
    statement: (_, sql, values) => tx.query(sql, values),
    async transaction(work, opening = '') {
      const name = `step_${(depth += 1)}`;
      await tx.execute(`savepoint ${name};${opening}`);
      try {
        const result = await work(tx);
        const asked = depth === 1 ? 'set constraints all immediate; set constraints all deferred;' : '';
        await tx.execute(`${asked} release savepoint ${name}`);
        return result;
      } catch (error) {
        await tx.execute(`rollback to savepoint ${name}`);
        throw error;
      } finally {
        depth -= 1;
      }
    },
  };
}

interface World {
  readonly tx: Transaction;
  readonly context: Context;
  readonly runs: Run[];
  readonly initial: Map<string, string>;
}

const ACTORS = ['本部', '支部', '委託業者', '電話窓口'];

/** One thing that is asked: of the model, then of the program; the answers must be one. */
class Step implements fc.AsyncCommand<LifeModel, World> {
  readonly #text: string;
  readonly #actor: string;
  readonly #play: (model: LifeModel, world: World, context: Context) => Promise<void>;
  constructor(text: string, actor: string, play: (model: LifeModel, world: World, context: Context) => Promise<void>) {
    this.#text = text;
    this.#actor = actor;
    this.#play = play;
  }
  check(): boolean {
    return true;
  }
  async run(model: LifeModel, world: World): Promise<void> {
    await this.#play(model, world, { ...world.context, actor: this.#actor });
    await compare(model, world);
  }
  toString(): string {
    return `${this.#actor}: ${this.#text}`;
  }
}

/**
 * Every paper is where the model says, none is unknown to it, and none is elsewhere than its last event put it.
 */
async function compare(model: LifeModel, world: World): Promise<void> {
  const rows = await world.tx.query<{ number: string; state: string; last: string }>(
    `select paper_number::text as number, s.state, e.to_state as last
       from paper_state s
       full join (select distinct on (paper_number) paper_number, to_state from event order by paper_number, seq desc) e
         using (paper_number)`,
  );
  const states = new Map(rows.map((row) => [row.number, row]));
  const wrong: string[] = [];
  for (const paper of [...model.pieces.values(), ...model.certificates.values()]) {
    const row = states.get(paper.number);
    const state = row ? row.state : world.initial.get(paper.number);
    if (state !== paper.state || (row && row.last !== row.state))
      wrong.push(`${paper.number}: ${state}, by its events ${row?.last}, meant ${paper.state}`);
    states.delete(paper.number);
  }
  deepStrictEqual([...wrong, ...states.keys()], []);
}

const nth = <T>(values: Iterable<T>, place: number): T => {
  const all = [...values];
  return all[place % all.length]!;
};

type Play = (model: LifeModel, world: World, context: Context) => Promise<void>;
const actor = fc.constantFrom(...ACTORS);
// Often the first person's papers, of either issuance, so that much happens to one.
const paper = fc.oneof(fc.constantFrom(0, 4, 5), fc.nat(20));
const step = <T>(name: string, value: fc.Arbitrary<T>, play: (value: T) => Play): fc.Arbitrary<Step> =>
  fc.tuple(value, actor).map(([v, who]) => new Step(`${name} ${JSON.stringify(v)}`, who, play(v)));

/** Something that happens to one certificate. */
const certificateStep = (
  name: string,
  meant: (model: LifeModel, certificate: ModelCertificate) => string,
  ask: (context: Context, code: string) => Promise<{ kind: string }>,
): fc.Arbitrary<Step> =>
  step(name, paper, (place) => async (model, _, asking) => {
    const certificate = nth(model.certificates.values(), place);
    const expected = meant(model, certificate);
    deepStrictEqual((await ask(asking, certificate.number)).kind, expected);
  });

const pieceStep = (events: readonly string[]): fc.Arbitrary<Step> =>
  step(
    'pieces',
    fc.record({
      event: fc.constantFrom(...events),
      of: fc.nat(1),
      places: fc.array(paper, { minLength: 1, maxLength: 3 }),
      // Some keys come again: the same request sent twice.
      key: fc.nat(40),
    }),
    ({ event, of, places, key }) =>
      async (model, world, asking) => {
        const run = world.runs[of]!;
        const own = [...model.pieces.values()].filter((piece) => piece.certificates[0]!.run === run.id);
        const asked = places.map((place) => nth(own, place).number);
        const name = (number: string): string => `m:${key}:${number}`;
        const expected = asked.map((number) => model.piece(number, event, name(number)));
        const outcomes = await recordPieceEvents(
          asking,
          run,
          asked.map((number) => ({
            ...{ mailpieceNumber: number, event: event as PaperEvent, reason: '', source: '', key: name(number) },
          })),
        );
        deepStrictEqual(
          outcomes.map((outcome) => outcome.kind),
          expected,
        );
      },
  );

const REMAKES = { reroute: rerouteReturned, reprint: reprintSpoiled, rehome: rehomeLeft } as const;
const remakeStep = step(
  'remake',
  fc.record({ kind: fc.constantFrom(...(['reroute', 'reprint', 'rehome'] as const)), of: fc.nat(1) }),
  ({ kind, of }) =>
    async (model, world, asking) => {
      const parent = world.runs[of]!;
      const on = day('2025-10-15');
      const meant = model.remake(kind, parent.id, on);
      const made = await REMAKES[kind](asking, parent, profile, on);
      deepStrictEqual(made.pieceCount, meant.pieces);
      if (!made.run || made.isResumed) return;
      const pieces = await readPieces(world.tx, [made.run.id]);
      deepStrictEqual(pieces.flatMap((piece) => piece.certificates.map((c) => c.person)).toSorted(), meant.persons);
      for (const piece of pieces) {
        world.initial.set(piece.number, piece.state);
        for (const certificate of piece.certificates) world.initial.set(certificate.number, 'made');
        model.add(piece);
      }
      world.runs.push(made.run);
    },
);

const STEPS: readonly [weight: number, step: fc.Arbitrary<Step>][] = [
  [5, pieceStep(['enclose'])],
  [5, pieceStep(['post'])],
  [3, pieceStep(PIECE_EVENTS)],
  [2, pieceStep(['spoil', 'destroy', 'report-left'])],
  [
    3,
    step(
      'scan',
      fc.record({ place: paper, why: fc.constantFrom(...(Object.keys(RETURN_REASON_LABELS) as ReturnReason[])) }),
      ({ place, why }) =>
        async (model, _, asking) => {
          const { number } = nth(model.pieces.values(), place);
          const expected = model.scan(number, why);
          deepStrictEqual((await scanReturn(asking, insurer, number, why)).kind, expected);
        },
    ),
  ],
  [
    2,
    step('withdraw', fc.tuple(paper, fc.nat(1)), ([place, of]) => async (model, world, asking) => {
      const run = world.runs[of]!;
      const own = [...model.certificates.values()].filter((c) => c.run === run.id);
      const certificate = nth(own, place);
      const expected = model.withdraw(certificate);
      deepStrictEqual(
        (await withdrawPerson(asking, run, parsePersonKey(certificate.person), '資格喪失')).kind,
        expected,
      );
    }),
  ],
  [2, remakeStep],
  [
    2,
    certificateStep(
      'check in',
      (m, c) => m.checkIn(c),
      (asking, code) => checkInCertificate(asking, insurer, code),
    ),
  ],
  [
    2,
    certificateStep(
      'missing',
      (m, c) => m.missing(c),
      (asking, code) => declareMissing(asking, insurer, code, '', null),
    ),
  ],
  [
    2,
    certificateStep(
      'found',
      (m, c) => m.found(c),
      (asking, code) => declareFound(asking, insurer, code, day('2025-11-25')),
    ),
  ],
  [
    1,
    certificateStep(
      'give up',
      (m, c) => m.giveUp(c),
      (asking, code) => giveUpReturn(asking, insurer, code, '連絡がつかない', null),
    ),
  ],
  [
    1,
    certificateStep(
      'present',
      (m, c) => m.present(c),
      (asking, code) => presentCertificate(asking, insurer, '2026', code, day('2026-06-01')),
    ),
  ],
  [
    1,
    step('close the inspection', fc.constant(0), () => async (model, _, asking) => {
      const expected = model.closeInspection();
      const closed = closeInspection(asking, insurer, '2026', day('2026-01-01'), day('2026-06-30'), true);
      deepStrictEqual(
        await closed.then(
          (c) => c.notPresented,
          (error) => (error instanceof Refusal ? null : Promise.reject(error)),
        ),
        expected,
      );
    }),
  ],
  [
    1,
    step('expire', fc.constant(0), () => async (model, _, asking) => {
      const expected = model.expire(EXPIRY_DAY);
      deepStrictEqual(await expireCertificates(asking, insurer, EXPIRY_DAY), expected);
    }),
  ],
  [
    3,
    step('recall', fc.constantFrom(...LIST_DAYS), (on) => async (model, _, asking) => {
      const expected = model.recall(on);
      const { counts } = await asking.database.transaction((tx) => askBack(tx, asking, insurer, on));
      deepStrictEqual(counts, expected);
    }),
  ],
  [
    2,
    step('remind', fc.constantFrom(...REMIND_DAYS), (on) => async (model, _, asking) => {
      const expected = model.remind(on);
      const { first, again } = await asking.database.transaction((tx) => remind(tx, asking, insurer, on));
      deepStrictEqual(first + again, expected);
    }),
  ],
  [
    1,
    step(
      'count',
      fc.tuple(fc.constantFrom(...LIST_DAYS, ...REMIND_DAYS), fc.nat(4)),
      ([on, counted]) =>
        async (model, _, asking) => {
          const expected = model.count(on, counted);
          const receipt = receiveByCount(asking, insurer, '100', on, null, counted);
          deepStrictEqual(
            await receipt.then(
              (r) => r.isRecorded,
              (error) => (error instanceof Refusal ? null : Promise.reject(error)),
            ),
            expected,
          );
        },
    ),
  ],
  [
    1,
    step('file', fc.constantFrom(...FILINGS), ({ household, attachment }) => async (model, _, asking) => {
      const expected = model.file(household, FILED_LOSS, attachment);
      const taken = await takeFilings(asking, profile, path.join(folder, `${household}.csv`), day('2025-11-10'));
      deepStrictEqual([taken.recorded, taken.already], expected === 'recorded' ? [1, 0] : [0, 1]);
    }),
  ],
];

class Undo extends Error {}

/** Lives begin in the middle: some of the pieces have been posted. */
async function send(run: Run, model: LifeModel, world: World, posted: readonly boolean[]): Promise<void> {
  const own = [...model.pieces.values()].filter((piece, i) => piece.certificates[0]!.run === run.id && posted[i]);
  const asked = (['enclose', 'post'] as const).flatMap((event) =>
    own.map(({ number }) => ({
      ...{ mailpieceNumber: number, event, reason: '', source: '' },
      key: `first:${event}:${number}`,
    })),
  );
  if (asked.length === 0) return;
  for (const { mailpieceNumber, event, key } of asked) model.piece(mailpieceNumber, event, key);
  await recordPieceEvents(world.context, run, asked);
}

/** One life, and nothing of it stays. */
async function live(
  { context, runs, setting }: Lane,
  steps: Iterable<fc.AsyncCommand<LifeModel, World>>,
  posted: readonly boolean[],
): Promise<void> {
  const played = context.database.transaction(async (tx) => {
    await tx.execute('set transaction isolation level repeatable read');
    // Numbers that were drawn in a life that was undone are drawn again: there are 9,999.
    await tx.query(`select setval(pg_get_serial_sequence('issuance', 'id'), $1)`, [runs.at(-1)!.id]);
    const papers = structuredClone(setting);
    const initial = new Map<string, string>();
    for (const piece of papers) {
      initial.set(piece.number, piece.state);
      for (const certificate of piece.certificates) initial.set(certificate.number, 'made');
    }
    const model = new LifeModel(papers, LOST, ENROLLED, EMPLOYED);
    const world: World = {
      tx,
      context: { ...context, database: inside(tx, context.database) },
      runs: [...runs],
      initial,
    };
    for (const run of runs) await send(run, model, world, posted);
    await fc.asyncModelRun(() => ({ model, real: world }), steps);
    // What these balances count beside the states is frozen from the start, but for remakes: not asked of every life.
    const isCounted = world.runs.length > runs.length || posted[0] === posted[1];
    for (const run of isCounted ? world.runs : []) {
      const { balances } = await reconcile(world.context, run);
      deepStrictEqual(
        balances.filter((balance) => balance.difference !== 0),
        [],
      );
    }
    deepStrictEqual(await findChainFault(tx, insurer), null);
    throw new Undo();
  });
  await played.catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
}

test(`${RUNS} random lives agree with a simple model, and the books balance`, { timeout: 3_600_000 }, async () => {
  const steps = fc.commands(
    STEPS.flatMap(([weight, one]) => Array<fc.Arbitrary<Step>>(weight).fill(one)),
    { maxCommands: MOST_STEPS, size: 'max' },
  );
  const count = lanes[0]!.setting.length;
  const posted = fc.array(fc.boolean(), { minLength: count, maxLength: count });
  await Promise.all(
    lanes.map((lane) => {
      const lives = fc.asyncProperty(posted, steps, (first, commands) => live(lane, commands, first));
      return fc.assert(lives, { numRuns: Math.ceil(RUNS / LANES) });
    }),
  );
});
