// Room: ledger. Files side by side: the rows of one under the members' spelling of their keys, and how many find a partner.
import type { JoinCounts, JoinSample, JoinTries, Unmatched } from '../../rules/intake/file-fit.ts';
import { mayDifferInForm, symbolSpellings } from '../../rules/intake/join-keys.ts';
import type { KeyShapes } from '../../rules/intake/join-keys.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { NO_EMPLOYER } from '../../rules/intake/passage.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { wordList } from '../core/values.ts';
import { TABLES } from './datasets.ts';
import type { DatasetKind } from './datasets.ts';

/** A file as it is used beside a members file. */
export interface Fitted {
  /** The file itself, or its rows under the members' spelling of their keys. */
  readonly id: number;
  /** Rows (of workplaces: 記号 of members) that join in canonical form only. */
  readonly fittedCount: number;
}

const KEY = 'symbol, number_rank, number, sub_number';
const sameKey = (a: string, b: string): string =>
  `${a}.symbol = ${b}.symbol and ${a}.number_rank = ${b}.number_rank and ${a}.number = ${b}.number and ${a}.sub_number = ${b}.sub_number`;

/**
 * The file to join with a members file: itself where no key differs by zeros or width alone; else its rows stored once
 * more under the members' keys, so that every join stays one of equal keys. The same two files give the same answer.
 */
export async function fitToMembers(
  tx: Transaction,
  kind: Exclude<DatasetKind, 'members'>,
  source: number,
  members: number,
): Promise<Fitted> {
  const known = await tx.query<Fitted>(
    'select id, fitted_count as "fittedCount" from dataset where fitted_from = $1 and fitted_to = $2',
    [source, members],
  );
  if (known[0]) return known[0];
  if (!(await mayFilesDiffer(tx, source, members))) return { id: source, fittedCount: 0 };
  await beginPairing(tx);
  await tx.execute(kind === 'workplaces' ? pairWorkplaces(source, members) : pairRows(TABLES[kind], source, members));
  const fittedCount = await endPairing(tx);
  const id = fittedCount === 0 ? source : await storeFitted(tx, kind, source, members, fittedCount);
  await tx.execute('drop table fitting');
  return { id, fittedCount };
}

/** A file as it was fitted to a members file before; itself where it was not. Reads alone, for what may not write. */
export async function findFitted(tx: Reader, source: number, members: number): Promise<number> {
  const rows = await tx.query<{ id: number }>('select id from dataset where fitted_from = $1 and fitted_to = $2', [
    source,
    members,
  ]);
  return rows[0]?.id ?? source;
}

async function mayFilesDiffer(tx: Transaction, one: number, other: number): Promise<boolean> {
  const shapes = await tx.query<{ shapes: KeyShapes | null }>(
    'select key_shapes as shapes from dataset where id = any($1)',
    [[one, other]],
  );
  const [a, b] = shapes.map((row) => row.shapes);
  return !a || !b || mayDifferInForm(a, b);
}

/** Makes `fitting`, a table of this transaction for rows that are one person or workplace in canonical form. */
async function beginPairing(tx: Transaction): Promise<void> {
  await tx.execute(
    `create temporary table fitting (line integer, symbol text collate "C", number text collate "C") on commit drop`,
  );
  await tx.execute('set local enable_nestloop = off');
}

/** The rows of `fitting`. */
async function endPairing(tx: Transaction): Promise<number> {
  await tx.execute('set local enable_nestloop = on');
  const rows = await tx.query<{ count: number }>('select count(*)::int as count from fitting');
  return rows[0]!.count;
}

/** Members of a file who are those of the file before in canonical form only: their papers are under the other spelling. */
export async function countRespelled(tx: Transaction, members: number, before: number): Promise<number> {
  if (!(await mayFilesDiffer(tx, members, before))) return 0;
  await beginPairing(tx);
  await tx.execute(pairRows(TABLES.members, members, before));
  const count = await endPairing(tx);
  await tx.execute('drop table fitting');
  return count;
}

/** The files in use side by side; 0 = none of the kind. */
export interface FilesInUse {
  readonly membersId: number;
  readonly workplacesId: number;
  readonly enrolmentId: number;
  readonly ratiosId: number;
}

/** The files in use, those beside the members as they were fitted to them; one that was not is the file itself. */
export async function findFilesInUse(tx: Reader, insurerNumber: string): Promise<FilesInUse> {
  const rows = await tx.query<{ kind: DatasetKind; id: number }>(
    `with used as materialized (
       select kind, dataset_in_use($1, kind) as id from unnest(array['members', 'workplaces', 'enrolment', 'ratios']) k (kind)
     )
     select u.kind, coalesce(f.id, u.id) as id
       from used u left join dataset f on f.fitted_from = u.id and f.fitted_to = (select id from used where kind = 'members')
      where u.id is not null`,
    [insurerNumber],
  );
  const ids = new Map(rows.map(({ kind, id }) => [kind, id]));
  const idOf = (kind: DatasetKind): number => ids.get(kind) ?? 0;
  return {
    membersId: idOf('members'),
    workplacesId: idOf('workplaces'),
    enrolmentId: idOf('enrolment'),
    ratiosId: idOf('ratios'),
  };
}

/**
 * Keys that come in one by one (filings, requests), in the spelling of a members file where a household of it is the same in
 * canonical form; as given where none is.
 */
export async function spellAsMembers<Key extends Pick<PersonKey, 'symbol' | 'number'>>(
  tx: Reader,
  membersId: number,
  keys: readonly Key[],
): Promise<Key[]> {
  const asked = keys.flatMap(({ symbol, number }, place) =>
    symbolSpellings(symbol).map((spelling, rank) => ({ place, rank, spelling, number })),
  );
  const rows = await tx.query<{ place: number; symbol: string; number: string }>(
    `select distinct on (a.place) a.place, m.symbol, m.number
       from unnest($2::int[], $3::int[], $4::text[], $5::text[]) a (place, rank, symbol, number)
       join lateral (select symbol, number from member
                      where dataset_id = $1 and symbol = a.symbol collate "C" and number_rank = a.number::bigint
                      order by number <> a.number limit 1) m on true
      order by a.place, a.rank`,
    [
      membersId,
      asked.map(({ place }) => place),
      asked.map(({ rank }) => rank),
      asked.map(({ spelling }) => spelling),
      asked.map(({ number }) => number),
    ],
  );
  const found = new Map(rows.map(({ place, symbol, number }) => [place, { symbol, number }]));
  return keys.map((key, place) => ({ ...key, ...found.get(place) }));
}

/** Of these, the files whose rows they are under the members' spelling, by id. */
export async function listSources(tx: Reader, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await tx.query<{ id: number; source: number }>(
    'select id, fitted_from as source from dataset where id = any($1) and fitted_from is not null',
    [ids],
  );
  return new Map(rows.map(({ id, source }) => [id, source]));
}

/** Rows of the file and members that are one person in canonical form and have no partner otherwise. */
function pairRows(table: string, source: number, members: number): string {
  return `insert into fitting (line, symbol, number)
    with loose_row as materialized (
      select r.line, canonical_symbol(r.symbol) as canonical, r.number_rank, r.sub_number from ${table} r
        left join member m on m.dataset_id = ${members} and ${sameKey('m', 'r')}
       where r.dataset_id = ${source} and m.symbol is null
    ), loose_member as materialized (
      select m.symbol, canonical_symbol(m.symbol) as canonical, m.number_rank, m.number, m.sub_number from member m
        left join ${table} r on r.dataset_id = ${source} and ${sameKey('m', 'r')}
       where m.dataset_id = ${members} and r.symbol is null
    )
    select distinct on (m.symbol, m.number, m.sub_number) r.line, m.symbol, m.number
      from loose_row r join loose_member m using (canonical, number_rank, sub_number)
     order by m.symbol, m.number, m.sub_number, r.line`;
}

/** Symbols of members that are in the file under another spelling alone. */
function pairWorkplaces(source: number, members: number): string {
  return `insert into fitting (line, symbol, number)
    select distinct on (s.symbol) w.line, s.symbol, ''
      from (select symbol, canonical_symbol(symbol) as canonical from symbols_of_members(${members}) of (symbol)) s
      join (select line, canonical_symbol(symbol) as canonical from workplace where dataset_id = ${source}) w using (canonical)
     where not exists (select from workplace x where x.dataset_id = ${source} and x.symbol = s.symbol)
     order by s.symbol, w.line`;
}

async function storeFitted(
  tx: Transaction,
  kind: Exclude<DatasetKind, 'members'>,
  source: number,
  members: number,
  fittedCount: number,
): Promise<number> {
  const ids = await tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('dataset', 'id')) as id`);
  const { id } = ids[0]!;
  const table = TABLES[kind];
  await tx.execute('select create_snapshot_partition($1, $2)', [table, id]);
  await tx.execute('select fill_fitted_partition($1, $2, $3)', [table, source, id]);
  await tx.execute('select attach_snapshot_partition($1, $2)', [table, id]);
  await tx.execute(
    `insert into dataset (id, insurer_number, kind, sha256, reading, as_of, file_name, encoding, row_count, rejected_count,
                          imported_by, through_on, fitted_from, fitted_to, fitted_count)
     overriding system value
     select $1, insurer_number, kind, sha256, reading || ' as ' || $3::int, as_of, file_name, encoding, row_count,
            rejected_count, imported_by, through_on, id, $3, $4
       from dataset where id = $2`,
    [id, source, members, fittedCount],
  );
  return id;
}

/** Files of an issuance side by side. */
export interface JoinedFiles {
  readonly membersId: number;
  readonly enrolmentId: number;
  readonly workplacesId: number;
  /** The enrolment's reference date. */
  readonly asOf: LocalDate;
}

/** Members the rule counts: of the reference date, known to the source of the snapshot. */
const counted = (asOf: LocalDate): string =>
  `(acquired_on <= '${asOf}' and coalesce(decided_on, acquired_on) <= '${asOf}' and is_covered_on(lost_on, '${asOf}'))`;

/** Members in evenly spread places of an issuance's chunks, about `size` of them, and which of them have an enrolment row. */
export async function sampleJoin(
  tx: Transaction,
  issuanceId: number,
  { membersId, enrolmentId, asOf }: JoinedFiles,
  size: number,
): Promise<JoinSample> {
  const rows = await tx.query<JoinSample>(
    `with place as materialized (
       select first_symbol, first_rank, first_number, count(*) over () as places from chunk
        where issuance_id = $1 and no % (select greatest(count(*) / 256, 1) from chunk where issuance_id = $1) = 0
     ), looked as materialized (
       select m.* from place cross join lateral (
         select ${KEY}, acquired_on, decided_on, lost_on from member
          where dataset_id = ${membersId}
            and (symbol, number_rank, number) >= (place.first_symbol, place.first_rank, place.first_number)
          order by ${KEY} limit $2::int / place.places) m
     ), joined as (
       select ${counted(asOf)} as counts,
              exists (select from enrolment e where e.dataset_id = ${enrolmentId} and ${sameKey('e', 'looked')}) as has_row
         from looked
     )
     select count(*)::int as looked, count(*) filter (where has_row)::int as matched,
            count(*) filter (where counts)::int as counted,
            count(*) filter (where counts and not has_row)::int as "countedWithout"
       from joined`,
    [issuanceId, size],
  );
  return rows[0]!;
}

/** Counts every row of members and enrolment. */
export async function countJoin(
  tx: Transaction,
  { membersId, enrolmentId, asOf }: JoinedFiles,
): Promise<Pick<JoinCounts, 'members' | 'enrolment'>> {
  await tx.execute('set local enable_nestloop = off');
  const rows = await tx.query<{ members: Unmatched; enrolment: Unmatched }>(
    `select (select json_build_object('total', count(*), 'without', count(*) filter (where e.symbol is null))
               from member m left join enrolment e on e.dataset_id = ${enrolmentId} and ${sameKey('e', 'm')}
              where m.dataset_id = ${membersId} and ${counted(asOf)}) as members,
            (select json_build_object('total', count(*), 'without', count(*) filter (where m.symbol is null))
               from enrolment e left join member m on m.dataset_id = ${membersId} and ${sameKey('e', 'm')}
              where e.dataset_id = ${enrolmentId}) as enrolment`,
  );
  await tx.execute('set local enable_nestloop = on');
  return rows[0]!;
}

/**
 * Members with an employer whose 記号 is in no row of the workplace file. Only members of such symbols are read; the
 * total is that of the file.
 */
export async function countWorkplacesMissing(
  tx: Transaction,
  { membersId, workplacesId }: Pick<JoinedFiles, 'membersId' | 'workplacesId'>,
): Promise<Unmatched & { readonly symbols: readonly string[] }> {
  const rows = await tx.query<{ total: number; without: number; symbols: string[] }>(
    `with missing as materialized (
       select s.symbol from symbols_of_members(${membersId}) s (symbol)
        where not exists (select from workplace w where w.dataset_id = ${workplacesId} and w.symbol = s.symbol)
     ), people as (
       select x.symbol, x.people from missing cross join lateral (
         select missing.symbol, count(*)::int as people from member m
          where m.dataset_id = ${membersId} and m.symbol = missing.symbol
            and m.insured_class not in ${wordList(NO_EMPLOYER)}) x
        where x.people > 0
     )
     select (select row_count from dataset where id = ${membersId}) as total,
            coalesce((select sum(people) from people), 0)::int as without,
            array(select symbol from people order by people desc, symbol limit 3) as symbols`,
  );
  return rows[0]!;
}

/** Tries the join in other ways, to say why it fails. Slow: asked only when an issuance is refused. */
export async function tryJoin(tx: Transaction, { membersId, enrolmentId }: JoinedFiles): Promise<JoinTries> {
  await tx.execute('set local enable_nestloop = off');
  await tx.execute(
    `create temporary table loose_member on commit drop as
     select m.line, m.symbol, m.number_rank, m.sub_number from member m
       left join enrolment e on e.dataset_id = ${enrolmentId} and ${sameKey('e', 'm')}
      where m.dataset_id = ${membersId} and e.symbol is null`,
  );
  await tx.execute(
    `create temporary table loose_row on commit drop as
     select e.line, e.symbol, e.number_rank, e.sub_number from enrolment e
       left join member m on m.dataset_id = ${membersId} and ${sameKey('e', 'm')}
      where e.dataset_id = ${enrolmentId} and m.symbol is null`,
  );
  await tx.execute('analyze loose_member, loose_row');
  const rows = await tx.query<{ tries: JoinTries }>(
    `with last as (
       select coalesce(max(m.line), 0) as line from member m
         join enrolment e on e.dataset_id = ${enrolmentId} and ${sameKey('e', 'm')} where m.dataset_id = ${membersId}
     ), tried as materialized (
       -- Of the symbols with most rows some rows each: numbers begin anew in every workplace.
       select x.* from (select symbol from loose_row group by symbol order by count(*) desc, symbol limit 5) s
         cross join lateral (select * from loose_row r where r.symbol = s.symbol order by r.line limit 200) x
     ), meeting as (
       select t.symbol as given, m.symbol as meets, count(*)::int as count
         from tried t join loose_member m using (number_rank, sub_number) group by 1, 2
     ), best as (
       select distinct on (given) given, meets, count from meeting order by given, count desc, meets
     ), shifted as (
       select by, (select count(*)::int from loose_row r
                     join loose_member m on m.symbol = r.symbol and m.number_rank = r.number_rank
                                        and m.sub_number::int = r.sub_number::int + by) as count
         from (values (1), (-1)) shift (by)
     )
     select json_build_object(
       'rows', (select count(*) from enrolment where dataset_id = ${enrolmentId}),
       'membersWithout', (select count(*) from loose_member),
       'rowsWithout', (select count(*) from loose_row),
       'behindLastMatch', (select count(*) from loose_member, last where loose_member.line > last.line),
       'lastMatchLine', (select line from last),
       'tried', (select count(*) from tried),
       'otherSymbol', (select json_build_object('count', (select sum(count) from best), 'given', given, 'meets', meets)
                         from best order by count desc, given limit 1),
       'offByOne', (select json_build_object('count', count, 'by', by) from shifted order by count desc, by desc limit 1)
     ) as tries`,
  );
  await tx.execute('drop table loose_member, loose_row');
  await tx.execute('set local enable_nestloop = on');
  return rows[0]!.tries;
}

/** Records, for the books, whose the rows of an issuance's enrolment file are. Doing it again changes nothing; of papers made again nothing is recorded. */
export async function writeEnrolmentJoin(tx: Transaction, issuanceId: number): Promise<void> {
  await tx.execute(
    `insert into enrolment_join (issuance_id, row_count, matched_count, nobodys_count)
     select id, 0, 0, 0 from issuance
      where id = $1 and parent_id is null and not exists (select from enrolment_join where issuance_id = $1)
     on conflict do nothing`,
    [issuanceId],
  );
}

/** Rows of an issuance's files that join in canonical form only, by kind of file. */
export async function listFitted(
  tx: Transaction,
  issuanceId: number,
): Promise<{ readonly kind: DatasetKind; readonly fittedCount: number }[]> {
  return tx.query(
    `select d.kind, d.fitted_count as "fittedCount" from issuance i
       join dataset d on d.id in (i.workplaces_id, i.enrolment_id, i.ratios_id)
      where i.id = $1 and d.fitted_count is not null order by d.id`,
    [issuanceId],
  );
}
