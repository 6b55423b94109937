// Room: ledger. Lots: planned with the print batches, confirmed by two persons a step, closed when their counts agree.
import type { Confirmation, LotCounts, LotStep, PostingTerms, RevocableStep } from '../../rules/posting/lots.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import type { NewLot } from '../printing/lot-plans.ts';

export interface Lot extends Omit<NewLot, 'shares'> {
  readonly branchCodes: readonly string[];
  /** As closed; counted now where it is open. */
  readonly counts: LotCounts;
  readonly certificateCount: number;
  readonly batchCount: number;
  readonly unprintedBatches: number;
  /** One hash over the paths and hashes of its print files. */
  readonly filesSha256: string;
  /** Those that stand. */
  readonly confirmations: readonly (Confirmation & {
    /** `YYYY-MM-DD HH:MM:SS`, Japan. */
    readonly at: string;
    readonly actor: string;
    /** What was approved; null = of an earlier release, which noted none. */
    readonly counts: LotCounts | null;
    readonly filesSha256: string | null;
    readonly overrideBy: string | null;
    readonly overrideReason: string | null;
  })[];
  /** Confirmations taken back, oldest first. */
  readonly takenBack: readonly TakeBack[];
  readonly closedAt: string | null;
}

/** Confirmations of a step that a person has taken back. */
export interface TakeBack {
  readonly step: RevocableStep;
  /** Whose confirmations they were, in their order. */
  readonly of: readonly string[];
  readonly person: string;
  readonly reason: string;
  /** `YYYY-MM-DD HH:MM:SS`, Japan. */
  readonly at: string;
}

/** Of a confirmation `o`: nobody has taken it back. */
const STANDS = `not exists (select from lot_take_back t
                     where t.issuance_id = o.issuance_id and t.lot_no = o.lot_no and t.step = o.step and t.turn = o.turn)`;

/** Names of an issuance's lots, in order. */
export async function listLotNames(tx: Reader, issuanceId: number): Promise<{ no: number; name: string }[]> {
  return tx.query('select no, name from lot where issuance_id = $1 order by no', [issuanceId]);
}

/** Lots in order; `no` = that one alone. */
export async function listLots(tx: Transaction, issuanceId: number, no: number | null = null): Promise<Lot[]> {
  return tx.query(
    `select l.no, l.name, l.post_from as "postFrom", l.post_through as "postThrough",
            (select coalesce(json_agg(distinct branch_code order by branch_code), '[]') from lot_share s
              where s.issuance_id = l.issuance_id and s.lot_no = l.no) as "branchCodes",
            case when l.closed_at is null then to_json(c) else json_build_object(
              'extracted', extracted_count, 'held', held_count, 'withdrawn', withdrawn_count, 'spoiled', spoiled_count,
              'remade', remade_count, 'printed', printed_count, 'enclosed', enclosed_count, 'posted', posted_count)
            end as counts,
            b.certificates as "certificateCount", b.batches as "batchCount", b.unprinted as "unprintedBatches",
            lot_files_sha256(l.issuance_id, l.no) as "filesSha256",
            (select coalesce(json_agg(json_build_object('step', step, 'person', person, 'actor', actor,
                      'counts', counts, 'filesSha256', files_sha256, 'overrideBy', override_by,
                      'overrideReason', override_reason, 'at',
                      to_char(at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS')) order by at), '[]')
               from lot_confirmation o
              where o.issuance_id = l.issuance_id and o.lot_no = l.no and ${STANDS}) as confirmations,
            (select coalesce(json_agg(json_build_object('step', k.step, 'person', k.person, 'reason', k.reason,
                      'of', (select json_agg(c.person order by c.place) from lot_confirmation c
                              where c.issuance_id = k.issuance_id and c.lot_no = k.lot_no and c.step = k.step
                                and c.turn = k.turn), 'at',
                      to_char(k.at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS')) order by k.at), '[]')
               from lot_take_back k where k.issuance_id = l.issuance_id and k.lot_no = l.no) as "takenBack",
            to_char(l.closed_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS') as "closedAt"
       from lot l
       cross join lateral (select count(*)::int as batches, coalesce(sum(certificate_count), 0)::int as certificates,
                                  (count(*) filter (where printed_at is null))::int as unprinted
                             from print_batch where issuance_id = l.issuance_id and lot_no = l.no) b
       left join lateral count_lot(l.issuance_id, l.no) c on l.closed_at is null
      where l.issuance_id = $1 and ($2::int is null or l.no = $2) order by l.no`,
    [issuanceId, no],
  );
}

/** The lots of an issuance with who has confirmed what. */
export async function listConfirmations(
  tx: Reader,
  issuanceId: number,
): Promise<{ readonly no: number; readonly name: string; readonly confirmations: readonly Confirmation[] }[]> {
  return tx.query(
    `select l.no, l.name, coalesce(json_agg(json_build_object('step', o.step, 'person', o.person))
                             filter (where o.step is not null), '[]') as confirmations
       from lot l
       left join lot_confirmation o on o.issuance_id = l.issuance_id and o.lot_no = l.no and ${STANDS}
      where l.issuance_id = $1 group by l.no, l.name order by l.no`,
    [issuanceId],
  );
}

/**
 * Notes one person's confirmation; the database adds what is approved by it. Errors: 23514 `lot_order`, `lot_unprinted`,
 * `lot_not_enclosed`, or 23505 `two_different_persons`, where it may not be.
 */
export async function insertConfirmation(
  tx: Transaction,
  issuanceId: number,
  lotNo: number,
  confirmation: {
    readonly step: LotStep;
    readonly person: string;
    readonly personKey: string;
    readonly actor: string;
    readonly override: { readonly person: string; readonly reason: string } | null;
  },
): Promise<void> {
  const { step, person, personKey, actor, override } = confirmation;
  await tx.execute(
    `insert into lot_confirmation (issuance_id, lot_no, step, place, person, person_key, actor, override_by, override_reason)
     select $1, $2, $3, count(*) + 1, $4, $5, $6, $7, $8 from lot_confirmation o
      where issuance_id = $1 and lot_no = $2 and step = $3 and ${STANDS}`,
    [issuanceId, lotNo, step, person, personKey, actor, override?.person ?? null, override?.reason ?? null],
  );
}

/** Pieces of a lot of which a posting is on record, whatever became of them. */
export async function countPostedOfLot(tx: Transaction, issuanceId: number, lotNo: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(distinct p.mailpiece_number)::int as count
       from print_batch b
       join printed_piece p on p.issuance_id = b.issuance_id and p.batch_no = b.no
       join event e on e.paper_number = p.mailpiece_number and e.event = 'post'
      where b.issuance_id = $1 and b.lot_no = $2`,
    [issuanceId, lotNo],
  );
  return rows[0]!.count;
}

/**
 * Takes back the confirmations of a step that stand. Errors: 23514 `nothing_to_take_back`, `take_back_order`,
 * `take_back_after_posting`.
 */
export async function insertTakeBack(
  tx: Transaction,
  issuanceId: number,
  lotNo: number,
  takeBack: Omit<TakeBack, 'of' | 'at'> & { readonly actor: string },
): Promise<void> {
  const { step, person, reason, actor } = takeBack;
  await tx.execute(
    'insert into lot_take_back (issuance_id, lot_no, step, turn, person, reason, actor) values ($1, $2, $3, 1, $4, $5, $6)',
    [issuanceId, lotNo, step, person, reason, actor],
  );
}

/** Holds a lot for this transaction, so that two confirmations at once come one after the other. */
export async function lockLot(tx: Transaction, issuanceId: number, no: number): Promise<void> {
  await tx.execute('select 1 from lot where issuance_id = $1 and no = $2 for update', [issuanceId, no]);
}

/** Closes a lot; the database counts it. Errors: 23514 with the name of the balance. */
export async function closeLotRow(tx: Transaction, issuanceId: number, no: number): Promise<void> {
  await tx.execute('update lot set closed_at = clock_timestamp() where issuance_id = $1 and no = $2', [issuanceId, no]);
}

/** When each of these pieces may be posted; a piece that is not on paper is left out. */
export async function findPostingTerms(
  tx: Transaction,
  issuanceId: number,
  numbers: readonly string[],
): Promise<Map<string, PostingTerms>> {
  const rows = await tx.query<PostingTerms & { number: string }>(
    `with terms as (
       select l.no, l.post_from, l.post_through, is_approved(l.issuance_id, l.no, 'post') as released
         from lot l where l.issuance_id = $1
     )
     select p.mailpiece_number::text as number, t.released as "isApproved", t.post_from as "postFrom",
            t.post_through as "postThrough",
            exists (select 1 from parcel_piece i join parcel c on c.id = i.parcel_id
                     where i.mailpiece_number = p.mailpiece_number and c.closed_at is null) as "liesInOpenParcel"
       from printed_piece p
       join print_batch b on b.issuance_id = p.issuance_id and b.no = p.batch_no
       join terms t on t.no = b.lot_no
      where p.issuance_id = $1 and p.mailpiece_number = any($2::bigint[])`,
    [issuanceId, numbers],
  );
  return new Map(rows.map(({ number, ...terms }) => [number, terms]));
}
