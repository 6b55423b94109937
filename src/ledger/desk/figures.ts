// Room: ledger. Counts by branch and workplace: made once for an issuance and for an enrolment file, read by pages and
// reports. Which of them may be shown, the rules say.
import type { BranchSize, Covers } from '../../rules/desk/disclosure.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { ReasonCode } from '../../rules/issuing/targeting.ts';
import type { Reader, Transaction } from '../core/pool.ts';

export type Level = 'branch' | 'workplace';

/** A decided issuance or an enrolment file, by whose branches it is counted. */
export interface Countable {
  readonly of: 'reason_group' | 'enrolment_group';
  readonly id: number;
  readonly workplacesId: number | null;
}

/** What of an insurer can be counted and has not been: the newest issuance when all of it is decided, and each file. */
export async function listUncounted(
  tx: Transaction,
  insurerNumber: string,
  issuanceId: number | null,
): Promise<Countable[]> {
  return tx.query(
    `select 'reason_group' as of, i.id, i.workplaces_id as "workplacesId"
       from issuance i
      where i.id = $2 and not exists (select from reason_group g where g.issuance_id = i.id)
        and not exists (select from chunk c where c.issuance_id = i.id and c.decided_at is null)
        and not exists (select from erasure e where e.issuance_id = i.id)
      union all
     select 'enrolment_group', d.id, w.id
       from dataset d
       left join lateral (select w.id from dataset w where w.id = dataset_in_use($1, 'workplaces')) w on true
      where d.insurer_number = $1 and d.kind = 'enrolment' and d.fitted_from is null
        and not exists (select from erasure e where e.dataset_id = d.id)
        and not exists (select from enrolment_count c
                         where c.dataset_id = d.id and (c.workplaces_id is not null or w.id is null))`,
    [insurerNumber, issuanceId],
  );
}

/** Counts one. The members of workplaces on no list are their branch's ('') alone. */
export async function countGroups(tx: Transaction, { of, id, workplacesId }: Countable): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 2))', [`${of} ${id}`]);
  if (of === 'reason_group') await countReasonGroups(tx, id, workplacesId);
  else await countEnrolmentGroups(tx, id, workplacesId);
}

async function countReasonGroups(tx: Transaction, id: number, workplacesId: number | null): Promise<void> {
  await tx.execute(
    `with own as materialized (
       select symbol, is_target, reason, count(*)::int as count from decision where issuance_id = $1
        group by symbol, is_target, reason),
     counted as materialized (
       select 'branch' as level, coalesce(w.branch_code, '') as code, is_target, reason, sum(count)::int as count
         from own left join workplace w on w.dataset_id = $2 and w.symbol = own.symbol group by 2, 3, 4
        union all
       select 'workplace', own.symbol, is_target, reason, count
         from own join workplace w on w.dataset_id = $2 and w.symbol = own.symbol),
     made as (
       insert into reason_group (issuance_id, level, code, people)
       select $1, level, code, sum(count) from counted group by level, code
       on conflict do nothing returning level, code)
     insert into reason_count (issuance_id, level, code, is_target, reason, count)
     select $1, level, code, is_target, reason, count from counted join made using (level, code)`,
    [id, workplacesId],
  );
}

async function countEnrolmentGroups(tx: Transaction, id: number, workplacesId: number | null): Promise<void> {
  await tx.execute('delete from enrolment_count where dataset_id = $1', [id]);
  await tx.execute(
    `with own as materialized (
       select symbol, count(*)::int as people, count(*) filter (where linked)::int as linked,
              count(*) filter (where card = 'held' and registration = 'registered')::int as registered
         from enrolment where dataset_id = $1 group by symbol),
     whole as (
       insert into enrolment_count (dataset_id, workplaces_id, people, registered, linked)
       select $1, $2, coalesce(sum(people), 0), coalesce(sum(registered), 0), coalesce(sum(linked), 0) from own)
     insert into enrolment_group (dataset_id, level, code, people, registered)
     select $1, 'branch', coalesce(w.branch_code, ''), sum(people), sum(registered)
       from own left join workplace w on w.dataset_id = $2 and w.symbol = own.symbol group by 3
      union all
     select $1, 'workplace', own.symbol, people, registered
       from own join workplace w on w.dataset_id = $2 and w.symbol = own.symbol`,
    [id, workplacesId],
  );
}

const KEY = { reason_group: 'issuance_id', enrolment_group: 'dataset_id' } as const;

/** Its branches and what is known of their workplaces, with `fewest` people or more each. */
export async function listSizes(
  tx: Transaction,
  { of, id, workplacesId }: Countable,
  fewest: number,
): Promise<BranchSize[]> {
  return tx.query(
    `select g.code as branch, g.people, g.people - coalesce(l.people, 0) as "fewPeople", l.smallest
       from ${of} g
       left join (select w.branch_code, sum(x.people)::int as people,
                         (array_agg(x.code order by x.people, x.code))[1] as smallest
                    from ${of} x join workplace w on w.dataset_id = $2 and w.symbol = x.code
                   where x.${KEY[of]} = $1 and x.level = 'workplace' and x.people >= $3
                   group by w.branch_code) l on l.branch_code = g.code
      where g.${KEY[of]} = $1 and g.level = 'branch'
      order by g.code`,
    [id, workplacesId, fewest],
  );
}

/** Keeps the rule's answer. */
export async function keepCovers(tx: Transaction, { of, id }: Countable, covers: Covers): Promise<void> {
  await tx.execute(
    `update ${of} set is_cover = true
      where ${KEY[of]} = $1 and (level = 'branch' and code = any($2) or level = 'workplace' and code = any($3))`,
    [id, covers.branches, covers.workplaces],
  );
}

/** A group of people with what the rules need to say whether it may be shown. */
export interface CountedGroup {
  readonly code: string;
  readonly people: number;
  readonly isCover: boolean;
}

export interface ReasonRow {
  readonly isTarget: boolean;
  readonly reason: ReasonCode;
  readonly count: number;
}

/** Members by reason of branches, or of the workplaces named; targets first, most first. */
export async function listReasonGroups(
  tx: Reader,
  issuanceId: number,
  level: Level,
  codes: readonly string[] | null,
): Promise<(CountedGroup & { readonly reasons: readonly ReasonRow[] })[]> {
  return tx.query(
    `select g.code, g.people, g.is_cover as "isCover",
            json_agg(json_build_object('isTarget', c.is_target, 'reason', c.reason, 'count', c.count)
                     order by c.is_target desc, c.count desc, c.reason) as reasons
       from reason_group g join reason_count c using (issuance_id, level, code)
      where g.issuance_id = $1 and g.level = $2 and ($3::text[] is null or g.code = any($3))
      group by g.code, g.people, g.is_cover order by g.code`,
    [issuanceId, level, codes],
  );
}

/** Whether the branch that an account is limited to covers for another; false for an account that sees the whole. */
export async function isWholeCover(tx: Reader, issuanceId: number): Promise<boolean> {
  const [row] = await tx.query<{ isCover: boolean }>(
    `select bool_or(is_cover) as "isCover" from reason_group
      where not sees_all() and issuance_id = $1 and level = 'branch'`,
    [issuanceId],
  );
  return row?.isCover ?? false;
}

export interface EnrolmentRow extends CountedGroup {
  readonly asOf: LocalDate;
  readonly registered: number;
}

// Of two files of one day the later is right.
const NEWEST_FILES = `select distinct on (as_of) id, as_of from dataset
                       where insurer_number = $1 and kind = 'enrolment' and fitted_from is null
                       order by as_of desc, id desc limit $2`;

/** Enrolment by reference date, oldest first, at most `most` of them: of all whom the one who asks may see. */
export async function listEnrolment(
  tx: Reader,
  insurerNumber: string,
  most: number,
): Promise<(EnrolmentRow & { readonly linked: number | null })[]> {
  return tx.query(
    `select d.as_of as "asOf", '' as code, x.people, x.registered, x.linked, x."isCover"
       from (${NEWEST_FILES}) d
       join (select dataset_id, people, registered, linked, false as "isCover" from enrolment_count
              union all
             select dataset_id, people, registered, null, is_cover from enrolment_group
              where level = 'branch' and not sees_all()) x on x.dataset_id = d.id
      order by d.as_of`,
    [insurerNumber, most],
  );
}

/** The same of branches, or of the workplaces named. */
export async function listEnrolmentGroups(
  tx: Reader,
  insurerNumber: string,
  most: number,
  level: Level,
  codes: readonly string[] | null,
): Promise<EnrolmentRow[]> {
  return tx.query(
    `select d.as_of as "asOf", g.code, g.people, g.registered, g.is_cover as "isCover"
       from (${NEWEST_FILES}) d
       join enrolment_group g on g.dataset_id = d.id and g.level = $3 and ($4::text[] is null or g.code = any($4))
      order by g.code, d.as_of`,
    [insurerNumber, most, level, codes],
  );
}

/** A page of workplaces that figures know, by symbol, after one. `text`: part of the name or the whole symbol; '' = all. */
export async function listCountedWorkplaces(
  tx: Reader,
  of: { readonly insurerNumber: string; readonly workplacesId: number; readonly issuanceId: number | null },
  query: { readonly text: string; readonly after: string; readonly limit: number },
): Promise<{ symbol: string; name: string }[]> {
  return tx.query(
    `select w.symbol, w.name
       from workplace w
      where w.dataset_id = $1 and w.symbol collate "C" > $2
        and ($3 = '' or w.symbol = $3 or strpos(w.name, $3) > 0)
        and (exists (select from reason_group g
                      where g.issuance_id = $4 and g.level = 'workplace' and g.code = w.symbol)
             or exists (select from enrolment_group g
                         where g.level = 'workplace' and g.code = w.symbol
                           and g.dataset_id = dataset_in_use($6, 'enrolment')))
      order by w.symbol collate "C" limit $5`,
    [of.workplacesId, query.after, query.text, of.issuanceId, query.limit, of.insurerNumber],
  );
}
