// Where random lives are played: a small population with two issuances and a round of notices in a database of its own, each life a transaction
// that is undone; and what must hold after every step.
import { deepStrictEqual } from 'node:assert';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { loadProfile } from '../src/formats/profile.ts';
import type { Database, Transaction } from '../src/ledger/core/pool.ts';
import { recordPrintedBatch } from '../src/ledger/printing/prints.ts';
import type { Context } from '../src/operations/context.ts';
import { expireCertificates } from '../src/operations/life/expiry.ts';
import { erasePastRetention } from '../src/operations/life/erase.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { planLots } from '../src/operations/printing/plan-lots.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { anotherInsurer, importRows, issueRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { makeTestTemplate, openTestFolder, openTestLedger } from './ledger.ts';
import { LifeModel } from './life-model.ts';
import type { ModelCertificate, ModelFile, ModelLot, NewPiece } from './life-model.ts';

export const day = (text: string): LocalDate => text as LocalDate;

export const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
// Envelopes of two, so that a household of three has two of them; two waves of which the first holds two envelopes.
export const profile: InsurerProfile = {
  ...kyokai,
  enclosing: { ...kyokai.enclosing, limit: 2 },
  issuances: kyokai.issuances.map((issuance) => ({
    ...issuance,
    waves: [
      { name: '第1波', postFrom: day('2025-07-22'), postThrough: day('2025-08-15'), capacity: 2, branches: [] },
      { name: '第2波', postFrom: day('2025-08-18'), postThrough: day('2025-10-31'), capacity: null, branches: [] },
    ],
    postThrough: day('2025-12-01'),
  })),
  noticeRounds: kyokai.noticeRounds.map((round) => ({
    ...round,
    posting: { from: day('2025-07-22'), through: day('2025-08-15') },
  })),
};
/** Of the second issuance, that goes through the workplace. */
const workplaceProfile: InsurerProfile = { ...profile, route: 'workplace' };
export const insurer = profile.insurer.number;
/** Before, in and after the waves; null = the day is not said. */
export const POSTING_DAYS = [null, null, day('2025-08-10'), day('2025-08-20'), day('2026-01-10')];

const at = (symbol: string, number: string, place: number, change: Cells = {}): Cells =>
  person(number, place, { 記号: symbol, ...change });
const MEMBERS: Cells[] = [
  at('100', '1', 0),
  ...[0, 1, 2].map((place) => at('100', '2', place)),
  // Whom print holds at first.
  at('100', '3', 0),
  // Voluntary continuation: no workplace, and valid for two years only.
  at('300', '1', 0, { 被保険者区分: '2', 資格取得年月日: '2024-10-01' }),
];
const keyOf = (row: Cells): string => `${row['記号']}-${row['番号']}-${row['枝番']}`;
const NO_CARD = MEMBERS.map((row): Cells => ({
  ...status(row['番号']!, Number(row['枝番']), '0'),
  記号: row['記号']!,
}));
// After the newest files: two have lost, one of whom print holds; one has enrolled a card.
const LOST = new Map([
  ['100-2-01', day('2025-10-01')],
  ['100-3-00', day('2025-10-01')],
]);
const ENROLLED = new Set(['100-2-02']);
const EMPLOYED = new Set(['100-1', '100-2', '100-3']);
const HELD = '100-3';
export const FILINGS = [
  { household: '100-1', attachment: 'attached', word: '添付' },
  { household: '100-2', attachment: 'unsaid', word: '' },
  { household: '300-1', attachment: 'unrecoverable', word: '回収不能' },
] as const;
export const FILED_LOSS = day('2025-11-01');

/** A ledger in which lives begin: two issuances over the same people, the second newer, and what happened to them. */
export interface Start {
  readonly context: Context;
  readonly beginning: Beginning;
  /** The chain's end. */
  readonly seen: World['seen'];
}

/** What every start is made from. */
export interface Population {
  readonly template: string;
  readonly runs: readonly Issuance[];
  readonly setting: Setting;
}

/** What has happened to a piece when a life begins. */
export const PAST = {
  printed: [],
  enclosed: ['enclose'],
  posted: ['enclose', 'post'],
  returned: ['enclose', 'post', 'return'],
  spoiled: ['spoil'],
  left: ['enclose', 'post', 'report-left'],
} as const;

/** How a life begins: which lots are released, and what has happened to each piece. */
export interface Beginning {
  readonly released: readonly boolean[];
  readonly past: readonly (keyof typeof PAST)[];
}

interface Setting {
  readonly pieces: readonly NewPiece[];
  readonly lots: readonly LotRow[];
}

export interface World {
  readonly tx: Transaction;
  readonly context: Context;
  readonly runs: Issuance[];
  /** Where each paper is as long as nothing has happened to it. */
  readonly initial: Map<string, string>;
  /** The chain's end as far as it was looked at. */
  seen: { seq: number; hash: string };
  /** Issuances whose balances changed in other ways than by events. */
  readonly touched: Set<Issuance>;
  /** Steps played, for keys that are new. */
  steps: number;
  /** For names of files that lives side by side write. */
  readonly share: number;
  readonly lastFiles: Map<string, ModelFile['rows']>;
}

/**
 * Issues a plan whether or not it was issued before: people of this population have two certificates, as in a ledger from before
 * one plan meant one issuance. It is made for an insurer of its own and then handed over, for it is refused otherwise.
 */
async function issueOnceMore(
  context: Context,
  own: InsurerProfile,
  folder: string,
  given: Parameters<typeof issueRows>[3],
  options: Parameters<typeof issueRows>[4],
): Promise<Issuance> {
  const { issuance: run } = await issueRows(context, anotherInsurer(own), folder, given, options);
  const insurerNumber = own.insurer.number;
  await context.database.transaction(async (tx) => {
    for (const [table, change] of [
      ['issuance', ''],
      ['plan_run', `, plan = plan || '#' || issuance_id`],
    ])
      await tx.execute(`alter table ${table} disable trigger user;
        update ${table} set insurer_number = '${insurerNumber}'${change} where insurer_number = '${run.insurerNumber}';
        alter table ${table} enable trigger user;`);
  });
  return { ...run, insurerNumber };
}

export async function openPopulation(): Promise<Population> {
  for (const { household, word } of FILINGS) {
    const [symbol = '', number = ''] = household.split('-');
    const reason = word === '回収不能' ? '連絡がつかない' : '';
    writeRows(folder, `${household}.csv`, FILING_COLUMNS, [
      {
        届書: '喪失',
        記号: symbol,
        番号: number,
        枝番: '00',
        異動年月日: FILED_LOSS,
        到着年月日: '2025-11-03',
        資格確認書: word,
        回収不能の理由: reason,
      },
    ]);
  }
  const runs: Issuance[] = [];
  let setting: Setting | null = null;
  const template = await makeTestTemplate(async (context) => {
    const workplaces = [
      { 記号: '100', 事業所名称: '株式会社あさひ', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' },
    ];
    const given = { members: MEMBERS, enrolment: NO_CARD, workplaces };
    for (const [own, issuance, issuedOn] of [
      [profile, 'bulk-2025', day('2025-07-22')],
      [workplaceProfile, 'bulk-2025', day('2025-09-01')],
      [profile, 'notice-2024-1', day('2025-07-22')],
    ] as const) {
      const options = { issuance, issuedOn };
      const run =
        own === workplaceProfile
          ? await issueOnceMore(context, own, folder, given, options)
          : (await issueRows(context, own, folder, given, options)).issuance;
      const pieces = await context.database.transaction((tx) => readPieces(tx, [run.id]));
      const held = new Set(pieces.filter((piece) => piece.household === HELD).map((piece) => piece.number));
      await printOnPaper(context, run, (number) => own === profile && held.has(number));
      runs.push(run);
    }
    const members = MEMBERS.map((row) => ({ ...row, 資格喪失年月日: LOST.get(keyOf(row)) ?? '' }));
    const enrolment = NO_CARD.map((row) => (ENROLLED.has(keyOf(row)) ? { ...row, カード: '1', 利用登録: '1' } : row));
    await importRows(context, profile, folder, { members, enrolment }, day('2025-10-31'));
    const ids = runs.map((run) => run.id);
    setting = await context.database.transaction(async (tx) => ({
      pieces: await readPieces(tx, ids),
      lots: await readLots(tx, ids),
    }));
  });
  return { template, runs, setting: setting! };
}

/** A ledger that begins so, and the model's word on it. */
export async function openStart(population: Population, beginning: Beginning): Promise<Start> {
  const context = await openTestLedger(population.template);
  const seen = await context.database.transaction(async (tx) => {
    const world = worldOf(population, { context, beginning, seen: { seq: 0, hash: '' } }, tx, 0);
    const { setting, runs } = population;
    const lots = setting.lots.filter((_, i) => beginning.released[i]);
    for (const step of ['print', 'post'] as const) await release(world, lots, step);
    for (const run of runs) {
      const asked = pastOf(population, beginning).filter((piece) => piece.run === run.id);
      for (const event of ['enclose', 'post', 'spoil', 'report-left', 'release'] as const) {
        const now = asked.filter((piece) => piece.events.includes(event));
        const events = now.map(({ number }) => ({
          mailpieceNumber: number,
          event,
          reason: '',
          source: '',
          key: `first:${event}:${number}`,
        }));
        if (events.length > 0) await recordPieceEvents(world.context, run, events);
      }
      for (const { number, events } of asked)
        if (events.includes('return')) await scanReturn(world.context, insurer, number, 'moved');
    }
    await compare(modelOf(population, beginning), world);
    return world.seen;
  });
  return { context, beginning, seen };
}

const APPROVERS = ['山田 太郎', '鈴木 花子'];

async function release(world: World, lots: readonly LotRow[], step: string): Promise<void> {
  await world.tx.execute(
    `insert into lot_confirmation (issuance_id, lot_no, step, place, person, person_key, actor, override_by, override_reason)
     select run, no, $3, place, person, replace(person, ' ', ''), '本部',
            case when $3 = 'post' then '部長 高橋' end, case when $3 = 'post' then '封入の前に承認する' end
       from unnest($1::int[], $2::int[]) l (run, no), unnest($4::text[]) with ordinality p (person, place)
      order by place`,
    [lots.map((lot) => lot.run), lots.map((lot) => lot.no), step, APPROVERS],
  );
}

/** What happens to each piece before a life begins; one whose lot is not released does not go. */
function pastOf(
  { setting }: Population,
  { released, past }: Beginning,
): { readonly number: string; readonly run: number; readonly events: readonly string[] }[] {
  return setting.pieces.map(({ number, run, state }, i) => {
    // One that was held is released, or still is.
    if (state === 'held') return { number, run, events: past[i] === 'posted' ? ['release'] : [] };
    const isApproved = released[setting.lots.findIndex((lot) => lot.pieces.includes(number))];
    const events: readonly string[] = PAST[past[i]!];
    return { number, run, events: events.includes('post') && !isApproved ? ['enclose'] : events };
  });
}

/** The model as a life begins. */
function modelOf(population: Population, beginning: Beginning): LifeModel {
  const { pieces, lots } = structuredClone(population.setting);
  const model = new LifeModel(pieces, LOST, ENROLLED, EMPLOYED);
  addLots(model, lots);
  for (const [i, lot] of model.lots.entries())
    if (beginning.released[i])
      for (const step of ['print', 'post'] as const)
        for (const name of APPROVERS) lot.confirmed[step].add(name.replace(' ', ''));
  for (const { number, events } of pastOf(population, beginning))
    for (const event of events)
      if (event === 'return') model.scan(number, 'moved');
      else model.piece(number, event, `first:${event}:${number}`);
  return model;
}

function worldOf(population: Population, { context, seen }: Start, tx: Transaction, share: number): World {
  const initial = new Map<string, string>();
  for (const piece of population.setting.pieces) {
    initial.set(piece.number, piece.state);
    for (const certificate of piece.certificates) initial.set(certificate.number, 'made');
  }
  return {
    tx,
    share,
    context: {
      ...context,
      database: inside(tx, context.database),
    },
    runs: [...population.runs],
    initial,
    seen,
    touched: new Set(),
    steps: 0,
    lastFiles: new Map(),
  };
}

/** The profile a run is remade by. */
export const profileOf = (run: Issuance): InsurerProfile =>
  run.kind === 'certificate' && run.rules.enclosing.route === 'workplace' ? workplaceProfile : profile;

/** Print as the ledger records it: planned in lots and recorded batch by batch; only the pages are not drawn. */
export async function printOnPaper(
  context: Context,
  run: Issuance,
  isHeld: (mailpieceNumber: string) => boolean = () => false,
): Promise<void> {
  for (const batch of await planLots(context, run, profile)) {
    if (batch.isPrinted) continue;
    await context.database.transaction(async (tx) => {
      const pieces = await tx.query<{ mailpieceNumber: string; certificateCount: number }>(
        `select m.mailpiece_number::text as "mailpieceNumber",
                (select count(*)::int + case when i.paper_kind = 'notice' then 1 else 0 end from certificate c
                   left join paper_state s on s.paper_number = c.certificate_number
                  where c.issuance_id = $1 and c.mailpiece_number = m.mailpiece_number
                    and s.state is distinct from 'withdrawn') as "certificateCount"
           from mailpiece m
           join issuance i on i.id = $1
           left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = m.symbol
           left join paper_state s on s.paper_number = m.mailpiece_number
          where m.issuance_id = $1 and m.route = $2 and m.mailpiece_number between $3 and $4
            and (not $6 or exists (select 1 from lot_share l
                                    where l.issuance_id = $1 and l.lot_no = $5
                                      and l.branch_code = coalesce(w.branch_code, '')
                                      and m.mailpiece_number between l.first_mailpiece and l.last_mailpiece))
            and s.state is distinct from 'withdrawn' order by 1`,
        [run.id, batch.route, batch.firstMailpiece, batch.lastMailpiece, batch.lotNo, batch.byBranch],
      );
      const printed = pieces
        .filter((piece) => !isHeld(piece.mailpieceNumber))
        .map((piece, i) => ({ ...piece, letterPage: i + 1, certificatePage: i * 4 + 1 }));
      const why = { reason: 'missing-character', subNumber: '', field: 'addressee', codePoint: 'U+E000' } as const;
      const held = pieces
        .filter((piece) => isHeld(piece.mailpieceNumber))
        .map(({ mailpieceNumber }) => ({ mailpieceNumber, ...why }));
      const none = { files: [], replaced: [], templateSha256: '0'.repeat(64) };
      await recordPrintedBatch(tx, run, batch.no, { ...none, printed, held });
    });
  }
}

export async function readPieces(tx: Transaction, ids: readonly number[]): Promise<NewPiece[]> {
  const rows = await tx.query<
    Omit<ModelCertificate, 'household' | 'number'> & {
      piece: string;
      pieceState: string;
      route: 'home' | 'workplace';
      /** Null = a notice. */
      number: string | null;
    }
  >(
    `select m.mailpiece_number::text as piece, first_state('mailpiece', m.issuance_id, m.mailpiece_number) as "pieceState",
            m.route, c.certificate_number::text as number,
            m.symbol || '-' || m.number || '-' || coalesce(c.sub_number, n.sub_number) as person,
            m.issuance_id as run, c.issued_on as "issuedOn", c.valid_through as "validThrough"
       from mailpiece m
       left join certificate c on c.issuance_id = m.issuance_id and c.mailpiece_number = m.mailpiece_number
       left join notice n on n.issuance_id = m.issuance_id and n.mailpiece_number = m.mailpiece_number
      where m.issuance_id = any($1) order by m.mailpiece_number, c.position`,
    [ids],
  );
  return [...Map.groupBy(rows, (row) => row.piece)].map(([number, inside]) => {
    const { pieceState: state, run, route, person: first, number: paper } = inside[0]!;
    const certificates = inside.flatMap((row) => (row.number === null ? [] : [newCertificate(row, row.number)]));
    const place = { number, state, run, route, household: first.slice(0, -3) };
    return { ...place, certificates, notice: paper === null ? first : null };
  });
}

function newCertificate(
  { person: key, run, issuedOn, validThrough }: Pick<ModelCertificate, 'person' | 'run' | 'issuedOn' | 'validThrough'>,
  number: string,
): ModelCertificate {
  return {
    number,
    person: key,
    household: key.slice(0, -3),
    run,
    issuedOn,
    validThrough,
    state: 'made',
    wasIssued: false,
    timesMissing: 0,
    before: '',
    demandedFor: null,
  };
}

type LotRow = Pick<ModelLot, 'run' | 'no' | 'postFrom' | 'postThrough'> & { readonly pieces: readonly string[] };

export async function readLots(tx: Transaction, ids: readonly number[]): Promise<LotRow[]> {
  return tx.query(
    `select l.issuance_id as run, l.no, l.post_from as "postFrom", l.post_through as "postThrough",
            json_agg(p.mailpiece_number::text) as pieces
       from lot l
       join print_batch b on b.issuance_id = l.issuance_id and b.lot_no = l.no
       join printed_piece p on p.issuance_id = b.issuance_id and p.batch_no = b.no
      where l.issuance_id = any($1) group by l.issuance_id, l.no order by 1, 2`,
    [ids],
  );
}

/** Takes lots into the model, and which of its pieces lie in each. */
export function addLots(model: LifeModel, rows: readonly LotRow[]): void {
  for (const { pieces, ...row } of rows) {
    const confirmed = { print: new Set<string>(), post: new Set<string>(), close: new Set<string>() };
    const lot: ModelLot = { ...row, confirmed, isAllowed: false, isClosed: false };
    model.lots.push(lot);
    for (const number of pieces) model.pieces.get(number)!.lot = lot;
  }
}

/** Transactions inside one that is never kept. What waits for the commit is asked at the end of each. */
function inside(tx: Transaction, { connection }: Database): Database {
  let depth = 0;
  return {
    connection,
    close: () => Promise.resolve(),
    statement: (_, sql, values) => tx.query(sql, values),
    read: (work) => work(tx),
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

/**
 * What holds after every step: each paper is where the model says and where its last event put it, none is unknown to the
 * model, each state counts once, no closed lot counts otherwise than when it was closed, and the new rows of the chain
 * follow from the old. One statement.
 */
export async function compare(model: LifeModel, world: World): Promise<void> {
  const [row] = await world.tx.query<{
    states: Record<string, string>;
    strays: number;
    broken: number;
    uneven: number;
    seq: number;
    hash: string;
  }>(
    `with added as (
       select e as whole, e.seq, e.hash, row_number() over (order by e.seq) as place,
              lag(e.hash, 1, $3) over (order by e.seq) as previous
         from event e where e.insurer_number = $1 and e.seq > $2
     )
     select (select coalesce(json_object_agg(paper_number, state), '{}') from paper_state) as states,
            (select count(*)::int from paper_state s left join event e
                on e.insurer_number = $1 and e.seq = s.seq and e.paper_number = s.paper_number
              where s.state is distinct from e.to_state
                 or exists (select 1 from event n where n.paper_number = s.paper_number and n.seq > s.seq)) as strays,
            (select count(*)::int from added
              where seq <> $2 + place or hash <> event_hash(previous, whole)) as broken,
            (select count(*)::int from lot l cross join lateral count_lot(l.issuance_id, l.no) c
              where l.closed_at is not null and not exists (select 1 from erasure x where x.issuance_id = l.issuance_id)
                and (c.extracted, c.held + c.withdrawn, c.spoiled, c.remade, c.printed, c.enclosed, c.posted)
                    is distinct from (l.extracted_count, l.held_count + l.withdrawn_count, l.spoiled_count,
                                      l.remade_count, l.printed_count, l.enclosed_count, l.posted_count)) as uneven,
            coalesce((select seq from chain_head where insurer_number = $1), 0) as seq,
            coalesce((select hash from chain_head where insurer_number = $1), '') as hash`,
    [insurer, world.seen.seq, world.seen.hash],
  );
  const { states, strays, broken, uneven, seq, hash } = row!;
  world.seen = { seq, hash };
  deepStrictEqual({ strays, broken, uneven }, { strays: 0, broken: 0, uneven: 0 });
  const wrong: string[] = [];
  const papers = [...model.pieces.values(), ...model.certificates.values()];
  for (const { number, state: meant } of papers) {
    const state = states[number] ?? world.initial.get(number);
    if (state !== meant) wrong.push(`${number}: ${state}, meant ${meant}`);
  }
  const known = new Set(papers.map((paper) => paper.number));
  deepStrictEqual([...wrong, ...Object.keys(states).filter((number) => !known.has(number))], []);
}

/** What print held counts as held in its lot, and what was spoiled. Once a life: all lots are counted. */
async function countLots(model: LifeModel, world: World): Promise<void> {
  const rows = await world.tx.query<{ run: number; held: number; spoiled: number }>(
    `select l.issuance_id as run, sum(c.held)::int as held, sum(c.spoiled)::int as spoiled
       from lot l cross join lateral count_lot(l.issuance_id, l.no) c group by 1 order by 1`,
  );
  deepStrictEqual(
    rows,
    rows.map(({ run }) => ({ run, held: model.heldIn(run), spoiled: model.spoiledIn(run) })),
  );
}

/** Every balance of an issuance. */
export async function balance(world: World, run: Issuance): Promise<void> {
  const { balances } = await reconcile(world.context, run);
  deepStrictEqual(
    balances.filter((b) => b.difference !== 0),
    [],
  );
}

class Undo extends Error {}

/** One life, and nothing of it stays. */
export async function live(
  population: Population,
  start: Start,
  share: number,
  isErased: boolean,
  play: (model: LifeModel, world: World) => Promise<void>,
): Promise<void> {
  const played = start.context.database.transaction(async (tx) => {
    await tx.execute('set transaction isolation level repeatable read');
    const model = modelOf(population, start.beginning);
    const world = worldOf(population, start, tx, share);
    await play(model, world);
    await countLots(model, world);
    for (const run of world.touched) await balance(world, run);
    if (isErased) await eraseAll(model, world);
    throw new Undo();
  });
  await played.catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
}

/** Long after: everything has ended, and the personal data goes. What stays is where it was, and still balances. */
async function eraseAll(model: LifeModel, world: World): Promise<void> {
  const end = day('2032-01-01');
  deepStrictEqual(await expireCertificates(world.context, insurer, end), model.expire(end));
  await compare(model, world);
  const years = profile.retention.personalDataYears;
  const plan = await erasePastRetention(world.context, profile, day(`${2035 + years}-01-01`), true);
  deepStrictEqual(
    plan.issuances.map(({ id }) => id).toSorted((a, b) => a - b),
    world.runs.map(({ id }) => id),
  );
  await compare(model, world);
  for (const run of world.runs) await balance(world, run);
  const [left] = await world.tx.query<{ count: number }>('select count(*)::int as count from certificate');
  deepStrictEqual(left, { count: 0 });
}
