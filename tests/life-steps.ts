// Everything that may be asked, as steps of a random life: each is asked of the model, then of the program, and the answers
// must be one. What is chosen leans towards what may happen now, so that lives get far; the rest asks for what may not.
import { deepStrictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Context } from '../src/operations/context.ts';
import { Refusal } from '../src/operations/context.ts';
import { expireCertificates } from '../src/operations/life/expiry.ts';
import { parsePersonKey } from '../src/operations/desk/explain.ts';
import { takeFilings } from '../src/operations/life/filings.ts';
import { closeInspection, presentCertificate } from '../src/operations/life/inspection.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import { withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { confirmLot } from '../src/operations/posting/lots.ts';
import { BEFORE_ENCLOSING, FILE_LIMITS } from './ledger.ts';
import { closeParcelIn, openParcels, scanIntoParcel } from '../src/operations/posting/parcels.ts';
import { requestReturns, remind } from '../src/operations/life/recall.ts';
import {
  checkInCertificate,
  declareFound,
  declareMissing,
  giveUpReturn,
  receiveByCount,
} from '../src/operations/life/recall-return.ts';
import { makeReissues, requestReissue } from '../src/operations/life/reissue.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import { takeResults } from '../src/operations/posting/results.ts';
import { RETURN_REASON_LABELS } from '../src/rules/papers/lifecycle.ts';
import type { PaperEvent, ReturnReason } from '../src/rules/papers/lifecycle.ts';
import { PIECE_EVENTS } from './life-model.ts';
import type { LifeModel, ModelCertificate, ModelFile, RemakeKind, Said } from './life-model.ts';
import {
  FILED_LOSS,
  FILINGS,
  POSTING_DAYS,
  addLots,
  balance,
  compare,
  day,
  folder,
  insurer,
  printOnPaper,
  profile,
  profileOf,
  readLots,
  readPieces,
} from './life-world.ts';
import type { World } from './life-world.ts';

const LIST_DAYS = [day('2025-11-20'), day('2025-12-20')];
const REMIND_DAYS = [day('2025-12-05'), day('2026-01-05')];
const EXPIRY_DAY = day('2027-01-01');
/** Before and after the losses of the newest file. */
const REMAKE_DAYS = [day('2025-09-15'), day('2025-10-15')];

const ACTORS = ['本部', '支部', '委託業者', '電話窓口'];

type Play = (model: LifeModel, world: World, context: Context) => Promise<void>;

/** One thing that is asked. */
export class Step implements fc.AsyncCommand<LifeModel, World> {
  readonly #text: string;
  readonly #actor: string;
  readonly #play: Play;
  constructor(text: string, actor: string, play: Play) {
    this.#text = text;
    this.#actor = actor;
    this.#play = play;
  }
  check(): boolean {
    return true;
  }
  async run(model: LifeModel, world: World): Promise<void> {
    world.steps += 1;
    await this.#play(model, world, { ...world.context, actor: this.#actor });
    await compare(model, world);
  }
  toString(): string {
    return `${this.#actor}: ${this.#text}`;
  }
}

const actor = fc.constantFrom(...ACTORS);
const step = <T>(name: string, value: fc.Arbitrary<T>, play: (value: T) => Play): fc.Arbitrary<Step> =>
  fc.tuple(value, actor).map(([v, who]) => new Step(`${name} ${JSON.stringify(v)}`, who, play(v)));

const nth = <T>(values: readonly T[], place: number): T => values[place % values.length]!;

/** Which of several: a low place more often, so that much happens to one; `ripe` = of those it may happen to now. */
const choice = fc.record({
  place: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(20) }),
  ripe: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
});

/** A run: the first two and the notices more often than what was made of them. */
const of = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 2, arbitrary: fc.nat(6) });
const runOf = (world: World, place: number): Issuance => nth(world.runs, place);

/** Now and then a list is made once more on its day. */
const times = fc.constantFrom(1, 1, 2);

/** What a refusal comes to, with what was refused by it. */
async function orRefused<T, R>(asked: Promise<T>, refused: R): Promise<T | R> {
  return asked.catch((error: unknown) => (error instanceof Refusal ? refused : Promise.reject(error)));
}

/** Something that happens to one certificate. */
const certificateStep = (
  name: string,
  meant: (model: LifeModel, certificate: ModelCertificate) => string,
  ask: (context: Context, code: string) => Promise<{ kind: string }>,
): fc.Arbitrary<Step> =>
  step(name, choice, ({ place, ripe }) => async (model, _, asking) => {
    const certificate = nth(model.certificatesFor(ripe ? name : null), place);
    const expected = meant(model, certificate);
    deepStrictEqual((await ask(asking, certificate.number)).kind, expected);
  });

const OVERRIDE = { person: '本部長', reason: '遅れを取り戻すため' };

const pieceStep = (events: readonly string[]): fc.Arbitrary<Step> =>
  step(
    'pieces',
    fc.record({
      event: fc.constantFrom(...events),
      of,
      choices: fc.array(choice, { minLength: 1, maxLength: 3 }),
      isAll: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      on: fc.constantFrom(...POSTING_DAYS),
      // Sometimes the same request is sent twice, and sometimes its key comes with another request.
      key: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(2) }),
      isAllowed: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    }),
    ({ event, of: place, choices, isAll, on, key, isAllowed }) =>
      async (model, world, asking) => {
        const run = runOf(world, place);
        const numbers = isAll
          ? model.piecesFor(run.id, event).map((piece) => piece.number)
          : choices.map((c) => nth(model.piecesFor(run.id, c.ripe ? event : null), c.place).number);
        const name = (number: string): string => `m:${key ?? `step ${world.steps}`}:${number}`;
        const expected = numbers.map((number) => model.piece(number, event, name(number), on, isAllowed));
        const outcomes = await recordPieceEvents(
          asking,
          run,
          numbers.map((number) => ({
            mailpieceNumber: number,
            event: event as PaperEvent,
            reason: '',
            source: '',
            key: name(number),
            ...(on === null ? {} : { on }),
          })),
          isAllowed ? OVERRIDE : null,
        );
        deepStrictEqual(
          outcomes.map((outcome) => outcome.kind),
          expected,
        );
      },
  );

const WORDS = {
  contractor: { spoil: '損傷', enclose: '封入', post: '発送', repost: '再発送', destroy: '廃棄' },
  workplace: { 'hand-over': '手渡し', 'fail-hand-over': '手渡し不可', 'report-left': '退職' },
} as const;
const RESULT_DAYS = [day('2025-07-30'), day('2025-08-10'), day('2025-08-20')];

/** A file of what became of pieces; the same rows again are the same file. */
const fileStep = (by: 'contractor' | 'workplace'): fc.Arbitrary<Step> =>
  step(
    `${by}'s file`,
    fc.record({
      of,
      rows: fc.array(
        fc.record({
          choice,
          event: fc.constantFrom(...Object.keys(WORDS[by])),
          on: fc.constantFrom(...RESULT_DAYS),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      isAllowed: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      isAgain: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    }),
    ({ of: place, rows, isAllowed, isAgain }) =>
      async (model, world, asking) => {
        const run = runOf(world, place);
        const last = world.lastFiles.get(`${by} ${run.id}`);
        const file: ModelFile = {
          run: run.id,
          by,
          isAllowed,
          rows:
            isAgain && last
              ? last
              : rows.map(({ choice: c, event, on }) => ({
                  number: nth(model.piecesFor(run.id, c.ripe ? event : null), c.place).number,
                  event,
                  on,
                })),
        };
        world.lastFiles.set(`${by} ${run.id}`, file.rows);
        const name = path.join(folder, `結果-${world.share}.csv`);
        const words: Readonly<Record<string, string>> = WORDS[by];
        const lines = file.rows.map(({ number, event, on }) => `${number},${words[event]},${on}`);
        writeFileSync(name, `${['郵便物番号,結果,年月日', ...lines].join('\r\n')}\r\n`);
        const expected = model.results(file);
        const reporter = by === 'contractor' ? { party: by } : { party: by, symbol: '100' };
        const taken = await orRefused(
          takeResults(asking, run, name, { reporter, override: isAllowed ? OVERRIDE : null }),
          null,
        );
        deepStrictEqual(taken && { ...taken, refused: taken.refused.length }, expected);
      },
  );

/** The way of what is made again: to the employer, home, or as it was to go; without an employer always home. */
function wayOf(kind: RemakeKind | 'reissue', parent: Issuance): 'home' | 'workplace' {
  if (kind === 'reroute') return 'workplace';
  if (kind === 'rehome' || kind === 'send-home' || kind === 'reissue') return 'home';
  const isHome = parent.kind === 'notice' ? parent.rules.plan.way === 'home' : parent.rules.enclosing.route === 'home';
  return isHome ? 'home' : 'workplace';
}

/** What was made again is there for the model too. */
async function enter(
  model: LifeModel,
  world: World,
  run: Issuance,
  persons: readonly string[],
  way: 'home' | 'workplace',
): Promise<void> {
  const pieces = await readPieces(world.tx, [run.id]);
  for (const { household, route } of pieces) deepStrictEqual(route, model.employed.has(household) ? way : 'home');
  const inside = pieces.flatMap(({ notice, certificates }) => notice ?? certificates.map((c) => c.person));
  deepStrictEqual(inside.toSorted(), persons);
  for (const piece of pieces) {
    world.initial.set(piece.number, piece.state);
    for (const certificate of piece.certificates) world.initial.set(certificate.number, 'made');
    model.add(piece);
  }
  world.runs.push(run);
  world.touched.add(run);
  await balance(world, run);
}

const REMAKE_KINDS = ['reroute', 'reprint', 'rehome', 'release', 'send-home'] as const;
const remakeStep = step(
  'remake',
  fc.record({
    kind: fc.constantFrom(...REMAKE_KINDS),
    of,
    ripe: fc
      .integer({
        min: 0,
        max: 3,
      })
      .map((n) => n > 0),
    day: fc.constantFrom(...REMAKE_DAYS),
  }),
  ({ kind: anyKind, of: place, ripe, day: asOf }) =>
    async (model, world, asking) => {
      const due = world.runs.flatMap((run) =>
        REMAKE_KINDS.flatMap((kind) => (model.dueFor(kind, run.id).length > 0 ? [{ kind, parent: run }] : [])),
      );
      const asked = ripe && due.length > 0 ? nth(due, place) : { kind: anyKind, parent: runOf(world, place) };
      const { kind, parent } = asked;
      // Made again no earlier than what it is made of.
      const on = parent.issuedOn > asOf ? parent.issuedOn : asOf;
      const meant = model.remake(kind, parent.id, on);
      const made = await remakePieces(asking, parent, profileOf(parent), kind, on);
      deepStrictEqual([made.pieceCount, made.waived.length], [meant.pieces, meant.waived]);
      if (made.issuance && !made.isResumed)
        await enter(model, world, made.issuance, meant.persons, wayOf(kind, parent));
    },
);

const REISSUE_DAY = day('2025-10-20');

const reissueStep = step(
  'reissue',
  fc.record({
    choice,
    reason: fc.constantFrom(...(['missing', 'missing', 'torn', 'name-changed'] as const)),
    on: fc.constantFrom(day('2025-09-05'), day('2025-10-05')),
    isAttached: fc.boolean(),
  }),
  ({ choice: { place, ripe }, reason, on, isAttached }) =>
    async (model, _, asking) => {
      const { person } = nth(model.certificatesFor(ripe ? 'reissue' : null), place);
      const expected = model.reissue(person, { reason, on }, isAttached);
      const request = { ...parsePersonKey(person), reason, requestedOn: on, isAttached };
      deepStrictEqual((await requestReissue(asking, insurer, request)).kind, expected);
    },
);

const reissuePrintStep = step('make what was asked for', fc.constant(0), () => async (model, world, asking) => {
  const due = model.dueReissues(REISSUE_DAY);
  const { runs } = await makeReissues(asking, profile, REISSUE_DAY);
  const made = runs.filter(({ isResumed }) => !isResumed);
  deepStrictEqual(
    made.map(({ count }) => count),
    [...due.values()].map((requests) => requests.length),
  );
  for (const [i, requests] of [...due.values()].entries()) {
    const { issuance: run } = made[i]!;
    for (const request of requests) request.madeIn = run.id;
    const persons = requests.map(({ certificate }) => certificate.person).toSorted();
    await enter(model, world, run, persons, 'home');
  }
});

/** Two of them are one. */
const LOT_PERSONS = ['山田 太郎', '山田　太郎', '鈴木 花子', '佐藤 一郎'];
const folded = (name: string): string => name.replaceAll(/\s/g, '');

/** Seals and packs what is left for the parcels of a run. */
async function packAll(model: LifeModel, world: World, asking: Context, run: Issuance): Promise<void> {
  const waiting = [...model.pieces.values()].filter((piece) => piece.run === run.id && piece.parcel !== null);
  const sealed = waiting.filter((piece) => piece.state === 'printed');
  const keyOf = (number: string): string => `seal:${world.steps}:${number}`;
  for (const { number } of sealed) model.piece(number, 'enclose', keyOf(number));
  const events = sealed.map(({ number }) => ({
    ...({ mailpieceNumber: number, event: 'enclose', reason: '', source: '', key: keyOf(number) } as const),
  }));
  if (events.length > 0) await recordPieceEvents(asking, run, events);
  for (const { number } of waiting) {
    const expected = model.pack(run.id, number);
    deepStrictEqual((await scanIntoParcel(asking, run, '100', null, number)).kind, expected);
  }
}

export const STEPS: readonly (readonly [weight: number, step: fc.Arbitrary<Step>])[] = [
  [4, pieceStep(['enclose'])],
  [5, pieceStep(['post'])],
  [2, pieceStep(PIECE_EVENTS)],
  [2, pieceStep(['spoil', 'destroy', 'report-left', 'reroute'])],
  [1, pieceStep(['correct', 'release', 'send-home'])],
  [3, fileStep('contractor')],
  [2, fileStep('workplace')],
  [
    3,
    step(
      'scan',
      fc.record({ choice, of, why: fc.constantFrom(...(Object.keys(RETURN_REASON_LABELS) as ReturnReason[])) }),
      ({ choice: c, of: place, why }) =>
        async (model, world, asking) => {
          const { number } = nth(model.piecesFor(runOf(world, place).id, c.ripe ? 'return' : null), c.place);
          const expected = model.scan(number, why);
          deepStrictEqual((await scanReturn(asking, insurer, number, why)).kind, expected);
        },
    ),
  ],
  [
    2,
    step('withdraw', choice, ({ place, ripe }) => async (model, world, asking) => {
      const certificate = nth(model.certificatesFor(ripe ? 'withdraw' : null), place);
      const run = world.runs.find(({ id }) => id === certificate.run)!;
      const expected = model.withdraw(certificate);
      deepStrictEqual(
        (await withdrawPerson(asking, run, parsePersonKey(certificate.person), '資格喪失')).kind,
        expected,
      );
    }),
  ],
  [
    1,
    step('withdraw a notice', choice, ({ place, ripe }) => async (model, world, asking) => {
      const all = model.notices();
      const early = all.filter((piece) => ['planned', 'held', 'released', 'printed', 'enclosed'].includes(piece.state));
      const piece = nth(ripe && early.length > 0 ? early : all, place);
      // A person is named: of several notices in one issuance there is none.
      const run = world.runs.find(({ id }) => id === piece.run)!;
      const expected = model.withdrawNotice(piece);
      const said = await withdrawPerson(asking, run, parsePersonKey(piece.notice!), '資格喪失');
      deepStrictEqual(said.kind, expected);
    }),
  ],
  [3, remakeStep],
  [3, reissueStep],
  [2, reissuePrintStep],
  [
    2,
    step(
      'print',
      // What print holds of it: nothing, now and then some, by place.
      fc.record({ of, held: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(7) }) }),
      ({ of: place, held }) =>
        async (model, world, asking) => {
          const run = runOf(world, place);
          const waiting = [...model.pieces.values()].filter(
            (piece) => piece.run === run.id && piece.state === 'planned',
          );
          const stopped = new Set(waiting.flatMap(({ number }, i) => ((held >> i) & 1 ? [number] : [])));
          const isHeld = (number: string): boolean => stopped.has(number);
          await printOnPaper(asking, run, isHeld);
          if (waiting.length === 0) return;
          for (const [piece, state] of model.print(run.id, isHeld)) world.initial.set(piece, state);
          addLots(model, await readLots(world.tx, [run.id]));
          world.touched.add(run);
          await balance(world, run);
        },
    ),
  ],
  [
    4,
    step(
      'lot',
      fc.record({
        choice,
        step: fc.constantFrom(...(['print', 'post', 'close'] as const)),
        person: fc.nat(3),
        // Somebody answers for a lot of which not all is enclosed.
        isAllowed: fc.boolean(),
      }),
      ({ choice: { place, ripe }, step: any, person: who, isAllowed }) =>
        async (model, world, asking) => {
          const steps = model.ripeLots();
          const isRipe = ripe && steps.length > 0;
          const { lot, step: stage } = isRipe ? nth(steps, place) : { lot: nth(model.lots, place), step: any };
          const others = LOT_PERSONS.filter((name) => !isRipe || !lot.confirmed[stage].has(folded(name)));
          const person = nth(others, who);
          const run = world.runs.find(({ id }) => id === lot.run)!;
          const override = isAllowed && stage === 'post' ? BEFORE_ENCLOSING : null;
          const expected = model.confirm(lot, stage, folded(person), override !== null);
          const said = await orRefused(confirmLot(asking, run, FILE_LIMITS, lot.no, stage, person, override), {
            kind: 'refused',
          });
          deepStrictEqual(said.kind === 'confirmed' ? 'recorded' : said.kind, expected);
        },
    ),
  ],
  [
    2,
    step('open parcels', fc.oneof(fc.constant(1), of), (place) => async (model, world, asking) => {
      const run = runOf(world, place);
      const isThere = model.openParcels(run.id);
      const opened = await orRefused(openParcels(asking, run, profileOf(run), '100'), null);
      deepStrictEqual(opened?.length ?? null, isThere);
    }),
  ],
  [
    3,
    step(
      'pack',
      fc.record({
        of: fc.oneof(fc.constant(1), of),
        choice,
        isStray: fc.integer({
          min: 0,
          max: 5,
        }),
        isAll: fc.boolean(),
      }),
      ({ of: place, choice: c, isStray, isAll }) =>
        async (model, world, asking) => {
          const run = runOf(world, place);
          const pieces = [...model.pieces.values()].filter((piece) => isStray === 0 || piece.run === run.id);
          const ripe = pieces.filter((piece) => piece.parcel !== null && !piece.isPacked && piece.state === 'enclosed');
          const one = nth(c.ripe && ripe.length > 0 ? ripe : pieces, c.place);
          for (const { number } of isAll && ripe.length > 0 ? ripe : [one]) {
            const expected = model.pack(run.id, number);
            deepStrictEqual((await scanIntoParcel(asking, run, '100', null, number)).kind, expected);
          }
        },
    ),
  ],
  [
    2,
    step(
      'close the parcel',
      fc.tuple(fc.oneof(fc.constant(1), of), fc.boolean()),
      ([place, isPacked]) =>
        async (model, world, asking) => {
          const run = runOf(world, place);
          if (isPacked) await packAll(model, world, asking, run);
          const expected = model.closeParcel(run.id);
          const closed = asking.database.transaction((tx) => closeParcelIn(tx, asking, run, '100', null));
          deepStrictEqual((await orRefused(closed, null)) !== null, expected);
        },
    ),
  ],
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
    2,
    step('missing and found, again and again', choice, ({ place, ripe }) => async (model, _, asking) => {
      const certificate = nth(model.certificatesFor(ripe ? 'missing' : null), place);
      for (let i = 0; i < 2; i++) {
        const lost = model.missing(certificate);
        deepStrictEqual((await declareMissing(asking, insurer, certificate.number, '', null)).kind, lost);
        const found = model.found(certificate);
        const said = await declareFound(asking, insurer, certificate.number, day('2025-11-25'));
        deepStrictEqual(said.kind, found);
      }
    }),
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
      deepStrictEqual((await orRefused(closed, null))?.notPresented ?? null, expected);
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
    step('recall', fc.tuple(fc.constantFrom(...LIST_DAYS), times), ([on, often]) => async (model, _, asking) => {
      for (let i = 0; i < often; i++) {
        const expected = model.recall(on);
        const { counts } = await asking.database.transaction((tx) => requestReturns(tx, asking, insurer, on));
        deepStrictEqual(counts, expected);
      }
    }),
  ],
  [
    2,
    step('remind', fc.tuple(fc.constantFrom(...REMIND_DAYS), times), ([on, often]) => async (model, _, asking) => {
      for (let i = 0; i < often; i++) {
        const expected = model.remind(on);
        const { first, again } = await asking.database.transaction((tx) => remind(tx, asking, insurer, on));
        deepStrictEqual(first + again, expected);
      }
    }),
  ],
  [
    1,
    step(
      'count',
      fc.record({ on: fc.constantFrom(...LIST_DAYS, ...REMIND_DAYS), off: fc.constantFrom(0, 0, 1) }),
      ({ on, off }) =>
        async (model, _, asking) => {
          const counted = (model.waiting(on) ?? 0) + off;
          const expected = model.count(on, counted);
          const receipt = receiveByCount(asking, insurer, '100', on, null, counted);
          deepStrictEqual((await orRefused(receipt, null))?.isRecorded ?? null, expected);
        },
    ),
  ],
  [
    1,
    step('file', fc.constantFrom(...FILINGS), ({ household, attachment }) => async (model, _, asking) => {
      const { said, ...counts } = model.file(household, FILED_LOSS, attachment);
      const taken = await takeFilings(asking, profile, path.join(folder, `${household}.csv`), day('2025-11-10'));
      const { recorded, demanded, withdrawn } = taken;
      deepStrictEqual(
        { said: recorded === 1 ? 'recorded' : 'already', demanded, withdrawn },
        { said: said satisfies Said, ...counts },
      );
    }),
  ],
];
