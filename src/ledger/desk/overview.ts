// Room: ledger. Counts an issuance's page and the figures show: sums of what the chunks and batches have counted already
// where that is enough, so that a page costs the same at a million members as at a hundred.
import type { Lineage } from '../../rules/papers/lineage.ts';
import type { RemakeKind } from '../../rules/papers/lifecycle.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import type { Reader } from '../core/pool.ts';
import type { IssuanceKind } from '../../rules/papers/kinds.ts';

/** One issuance with its counts so far. Null = the step has not begun. */
export interface IssuanceOverview {
  readonly id: number;
  readonly kind: IssuanceKind;
  readonly name: string;
  readonly lineage: Lineage;
  readonly profileId: string;
  readonly parentId: number | null;
  readonly remake: RemakeKind | null;
  readonly referenceOn: LocalDate;
  readonly issuedOn: LocalDate;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly members: number;
  readonly decided: number;
  readonly targets: number;
  readonly enclosed: number;
  readonly certificates: number;
  readonly exits: number;
  readonly mailpieces: number;
  readonly batches: number;
  readonly printedBatches: number;
  readonly printed: number;
  readonly held: number;
  /** Mailpieces by state, once print has begun. */
  readonly states: Partial<Readonly<Record<PaperState, number>>>;
}

const OVERVIEW = `
  select i.id, i.paper_kind as kind, i.name, i.profile_id as "profileId", i.parent_id as "parentId", i.remake, lineage(i) as lineage,
         i.reference_on as "referenceOn", i.issued_on as "issuedOn", to_json(i.created_at) #>> '{}' as "createdAt",
         i.created_by as "createdBy", i.member_count as members,
         coalesce(c.decided, 0)::int as decided, coalesce(c.targets, 0)::int as targets,
         coalesce(c.enclosed, 0)::int as enclosed, coalesce(c.certificates, 0)::int as certificates,
         coalesce(c.exits, 0)::int as exits, coalesce(c.mailpieces, 0)::int as mailpieces,
         coalesce(b.batches, 0)::int as batches, coalesce(b.printed_batches, 0)::int as "printedBatches",
         coalesce(b.printed, 0)::int as printed, coalesce(b.held, 0)::int as held, coalesce(t.states, '{}') as states
    from issuance i
    left join (select issuance_id, sum(member_count) filter (where decided_at is not null) as decided,
                      sum(target_count) as targets, sum(member_count) filter (where enclosed_at is not null) as enclosed,
                      sum(certificate_count) as certificates, sum(exit_count) as exits,
                      sum(mailpiece_count) as mailpieces
                 from chunk group by issuance_id) c on c.issuance_id = i.id
    left join (select issuance_id, count(*) as batches, count(printed_at) as printed_batches,
                      sum(printed_count) as printed, sum(held_count) as held
                 from print_batch group by issuance_id) b on b.issuance_id = i.id
    left join lateral (
      select json_object_agg(state, count) as states
        from (select state, sum(count)::int as count
                from (select state, count from batch_tally where issuance_id = i.id
                      union all
                      select state, count from paper_tally where issuance_id = i.id and subject = 'mailpiece') moved
               group by state having sum(count) <> 0) now) t on true`;

/** Issuances of an insurer, newest first, before an id. */
export async function listIssuances(
  tx: Reader,
  insurerNumber: string,
  before: number,
  limit: number,
): Promise<IssuanceOverview[]> {
  return tx.query(`${OVERVIEW} where i.insurer_number = $1 and i.id < $2 order by i.id desc limit $3`, [
    insurerNumber,
    before,
    limit,
  ]);
}

export async function findOverview(tx: Reader, insurerNumber: string, id: number): Promise<IssuanceOverview | null> {
  const rows = await tx.query<IssuanceOverview>(`${OVERVIEW} where i.insurer_number = $1 and i.id = $2`, [
    insurerNumber,
    id,
  ]);
  return rows[0] ?? null;
}

/** Workplaces of a snapshot with what they have to do, by symbol, after one. */
export interface WorkplaceRow {
  readonly symbol: string;
  readonly name: string;
  readonly branchCode: string;
  readonly pieces: number;
}

export async function listWorkplaces(
  tx: Reader,
  query: {
    readonly workplacesId: number;
    readonly issuanceId: number;
    /** Part of the name or the whole symbol; '' = all. */
    readonly text: string;
    readonly after: string;
    readonly limit: number;
  },
): Promise<WorkplaceRow[]> {
  return tx.query(
    `select w.symbol, w.name, w.branch_code as "branchCode",
            (select count(*)::int from mailpiece p where p.issuance_id = $2 and p.symbol = w.symbol) as pieces
       from workplace w
      where w.dataset_id = $1 and w.symbol collate "C" > $4
        and ($3 = '' or w.symbol = $3 or strpos(w.name, $3) > 0)
      order by w.symbol collate "C" limit $5`,
    [query.workplacesId, query.issuanceId, query.text, query.after, query.limit],
  );
}

/** A piece that goes, or went, to a workplace, with whose it is. */
export interface WorkplacePiece {
  readonly mailpieceNumber: string;
  readonly issuanceId: number;
  readonly number: string;
  readonly certificateCount: number;
  readonly names: readonly string[];
  readonly state: string;
}

/** Pieces that go through a workplace, by state. */
export async function countWorkplacePieces(
  tx: Reader,
  insurerNumber: string,
  symbol: string,
): Promise<{ state: PaperState; count: number }[]> {
  return tx.query(
    `select coalesce(s.state, 'printed') as state, count(*)::int as count
       from issuance i
       join mailpiece p on p.issuance_id = i.id and p.symbol = $2 and p.route = 'workplace'
       left join paper_state s on s.paper_number = p.mailpiece_number
      where i.insurer_number = $1
      group by 1 order by 1`,
    [insurerNumber, symbol],
  );
}

/** Issuances of certificates (remakes passed over) in which people of a workplace have one, newest first. */
export async function listIssuancesOfWorkplace(
  tx: Reader,
  insurerNumber: string,
  symbol: string,
): Promise<{ id: number; lineage: Lineage }[]> {
  return tx.query(
    `select i.id, lineage(i) as lineage from issuance i
      where i.insurer_number = $1 and i.parent_id is null and i.paper_kind = 'certificate'
        and exists (select from certificate c where c.issuance_id = i.id and c.symbol = $2)
      order by i.id desc`,
    [insurerNumber, symbol],
  );
}

/** Pieces of a workplace's people that go through it, in number order, after one; `states` = those in them alone. */
export async function listWorkplacePieces(
  tx: Reader,
  insurerNumber: string,
  query: {
    readonly symbol: string;
    readonly states: readonly PaperState[] | null;
    readonly after: string;
    readonly limit: number;
  },
): Promise<WorkplacePiece[]> {
  return tx.query(
    `select p.mailpiece_number::text as "mailpieceNumber", p.issuance_id as "issuanceId", p.number,
            p.certificate_count as "certificateCount",
            (select json_agg(m.name order by c.sub_number)
               from person_paper c
               join member m on m.dataset_id = i.members_id and m.symbol = c.symbol and m.number_rank = c.number_rank
                            and m.number = c.number and m.sub_number = c.sub_number
              where c.issuance_id = i.id and c.symbol = p.symbol and c.mailpiece_number = p.mailpiece_number) as names,
            coalesce(s.state, 'printed') as state
       from issuance i
       join mailpiece p on p.issuance_id = i.id and p.symbol = $2 and p.route = 'workplace' and p.mailpiece_number > $3
       left join paper_state s on s.paper_number = p.mailpiece_number
      where i.insurer_number = $1 and ($5::text[] is null or coalesce(s.state, 'printed') = any($5))
      order by p.mailpiece_number limit $4`,
    [insurerNumber, query.symbol, query.after === '' ? '0' : query.after, query.limit, query.states],
  );
}
