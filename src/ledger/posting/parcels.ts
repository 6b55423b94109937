// Room: ledger. Parcels of sealed pieces to one workplace: opened with what is expected, scanned in piece by piece, closed
// when all is in. The triggers check_parcel_piece() and close_parcel() refuse a piece of another workplace and a parcel that
// is not whole.
import type { Lineage } from '../../rules/papers/lineage.ts';
import { NOT_TO_GO, WITH_CONTRACTOR } from '../../rules/papers/lifecycle.ts';
import { stateList } from '../papers/states.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import type { Parcel } from '../../rules/posting/parcels.ts';
import type { Transaction } from '../core/pool.ts';
import type { StoredIssuance } from '../papers/issuances.ts';

/** A piece that may go into a parcel. */
export interface PieceToPack {
  readonly mailpieceNumber: string;
  readonly symbol: string;
  readonly number: string;
  /** Piece of its household, from 1. */
  readonly sequence: number;
  readonly addressee: string;
}

/** Printed pieces of a workplace that lie in no parcel yet and are still to go. */
export async function listPiecesToPack(
  tx: Transaction,
  issuance: StoredIssuance,
  symbol: string,
): Promise<PieceToPack[]> {
  return tx.query(
    `select m.mailpiece_number::text as "mailpieceNumber", m.symbol, m.number, m.sequence, m.addressee
       from mailpiece m
       join printed_piece p on p.issuance_id = m.issuance_id and p.mailpiece_number = m.mailpiece_number
       left join paper_state s on s.paper_number = m.mailpiece_number
      where m.issuance_id = $1 and m.route = 'workplace' and m.symbol = $2
        and coalesce(s.state, 'printed') in ${stateList(WITH_CONTRACTOR)}
        and not exists (select 1 from parcel_piece i where i.mailpiece_number = m.mailpiece_number)
      order by m.number::bigint, m.number, m.sequence`,
    [issuance.id, symbol],
  );
}

/** Opens the parcels of a workplace together. */
export async function insertParcels(
  tx: Transaction,
  issuanceId: number,
  symbol: string,
  parcels: readonly Parcel[],
  actor: string,
): Promise<void> {
  for (const parcel of parcels) {
    const rows = await tx.query<{ id: number }>(
      `insert into parcel (issuance_id, symbol, sequence, sequence_count, container, opened_by)
       values ($1, $2, $3, $4, $5, $6) returning id`,
      [issuanceId, symbol, parcel.sequence, parcel.sequenceCount, parcel.container, actor],
    );
    const { id } = rows[0]!;
    // Not copied: behind a wall only an insert is looked at row by row.
    await tx.execute(
      `insert into parcel_piece (mailpiece_number, parcel_id, position)
       select number, $1, place from unnest($2::bigint[]) with ordinality piece (number, place)`,
      [id, parcel.pieces.map((piece) => piece.pieceNumber)],
    );
  }
}

export interface StoredParcel {
  readonly id: number;
  readonly symbol: string;
  /** '' where the workplace is in no snapshot of the issuance. */
  readonly workplaceName: string;
  readonly sequence: number;
  readonly sequenceCount: number;
  readonly container: Parcel['container'];
  /** Pieces that are to go in it: withdrawn and spoiled ones no more. */
  readonly expected: number;
  readonly scanned: number;
  readonly closedAt: string | null;
}

const PARCEL = `select p.id, p.symbol, coalesce(w.name, '') as "workplaceName", p.sequence,
    p.sequence_count as "sequenceCount", p.container, c.expected, c.scanned,
    to_char(p.closed_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS') as "closedAt"
  from parcel p
  left join workplace w on w.dataset_id = $2 and w.symbol = p.symbol
 cross join lateral (
   select (count(*) filter (where coalesce(s.state, '') not in ${stateList(NOT_TO_GO)}))::int as expected,
          (count(*) filter (where i.scanned_at is not null))::int as scanned
     from parcel_piece i left join paper_state s on s.paper_number = i.mailpiece_number
    where i.parcel_id = p.id) c
 where p.issuance_id = $1`;

/** Parcels of an issuance, by workplace; `symbol` = that workplace's alone. */
export async function listParcels(
  tx: Transaction,
  issuance: StoredIssuance,
  symbol: string | null,
): Promise<StoredParcel[]> {
  return tx.query(`${PARCEL} and ($3::text is null or p.symbol = $3) order by p.symbol, p.id`, [
    issuance.id,
    issuance.workplacesId,
    symbol,
  ]);
}

/** A page of an issuance's parcels by workplace, after one; `isOpen` = those that are not closed. */
export async function listParcelPage(
  tx: Transaction,
  issuance: StoredIssuance,
  query: {
    readonly isOpen: boolean;
    readonly after: { readonly symbol: string; readonly id: number };
    readonly limit: number;
  },
): Promise<StoredParcel[]> {
  return tx.query(
    `${PARCEL} and (p.closed_at is null) = $3 and (p.symbol, p.id) > ($4 collate "C", $5)
      order by p.symbol, p.id limit $6`,
    [issuance.id, issuance.workplacesId, query.isOpen, query.after.symbol, query.after.id, query.limit],
  );
}

/** Issuances of an insurer with pieces printed for workplaces, newest first. */
export async function listParcelIssuances(
  tx: Transaction,
  insurerNumber: string,
): Promise<{ id: number; lineage: Lineage }[]> {
  return tx.query(
    `select i.id, lineage(i) as lineage from issuance i
      where i.insurer_number = $1 and not exists (select from erasure x where x.issuance_id = i.id)
        and exists (select from print_batch b where b.issuance_id = i.id and b.route = 'workplace' and b.printed_at is not null)
      order by i.id desc limit 100`,
    [insurerNumber],
  );
}

/** Where a piece belongs. */
export interface PlaceOfPiece {
  readonly route: 'home' | 'workplace';
  readonly symbol: string;
  readonly workplaceName: string;
  readonly state: PaperState;
  /** Null = in no parcel. */
  readonly parcelId: number | null;
  readonly sequence: number | null;
  readonly scanned: boolean;
}

/** A piece of the issuance with its parcel; null where the issuance has no such piece. */
export async function findPlaceOfPiece(
  tx: Transaction,
  issuance: StoredIssuance,
  mailpieceNumber: string,
): Promise<PlaceOfPiece | null> {
  const rows = await tx.query<PlaceOfPiece>(
    `select m.route, m.symbol, coalesce(w.name, '') as "workplaceName",
            coalesce(s.state, first_state('mailpiece', m.issuance_id, m.mailpiece_number)) as state,
            p.id as "parcelId", p.sequence, i.scanned_at is not null as scanned
       from mailpiece m
       left join workplace w on w.dataset_id = $2 and w.symbol = m.symbol
       left join paper_state s on s.paper_number = m.mailpiece_number
       left join parcel_piece i on i.mailpiece_number = m.mailpiece_number
       left join parcel p on p.id = i.parcel_id
      where m.issuance_id = $1 and m.mailpiece_number = $3`,
    [issuance.id, issuance.workplacesId, mailpieceNumber],
  );
  return rows[0] ?? null;
}

/** Notes a piece as lying in its parcel; false where another station was first. Errors: 23514. */
export async function markScanned(tx: Transaction, mailpieceNumber: string, actor: string): Promise<boolean> {
  const written = await tx.execute(
    `update parcel_piece set scanned_at = clock_timestamp(), scanned_by = $2
      where mailpiece_number = $1 and scanned_at is null`,
    [mailpieceNumber, actor],
  );
  return written === 1;
}

/** Closes a parcel; the database counts it. Errors: 23514 `balance_parcel`. */
export async function closeParcelRow(tx: Transaction, id: number, actor: string): Promise<void> {
  await tx.execute(
    'update parcel set closed_at = clock_timestamp(), closed_by = $2 where id = $1 and closed_at is null',
    [id, actor],
  );
}

/** What lies in a parcel or is to, in its order. */
export interface ParcelContent extends PieceToPack {
  readonly certificateCount: number;
  readonly isScanned: boolean;
  readonly state: PaperState | null;
  /** Sub-numbers of whose papers are inside. */
  readonly persons: readonly string[];
}

/** Contents of a parcel, by position. */
export async function listContents(
  tx: Transaction,
  issuance: StoredIssuance,
  parcelId: number,
): Promise<ParcelContent[]> {
  return tx.query(
    `select m.mailpiece_number::text as "mailpieceNumber", m.symbol, m.number, m.sequence, m.addressee,
            i.scanned_at is not null as "isScanned", s.state, count(c.sub_number)::int as "certificateCount",
            coalesce(json_agg(c.sub_number order by c.position) filter (where c.sub_number is not null), '[]') as persons
       from parcel_piece i
       join mailpiece m on m.issuance_id = $1 and m.mailpiece_number = i.mailpiece_number
       left join paper_state s on s.paper_number = m.mailpiece_number
       left join (certificate c left join paper_state gone on gone.paper_number = c.certificate_number)
              on c.issuance_id = $1 and c.mailpiece_number = m.mailpiece_number
             and c.certificate_number between first_certificate(m.mailpiece_number) and last_certificate(m.mailpiece_number)
             and gone.state is distinct from 'withdrawn'
      where i.parcel_id = $2
      group by m.mailpiece_number, m.symbol, m.number, m.sequence, m.addressee, i.scanned_at, s.state, i.position
      order by i.position`,
    [issuance.id, parcelId],
  );
}
