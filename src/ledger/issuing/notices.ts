// Room: ledger. 資格情報のお知らせ of an issuance: what a decision looks at, households to notify, and the notices made for them.
import type { NoticeExit, NoticeHousehold, NoticeTarget, PlannedNotice } from '../../rules/issuing/notice-plan.ts';
import type { BurdenFacts } from '../../rules/issuing/burden-ratio.ts';
import type { Difference, MatchClass } from '../../rules/intake/matching.ts';
import type { LastNotice, NoticeDetails } from '../../rules/issuing/notice-changes.ts';
import type { NoticeFacts, NoticeReason } from '../../rules/issuing/notices.ts';
import type { DeterminedRatio, InsuredClass, Member } from '../../rules/intake/member.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { columns, date, digits, flag, from, numeric, optional, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf, RowOf } from '../core/columns.ts';
import type { CopyText } from '../core/copy.ts';
import type { Transaction } from '../core/pool.ts';
import { MEMBER, PERSON_KEY, RATIO } from '../intake/snapshot-columns.ts';
import { inChunk } from './decisions.ts';
import {
  LAST_NOTICE,
  lastNotices,
  listMadeIssuances,
  newestNotices,
  samePerson,
  unreached,
} from './earlier-notices.ts';
import type { EarlierIssuance } from './earlier-notices.ts';
import type { Chunk, StoredIssuance } from '../papers/issuances.ts';
import { TARGET, copyDecided, joinRatios } from './mailpieces.ts';

/** One member of a chunk: what the notice's decision looks at, and what is known of the match. */
export interface NoticeMember
  extends PersonKey, Pick<Member, 'relation' | 'bornOn' | 'holdsLegacyCard' | 'certificateValidThrough'> {
  readonly kana: string;
  readonly postalCode: string | null;
  readonly acquiredOn: LocalDate;
  readonly lostOn: LocalDate | null;
  readonly insuredClass: InsuredClass;
  /** Day of extraction of the newest notice under this key that has not come to nothing. */
  readonly noticedAsOf: LocalDate | null;
  readonly wasDeferred: boolean;
  /** Noticed under another key; the first day the change can have been. */
  readonly movedOn: LocalDate | null;
  /** The last four digits of the individual number are on record. */
  readonly hasDigits: boolean;
  /** Those of the file have been erased: who had any is not known any more. */
  readonly areDigitsErased: boolean;
  /** 紐付け. */
  readonly isLinked: boolean;
  /** 突合結果 as given. */
  readonly matchResult: string | null;
  /** What a later notice is compared by; null in a round that asks for no change. */
  readonly compared: ComparedMember | null;
}

export interface ComparedMember extends NoticeDetails {
  readonly last: LastNotice | null;
  readonly relation: Member['relation'];
  readonly determined: DeterminedRatio | null;
}

/** What 負担割合.csv says of a person, where it does. */
const DETERMINED = optional(from('b', RATIO, 'tenths', 'from', 'through'));

const NOTICE_MEMBER = {
  ...from('m', MEMBER, 'symbol', 'number', 'subNumber', 'relation', 'bornOn', 'holdsLegacyCard', 'kana'),
  ...from('m', MEMBER, 'certificateValidThrough'),
  postalCode: orNull(text('coalesce(m.mail_postal_code, m.home_postal_code)')),
  ...from('m', MEMBER, 'acquiredOn', 'lostOn', 'insuredClass'),
  noticedAsOf: orNull(date('h.as_of')),
  wasDeferred: flag('x.symbol is not null'),
  movedOn: orNull(date('v.changed_on')),
  hasDigits: flag('m.sealed_digits is not null'),
  areDigitsErased: flag('exists (select from digits_erasure x where x.dataset_id = m.dataset_id)'),
  isLinked: flag('coalesce(e.linked, true)'),
  ...from('m', MEMBER, 'matchResult'),
} satisfies ColumnsOf<Omit<NoticeMember, 'compared'>>;
const NOTICE_MEMBERS = columns(NOTICE_MEMBER);

const COMPARED_MEMBERS = columns({
  ...NOTICE_MEMBER,
  compared: {
    ...from('m', MEMBER, 'name', 'kana', 'bornOn', 'acquiredOn', 'relation'),
    branchCode: text(`coalesce(w.branch_code, '')`),
    determined: DETERMINED,
    last: optional(LAST_NOTICE),
  } satisfies ColumnsOf<ComparedMember>,
});

/** Members of a chunk in key order, in batches. */
export async function* readNoticeMembers(
  tx: Transaction,
  issuance: StoredIssuance,
  earlier: readonly EarlierIssuance[],
  isCompared: boolean,
  chunk: Chunk,
): AsyncIterable<NoticeMember[]> {
  const made = await listMadeIssuances(tx, earlier);
  const runs = `{${made.map((row) => row.id).join(',')}}`;
  const ratioJoin = joinRatios(issuance, chunk);
  const lines = tx.copyOut(
    `copy (
       select ${isCompared ? COMPARED_MEMBERS.list : NOTICE_MEMBERS.list}
         from member m
         left join (select * from enrolment e where e.dataset_id = ${issuance.enrolmentId} and ${inChunk('e', chunk)}) e
           on ${samePerson('e', 'm')}
         left join (${isCompared ? lastNotices(made, chunk) : newestNotices(runs, chunk)}) h on ${samePerson('h', 'm')}
         left join (${unreached(runs, chunk)}) x on ${samePerson('x', 'm')}
         left join (select * from moved_member v where v.issuance_id = ${issuance.id} and ${inChunk('v', chunk)}) v
           on ${samePerson('v', 'm')}
         ${isCompared ? `left join workplace w on w.dataset_id = ${issuance.workplacesId} and w.symbol = m.symbol ${ratioJoin}` : ''}
        where m.dataset_id = ${issuance.membersId} and ${inChunk('m', chunk)}
        order by m.symbol, m.number_rank, m.number, m.sub_number
     ) to stdout`,
  );
  if (isCompared) yield* COMPARED_MEMBERS.rows(lines);
  else
    for await (const batch of NOTICE_MEMBERS.rows(lines)) yield batch.map((member) => ({ ...member, compared: null }));
}

/** What is stored beside a notice's decision: the facts the rules saw, and of a target what the match was. */
export interface StoredNoticeFacts extends NoticeFacts {
  readonly match: {
    readonly matchClass: MatchClass;
    /** Codes, never values. */
    readonly differences: readonly Difference[];
    /** The low-risk rule's reason. */
    readonly reason: string | null;
  } | null;
  /** 高齢受給者証 says the ratio; absent = not held. */
  readonly holdsElderlyCertificate?: true;
  /** Of the notice that no longer holds: its date and its ratio. */
  readonly last?: Pick<LastNotice, 'issuedOn' | 'ratio'>;
}

const ORDINARY = { changes: [], holdsCertificate: false } as const;

/** Facts as JSON, without what is ordinary. */
export function packNoticeFacts({ changes, holdsCertificate, ...facts }: StoredNoticeFacts): string {
  const rest = changes.length > 0 ? { changes, holdsCertificate } : {};
  return JSON.stringify({ ...facts, ...rest });
}

/** The stored decision of one person in a notice issuance with what its ratio goes by, or null. */
export async function findNoticeDecision(
  tx: Transaction,
  { id, membersId, ratiosId }: StoredIssuance,
  key: PersonKey,
): Promise<{
  decision: { isTarget: boolean; reason: NoticeReason };
  facts: StoredNoticeFacts;
  exit: NoticeExit | null;
  burden: BurdenFacts;
} | null> {
  const rows = await tx.query<
    {
      isTarget: boolean;
      reason: NoticeReason;
      facts: StoredNoticeFacts;
      exit: NoticeExit | null;
      tenths: number | null;
    } & Omit<BurdenFacts, 'holdsElderlyCertificate' | 'determined'> &
      Pick<DeterminedRatio, 'from' | 'through'>
  >(
    `select d.is_target as "isTarget", d.reason, d.facts, x.reason as exit, m.born_on as "bornOn", m.relation,
            i.born_on as "insuredBornOn", b.tenths, b.holds_from as "from", b.holds_through as through
       from decision d
       join member m on m.dataset_id = $6 and ${samePerson('m', 'd')}
       left join member i on i.dataset_id = $6 and i.symbol = d.symbol and i.number_rank = d.number_rank
                         and i.number = d.number and i.sub_number = '00'
       left join target_exit x on x.issuance_id = d.issuance_id and x.symbol = d.symbol and x.number = d.number
                              and x.sub_number = d.sub_number
       left join burden_ratio b on b.dataset_id = $7 and ${samePerson('b', 'd')}
      where d.issuance_id = $1 and d.symbol = $2 and d.number_rank = $3 and d.number = $4 and d.sub_number = $5`,
    [id, key.symbol, key.number, key.number, key.subNumber, membersId, ratiosId],
  );
  const row = rows[0];
  if (!row) return null;
  const { isTarget, reason, facts, exit, bornOn, relation, insuredBornOn, tenths, from, through } = row;
  const determined = tenths === null ? null : { tenths: tenths as 2 | 3, from, through };
  return {
    decision: { isTarget, reason },
    facts: { ...ORDINARY, ...facts },
    exit,
    burden: {
      bornOn,
      relation,
      determined,
      insuredBornOn,
      holdsElderlyCertificate: facts.holdsElderlyCertificate === true,
    },
  };
}

/** A household with at least one target; `ordinals` gives each target's place in the issuance by sub-number. */
export interface HouseholdToNotify extends NoticeHousehold {
  readonly ordinals: ReadonlyMap<string, number>;
}

const DECIDED_MEMBER = {
  member: TARGET,
  isTarget: flag('d.is_target'),
  ordinal: numeric('d.ordinal'),
  /** Of targets alone. */
  matchClass: orNull(word<MatchClass>(`d.facts->'match'->>'matchClass'`)),
  holdsElderlyCertificate: flag(`d.facts->'holdsElderlyCertificate' is not null`),
};
const DECIDED_MEMBERS = columns(DECIDED_MEMBER);

/** Households of a chunk that hold targets, in key order, in batches. */
export async function* readHouseholdsToNotify(
  tx: Transaction,
  issuance: StoredIssuance,
  chunk: Chunk,
): AsyncIterable<HouseholdToNotify[]> {
  const lines = tx.copyOut(copyDecided(DECIDED_MEMBERS.list, issuance, chunk, joinRatios(issuance, chunk)));
  for await (const groups of DECIDED_MEMBERS.groups(lines, 2)) {
    yield groups.map(readHousehold).filter((household) => household.targets.length > 0);
  }
}

function readHousehold(rows: readonly [DecidedMember, ...DecidedMember[]]): HouseholdToNotify {
  const targets = rows.filter((row) => row.isTarget);
  return {
    symbol: rows[0].member.symbol,
    number: rows[0].member.number,
    insured: rows.find(({ member }) => member.relation === 'insured')?.member ?? null,
    targets: targets.map(({ member, matchClass, holdsElderlyCertificate }): NoticeTarget => ({
      ...member,
      matchClass: matchClass!,
      holdsElderlyCertificate,
    })),
    ordinals: new Map(targets.map(({ member, ordinal }) => [member.subNumber, ordinal])),
  };
}

type DecidedMember = RowOf<typeof DECIDED_MEMBER>;

const NOTICES = columns({
  issuanceId: numeric('issuance_id'),
  chunkNo: numeric('chunk_no'),
  mailpieceNumber: digits('mailpiece_number'),
  household: { symbol: PERSON_KEY.symbol, number: PERSON_KEY.number },
  notice: {
    subNumber: PERSON_KEY.subNumber,
    matchClass: word<MatchClass>('match_class'),
    requestForm: flag('request_form'),
    ratio: optional({
      tenths: numeric<2 | 3>('ratio'),
      from: orNull(date('ratio_from')),
      through: orNull(date('ratio_through')),
    }),
  },
  showsDigits: flag('shows_digits'),
});

/** A notice as COPY text. */
export function noticeLine(
  issuanceId: number,
  chunkNo: number,
  mailpieceNumber: string,
  household: Pick<PersonKey, 'symbol' | 'number'>,
  notice: PlannedNotice,
): string {
  return NOTICES.line({
    issuanceId,
    chunkNo,
    mailpieceNumber,
    household,
    notice,
    showsDigits: notice.digits === 'printed',
  });
}

/** Writes a chunk's notices; their mailpieces and the exits go the way of every issuance. */
export async function writeNotices(tx: Transaction, text: CopyText): Promise<void> {
  await tx.copyIn(`copy notice (${NOTICES.list}) from stdin`, text);
}

/** Notices by what the match said, for the summary and the reconciliation. */
export async function countNotices(
  tx: Transaction,
  issuanceId: number,
): Promise<{ matchClass: MatchClass; showsDigits: boolean; count: number }[]> {
  return tx.query(
    `select match_class as "matchClass", shows_digits as "showsDigits", count(*)::int as count
       from notice where issuance_id = $1 group by 1, 2 order by 3 desc, 1`,
    [issuanceId],
  );
}
