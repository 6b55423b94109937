// Room: ledger. Issuances and their chunks: what is to be done, what is done, and which process may do it now.
import type { JournalCounts, JournalOperation } from '../../rules/papers/journal.ts';
import type { Lineage } from '../../rules/papers/lineage.ts';
import type { IssuanceKind } from '../../rules/papers/kinds.ts';
import type { RemakeKind } from '../../rules/papers/lifecycle.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Reader, Transaction } from '../core/pool.ts';

/** An issuance over three snapshots. `Rules` is the frozen JSON it was made with. */
export interface StoredIssuance<Rules = unknown, Kind extends IssuanceKind = IssuanceKind> {
  /** 1–9999, part of every paper number. */
  readonly id: number;
  readonly kind: Kind;
  readonly insurerNumber: string;
  readonly profileId: string;
  readonly name: string;
  readonly membersId: number;
  readonly workplacesId: number;
  readonly enrolmentId: number;
  /** 負担割合.csv; null = none, or of certificates. */
  readonly ratiosId: number | null;
  readonly referenceOn: LocalDate;
  readonly issuedOn: LocalDate;
  readonly rules: Rules;
  readonly memberCount: number;
  readonly lineage: Lineage;
  /** It, or a parent, is made because somebody asked for a certificate again. */
  readonly isRequested: boolean;
}

export type NewIssuance<Rules, Kind extends IssuanceKind = IssuanceKind> = Omit<
  StoredIssuance<Rules, Kind>,
  'id' | 'memberCount' | 'isRequested'
> & {
  readonly rulesSha256: string;
  readonly actor: string;
};

/** A run of whole households in key order. */
export interface Chunk {
  readonly no: number;
  readonly firstSymbol: string;
  readonly firstRank: number;
  readonly firstNumber: string;
  readonly lastSymbol: string;
  readonly lastRank: number;
  readonly lastNumber: string;
  /** Members of the issuance before this chunk. */
  readonly membersBefore: number;
  readonly memberCount: number;
}

/** Steps of a chunk that are recorded by closing it. */
export type ChunkStep = 'decided' | 'enclosed';

export const RUN_COLUMNS = `id, paper_kind as kind, insurer_number as "insurerNumber", profile_id as "profileId", name, members_id as "membersId",
  workplaces_id as "workplacesId", enrolment_id as "enrolmentId", ratios_id as "ratiosId", reference_on as "referenceOn",
  issued_on as "issuedOn", rules, member_count as "memberCount",
  lineage(issuance) as lineage, is_requested as "isRequested"`;

const CHUNK_COLUMNS = `no, first_symbol as "firstSymbol", first_rank as "firstRank", first_number as "firstNumber",
  last_symbol as "lastSymbol", last_rank as "lastRank", last_number as "lastNumber",
  members_before as "membersBefore", member_count as "memberCount"`;

/** The newest issuance of an insurer's certificates, remakes passed over: what figures and persons' pages show, or null. */
export async function findLatestCertificates<Issuance extends StoredIssuance>(
  tx: Reader,
  insurerNumber: string,
): Promise<Issuance | null> {
  return findLatestOfKind(tx, insurerNumber, 'certificate');
}

/** The same of notices. */
export async function findLatestNotices<Issuance extends StoredIssuance>(
  tx: Reader,
  insurerNumber: string,
): Promise<Issuance | null> {
  return findLatestOfKind(tx, insurerNumber, 'notice');
}

async function findLatestOfKind<Issuance extends StoredIssuance>(
  tx: Reader,
  insurerNumber: string,
  kind: IssuanceKind,
): Promise<Issuance | null> {
  const rows = await tx.query<Issuance>(
    `select ${RUN_COLUMNS} from issuance
      where insurer_number = $1 and parent_id is null and paper_kind = $2 order by id desc limit 1`,
    [insurerNumber, kind],
  );
  return rows[0] ?? null;
}

/**
 * Makes an issuance with its chunks of about `chunkHouseholds` households. It stands for `plan` from here on: whether that is free is
 * asked before (`plans`). Errors: 23505 where another stands for it.
 */
export async function insertPlannedIssuance<Rules, Kind extends IssuanceKind>(
  tx: Transaction,
  issuance: NewIssuance<Rules, Kind>,
  plan: string,
  chunkHouseholds: number,
): Promise<StoredIssuance<Rules, Kind>> {
  const opened = await insertIssuance(tx, issuance, null);
  await tx.execute('insert into plan_run (insurer_number, plan, issuance_id) values ($1, $2, $3)', [
    opened.insurerNumber,
    plan,
    opened.id,
  ]);
  await planChunks(tx, opened, chunkHouseholds);
  return opened;
}

/** What a remake is made of: its parent, and the temporary table that holds its persons. */
export interface Remake {
  readonly parentId: number;
  readonly remake: RemakeKind;
  readonly isRequested: boolean;
  readonly memberTable: 'remake_decision';
}

/** Enters an issuance and makes its partitions. Its members are the snapshot's, or the remake's persons. */
export async function insertIssuance<Rules, Kind extends IssuanceKind>(
  tx: Transaction,
  issuance: NewIssuance<Rules, Kind>,
  remake: Remake | null,
): Promise<StoredIssuance<Rules, Kind>> {
  const members = remake
    ? `(select count(*) from ${remake.memberTable})`
    : '(select row_count from dataset where id = $4)';
  // Numbers follow one another: a sequence would leave gaps after a crash, and there are 9,999 of them.
  await tx.execute('lock table issuance in share row exclusive mode');
  const made = await tx.query<StoredIssuance<Rules, Kind>>(
    `insert into issuance (id, insurer_number, profile_id, name, members_id, workplaces_id, enrolment_id, reference_on,
                           issued_on, rules, rules_sha256, member_count, created_by, parent_id, remake, paper_kind, ratios_id,
                           plan, round, remake_no, is_requested)
     overriding system value
     values ((select coalesce(max(id), 0) + 1 from issuance), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ${members}, $11,
             $12, $13, $14, $15, $16, $17, $18, $19)
     returning ${RUN_COLUMNS}`,
    [
      issuance.insurerNumber,
      issuance.profileId,
      issuance.name,
      issuance.membersId,
      issuance.workplacesId,
      issuance.enrolmentId,
      issuance.referenceOn,
      issuance.issuedOn,
      JSON.stringify(issuance.rules),
      issuance.rulesSha256,
      issuance.actor,
      remake?.parentId ?? null,
      remake?.remake ?? null,
      issuance.kind,
      issuance.ratiosId,
      issuance.lineage.plan,
      issuance.lineage.round,
      issuance.lineage.remakeNo,
      remake?.isRequested ?? false,
    ],
  );
  const opened = made[0]!;
  await tx.execute('select create_issuance_partitions($1)', [opened.id]);
  return opened;
}

async function planChunks(tx: Transaction, issuance: StoredIssuance, chunkHouseholds: number): Promise<void> {
  await tx.execute(
    `insert into chunk (issuance_id, no, first_symbol, first_rank, first_number, last_symbol, last_rank, last_number,
                        members_before, household_count, member_count)
     select $1, no,
            (array_agg(symbol order by place))[1], (array_agg(number_rank order by place))[1],
            (array_agg(number order by place))[1],
            (array_agg(symbol order by place desc))[1], (array_agg(number_rank order by place desc))[1],
            (array_agg(number order by place desc))[1],
            min(members_through - members), count(*), sum(members)
       from (select symbol, number_rank, number, members, place, members_through,
                    (place - 1) / $3 + 1 as no
               from (select symbol, number_rank, number, count(*) as members,
                            row_number() over (order by symbol, number_rank, number) as place,
                            sum(count(*)) over (order by symbol, number_rank, number) as members_through
                       from member where dataset_id = $2
                      group by symbol, number_rank, number) household) placed
      group by no`,
    [issuance.id, issuance.membersId, chunkHouseholds],
  );
}

/** An issuance of the insurer by its number, or null. */
export async function findIssuance<Issuance extends StoredIssuance>(
  tx: Reader,
  insurerNumber: string,
  id: number,
): Promise<Issuance | null> {
  const rows = await tx.query<Issuance>(`select ${RUN_COLUMNS} from issuance where insurer_number = $1 and id = $2`, [
    insurerNumber,
    id,
  ]);
  return rows[0] ?? null;
}

/** The newest issuance of an insurer (by name where given; without one, remakes are passed over), or null. */
export async function findLatestIssuance<Issuance extends StoredIssuance>(
  tx: Transaction,
  insurerNumber: string,
  name: string | null,
): Promise<Issuance | null> {
  const rows = await tx.query<Issuance>(
    `select ${RUN_COLUMNS} from issuance
      where insurer_number = $1 and case when $2::text is null then parent_id is null else name = $2 end
      order by id desc limit 1`,
    [insurerNumber, name],
  );
  return rows[0] ?? null;
}

/** Issuances of an insurer in which a person has a paper, remakes among them, oldest first; what was erased knows nobody any more. */
export async function listIssuancesOfPerson<Issuance extends StoredIssuance>(
  tx: Reader,
  insurerNumber: string,
  { symbol, number, subNumber }: PersonKey,
): Promise<Issuance[]> {
  return tx.query<Issuance>(
    `select ${RUN_COLUMNS} from issuance
      where insurer_number = $1
        and id in (select issuance_id from person_paper
                    where symbol = $2 and number_rank = $3 and number = $4 and sub_number = $5)
      order by id`,
    [insurerNumber, symbol, number, number, subNumber],
  );
}

/** Every issuance of an insurer, remakes and what was given up among them, oldest first. */
export async function listAllIssuances<Issuance extends StoredIssuance>(
  tx: Reader,
  insurerNumber: string,
): Promise<Issuance[]> {
  return tx.query<Issuance>(`select ${RUN_COLUMNS} from issuance where insurer_number = $1 order by id`, [
    insurerNumber,
  ]);
}

/** The newest issuances of an insurer, newest first. */
export async function listNewestIssuances<Issuance extends StoredIssuance>(
  tx: Reader,
  insurerNumber: string,
  limit: number,
): Promise<Issuance[]> {
  return tx.query<Issuance>(`select ${RUN_COLUMNS} from issuance where insurer_number = $1 order by id desc limit $2`, [
    insurerNumber,
    limit,
  ]);
}

/** Chunks in order that still need a step. */
export async function findOpenChunks(tx: Transaction, issuanceId: number, step: ChunkStep): Promise<Chunk[]> {
  const column = step === 'decided' ? 'decided_at' : 'enclosed_at';
  return tx.query<Chunk>(
    `select ${CHUNK_COLUMNS} from chunk where issuance_id = $1 and ${column} is null order by no`,
    [issuanceId],
  );
}

/**
 * Locks a chunk for a step; false when another process has done it meanwhile, or the issuance was given up.
 *
 * The transaction need not wait for the disk: where the machine dies just after, the chunk is open again as a whole and
 * is done again with the same result.
 */
export async function claimChunk(tx: Transaction, issuanceId: number, no: number, step: ChunkStep): Promise<boolean> {
  const column = step === 'decided' ? 'decided_at' : 'enclosed_at';
  await tx.execute('set local synchronous_commit to off');
  const rows = await tx.query(
    `select 1 from chunk where issuance_id = $1 and no = $2 and ${column} is null for update`,
    [issuanceId, no],
  );
  if (rows.length !== 1) return false;
  // Given up while this waited for the chunk: asked in a statement of its own, which sees what is committed by now.
  const over = await tx.query<{ yes: boolean }>('select is_cancelled($1) as yes', [issuanceId]);
  return !over[0]!.yes;
}

/** Closes a step of a chunk. The database counts and refuses when the balance does not hold (SQLSTATE 23514). */
export async function closeChunk(tx: Transaction, issuanceId: number, no: number, step: ChunkStep): Promise<void> {
  const column = step === 'decided' ? 'decided_at' : 'enclosed_at';
  await tx.execute(`update chunk set ${column} = now() where issuance_id = $1 and no = $2`, [issuanceId, no]);
}

/** Members of the chunks that have passed a step, for progress. */
export async function countMembersPast(tx: Transaction, issuanceId: number, step: ChunkStep): Promise<number> {
  const column = step === 'decided' ? 'decided_at' : 'enclosed_at';
  const rows = await tx.query<{ count: number }>(
    `select coalesce(sum(member_count), 0)::int as count from chunk where issuance_id = $1 and ${column} is not null`,
    [issuanceId],
  );
  return rows[0]!.count;
}

/** What an entry of the journal is about: an issuance of an insurer, or (`id` null) the insurer. */
export interface JournalSubject {
  readonly insurerNumber: string;
  readonly id: number | null;
}

/** One line of the journal: who did what, when, how much. Call it in the transaction that did it. `of` null: everybody's. */
export async function writeJournal(
  tx: Transaction,
  actor: string,
  operation: JournalOperation,
  of: JournalSubject | null,
  counts: JournalCounts,
): Promise<void> {
  await tx.execute(
    'insert into journal (actor, operation, insurer_number, issuance_id, counts) values ($1, $2, $3, $4, $5)',
    [actor, operation, of?.insurerNumber ?? null, of?.id ?? null, JSON.stringify(counts)],
  );
}
