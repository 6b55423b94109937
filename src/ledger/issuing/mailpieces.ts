// Room: ledger. Targets of a chunk by household, and the certificates, mailpieces and exits planned for them.
import type { InsuredClass } from '../../rules/intake/member.ts';
import type { Address } from '../../rules/words/address.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { ExitReason, Household, Route, Target } from '../../rules/issuing/enveloping.ts';
import type { NoticeExit } from '../../rules/issuing/notice-plan.ts';
import { CopyText, copyLine, groupedRows } from '../core/copy.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { inChunk } from './decisions.ts';
import type { Chunk, IssuanceRun } from '../papers/issuances.ts';

/** A household with at least one target; `ordinals` gives each target's place in the issuance by sub-number. */
export interface HouseholdToEnclose extends Household {
  readonly ordinals: ReadonlyMap<string, number>;
}

/** Households of a chunk that hold targets, in key order, in batches. */
export async function* readHouseholdsToEnclose(
  tx: Transaction,
  run: IssuanceRun,
  chunk: Chunk,
): AsyncIterable<HouseholdToEnclose[]> {
  const lines = tx.copyOut(
    `copy (
       select m.symbol, m.number, m.sub_number, d.is_target, d.ordinal, m.relation, m.insured_class, m.name, m.born_on,
              m.acquired_on, m.lost_on, m.home_postal_code, m.home_line, m.home_building, m.mail_postal_code,
              m.mail_line, m.mail_building, m.mail_stopped, m.has_optional_entries
         from member m
         join decision d
           on d.symbol = m.symbol and d.number_rank = m.number_rank and d.number = m.number
          and d.sub_number = m.sub_number
        where d.issuance_id = ${run.id} and ${inChunk('d', chunk)}
          and m.dataset_id = ${run.membersId} and ${inChunk('m', chunk)}
          and (d.is_target or m.relation = 'insured')
        order by m.symbol, m.number_rank, m.number, m.sub_number
     ) to stdout`,
  );
  for await (const groups of groupedRows(lines, 2)) {
    yield groups.map(readHousehold).filter((household) => household.targets.length > 0);
  }
}

function readHousehold(rows: (string | null)[][]): HouseholdToEnclose {
  const targets = rows.filter((f) => f[3] === 't');
  const insured = rows.find((f) => f[5] === 'insured');
  return {
    symbol: rows[0]![0]!,
    number: rows[0]![1]!,
    insured: insured ? readTarget(insured) : null,
    targets: targets.map(readTarget),
    ordinals: new Map(targets.map((f) => [f[2]!, Number(f[4])])),
  };
}

/** A target from the columns both kinds of issuance read first. */
export function readTarget(f: (string | null)[]): Target {
  return {
    symbol: f[0]!,
    number: f[1]!,
    subNumber: f[2]!,
    relation: f[5] as Target['relation'],
    insuredClass: f[6] as InsuredClass,
    name: f[7]!,
    bornOn: f[8] as LocalDate,
    acquiredOn: f[9] as LocalDate,
    lostOn: f[10] as LocalDate | null,
    home: readAddress(f[11], f[12], f[13]),
    mailTo: readAddress(f[14], f[15], f[16]),
    mailStopped: f[17] === 't',
    hasOptionalEntries: f[18] === 't',
  };
}

function readAddress(
  postalCode: string | null | undefined,
  line: string | null | undefined,
  building: string | null | undefined,
): Address | null {
  return line === null || line === undefined ? null : { postalCode: postalCode ?? '', line, building: building ?? '' };
}

/** COPY text gathered for one chunk. */
export class EnclosingText {
  readonly certificates = new CopyText();
  readonly mailpieces = new CopyText();
  readonly exits = new CopyText();
}

export function mailpieceLine(
  issuanceId: number,
  chunkNo: number,
  piece: {
    readonly mailpieceNumber: string;
    readonly route: Route;
    readonly symbol: string;
    readonly number: string;
    readonly sequence: number;
    readonly sequenceCount: number;
    readonly certificateCount: number;
    readonly addressee: string;
    readonly address: Address | null;
  },
): string {
  return copyLine([
    issuanceId,
    chunkNo,
    piece.mailpieceNumber,
    piece.route,
    piece.symbol,
    piece.number,
    piece.sequence,
    piece.sequenceCount,
    piece.certificateCount,
    piece.addressee,
    piece.address === null ? null : piece.address.postalCode,
    piece.address === null ? null : piece.address.line,
    piece.address === null ? null : piece.address.building,
  ]);
}

export function certificateLine(
  issuanceId: number,
  chunkNo: number,
  certificate: {
    readonly certificateNumber: string;
    readonly symbol: string;
    readonly number: string;
    readonly subNumber: string;
    readonly issuedOn: LocalDate;
    readonly validThrough: LocalDate;
    readonly mailpieceNumber: string;
    readonly position: number;
  },
): string {
  return copyLine([
    issuanceId,
    chunkNo,
    certificate.certificateNumber,
    certificate.symbol,
    certificate.number,
    certificate.subNumber,
    certificate.issuedOn,
    certificate.validThrough,
    certificate.mailpieceNumber,
    certificate.position,
  ]);
}

export function exitLine(
  issuanceId: number,
  chunkNo: number,
  exit: { symbol: string; number: string; subNumber: string; reason: ExitReason | NoticeExit },
): string {
  return copyLine([issuanceId, chunkNo, exit.symbol, exit.number, exit.subNumber, exit.reason]);
}

/** Writes a chunk's mailpieces, certificates and exits. */
export async function writeEnclosing(tx: Transaction, text: EnclosingText): Promise<void> {
  await tx.copyIn(
    `copy mailpiece (issuance_id, chunk_no, mailpiece_number, route, symbol, number, sequence, sequence_count,
                     certificate_count, addressee, postal_code, address_line, building) from stdin`,
    text.mailpieces,
  );
  await tx.copyIn(
    `copy certificate (issuance_id, chunk_no, certificate_number, symbol, number, sub_number, issued_on,
                       valid_through, mailpiece_number, position) from stdin`,
    text.certificates,
  );
  await tx.copyIn(
    'copy target_exit (issuance_id, chunk_no, symbol, number, sub_number, reason) from stdin',
    text.exits,
  );
}

/** Certificates in number order as the rows of certificates.csv, in batches of string fields. */
export function readCertificates(tx: Transaction, issuanceId: number): AsyncIterable<string[]> {
  return tx.copyOut(
    `copy (select certificate_number, symbol, number, sub_number, issued_on, valid_through, mailpiece_number, position
             from certificate where issuance_id = ${issuanceId} order by certificate_number) to stdout`,
  );
}

/** Mailpieces in number order with where they were printed, as COPY lines. */
export function readMailpieces(tx: Transaction, issuanceId: number): AsyncIterable<string[]> {
  return tx.copyOut(
    `copy (select m.mailpiece_number, m.route, m.symbol, m.number, m.sequence, m.sequence_count, m.certificate_count,
                  m.postal_code, m.address_line, m.building, f.path, p.letter_page
             from mailpiece m
             left join printed_piece p using (issuance_id, mailpiece_number)
             left join print_file f on f.issuance_id = p.issuance_id and f.batch_no = p.batch_no and f.paper in ('letters', 'notices')
            where m.issuance_id = ${issuanceId} order by m.mailpiece_number) to stdout`,
  );
}

/** Pieces of an issuance by branch, where they have been counted; of a branch its own. */
export async function findEnclosedCounts(tx: Reader, issuanceId: number): Promise<Map<string, number> | null> {
  const rows = await tx.query<{ branchCode: string; mailpieces: number }>(
    `select branch_code as "branchCode", mailpieces from enclosed_count where issuance_id = $1 order by branch_code`,
    [issuanceId],
  );
  return rows.length === 0 ? null : new Map(rows.map((row) => [row.branchCode, row.mailpieces]));
}
