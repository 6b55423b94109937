// Room: ledger. One mailpiece or one person's paper of an issuance, with what lies inside.
import type { Reader, Transaction } from '../core/pool.ts';

/** A piece with what its next step depends on, and whose papers are inside. */
export interface PieceInHand {
  readonly mailpieceNumber: string;
  readonly symbol: string;
  readonly number: string;
  readonly route: 'home' | 'workplace';
  readonly insuredClass: string;
  readonly hasOptionalEntries: boolean;
  readonly isProtected: boolean;
  readonly hasWorkplace: boolean;
  /** Certificates inside, by position; none in a notice's piece. */
  readonly certificates: readonly { readonly number: string; readonly subNumber: string; readonly position: number }[];
}

/** Pieces of an issuance by number. */
export async function findPiecesInHand(
  tx: Reader,
  issuance: { readonly id: number; readonly membersId: number; readonly workplacesId: number },
  numbers: readonly string[],
): Promise<Map<string, PieceInHand>> {
  const rows = await tx.query<PieceInHand>(
    `select p.mailpiece_number::text as "mailpieceNumber", p.symbol, p.number, p.route,
            min(m.insured_class) as "insuredClass", bool_or(m.has_optional_entries) as "hasOptionalEntries",
            bool_or(m.mail_stopped) as "isProtected",
            exists (select 1 from workplace w where w.dataset_id = $3 and w.symbol = p.symbol) as "hasWorkplace",
            coalesce(json_agg(json_build_object('number', c.certificate_number::text, 'subNumber', c.sub_number,
                                                'position', c.position) order by c.position)
                       filter (where c.certificate_number is not null), '[]') as certificates
       from mailpiece p
       left join notice n on n.issuance_id = p.issuance_id and n.mailpiece_number = p.mailpiece_number
       left join certificate c on c.issuance_id = p.issuance_id and c.mailpiece_number = p.mailpiece_number
                         and c.certificate_number between first_certificate(p.mailpiece_number)
                                                      and last_certificate(p.mailpiece_number)
       join member m on m.dataset_id = $2 and m.symbol = p.symbol and m.number_rank = p.number::bigint
                    and m.number = p.number and m.sub_number = coalesce(c.sub_number, n.sub_number)
      where p.issuance_id = $1 and p.mailpiece_number = any($4::bigint[])
      group by p.mailpiece_number, p.symbol, p.number, p.route`,
    [issuance.id, issuance.membersId, issuance.workplacesId, numbers],
  );
  return new Map(rows.map((row) => [row.mailpieceNumber, row]));
}

/** The certificate of a person in an issuance with its piece, or null. */
export async function findCertificateOf(
  tx: Transaction,
  issuanceId: number,
  key: { readonly symbol: string; readonly number: string; readonly subNumber: string },
): Promise<{ certificateNumber: string; mailpieceNumber: string; position: number } | null> {
  const rows = await tx.query<{ certificateNumber: string; mailpieceNumber: string; position: number }>(
    `select certificate_number::text as "certificateNumber", mailpiece_number::text as "mailpieceNumber", position
       from certificate where issuance_id = $1 and symbol = $2 and number = $3 and sub_number = $4`,
    [issuanceId, key.symbol, key.number, key.subNumber],
  );
  return rows[0] ?? null;
}

/** The mailpiece of a person's notice in an issuance, or null. */
export async function findNoticePiece(
  tx: Transaction,
  issuanceId: number,
  key: { readonly symbol: string; readonly number: string; readonly subNumber: string },
): Promise<string | null> {
  const rows = await tx.query<{ number: string }>(
    `select mailpiece_number::text as number from notice
      where issuance_id = $1 and symbol = $2 and number_rank = $3 and number = $4 and sub_number = $5`,
    [issuanceId, key.symbol, key.number, key.number, key.subNumber],
  );
  return rows[0]?.number ?? null;
}

/** Whom a paper belongs to: a certificate's person, or a mailpiece's household. */
export async function findPersonOfPaper(
  tx: Reader,
  issuanceId: number,
  kind: 'certificate' | 'mailpiece',
  number: string,
): Promise<{ symbol: string; number: string; subNumber: string | null } | null> {
  const rows = await tx.query<{ symbol: string; number: string; subNumber: string | null }>(
    kind === 'certificate'
      ? `select symbol, number, sub_number as "subNumber" from certificate
          where issuance_id = $1 and certificate_number = $2`
      : `select m.symbol, m.number, n.sub_number as "subNumber"
           from mailpiece m
           left join notice n on n.issuance_id = $1 and n.mailpiece_number = m.mailpiece_number
          where m.issuance_id = $1 and m.mailpiece_number = $2`,
    [issuanceId, number],
  );
  return rows[0] ?? null;
}
