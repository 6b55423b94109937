// Room: ledger. 資格情報のお知らせ of a run: what a decision looks at, households to notify, and the notices made for them.
import type { NoticeExit, NoticeHousehold, NoticeTarget, PlannedNotice } from '../../rules/issuing/notice-plan.ts';
import type { BurdenFacts } from '../../rules/issuing/burden-ratio.ts';
import type { Difference, MatchClass } from '../../rules/intake/matching.ts';
import type { LastNotice, NoticeDetails } from '../../rules/issuing/notice-changes.ts';
import type { NoticeFacts, NoticeReason } from '../../rules/issuing/notices.ts';
import type { DeterminedRatio, InsuredClass, Member } from '../../rules/intake/member.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { copyFields, copyLine, groupedRows } from '../core/copy.ts';
import type { CopyText } from '../core/copy.ts';
import type { Transaction } from '../core/pool.ts';
import { inChunk } from './decisions.ts';
import {
  LAST_COLUMNS,
  lastNotices,
  listMadeRuns,
  newestNotices,
  readLastNotice,
  samePerson,
  unreached,
} from './earlier-notices.ts';
import type { EarlierRun } from './earlier-notices.ts';
import type { Chunk, IssuanceRun } from '../papers/issuances.ts';
import { readTarget } from './mailpieces.ts';

/** One member of a chunk: what the notice's decision looks at, and what is known of the match. */
export interface NoticeMember extends PersonKey {
  readonly kana: string;
  readonly postalCode: string | null;
  readonly acquiredOn: LocalDate;
  readonly lostOn: LocalDate | null;
  readonly insuredClass: InsuredClass;
  /** Day of extraction of the newest notice under this key that has not come to nothing. */
  readonly noticedAsOf: LocalDate | null;
  readonly wasHeld: boolean;
  /** Noticed under another key; the first day the change can have been. */
  readonly movedOn: LocalDate | null;
  /** The individual number is on record: its last four digits, and 紐付け. */
  readonly isSubmitted: boolean;
  /** 突合結果 as given. */
  readonly matchResult: string | null;
  /** What a later notice is compared by; null in a round that asks for no change. */
  readonly compared: ComparedMember | null;
}

export interface ComparedMember extends NoticeDetails {
  readonly last: LastNotice | null;
  readonly relation: Member['relation'];
  readonly determined: DeterminedRatio | null;
  readonly certificateValidThrough: LocalDate | null;
}

/** Members of a chunk in key order, in batches. */
export async function* readNoticeMembers(
  tx: Transaction,
  run: IssuanceRun,
  earlier: readonly EarlierRun[],
  isCompared: boolean,
  chunk: Chunk,
): AsyncIterable<NoticeMember[]> {
  const made = await listMadeRuns(tx, earlier);
  const runs = `{${made.map((row) => row.id).join(',')}}`;
  const ratio = ratioParts(run, chunk);
  const lines = tx.copyOut(
    `copy (
       select m.symbol, m.number, m.sub_number, m.kana, coalesce(m.mail_postal_code, m.home_postal_code),
              m.acquired_on, m.lost_on, m.insured_class, h.as_of, x.symbol is not null, v.changed_on,
              m.sealed_digits is not null and coalesce(e.linked, true), m.match_result
              ${isCompared ? `, m.name, m.born_on, m.relation, m.certificate_valid_through, w.branch_code, ${ratio.columns}, ${LAST_COLUMNS}` : ''}
         from member m
         left join (select * from enrolment e where e.dataset_id = ${run.enrolmentId} and ${inChunk('e', chunk)}) e
           on ${samePerson('e', 'm')}
         left join (${isCompared ? lastNotices(made, chunk) : newestNotices(runs, chunk)}) h on ${samePerson('h', 'm')}
         left join (${unreached(runs, chunk)}) x on ${samePerson('x', 'm')}
         left join (select * from moved_member v where v.issuance_id = ${run.id} and ${inChunk('v', chunk)}) v
           on ${samePerson('v', 'm')}
         ${isCompared ? `left join workplace w on w.dataset_id = ${run.workplacesId} and w.symbol = m.symbol ${ratio.join}` : ''}
        where m.dataset_id = ${run.membersId} and ${inChunk('m', chunk)}
        order by m.symbol, m.number_rank, m.number, m.sub_number
     ) to stdout`,
  );
  for await (const batch of lines) yield batch.map((line) => readNoticeMember(copyFields(line), isCompared));
}

function readNoticeMember(f: (string | null)[], isCompared: boolean): NoticeMember {
  return {
    symbol: f[0]!,
    number: f[1]!,
    subNumber: f[2]!,
    kana: f[3]!,
    postalCode: f[4] ?? null,
    acquiredOn: f[5] as LocalDate,
    lostOn: f[6] as LocalDate | null,
    insuredClass: f[7] as InsuredClass,
    noticedAsOf: f[8] as LocalDate | null,
    wasHeld: f[9] === 't',
    movedOn: f[10] as LocalDate | null,
    isSubmitted: f[11] === 't',
    matchResult: f[12] ?? null,
    compared: isCompared
      ? {
          name: f[13]!,
          kana: f[3]!,
          bornOn: f[14] as LocalDate,
          acquiredOn: f[5] as LocalDate,
          relation: f[15] as Member['relation'],
          certificateValidThrough: f[16] as LocalDate | null,
          branchCode: f[17] ?? '',
          determined: readDetermined(f.slice(18, 21)),
          last: readLastNotice(f.slice(21)),
        }
      : null,
  };
}

function readDetermined([tenths, from, through]: (string | null)[]): DeterminedRatio | null {
  if (tenths == null) return null;
  return { tenths: Number(tenths) as 2 | 3, from: from as LocalDate, through: through as LocalDate };
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
  /** Of the notice that no longer holds: its date and its ratio. */
  readonly last?: Pick<LastNotice, 'issuedOn' | 'ratio'>;
}

const ORDINARY = { changes: [], holdsCertificate: false } as const;

/** Facts as JSON, without what is ordinary. */
export function packNoticeFacts({ changes, holdsCertificate, ...facts }: StoredNoticeFacts): string {
  const rest = changes.length > 0 ? { changes, holdsCertificate } : {};
  return JSON.stringify({ ...facts, ...rest });
}

/** The stored decision of one person in a notice run with what its ratio goes by, or null. */
export async function findNoticeDecision(
  tx: Transaction,
  { id, membersId, ratiosId }: IssuanceRun,
  key: PersonKey,
): Promise<{
  decision: { isTarget: boolean; reason: NoticeReason };
  facts: StoredNoticeFacts;
  exit: NoticeExit | null;
  burden: Omit<BurdenFacts, 'holdsElderlyCertificate'>;
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
            b.tenths, b.holds_from as "from", b.holds_through as through
       from decision d
       join member m on m.dataset_id = $6 and ${samePerson('m', 'd')}
       left join target_exit x on x.issuance_id = d.issuance_id and x.symbol = d.symbol and x.number = d.number
                              and x.sub_number = d.sub_number
       left join burden_ratio b on b.dataset_id = $7 and ${samePerson('b', 'd')}
      where d.issuance_id = $1 and d.symbol = $2 and d.number_rank = $3 and d.number = $4 and d.sub_number = $5`,
    [id, key.symbol, key.number, key.number, key.subNumber, membersId, ratiosId],
  );
  const row = rows[0];
  if (!row) return null;
  const { isTarget, reason, facts, exit, bornOn, relation, tenths, from, through } = row;
  return {
    decision: { isTarget, reason },
    facts: { ...ORDINARY, ...facts },
    exit,
    burden: { bornOn, relation, determined: tenths === null ? null : { tenths: tenths as 2 | 3, from, through } },
  };
}

/** A household with at least one target; `ordinals` gives each target's place in the issuance by sub-number. */
export interface HouseholdToNotify extends NoticeHousehold {
  readonly ordinals: ReadonlyMap<string, number>;
}

/** Households of a chunk that hold targets, in key order, in batches. */
export async function* readHouseholdsToNotify(
  tx: Transaction,
  run: IssuanceRun,
  chunk: Chunk,
): AsyncIterable<HouseholdToNotify[]> {
  const ratio = ratioParts(run, chunk);
  const lines = tx.copyOut(
    `copy (
       select m.symbol, m.number, m.sub_number, d.is_target, d.ordinal, m.relation, m.insured_class, m.name, m.born_on,
              m.acquired_on, m.lost_on, m.home_postal_code, m.home_line, m.home_building, m.mail_postal_code,
              m.mail_line, m.mail_building, m.mail_stopped, m.has_optional_entries,
              w.symbol is not null, d.facts->'match'->>'matchClass',
              ${ratio.columns}
         from member m
         join decision d
           on d.symbol = m.symbol and d.number_rank = m.number_rank and d.number = m.number
          and d.sub_number = m.sub_number
         left join workplace w on w.dataset_id = ${run.workplacesId} and w.symbol = m.symbol
         ${ratio.join}
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

/** What 負担割合.csv says, where the run has one. */
function ratioParts({ ratiosId }: IssuanceRun, chunk: Chunk): { columns: string; join: string } {
  if (ratiosId === null) return { columns: 'null, null, null', join: '' };
  return {
    columns: 'b.tenths, b.holds_from, b.holds_through',
    join: `left join (select * from burden_ratio b where b.dataset_id = ${ratiosId} and ${inChunk('b', chunk)}) b
           on b.symbol = m.symbol and b.number_rank = m.number_rank and b.number = m.number
          and b.sub_number = m.sub_number`,
  };
}

function readHousehold(rows: (string | null)[][]): HouseholdToNotify {
  const targets = rows.filter((f) => f[3] === 't');
  const insured = rows.find((f) => f[5] === 'insured');
  return {
    symbol: rows[0]![0]!,
    number: rows[0]![1]!,
    insured: insured ? readTarget(insured) : null,
    targets: targets.map((f): NoticeTarget => ({
      ...readTarget(f),
      matchClass: f[20] as MatchClass,
      determined: readDetermined(f.slice(21, 24)),
    })),
    hasWorkplace: rows[0]![19] === 't',
    ordinals: new Map(targets.map((f) => [f[2]!, Number(f[4])])),
  };
}

/** A notice as COPY text. */
export function noticeLine(
  issuanceId: number,
  chunkNo: number,
  mailpieceNumber: string,
  { symbol, number }: Pick<PersonKey, 'symbol' | 'number'>,
  notice: PlannedNotice,
): string {
  return copyLine([
    issuanceId,
    chunkNo,
    mailpieceNumber,
    symbol,
    number,
    notice.subNumber,
    notice.matchClass,
    notice.digits === 'printed',
    notice.requestForm,
    notice.ratio?.tenths ?? null,
    notice.ratio?.from ?? null,
    notice.ratio?.through ?? null,
  ]);
}

/** Writes a chunk's notices; their mailpieces and the exits go the way of every issuance. */
export async function writeNotices(tx: Transaction, text: CopyText): Promise<void> {
  await tx.copyIn(
    `copy notice (issuance_id, chunk_no, mailpiece_number, symbol, number, sub_number, match_class, shows_digits,
                  request_form, ratio, ratio_from, ratio_through) from stdin`,
    text,
  );
}

/** Notices by what the match said, for the summary and the books. */
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
