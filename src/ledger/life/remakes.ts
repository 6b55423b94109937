// Room: ledger. Issuances made of another's pieces: who may be made again, and the decisions they take over.
import type { CoverFacts } from '../../rules/intake/eligibility.ts';
import type { PassageFacts } from '../../rules/intake/passage.ts';
import type { PaperToRemake, RemakeSource } from '../../rules/life/remaking.ts';
import type { RemakeKind } from '../../rules/papers/lifecycle.ts';
import type { Transaction } from '../core/pool.ts';
import { COVER_JSON, joinCover } from '../intake/cover.ts';
import type { IssuanceKind } from '../../rules/papers/kinds.ts';
import type { StoredIssuance, NewIssuance } from '../papers/issuances.ts';
import { insertIssuance } from '../papers/issuances.ts';

/** A piece that may be made again: what decides whether it is, and who is inside. */
export interface PieceToRemake extends PassageFacts {
  readonly mailpieceNumber: string;
  readonly symbol: string;
  readonly number: string;
  /** Of the event that brought it into its state. */
  readonly reason: string;
  /** Those whose papers are inside, in the order of their papers; what was withdrawn is left out. */
  readonly papers: readonly ({ readonly cover: CoverFacts } & Pick<PaperToRemake, 'subNumber' | 'state'>)[];
}

/** Pieces of these sources that no remake has taken yet, in number order; `chosen`: of these numbers alone. */
export async function listPiecesToRemake(
  tx: Transaction,
  issuance: StoredIssuance,
  sources: readonly RemakeSource[],
  newest: { readonly membersId: number; readonly workplacesId: number },
  chosen: readonly string[] | null = null,
): Promise<PieceToRemake[]> {
  return tx.query(
    `with piece as (
       select p.mailpiece_number, p.symbol, p.number, e.reason
         from unnest($3::text[], $4::text[], $5::text[]) w (state, event, reason)
         join paper_state s on s.issuance_id = $1 and s.subject = 'mailpiece' and s.state = w.state
         join mailpiece p on p.issuance_id = $1 and p.mailpiece_number = s.paper_number
         join lateral (select reason from event
                        where insurer_number = $2 and paper_number = s.paper_number and event = w.event
                        order by seq desc limit 1) e on e.reason = w.reason or w.reason is null
        where case when $9::bigint[] is null then true else s.paper_number = any($9) end
          and not exists (select 1 from event v where v.paper_number = s.paper_number and v.event = 'waive')
          and not exists (select 1 from remade_piece r where r.parent_id = $1 and r.mailpiece_number = s.paper_number)
     )
     select piece.mailpiece_number::text as "mailpieceNumber", piece.symbol, piece.number, piece.reason,
            min(o.insured_class) as "insuredClass", bool_or(o.has_optional_entries) as "hasOptionalEntries",
            bool_or(o.mail_stopped) as "isProtected",
            exists (select 1 from workplace w where w.dataset_id = $7 and w.symbol = piece.symbol) as "hasWorkplace",
            json_agg(json_build_object(
              'subNumber', c.sub_number,
              'state', case when c.certificate_number is not null then coalesce(cs.state, 'made') end,
              'cover', ${COVER_JSON}) order by c.position) as papers
       from piece
       join (select mailpiece_number, certificate_number, symbol, number, sub_number, position from certificate
              where issuance_id = $1
             union all
             select mailpiece_number, null, symbol, number, sub_number, 1 from notice where issuance_id = $1) c
         on c.mailpiece_number = piece.mailpiece_number
       left join paper_state cs on cs.paper_number = c.certificate_number
       join member o on o.dataset_id = $8 and o.symbol = c.symbol and o.number_rank = c.number::bigint
                    and o.number = c.number and o.sub_number = c.sub_number
       ${joinCover('$6', '$2', 'c')}
      where cs.state is distinct from 'withdrawn'
      group by piece.mailpiece_number, piece.symbol, piece.number, piece.reason
      order by piece.mailpiece_number`,
    [
      issuance.id,
      issuance.insurerNumber,
      sources.map((source) => source.state),
      sources.map((source) => source.event),
      sources.map((source) => source.reason),
      newest.membersId,
      newest.workplacesId,
      issuance.membersId,
      chosen,
    ],
  );
}

/** Those of these pieces that have been made again already. */
export async function findRemade(tx: Transaction, parentId: number, numbers: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ number: string }>(
    `select mailpiece_number::text as number from remade_piece
      where parent_id = $1 and mailpiece_number = any($2::bigint[])`,
    [parentId, numbers],
  );
  return new Set(rows.map((row) => row.number));
}

/** The first remake that was opened but is not enclosed, else whose output was never written whole, or null. */
export async function findUnfinishedRemake(
  tx: Transaction,
  parentId: number,
  kind: RemakeKind,
): Promise<{ id: number; isEnclosed: boolean } | null> {
  const rows = await tx.query<{ id: number; isEnclosed: boolean }>(
    `select i.id, e.enclosed as "isEnclosed"
       from issuance i
       cross join lateral (select not exists (select 1 from chunk c where c.issuance_id = i.id and c.enclosed_at is null)
                             as enclosed) e
      where i.parent_id = $1 and i.remake = $2
        and not (e.enclosed and exists (select from written_output w where w.issuance_id = i.id))
      order by e.enclosed, i.id limit 1`,
    [parentId, kind],
  );
  return rows[0] ?? null;
}

/** Remakes of an issuance so far, of one kind. */
export async function countRemakes(tx: Transaction, parentId: number, remake: string): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    'select count(*)::int as count from issuance where parent_id = $1 and remake = $2',
    [parentId, remake],
  );
  return rows[0]!.count;
}

/** Why the others of a household get none in a remake. */
const HAS_PAPER = { certificate: 'holds-certificate', notice: 'already-noticed' } as const satisfies Record<
  IssuanceKind,
  string
>;

/**
 * Opens an issuance of these persons: their parent's decisions as they were, and the insured persons of their
 * households (whose name stands on the envelope) as having their paper. One chunk, decided.
 */
export async function openRemake<Rules, Kind extends IssuanceKind>(
  tx: Transaction,
  parent: StoredIssuance,
  remake: RemakeKind,
  issuance: NewIssuance<Rules, Kind>,
  persons: readonly { readonly symbol: string; readonly number: string; readonly subNumber: string }[],
  pieces: readonly string[],
): Promise<StoredIssuance<Rules, Kind>> {
  await tx.execute(
    `create temp table remake_person on commit drop as
       select distinct symbol collate "C" as symbol, number collate "C" as number, sub_number collate "C" as sub_number
         from unnest($1::text[], $2::text[], $3::text[]) p (symbol, number, sub_number)`,
    [persons.map((p) => p.symbol), persons.map((p) => p.number), persons.map((p) => p.subNumber)],
  );
  await tx.execute(
    `create temp table remake_decision on commit drop as
       select row_number() over (order by d.symbol, d.number_rank, d.number, d.sub_number) as ordinal, d.symbol,
              d.number_rank, d.number, d.sub_number, r.symbol is not null as is_target,
              case when r.symbol is null and d.is_target then '${HAS_PAPER[issuance.kind]}' else d.reason end as reason,
              d.facts
         from decision d
         left join remake_person r on r.symbol = d.symbol and r.number = d.number and r.sub_number = d.sub_number
        where d.issuance_id = ${parent.id}
          and (r.symbol is not null
               or d.sub_number = '00' and (d.symbol, d.number) in (select symbol, number from remake_person)
                  and exists (select 1 from member m
                               where m.dataset_id = ${issuance.membersId} and m.symbol = d.symbol
                                 and m.number_rank = d.number_rank and m.number = d.number and m.sub_number = '00'))`,
  );
  const opened = await insertIssuance(tx, issuance, {
    parentId: parent.id,
    remake,
    isRequested: parent.isRequested || remake === 'reissue',
    memberTable: 'remake_decision',
  });
  await tx.execute(
    `insert into chunk (issuance_id, no, first_symbol, first_rank, first_number, last_symbol, last_rank, last_number,
                        members_before, household_count, member_count)
     select $1, 1, f.symbol, f.number_rank, f.number, l.symbol, l.number_rank, l.number, 0,
            (select count(distinct (symbol, number)) from remake_decision), (select count(*) from remake_decision)
       from (select * from remake_decision order by ordinal limit 1) f,
            (select * from remake_decision order by ordinal desc limit 1) l`,
    [opened.id],
  );
  await tx.execute(
    `insert into decision (issuance_id, chunk_no, ordinal, symbol, number, sub_number, is_target, reason, facts)
     select $1, 1, ordinal, symbol, number, sub_number, is_target, reason, facts from remake_decision`,
    [opened.id],
  );
  await tx.execute('update chunk set decided_at = now() where issuance_id = $1', [opened.id]);
  await tx.execute('insert into remade_piece select $1, n, $2 from unnest($3::bigint[]) n', [
    parent.id,
    opened.id,
    pieces,
  ]);
  await tx.execute('drop table remake_person');
  await tx.execute('drop table remake_decision');
  return opened;
}
