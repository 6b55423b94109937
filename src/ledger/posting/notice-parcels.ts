// Room: ledger. Parcels of notices to workplaces: the notices in their order, what was packed, and the numbers given out.
import type { AcceptanceRange } from '../../rules/posting/acceptance-numbers.ts';
import type { Workplace } from '../../rules/intake/member.ts';
import type { NoticePiece, Parcel } from '../../rules/posting/parcels.ts';
import { columns, digits, flag, from, numeric, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';
import type { Transaction } from '../core/pool.ts';
import { literal } from '../core/copy.ts';
import { MEMBER, PERSON_KEY, WORKPLACE } from '../intake/snapshot-columns.ts';
import type { StoredIssuance } from '../papers/issuances.ts';

/** Locks the packing of an insurer for this transaction; true where this issuance is packed already. */
export async function claimPacking(tx: Transaction, issuance: StoredIssuance): Promise<boolean> {
  // Acceptance numbers are given out one packing after the other.
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 3))', [issuance.insurerNumber]);
  const rows = await tx.query('select 1 from packing where issuance_id = $1', [issuance.id]);
  if (rows.length > 0) return true;
  // Both were filled just now; without statistics PostgreSQL would choose a slow plan.
  await tx.execute(`analyze notice_${issuance.id}, mailpiece_${issuance.id}`);
  return false;
}

/** Notices that go through workplaces, and all notices of the issuance. */
export async function countToPack(tx: Transaction, issuanceId: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count from mailpiece where issuance_id = $1 and route = 'workplace'`,
    [issuanceId],
  );
  return rows[0]!.count;
}

const PIECE_TO_PACK = columns({
  pieceNumber: digits('n.mailpiece_number'),
  ...from('n', PERSON_KEY, 'symbol', 'number', 'subNumber'),
  ...from('m', MEMBER, 'relation'),
  requestForm: flag('n.request_form'),
} satisfies ColumnsOf<NoticePiece>);

/**
 * Notices through workplaces after a symbol, in order of symbol and household: whole workplaces, about `size` notices
 * (more where one workplace alone has more), none = the end.
 */
export async function readPiecesToPack(
  tx: Transaction,
  issuance: StoredIssuance,
  afterSymbol: string,
  size: number,
): Promise<NoticePiece[]> {
  for (let limit = size; ; limit *= 2) {
    const pieces: NoticePiece[] = [];
    const lines = tx.copyOut(
      `copy (
         select ${PIECE_TO_PACK.list}
           from notice n
           join mailpiece p on p.issuance_id = n.issuance_id and p.mailpiece_number = n.mailpiece_number
                           and p.route = 'workplace'
           join member m on m.dataset_id = ${issuance.membersId} and m.symbol = n.symbol and m.number_rank = n.number_rank
                        and m.number = n.number and m.sub_number = n.sub_number
          where n.issuance_id = ${issuance.id} and n.symbol > ${literal(afterSymbol)}
          order by n.symbol, n.number_rank, n.number, n.sub_number
          limit ${limit}
       ) to stdout`,
    );
    for await (const batch of PIECE_TO_PACK.rows(lines)) pieces.push(...batch);
    if (pieces.length < limit) return pieces;
    // The last workplace may go on: it is left to the next call.
    const cut = pieces.findIndex((piece) => piece.symbol === pieces.at(-1)?.symbol);
    if (cut > 0) return pieces.slice(0, cut);
  }
}

/** Numbers of a range the insurer has given out so far; they are taken from its start without a gap. */
export async function countAcceptanceNumbers(
  tx: Transaction,
  insurerNumber: string,
  range: AcceptanceRange,
): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count from notice_parcel
      where insurer_number = $1 and acceptance_number between $2 and $3`,
    [insurerNumber, range.first, range.last],
  );
  return rows[0]!.count;
}

export interface PackedParcel {
  readonly no: number;
  readonly parcel: Parcel;
  /** 11 digits, or null. */
  readonly acceptanceNumber: string | null;
}

/** A parcel in its table. */
const PARCEL = {
  no: numeric('no'),
  symbol: text('symbol'),
  sequence: numeric('sequence'),
  sequenceCount: numeric('sequence_count'),
  container: word<Parcel['container']>('container'),
  noticeCount: numeric('notice_count'),
  weightG: numeric('weight_g'),
  depthMm: numeric('depth_mm'),
  acceptanceNumber: orNull(text('acceptance_number')),
} satisfies ColumnsOf<Omit<StoredParcel, 'workplace'>>;
const NEW_PARCELS = columns({
  issuanceId: numeric('issuance_id'),
  insurerNumber: text('insurer_number'),
  parcel: PARCEL,
});
const PARCELLED_NOTICES = columns({
  issuanceId: numeric('issuance_id'),
  mailpieceNumber: digits('mailpiece_number'),
  parcelNo: numeric('parcel_no'),
  position: numeric('position'),
});

export async function writeParcels(
  tx: Transaction,
  issuance: StoredIssuance,
  parcels: readonly PackedParcel[],
): Promise<void> {
  const { id: issuanceId, insurerNumber } = issuance;
  await tx.copyIn(
    `copy notice_parcel (${NEW_PARCELS.list}) from stdin`,
    parcels.map(({ no, parcel: { pieces, ...parcel }, acceptanceNumber }) =>
      NEW_PARCELS.line({
        issuanceId,
        insurerNumber,
        parcel: { ...parcel, no, symbol: pieces[0]!.symbol, noticeCount: pieces.length, acceptanceNumber },
      }),
    ),
  );
  await tx.copyIn(
    `copy parcelled_notice (${PARCELLED_NOTICES.list}) from stdin`,
    parcels.flatMap(({ no, parcel }) =>
      parcel.pieces.map((piece, i) =>
        PARCELLED_NOTICES.line({ issuanceId, mailpieceNumber: piece.pieceNumber, parcelNo: no, position: i + 1 }),
      ),
    ),
  );
}

/** Closes the packing. The database counts and refuses where a notice is in no parcel or in a wrong one (23514). */
export async function closePacking(tx: Transaction, issuanceId: number): Promise<void> {
  await tx.execute('insert into packing (issuance_id) values ($1)', [issuanceId]);
  await tx.execute(`analyze parcelled_notice_${issuanceId}, notice_parcel`);
}

/** A parcel as it was packed, with where it goes. */
export interface StoredParcel extends Pick<Parcel, 'container' | 'sequence' | 'sequenceCount' | 'weightG' | 'depthMm'> {
  readonly no: number;
  readonly symbol: string;
  readonly noticeCount: number;
  readonly acceptanceNumber: string | null;
  readonly workplace: Pick<Workplace, 'name' | 'postalCode' | 'address' | 'building' | 'employerName'>;
}

const STORED_PARCEL = {
  ...from('b', PARCEL, 'no', 'symbol', 'sequence', 'sequenceCount', 'container', 'noticeCount', 'weightG', 'depthMm'),
  ...from('b', PARCEL, 'acceptanceNumber'),
  workplace: from('w', WORKPLACE, 'name', 'postalCode', 'address', 'building', 'employerName'),
} satisfies ColumnsOf<StoredParcel>;
const STORED_PARCELS = columns(STORED_PARCEL);

/** All parcels in order, in batches. */
export async function* readParcels(tx: Transaction, issuance: StoredIssuance): AsyncIterable<StoredParcel[]> {
  const lines = tx.copyOut(
    `copy (select ${STORED_PARCELS.list} from notice_parcel b
             join workplace w on w.dataset_id = ${issuance.workplacesId} and w.symbol = b.symbol
            where b.issuance_id = ${issuance.id} order by b.no) to stdout`,
  );
  yield* STORED_PARCELS.rows(lines);
}

/** One notice in a parcel: what the workplace checks while handing out. No address, no birth date, no digits. */
export interface ContentsRow {
  readonly position: number;
  /** Of the notice itself: the parcel's, or the list is refused. */
  readonly symbol: string;
  readonly number: string;
  readonly subNumber: string;
  /** '' = none on record, or protected. */
  readonly insuredName: string;
  readonly addressee: string;
  readonly pieceNumber: string;
  /** Why it is not in the parcel after all (保留・引き抜き), or ''. */
  readonly absence: string;
}

const PARCEL_CONTENTS = columns({
  parcel: STORED_PARCEL,
  row: {
    position: numeric('i.position'),
    ...from('n', PERSON_KEY, 'symbol', 'number', 'subNumber'),
    insuredName: text(`case when h.mail_stopped then '' else coalesce(h.name, '') end`),
    addressee: text('p.addressee'),
    pieceNumber: digits('i.mailpiece_number'),
    absence: text(`case when s.state = 'withdrawn' then '引き抜き'
                        when exists (select 1 from held_piece x where x.issuance_id = i.issuance_id
                                        and x.mailpiece_number = i.mailpiece_number) then '保留' else '' end`),
  } satisfies ColumnsOf<ContentsRow>,
});

/** Parcels read at once: their keys bound every table of the join, whatever the planner believes of it. */
const SLICE = 500;

/** All parcels in order with what lies in them, in batches. */
export async function* readParcelContents(
  tx: Transaction,
  issuance: StoredIssuance,
): AsyncIterable<(StoredParcel & { rows: ContentsRow[] })[]> {
  const slices = await tx.query<{ first: number; last: number; firstSymbol: string; lastSymbol: string }>(
    `select min(no) as first, max(no) as last, min(symbol) as "firstSymbol", max(symbol) as "lastSymbol"
       from notice_parcel where issuance_id = $1 group by (no - 1) / $2::int order by 1`,
    [issuance.id, SLICE],
  );
  for (const slice of slices) yield* readSlice(tx, issuance, slice);
}

async function* readSlice(
  tx: Transaction,
  issuance: StoredIssuance,
  slice: { readonly first: number; readonly last: number; readonly firstSymbol: string; readonly lastSymbol: string },
): AsyncIterable<(StoredParcel & { rows: ContentsRow[] })[]> {
  const own = (alias: string): string =>
    `${alias}.symbol between ${literal(slice.firstSymbol)} and ${literal(slice.lastSymbol)}`;
  const lines = tx.copyOut(
    `copy (
       select ${PARCEL_CONTENTS.list}
         from notice_parcel b
         join workplace w on w.dataset_id = ${issuance.workplacesId} and w.symbol = b.symbol
         join parcelled_notice i on i.issuance_id = ${issuance.id} and i.parcel_no = b.no
                                and i.parcel_no between ${slice.first} and ${slice.last}
         join notice n on n.issuance_id = ${issuance.id} and n.mailpiece_number = i.mailpiece_number and ${own('n')}
         join mailpiece p on p.issuance_id = ${issuance.id} and p.mailpiece_number = i.mailpiece_number and ${own('p')}
         left join member h on h.dataset_id = ${issuance.membersId} and h.symbol = n.symbol and ${own('h')}
                           and h.number_rank = n.number_rank and h.number = n.number and h.sub_number = '00'
         left join paper_state s on s.paper_number = i.mailpiece_number
        where b.issuance_id = ${issuance.id} and b.no between ${slice.first} and ${slice.last}
        order by b.no, i.position
     ) to stdout`,
  );
  for await (const groups of PARCEL_CONTENTS.groups(lines, 1)) {
    yield groups.map((rows) => ({ ...rows[0].parcel, rows: rows.map(({ row }) => row) }));
  }
}

/** Where a notice lies. */
export interface ParcelPlace {
  readonly parcelNo: number;
  readonly position: number;
}

/** Places of the notices in a range of numbers, by number; those that go home have none. */
export async function listParcelPlaces(
  tx: Transaction,
  issuanceId: number,
  range: { readonly firstMailpiece: string; readonly lastMailpiece: string },
): Promise<ReadonlyMap<string, ParcelPlace>> {
  const rows = await tx.query<ParcelPlace & { number: string }>(
    `select mailpiece_number::text as number, parcel_no as "parcelNo", position
       from parcelled_notice where issuance_id = $1 and mailpiece_number between $2 and $3`,
    [issuanceId, range.firstMailpiece, range.lastMailpiece],
  );
  return new Map(rows.map(({ number, ...place }) => [number, place]));
}
