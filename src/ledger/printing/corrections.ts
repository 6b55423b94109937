// Room: ledger. Texts that staff have corrected for print, and the texts of a held piece as the files have them.
import type { CorrectedField, Correction } from '../../rules/printing/corrections.ts';
import type { HeldReason } from '../../rules/printing/print-batches.ts';
import type { Transaction } from '../core/pool.ts';
import type { StoredIssuance } from '../papers/issuances.ts';

type Issuance = Pick<StoredIssuance, 'id' | 'insurerNumber' | 'membersId'>;

/** Corrections for the people of a range of pieces; of a batch that is printed, as they were known then. */
export async function readCorrections(
  tx: Transaction,
  issuance: Issuance,
  range: { readonly no: number; readonly firstMailpiece: string; readonly lastMailpiece: string },
): Promise<Correction[]> {
  return tx.query(
    `select distinct on (c.symbol, c.number, c.sub_number, c.field, c.source)
            c.symbol, c.number, c.sub_number as "subNumber", c.field, c.source, c.text
       from print_correction c
       left join print_batch b on b.issuance_id = $2 and b.no = $3
      where c.insurer_number = $1 and c.at < coalesce(b.printed_at, 'infinity')
        and exists (select from mailpiece p
                     where p.issuance_id = $2 and p.mailpiece_number between $4 and $5
                       and p.symbol = c.symbol and p.number = c.number)
      order by c.symbol, c.number, c.sub_number, c.field, c.source, c.id desc`,
    [issuance.insurerNumber, issuance.id, range.no, range.firstMailpiece, range.lastMailpiece],
  );
}

/** A text on the papers of a piece. */
export interface PieceText {
  readonly subNumber: string;
  readonly field: CorrectedField;
  /** As the file has it. */
  readonly source: string;
  /** As it was corrected last, or null. */
  readonly text: string | null;
}

/** The texts of a piece that can be corrected, person after person; of the address the one it goes to, where it goes home. */
export async function listPieceTexts(
  tx: Transaction,
  issuance: Issuance,
  mailpieceNumber: string,
): Promise<PieceText[]> {
  return tx.query(
    `with inside as (
       select symbol, number, sub_number, '00' as addressed from certificate where issuance_id = $2 and mailpiece_number = $4
       union all
       select symbol, number, sub_number, sub_number from notice where issuance_id = $2 and mailpiece_number = $4
     ), person as (
       select distinct m.symbol, m.number, m.sub_number, m.name, m.kana,
              case when m.shows_former_name then m.former_name end as former_name,
              exists (select from inside o where o.sub_number = m.sub_number) as is_inside
         from inside i
         join member m on m.dataset_id = $3 and m.symbol = i.symbol and m.number_rank = i.number::bigint
                      and m.number = i.number and m.sub_number in (i.sub_number, '00')
     ), said as (
       select sub_number, 1 as place, 'name' as field, name as source from person
       union all select sub_number, 2, 'kana', kana from person where is_inside
       union all select sub_number, 3, 'former-name', former_name from person where is_inside and former_name is not null
       union all select distinct i.addressed, 4, 'address', coalesce(p.address_line || E'\\n' || p.building, '')
         from inside i
         join mailpiece p on p.issuance_id = $2 and p.mailpiece_number = $4 and p.route = 'home'
     )
     select said.sub_number as "subNumber", said.field, said.source,
            (select c.text from print_correction c
              where c.insurer_number = $1 and (c.symbol, c.number) = (select symbol, number from inside limit 1)
                and c.sub_number = said.sub_number and c.field = said.field and c.source = said.source
              order by c.id desc limit 1) as text
       from said order by said.sub_number, said.place`,
    [issuance.insurerNumber, issuance.id, issuance.membersId, mailpieceNumber],
  );
}

/** The postal code a piece goes to; '' where it has none. */
export async function findPostalCode(tx: Transaction, issuanceId: number, mailpieceNumber: string): Promise<string> {
  const rows = await tx.query<{ code: string }>(
    `select coalesce(postal_code, '') as code from mailpiece where issuance_id = $1 and mailpiece_number = $2`,
    [issuanceId, mailpieceNumber],
  );
  return rows[0]?.code ?? '';
}

/** Why print held a piece, field by field. */
export async function listHeldReasons(
  tx: Transaction,
  issuanceId: number,
  mailpieceNumber: string,
): Promise<{ subNumber: string; reason: HeldReason; field: string; codePoint: string }[]> {
  return tx.query(
    `select sub_number as "subNumber", reason, field, code_point as "codePoint" from held_piece
      where issuance_id = $1 and mailpiece_number = $2 order by sub_number, reason, field, code_point`,
    [issuanceId, mailpieceNumber],
  );
}

/** Of these pieces, those that print held for one reason. */
export async function listHeldFor(tx: Transaction, reason: HeldReason, numbers: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ number: string }>(
    `select distinct mailpiece_number::text as number from held_piece
      where mailpiece_number = any($1::bigint[]) and reason = $2`,
    [numbers, reason],
  );
  return rows.map((row) => row.number);
}

/** Adds a correction; its id. Errors: 23514 where the text is none. */
export async function insertCorrection(
  tx: Transaction,
  insurerNumber: string,
  correction: Correction & { readonly mailpieceNumber: string; readonly actor: string; readonly reason: string },
): Promise<string> {
  const { symbol, number, subNumber, field, source, text, mailpieceNumber, actor, reason } = correction;
  const rows = await tx.query<{ id: string }>(
    `insert into print_correction (insurer_number, symbol, number, sub_number, field, source, text, mailpiece_number,
                                   actor, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id::text`,
    [insurerNumber, symbol, number, subNumber, field, source, text, mailpieceNumber, actor, reason],
  );
  return rows[0]!.id;
}
