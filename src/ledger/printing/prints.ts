// Room: ledger. Print batches: which pieces are printed together, what was printed, held or replaced, and the files.
import { correctedPieces } from '../../rules/printing/corrections.ts';
import type { Member, Workplace } from '../../rules/intake/member.ts';
import type { PassageFacts } from '../../rules/intake/passage.ts';
import type { PrintableCertificate, PrintablePiece } from '../../rules/printing/printable.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { HeldReason, PlannedBatch } from '../../rules/printing/print-batches.ts';
import { readCorrections } from './corrections.ts';
import { columns, date, digits, flag, from, numeric, optional, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';
import { literal } from '../core/copy.ts';
import { MEMBER, PERSON_KEY, WORKPLACE } from '../intake/snapshot-columns.ts';
import type { Transaction } from '../core/pool.ts';
import type { StoredIssuance } from '../papers/issuances.ts';
import { lockChain } from '../papers/events.ts';

export interface PrintBatch extends PlannedBatch {
  readonly no: number;
  readonly route: Route;
  readonly lotNo: number;
}

/** A batch of the plan as it is stored. */
export interface StoredBatch extends PrintBatch {
  /** Its files are recorded. */
  readonly isPrinted: boolean;
  /** Its lot holds some branches' pieces only. */
  readonly byBranch: boolean;
}

/** A piece as it is stored: its codes are made when it is printed. */
export type PieceToPrint = Omit<PrintablePiece, 'customerBarcode'>;

const PRINT_BATCHES = columns({
  issuanceId: numeric('issuance_id'),
  batch: {
    no: numeric('no'),
    route: word<Route>('route'),
    lotNo: numeric('lot_no'),
    firstMailpiece: digits('first_mailpiece'),
    lastMailpiece: digits('last_mailpiece'),
    mailpieceCount: numeric('mailpiece_count'),
    certificateCount: numeric('certificate_count'),
  } satisfies ColumnsOf<PrintBatch>,
});

/** Stores the plan, and lets the database look at the papers once, so that it reads batches the short way. */
export async function writePrintBatches(
  tx: Transaction,
  issuance: Pick<StoredIssuance, 'id' | 'kind'>,
  batches: readonly PrintBatch[],
): Promise<void> {
  await tx.execute(`analyze mailpiece_${issuance.id}, ${issuance.kind}_${issuance.id}`);
  await tx.copyIn(
    `copy print_batch (${PRINT_BATCHES.list}) from stdin`,
    batches.map((batch) => PRINT_BATCHES.line({ issuanceId: issuance.id, batch })),
  );
}

/** All batches in order. */
export async function listPrintBatches(tx: Transaction, issuanceId: number): Promise<StoredBatch[]> {
  return tx.query(
    `select b.no, b.route, b.lot_no as "lotNo", b.first_mailpiece::text as "firstMailpiece",
            b.last_mailpiece::text as "lastMailpiece", b.mailpiece_count as "mailpieceCount",
            b.certificate_count as "certificateCount", b.printed_at is not null as "isPrinted",
            l.by_branch as "byBranch"
       from print_batch b join lot l on l.issuance_id = b.issuance_id and l.no = b.lot_no
      where b.issuance_id = $1 order by b.no`,
    [issuanceId],
  );
}

/** A piece from the alias `p`, its certificate from `c`, their holder `m`, the insured person `i`, the first piece `f`. */
const CERTIFICATE_TO_PRINT = columns({
  piece: {
    mailpieceNumber: digits('p.mailpiece_number'),
    route: word<Route>('p.route'),
    symbol: text('p.symbol'),
    number: text('p.number'),
    sequence: numeric('p.sequence'),
    sequenceCount: numeric('p.sequence_count'),
    firstOfHousehold: digits('f.mailpiece_number'),
    addressee: text('p.addressee'),
    address: optional({
      postalCode: text('p.postal_code'),
      line: text('p.address_line'),
      building: text('p.building'),
    }),
    workplace: optional({ name: text('p.workplace_name'), branchCode: text('p.branch_code') }),
  } satisfies ColumnsOf<Omit<PieceToPrint, 'certificates'>>,
  certificate: {
    certificateNumber: digits('c.certificate_number'),
    ...from('c', PERSON_KEY, 'symbol', 'number', 'subNumber'),
    issuedOn: date('c.issued_on'),
    validThrough: date('c.valid_through'),
    ratio: optional({ tenths: numeric<2 | 3>('c.ratio'), from: date('c.ratio_from') }),
    ...from('m', MEMBER, 'name', 'kana', 'bornOn', 'sex', 'relation', 'insuredClass', 'acquiredOn'),
    ...from('m', MEMBER, 'formerName', 'showsFormerName', 'sexOnBack', 'hasOptionalEntries', 'registeredName'),
    ...from('m', MEMBER, 'optionalContent', 'optionalFrom', 'optionalThrough'),
    isProtected: flag('m.mail_stopped'),
    insuredName: orNull(text('i.name')),
  } satisfies ColumnsOf<PrintableCertificate>,
});

/** The pieces of a batch with their certificates, in number and enclosing order, their texts as staff corrected them. */
export async function readPiecesToPrint(
  tx: Transaction,
  issuance: StoredIssuance,
  batch: StoredBatch,
): Promise<PieceToPrint[]> {
  const insurerNumber = /^\d{6,8}$/.exec(issuance.insurerNumber)?.[0] ?? '';
  const rows = tx.copyOut(
    // The batch's pieces first: its range of numbers also holds those of other lots, whose members are of no interest.
    `copy (
       with p as materialized (
         select p.*, w.name as workplace_name, w.branch_code
           from mailpiece p
           left join lateral (select name, branch_code from workplace
                               where dataset_id = ${issuance.workplacesId} and symbol = p.symbol limit 1) w on true
          where p.issuance_id = ${issuance.id} and p.route = '${batch.route}'
            and p.mailpiece_number between ${batch.firstMailpiece} and ${batch.lastMailpiece}
            ${batch.byBranch ? ofLot(issuance.id, batch.lotNo) : ''}
       )
       select ${CERTIFICATE_TO_PRINT.list}
         from p
         join certificate c on c.issuance_id = ${issuance.id} and c.mailpiece_number = p.mailpiece_number
         join member m on m.dataset_id = ${issuance.membersId} and m.symbol = c.symbol
                      and m.number_rank = c.number::bigint and m.number = c.number and m.sub_number = c.sub_number
         left join member i on i.dataset_id = ${issuance.membersId} and i.symbol = p.symbol
                           and i.number_rank = p.number::bigint and i.number = p.number and i.sub_number = '00'
         join mailpiece f on f.issuance_id = ${issuance.id} and f.symbol = p.symbol and f.number = p.number
                         and f.sequence = 1
         left join paper_state gone on gone.paper_number = c.certificate_number and gone.state = 'withdrawn'
         left join event went on went.insurer_number = '${insurerNumber}' and went.seq = gone.seq
        -- What was withdrawn after the batch was printed is in its files, and stays in them when they are made again.
        where (gone.paper_number is null
               or went.at > (select printed_at from print_batch where issuance_id = ${issuance.id} and no = ${batch.no}))
          and c.certificate_number between ${serialFloor(batch.firstMailpiece)} and ${serialCeiling(batch.lastMailpiece)}
        order by p.mailpiece_number, c.position
     ) to stdout`,
  );
  const isReleased = issuance.lineage.remake === 'release';
  const pieces: PieceToPrint[] = [];
  for await (const groups of CERTIFICATE_TO_PRINT.groups(rows, 1)) {
    for (const group of groups)
      pieces.push({ ...group[0].piece, isReleased, certificates: group.map(({ certificate }) => certificate) });
  }
  return correctedPieces(pieces, await readCorrections(tx, issuance, batch));
}

/** The pieces of a lot's shares, among those of others in one range of numbers. */
function ofLot(issuanceId: number, lotNo: number): string {
  return `and exists (select 1 from lot_share s
                       where s.issuance_id = ${issuanceId} and s.lot_no = ${lotNo}
                         and s.branch_code = coalesce(w.branch_code, '')
                         and p.mailpiece_number between s.first_mailpiece and s.last_mailpiece)`;
}

/** One piece with the batch it was planned into, or null. Batches of two routes may lie in one range of numbers. */
export async function findPieceToPrint(
  tx: Transaction,
  issuance: StoredIssuance,
  mailpieceNumber: string,
): Promise<{ piece: PieceToPrint; batchNo: number } | null> {
  for (const batch of await listPrintBatches(tx, issuance.id)) {
    if (mailpieceNumber < batch.firstMailpiece || batch.lastMailpiece < mailpieceNumber) continue;
    const piece = (await readPiecesToPrint(tx, issuance, batch)).find((p) => p.mailpieceNumber === mailpieceNumber);
    if (piece) return { piece, batchNo: batch.no };
  }
  return null;
}

/** A piece's number carries the ordinal of its first certificate, so its certificates are never before it. */
function serialFloor(mailpieceNumber: string): string {
  return `1${mailpieceNumber.slice(1, 13)}0`;
}

/** Nor are they further on than a household is large: sub-numbers have two digits. */
function serialCeiling(mailpieceNumber: string): string {
  return `1${String(Number(mailpieceNumber.slice(1, 13)) + 100).padStart(12, '0')}9`;
}

/** Where a piece stands in the files of its batch. */
export interface PrintedPiece {
  readonly mailpieceNumber: string;
  /** 1-based: of the letter or notice, and of the first certificate's face or the request form (null = none). */
  readonly letterPage: number;
  readonly certificatePage: number | null;
  readonly certificateCount: number;
}

/** What became of one batch. */
export interface PrintResult {
  readonly templateSha256: string;
  readonly files: readonly PrintedFile[];
  readonly printed: readonly PrintedPiece[];
  readonly held: readonly HeldPiece[];
  readonly replaced: readonly Omit<HeldPiece, 'reason'>[];
}

export interface PrintedFile {
  readonly paper: string;
  /** Relative to the output folder. */
  readonly path: string;
  readonly pageCount: number;
  readonly mailpieceCount: number;
  readonly certificateCount: number;
  readonly byteCount: number;
  readonly sha256: string;
}

export interface HeldPiece {
  readonly mailpieceNumber: string;
  readonly reason: HeldReason;
  readonly subNumber: string;
  readonly field: string;
  /** `U+20BB7`, or ''. */
  readonly codePoint: string;
}

/** A row of a batch. */
const OF_BATCH = { issuanceId: numeric('issuance_id'), batchNo: numeric('batch_no') };
const PRINTED_PIECES = columns({
  ...OF_BATCH,
  piece: {
    mailpieceNumber: digits('mailpiece_number'),
    letterPage: numeric('letter_page'),
    certificatePage: orNull(numeric('certificate_page')),
    certificateCount: numeric('certificate_count'),
  } satisfies ColumnsOf<PrintedPiece>,
});
const REPLACED = {
  mailpieceNumber: digits('mailpiece_number'),
  subNumber: PERSON_KEY.subNumber,
  field: text('field'),
  codePoint: text('code_point'),
} satisfies ColumnsOf<Omit<HeldPiece, 'reason'>>;
const REPLACED_VARIANTS = columns({ ...OF_BATCH, replaced: REPLACED });
const HELD_PIECES = columns({ ...OF_BATCH, held: { ...REPLACED, reason: word<HeldReason>('reason') } });

/** Records a printed batch and closes it; false when another process has printed it meanwhile. */
export async function recordPrintedBatch(
  tx: Transaction,
  { id: issuanceId, insurerNumber }: Pick<StoredIssuance, 'id' | 'insurerNumber'>,
  no: number,
  result: PrintResult,
): Promise<boolean> {
  // What is withdrawn before this moment is not in the files; what is withdrawn after it is pulled out of them.
  await lockChain(tx, insurerNumber);
  const open = await tx.query(
    'select 1 from print_batch where issuance_id = $1 and no = $2 and printed_at is null for update',
    [issuanceId, no],
  );
  if (open.length === 0) return false;
  await tx.copyIn(
    `copy printed_piece (${PRINTED_PIECES.list}) from stdin`,
    result.printed.map((piece) => PRINTED_PIECES.line({ issuanceId, batchNo: no, piece })),
  );
  await tx.copyIn(
    `copy held_piece (${HELD_PIECES.list}) from stdin`,
    result.held.map((held) => HELD_PIECES.line({ issuanceId, batchNo: no, held })),
  );
  await tx.copyIn(
    `copy replaced_variant (${REPLACED_VARIANTS.list}) from stdin`,
    result.replaced.map((replaced) => REPLACED_VARIANTS.line({ issuanceId, batchNo: no, replaced })),
  );
  for (const file of result.files) {
    await tx.execute(
      `insert into print_file (issuance_id, batch_no, paper, path, page_count, mailpiece_count, certificate_count,
                               byte_count, sha256) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        issuanceId,
        no,
        file.paper,
        file.path,
        file.pageCount,
        file.mailpieceCount,
        file.certificateCount,
        file.byteCount,
        file.sha256,
      ],
    );
  }
  await tx.execute(
    'update print_batch set printed_at = clock_timestamp(), template_sha256 = $3 where issuance_id = $1 and no = $2',
    [issuanceId, no, result.templateSha256],
  );
  return true;
}

/** Notes that all of an issuance was printed and its output written whole; until every batch is, it is not. */
export async function recordWrittenOutput(tx: Transaction, issuanceId: number): Promise<void> {
  await tx.execute(
    `insert into written_output (issuance_id)
     select $1::int where not exists (select from print_batch where issuance_id = $1 and printed_at is null)
     on conflict do nothing`,
    [issuanceId],
  );
}

/** Print files in batch order. */
export async function listPrintFiles(
  tx: Transaction,
  issuanceId: number,
): Promise<(PrintedFile & { batchNo: number })[]> {
  return tx.query(
    `select batch_no as "batchNo", paper, path, page_count as "pageCount", mailpiece_count as "mailpieceCount",
            certificate_count as "certificateCount", byte_count as "byteCount", sha256
       from print_file where issuance_id = $1 order by batch_no, paper`,
    [issuanceId],
  );
}

/** Pieces of one batch with their pages, for the manifest. */
export async function listPrintedPieces(tx: Transaction, issuanceId: number, batchNo: number): Promise<PrintedPiece[]> {
  return tx.query(
    `select p.mailpiece_number::text as "mailpieceNumber", p.letter_page as "letterPage",
            p.certificate_page as "certificatePage", p.certificate_count as "certificateCount"
       from printed_piece p join print_batch b on b.issuance_id = p.issuance_id and b.no = $2
      where p.issuance_id = $1 and p.batch_no = $2
        and p.mailpiece_number between b.first_mailpiece and b.last_mailpiece
      order by p.mailpiece_number`,
    [issuanceId, batchNo],
  );
}

/** Which piece of a lot a proof shows. */
export type ProofKind = 'first' | 'last' | 'longest' | 'longest-name' | 'largest' | 'with-form';

/**
 * Printed pieces of these batches for proofs: first, last, the longest words of an envelope, the longest name of a person; of
 * certificates the most in one piece, of notices one with the request form. Fewer where there is none.
 */
export async function findProofPieces(
  tx: Transaction,
  issuance: Pick<StoredIssuance, 'id' | 'kind' | 'membersId'>,
  batchNos: readonly number[],
): Promise<Partial<Record<ProofKind, string>>> {
  const words = 'length(addressee) + greatest(length(address_line), 0) + greatest(length(building), 0)';
  const kinds: readonly (readonly [
    kind: ProofKind,
    which: 'true' | 'p.certificate_page is not null',
    order: string,
  ])[] = [
    ['first', 'true', 'mailpiece_number'],
    ['last', 'true', 'mailpiece_number desc'],
    ['longest', 'true', `${words} desc, mailpiece_number`],
    issuance.kind === 'certificate'
      ? ['largest', 'true', 'm.certificate_count desc, mailpiece_number']
      : ['with-form', 'p.certificate_page is not null', 'mailpiece_number'],
  ];
  const found: Partial<Record<ProofKind, string>> = {};
  for (const [kind, which, order] of kinds) {
    const rows = await tx.query<{ number: string }>(
      `select mailpiece_number::text as number from mailpiece m join printed_piece p using (issuance_id, mailpiece_number)
        where issuance_id = $1 and batch_no = any($2) and ${which} order by ${order} limit 1`,
      [issuance.id, batchNos],
    );
    if (rows[0]) found[kind] = rows[0].number;
  }
  const longest = await tx.query<{ number: string }>(
    `select p.mailpiece_number::text as number
       from printed_piece p
       join ${issuance.kind} c on c.issuance_id = p.issuance_id and c.mailpiece_number = p.mailpiece_number
       join member m on m.dataset_id = $3 and m.symbol = c.symbol and m.number_rank = c.number::bigint
                    and m.number = c.number and m.sub_number = c.sub_number
      where p.issuance_id = $1 and p.batch_no = any($2) order by length(m.name) desc, p.mailpiece_number limit 1`,
    [issuance.id, batchNos, issuance.membersId],
  );
  if (longest[0]) found['longest-name'] = longest[0].number;
  return found;
}

/** Pieces and papers by way, as they were planned and as they were printed. */
export interface RouteCounts {
  readonly route: Route;
  readonly pieces: number;
  /** Certificates or notices. */
  readonly papers: number;
  readonly printed: number;
  readonly held: number;
  readonly withdrawn: number;
}

/** How the pieces of a lot (null: of the whole issuance) part over the ways, from its batches. */
export async function countRoutes(tx: Transaction, issuanceId: number, lotNo: number | null): Promise<RouteCounts[]> {
  return tx.query(
    `select route, sum(mailpiece_count)::int as pieces, sum(certificate_count)::int as papers,
            coalesce(sum(printed_count), 0)::int as printed, coalesce(sum(held_count), 0)::int as held,
            coalesce(sum(withdrawn_count), 0)::int as withdrawn
       from print_batch where issuance_id = $1 and ($2::int is null or lot_no = $2) group by route order by route`,
    [issuanceId, lotNo],
  );
}

/** Pieces of a lot that print held, by reason, with the first of each. */
export async function countHeldKinds(
  tx: Transaction,
  issuanceId: number,
  lotNo: number,
): Promise<{ reason: HeldReason; count: number; first: string }[]> {
  return tx.query(
    `select h.reason, count(distinct h.mailpiece_number)::int as count, min(h.mailpiece_number)::text as first
       from held_piece h join print_batch b on b.issuance_id = h.issuance_id and b.no = h.batch_no
      where h.issuance_id = $1 and b.lot_no = $2 group by h.reason order by h.reason`,
    [issuanceId, lotNo],
  );
}

/** Pieces that print stopped, by key. */
export async function listHeldPieces(
  tx: Transaction,
  issuanceId: number,
): Promise<(HeldPiece & { symbol: string; number: string })[]> {
  return tx.query(
    `select h.mailpiece_number::text as "mailpieceNumber", h.reason, h.sub_number as "subNumber", h.field,
            h.code_point as "codePoint", m.symbol, m.number
       from held_piece h join mailpiece m using (issuance_id, mailpiece_number)
      where h.issuance_id = $1 order by h.mailpiece_number, h.sub_number, h.field, h.code_point`,
    [issuanceId],
  );
}

/** Variants printed as their base character, by key. */
export async function listReplacedVariants(
  tx: Transaction,
  issuanceId: number,
): Promise<(Omit<HeldPiece, 'reason'> & { symbol: string; number: string })[]> {
  return tx.query(
    `select r.mailpiece_number::text as "mailpieceNumber", r.sub_number as "subNumber", r.field,
            r.code_point as "codePoint", m.symbol, m.number
       from replaced_variant r join mailpiece m using (issuance_id, mailpiece_number)
      where r.issuance_id = $1 order by r.mailpiece_number, r.sub_number, r.field`,
    [issuanceId],
  );
}

const WORKPLACE_TARGET = columns({
  target: {
    ...from('c', PERSON_KEY, 'symbol', 'number', 'subNumber'),
    ...from('m', MEMBER, 'name', 'relation', 'insuredClass', 'hasOptionalEntries'),
    isProtected: flag('m.mail_stopped'),
    hasWorkplace: flag('w.symbol is not null'),
  },
  workplace: from('w', WORKPLACE, 'name', 'postalCode', 'address', 'building', 'employerName'),
});

/**
 * Workplaces in symbol order with the persons under their symbols who get a certificate by this route, and whether each may be
 * named to the workplace. `only`: one symbol's.
 */
export async function* readWorkplaceTargets(
  tx: Transaction,
  issuance: StoredIssuance,
  route: Route,
  only: string | null = null,
): AsyncIterable<WorkplaceTargets[]> {
  const lines = tx.copyOut(
    `copy (
       select ${WORKPLACE_TARGET.list}
         from certificate c
         join mailpiece p on p.issuance_id = c.issuance_id and p.mailpiece_number = c.mailpiece_number
                         and p.route = '${route}'
         join member m on m.dataset_id = ${issuance.membersId} and m.symbol = c.symbol
                      and m.number_rank = c.number::bigint and m.number = c.number and m.sub_number = c.sub_number
         join workplace w on w.dataset_id = ${issuance.workplacesId} and w.symbol = c.symbol
         left join paper_state gone on gone.paper_number = c.certificate_number and gone.state = 'withdrawn'
        where c.issuance_id = ${issuance.id} and gone.paper_number is null
          ${only === null ? '' : `and c.symbol = ${literal(only)}`}
        order by c.symbol, m.number_rank, c.number, c.sub_number
     ) to stdout`,
  );
  for await (const groups of WORKPLACE_TARGET.groups(lines, 1))
    yield groups.map((rows) => ({
      symbol: rows[0].target.symbol,
      workplace: rows[0].workplace,
      targets: rows.map(({ target }) => target),
    }));
}

export interface WorkplaceTargets {
  readonly symbol: string;
  readonly workplace: Pick<Workplace, 'name' | 'postalCode' | 'address' | 'building' | 'employerName'>;
  readonly targets: readonly (Pick<Member, 'symbol' | 'number' | 'subNumber' | 'name' | 'relation'> & PassageFacts)[];
}
