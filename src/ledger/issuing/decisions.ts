// Room: ledger. Members of a chunk with what the enrolment snapshot says, and the decisions made about them.
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Decision, DecisionFacts, ReasonCode } from '../../rules/issuing/targeting.ts';
import type { AnyReason } from '../../rules/issuing/reasons.ts';
import { columns, flag, from, jsonText, numeric, optional, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';
import { literal } from '../core/copy.ts';
import type { CopyText } from '../core/copy.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { ENROLMENT, MEMBER, PERSON_KEY } from '../intake/snapshot-columns.ts';
import type { Chunk, StoredIssuance } from '../papers/issuances.ts';

/** One member of a chunk: what the decision and the row's own warnings look at. */
export interface DecidableMember extends PersonKey {
  readonly relation: 'insured' | 'dependent';
  readonly bornOn: LocalDate;
  readonly kana: string;
  readonly homePostalCode: string | null;
  readonly mailPostalCode: string | null;
  readonly facts: DecisionFacts;
}

const DECIDABLE = columns({
  ...from('m', MEMBER, 'symbol', 'number', 'subNumber', 'relation', 'bornOn', 'kana'),
  homePostalCode: orNull(text('m.home_postal_code')),
  mailPostalCode: orNull(text('m.mail_postal_code')),
  facts: {
    ...from('m', MEMBER, 'acquiredOn', 'decidedOn', 'lostOn', 'insuredClass', 'holdsLegacyCard'),
    ...from('m', MEMBER, 'certificateValidThrough', 'specialCare'),
    enrolment: optional(from('e', ENROLMENT, 'card', 'registration', 'digitalCertificateExpiresOn', 'linked')),
  },
} satisfies ColumnsOf<DecidableMember>);

/**
 * `where` clause of a chunk's key range, given to every table of a join: the planner then reads only that range of
 * each, whatever it believes about a table that has just been filled. Values come from the ledger itself; the symbol is quoted all the
 * same.
 */
export function inChunk(alias: string, chunk: Chunk): string {
  const key = `(${alias}.symbol, ${alias}.number_rank, ${alias}.number)`;
  return `${key} >= ${firstKey(chunk)}
      and ${key} <= ${lastKey(chunk)}`;
}

/** Key of a chunk's first household, for comparing rows. */
export function firstKey(chunk: Chunk): string {
  return `(${literal(chunk.firstSymbol)}, ${chunk.firstRank}, ${literal(chunk.firstNumber)})`;
}

export function lastKey(chunk: Chunk): string {
  return `(${literal(chunk.lastSymbol)}, ${chunk.lastRank}, ${literal(chunk.lastNumber)})`;
}

/** Members of a chunk in key order, in batches. */
export async function* readDecidableMembers(
  tx: Transaction,
  issuance: StoredIssuance,
  chunk: Chunk,
): AsyncIterable<DecidableMember[]> {
  const lines = tx.copyOut(
    `copy (
       select ${DECIDABLE.list}
         from member m
         left join (select * from enrolment e where e.dataset_id = ${issuance.enrolmentId} and ${inChunk('e', chunk)}) e
           on e.symbol = m.symbol and e.number_rank = m.number_rank and e.number = m.number
          and e.sub_number = m.sub_number
        where m.dataset_id = ${issuance.membersId} and ${inChunk('m', chunk)}
        order by m.symbol, m.number_rank, m.number, m.sub_number
     ) to stdout`,
  );
  yield* DECIDABLE.rows(lines);
}

const DECISIONS = columns({
  issuanceId: numeric('issuance_id'),
  chunkNo: numeric('chunk_no'),
  ordinal: numeric('ordinal'),
  key: PERSON_KEY,
  decision: { isTarget: flag('is_target'), reason: word<AnyReason>('reason') },
  facts: jsonText('facts'),
});

/** A decision as COPY text of `decision`; `facts` is JSON text. */
export function decisionLine(
  issuanceId: number,
  chunkNo: number,
  ordinal: number,
  key: PersonKey,
  facts: string,
  decision: { readonly isTarget: boolean; readonly reason: AnyReason },
): string {
  return DECISIONS.line({ issuanceId, chunkNo, ordinal, key, decision, facts });
}

/** Facts as JSON without what is null, false or ordinary. */
export function packFacts(facts: DecisionFacts): string {
  let json = `{"acquiredOn":"${facts.acquiredOn}"`;
  if (facts.decidedOn !== null) json += `,"decidedOn":"${facts.decidedOn}"`;
  if (facts.lostOn !== null) json += `,"lostOn":"${facts.lostOn}"`;
  if (facts.insuredClass !== 'general') json += `,"insuredClass":"${facts.insuredClass}"`;
  if (!facts.holdsLegacyCard) json += ',"holdsLegacyCard":false';
  if (facts.certificateValidThrough !== null) json += `,"certificateValidThrough":"${facts.certificateValidThrough}"`;
  if (facts.specialCare) json += ',"specialCare":true';
  if (facts.isLossFiled) json += ',"isLossFiled":true';
  if (facts.isInsuredLost) json += ',"isInsuredLost":true';
  if (facts.cover) json += `,"cover":${JSON.stringify(facts.cover)}`;
  if (facts.standing) json += `,"standing":${JSON.stringify(facts.standing)}`;
  const e = facts.enrolment;
  if (e !== null) {
    json += `,"enrolment":{"card":"${e.card}","registration":"${e.registration}"`;
    if (e.digitalCertificateExpiresOn !== null)
      json += `,"digitalCertificateExpiresOn":"${e.digitalCertificateExpiresOn}"`;
    if (!e.linked) json += ',"linked":false';
    json += '}';
  }
  return `${json}}`;
}

type PackedEnrolment = Pick<NonNullable<DecisionFacts['enrolment']>, 'card' | 'registration'> &
  Partial<NonNullable<DecisionFacts['enrolment']>>;
type PackedFacts = Pick<DecisionFacts, 'acquiredOn'> &
  Partial<Omit<DecisionFacts, 'enrolment'>> & { readonly enrolment?: PackedEnrolment };

/** The facts as they were, from what `packFacts` wrote. */
function unpackFacts(packed: PackedFacts): DecisionFacts {
  const { enrolment, ...rest } = packed;
  return {
    decidedOn: null,
    lostOn: null,
    insuredClass: 'general',
    holdsLegacyCard: true,
    certificateValidThrough: null,
    specialCare: false,
    ...rest,
    enrolment: enrolment ? { digitalCertificateExpiresOn: null, linked: true, ...enrolment } : null,
  };
}

/** Writes the decisions of a chunk (COPY text of `decisionLine`). */
export async function writeDecisions(tx: Transaction, text: CopyText): Promise<void> {
  await tx.copyIn(`copy decision (${DECISIONS.list}) from stdin`, text);
}

/** The stored decision of one person with the facts it saw, or null. */
export async function findDecision(
  tx: Transaction,
  issuanceId: number,
  key: PersonKey,
): Promise<{ decision: Decision; facts: DecisionFacts } | null> {
  const rows = await tx.query<{ is_target: boolean; reason: ReasonCode; facts: PackedFacts }>(
    `select is_target, reason, facts from decision
      where issuance_id = $1 and symbol = $2 and number_rank = $3 and number = $4 and sub_number = $5`,
    [issuanceId, key.symbol, key.number, key.number, key.subNumber],
  );
  const row = rows[0];
  return row ? { decision: { isTarget: row.is_target, reason: row.reason }, facts: unpackFacts(row.facts) } : null;
}

/** How many members have each reason, most first. */
export async function countReasons(
  tx: Reader,
  issuanceId: number,
): Promise<{ isTarget: boolean; reason: AnyReason; count: number }[]> {
  return tx.query(
    `select is_target as "isTarget", reason, count(*)::int as count from decision where issuance_id = $1
      group by is_target, reason order by is_target desc, count desc, reason`,
    [issuanceId],
  );
}

const DECIDED = columns({ ...PERSON_KEY, isTarget: flag('is_target'), reason: word<AnyReason>('reason') });

/** Decisions in key order, in batches. */
export async function* readDecisions(
  tx: Transaction,
  issuanceId: number,
): AsyncIterable<(PersonKey & { isTarget: boolean; reason: AnyReason })[]> {
  const lines = tx.copyOut(
    `copy (select ${DECIDED.list} from decision where issuance_id = ${issuanceId}
            order by symbol, number_rank, number, sub_number) to stdout`,
  );
  yield* DECIDED.rows(lines);
}
