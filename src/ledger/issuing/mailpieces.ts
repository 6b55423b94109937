// Room: ledger. Targets of a chunk by household, and the certificates, mailpieces and exits planned for them.
import type { Reader, Transaction } from '../core/pool.ts';
import type { ExitReason, Household, Route, Target } from '../../rules/issuing/enveloping.ts';
import type { NoticeExit } from '../../rules/issuing/notice-plan.ts';
import { columns, date, digits, flag, from, numeric, optional, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf, RowOf } from '../core/columns.ts';
import { CopyText } from '../core/copy.ts';
import { MEMBER, PERSON_KEY, RATIO } from '../intake/snapshot-columns.ts';
import { inChunk } from './decisions.ts';
import { samePerson } from './earlier-notices.ts';
import type { Chunk, StoredIssuance } from '../papers/issuances.ts';

/** A household with at least one target; `ordinals` gives each target's place in the issuance by sub-number. */
export interface HouseholdToEnclose extends Household {
  readonly ordinals: ReadonlyMap<string, number>;
}

/** What both kinds of issuance read of a target. */
export const TARGET = {
  ...from('m', MEMBER, 'symbol', 'number', 'subNumber', 'relation', 'insuredClass', 'name', 'bornOn', 'acquiredOn'),
  ...from('m', MEMBER, 'lostOn', 'home', 'mailTo', 'mailStopped', 'hasOptionalEntries'),
  determined: optional(from('b', RATIO, 'tenths', 'from', 'through')),
} satisfies ColumnsOf<Target>;

/** Joins 負担割合.csv to members `m` as `b`, one row of nulls where the run has none. */
export function joinRatios({ ratiosId }: StoredIssuance, chunk: Chunk): string {
  const rows =
    ratiosId === null
      ? 'select * from burden_ratio where false'
      : `select * from burden_ratio b where b.dataset_id = ${ratiosId} and ${inChunk('b', chunk)}`;
  return `left join (${rows}) b on ${samePerson('b', 'm')}`;
}

const DECIDED_MEMBER = { member: TARGET, isTarget: flag('d.is_target'), ordinal: numeric('d.ordinal') };
const DECIDED_MEMBERS = columns(DECIDED_MEMBER);

/** COPY of a chunk's targets and insured persons (`m`, with their decision `d`) in key order; `join`: what is joined to them, or none. */
export function copyDecided(list: string, issuance: StoredIssuance, chunk: Chunk, join: string): string {
  return `copy (
       select ${list}
         from member m
         join decision d
           on d.symbol = m.symbol and d.number_rank = m.number_rank and d.number = m.number
          and d.sub_number = m.sub_number
         ${join}
        where d.issuance_id = ${issuance.id} and ${inChunk('d', chunk)}
          and m.dataset_id = ${issuance.membersId} and ${inChunk('m', chunk)}
          and (d.is_target or m.relation = 'insured')
        order by m.symbol, m.number_rank, m.number, m.sub_number
     ) to stdout`;
}

/** Households of a chunk that hold targets, in key order, in batches. */
export async function* readHouseholdsToEnclose(
  tx: Transaction,
  issuance: StoredIssuance,
  chunk: Chunk,
): AsyncIterable<HouseholdToEnclose[]> {
  const lines = tx.copyOut(copyDecided(DECIDED_MEMBERS.list, issuance, chunk, joinRatios(issuance, chunk)));
  for await (const groups of DECIDED_MEMBERS.groups(lines, 2)) {
    yield groups.map(readHousehold).filter((household) => household.targets.length > 0);
  }
}

function readHousehold(rows: readonly [DecidedMember, ...DecidedMember[]]): HouseholdToEnclose {
  const targets = rows.filter((row) => row.isTarget);
  return {
    symbol: rows[0].member.symbol,
    number: rows[0].member.number,
    insured: rows.find(({ member }) => member.relation === 'insured')?.member ?? null,
    targets: targets.map(({ member }) => member),
    ordinals: new Map(targets.map(({ member, ordinal }) => [member.subNumber, ordinal])),
  };
}

type DecidedMember = RowOf<typeof DECIDED_MEMBER>;

/** COPY text gathered for one chunk. */
export class EnclosingText {
  readonly certificates = new CopyText();
  readonly mailpieces = new CopyText();
  readonly exits = new CopyText();
}

/** Where a row was made. */
const CHUNK = { issuanceId: numeric('issuance_id'), chunkNo: numeric('chunk_no') };

/** The address a mailpiece goes to, as it stands in its table. */
const PIECE_ADDRESS = optional({
  postalCode: text('postal_code'),
  line: text('address_line'),
  building: text('building'),
});

const MAILPIECE = {
  mailpieceNumber: digits('mailpiece_number'),
  route: word<Route>('route'),
  symbol: text('symbol'),
  number: text('number'),
  sequence: numeric('sequence'),
  sequenceCount: numeric('sequence_count'),
  certificateCount: numeric('certificate_count'),
  addressee: text('addressee'),
  address: PIECE_ADDRESS,
};
const MAILPIECES = columns({ ...CHUNK, piece: MAILPIECE });

export function mailpieceLine(issuanceId: number, chunkNo: number, piece: RowOf<typeof MAILPIECE>): string {
  return MAILPIECES.line({ issuanceId, chunkNo, piece });
}

const CERTIFICATE = {
  certificateNumber: digits('certificate_number'),
  ...PERSON_KEY,
  issuedOn: date('issued_on'),
  validThrough: date('valid_through'),
  ratio: optional({ tenths: numeric<2 | 3>('ratio'), from: date('ratio_from') }),
  mailpieceNumber: digits('mailpiece_number'),
  position: numeric('position'),
};
const CERTIFICATES = columns({ ...CHUNK, certificate: CERTIFICATE });

export function certificateLine(issuanceId: number, chunkNo: number, certificate: RowOf<typeof CERTIFICATE>): string {
  return CERTIFICATES.line({ issuanceId, chunkNo, certificate });
}

const EXIT = { ...PERSON_KEY, reason: word<ExitReason | NoticeExit>('reason') };
const EXITS = columns({ ...CHUNK, exit: EXIT });

export function exitLine(issuanceId: number, chunkNo: number, exit: RowOf<typeof EXIT>): string {
  return EXITS.line({ issuanceId, chunkNo, exit });
}

/** Writes a chunk's mailpieces, certificates and exits. */
export async function writeEnclosing(tx: Transaction, text: EnclosingText): Promise<void> {
  await tx.copyIn(`copy mailpiece (${MAILPIECES.list}) from stdin`, text.mailpieces);
  await tx.copyIn(`copy certificate (${CERTIFICATES.list}) from stdin`, text.certificates);
  await tx.copyIn(`copy target_exit (${EXITS.list}) from stdin`, text.exits);
}

/** A row of certificates.csv. */
const CERTIFICATE_TO_EXPORT = columns(CERTIFICATE);

/** Certificates in number order, in batches. */
export async function* readCertificates(
  tx: Transaction,
  issuanceId: number,
): AsyncIterable<RowOf<typeof CERTIFICATE>[]> {
  yield* CERTIFICATE_TO_EXPORT.rows(
    tx.copyOut(
      `copy (select ${CERTIFICATE_TO_EXPORT.list} from certificate where issuance_id = ${issuanceId}
              order by certificate_number) to stdout`,
    ),
  );
}

/** A mailpiece with where it was printed. */
const EXPORTED_MAILPIECE = {
  ...from('m', MAILPIECE, 'mailpieceNumber', 'route', 'symbol', 'number', 'sequence', 'sequenceCount'),
  ...from('m', MAILPIECE, 'certificateCount', 'address'),
  file: orNull(text('f.path')),
  page: orNull(numeric('p.letter_page')),
};
const EXPORTED_MAILPIECES = columns(EXPORTED_MAILPIECE);
export type ExportedMailpiece = RowOf<typeof EXPORTED_MAILPIECE>;

/** Mailpieces in number order with where they were printed, in batches. */
export async function* readMailpieces(tx: Transaction, issuanceId: number): AsyncIterable<ExportedMailpiece[]> {
  yield* EXPORTED_MAILPIECES.rows(
    tx.copyOut(
      `copy (select ${EXPORTED_MAILPIECES.list}
             from mailpiece m
             left join printed_piece p using (issuance_id, mailpiece_number)
             left join print_file f on f.issuance_id = p.issuance_id and f.batch_no = p.batch_no and f.paper in ('letters', 'notices')
            where m.issuance_id = ${issuanceId} order by m.mailpiece_number) to stdout`,
    ),
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
