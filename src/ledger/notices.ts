// Room: ledger. 資格情報のお知らせ of a run: what a decision looks at, households to notify, and the notices made for them.
import type { NoticeExit, NoticeHousehold, NoticeTarget, PlannedNotice } from '../rules/notice-plan.ts';
import type { Difference, MatchClass } from '../rules/matching.ts';
import type { NoticeFacts, NoticeReason } from '../rules/notices.ts';
import type { InsuredClass, LocalDate, PersonKey } from '../rules/member.ts';
import { copyFields, copyLine, groupedRows } from './database.ts';
import type { CopyText, Transaction } from './database.ts';
import { firstKey, inChunk, lastKey } from './decisions.ts';
import type { Chunk, IssuanceRun } from './issuances.ts';
import { readTarget } from './mailpieces.ts';

/** An earlier round's run, whose notices count as had. */
export interface EarlierRun {
  readonly id: number;
  readonly membersId: number;
  readonly workplacesId: number;
  readonly referenceOn: LocalDate;
}

/** The newest run of each notice issuance of the insurer with an earlier day of extraction, oldest first. */
export async function listEarlierRuns(
  tx: Transaction,
  insurerNumber: string,
  extractedOn: LocalDate,
): Promise<EarlierRun[]> {
  return tx.query(
    `select id, members_id as "membersId", workplaces_id as "workplacesId", reference_on as "referenceOn"
       from (select distinct on (name, reference_on) * from issuance
              where insurer_number = $1 and paper_kind = 'notice' and parent_id is null and reference_on < $2
              order by name, reference_on, id desc) newest
      order by reference_on, id`,
    [insurerNumber, extractedOn],
  );
}

/**
 * Finds who had a notice under another symbol: the workplace (by 法人番号) left one symbol and branch for another between
 * the two snapshots, and the person (kana, birth date, sex, day of acquisition) with it.
 */
export async function writeMovedMembers(tx: Transaction, run: IssuanceRun, earlier: EarlierRun): Promise<number> {
  return tx.execute(
    `with moved as (
       select w.symbol as now, o.symbol as before
         from workplace w
         join workplace o on o.dataset_id = $3 and o.corporate_number = w.corporate_number and o.symbol <> w.symbol
                         and o.branch_code <> w.branch_code
        where w.dataset_id = $2 and w.corporate_number <> ''
          and not exists (select 1 from workplace x where x.dataset_id = $3 and x.symbol = w.symbol)
          and not exists (select 1 from workplace x where x.dataset_id = $2 and x.symbol = o.symbol)
     )
     insert into moved_member (issuance_id, symbol, number, sub_number, changed_on)
     select distinct on (m.symbol, m.number_rank, m.number, m.sub_number) $1::int, m.symbol, m.number, m.sub_number,
            case when m.decided_on > $6::date then m.decided_on else $6::date + 1 end
       from moved
       join member m on m.dataset_id = $4 and m.symbol = moved.now
       join member p on p.dataset_id = $5 and p.symbol = moved.before and p.person_key = m.person_key
                    and p.acquired_on = m.acquired_on
       join notice n on n.issuance_id = $7 and n.symbol = p.symbol and n.number_rank = p.number_rank
                    and n.number = p.number and n.sub_number = p.sub_number
      order by m.symbol, m.number_rank, m.number, m.sub_number`,
    [run.id, run.workplacesId, earlier.workplacesId, run.membersId, earlier.membersId, earlier.referenceOn, earlier.id],
  );
}

/** One member of a chunk: what the notice's decision looks at, and what is known of the match. */
export interface NoticeMember extends PersonKey {
  readonly kana: string;
  readonly postalCode: string | null;
  readonly facts: NoticeFacts;
  /** The individual number is on record: its last four digits, and 紐付け. */
  readonly isSubmitted: boolean;
  /** 突合結果 as given. */
  readonly matchResult: string | null;
}

/** States of a notice's piece after which it reaches nobody: the person is asked about again in the next round. */
const DEAD = '{withdrawn,spoiled,destroyed,rerouted,left-workplace}';

/** Members of a chunk in key order, in batches. */
export async function* readNoticeMembers(
  tx: Transaction,
  run: IssuanceRun,
  earlier: readonly EarlierRun[],
  chunk: Chunk,
): AsyncIterable<NoticeMember[]> {
  const samePerson = (alias: string): string =>
    `${alias}.symbol = m.symbol and ${alias}.number_rank = m.number_rank and ${alias}.number = m.number
          and ${alias}.sub_number = m.sub_number`;
  // Papers made again count with those they were made of.
  const ids = await tx.query<{ id: number }>('select id from issuance where id = any($1) or parent_id = any($1)', [
    earlier.map((e) => e.id),
  ]);
  const runs = `{${ids.map((row) => row.id).join(',')}}`;
  const lines = tx.copyOut(
    `copy (
       select m.symbol, m.number, m.sub_number, m.kana, coalesce(m.mail_postal_code, m.home_postal_code),
              m.acquired_on, m.lost_on, m.insured_class,
              h.symbol is not null or v.symbol is not null, x.symbol is not null, v.changed_on,
              m.sealed_digits is not null and coalesce(e.linked, true), m.match_result
         from member m
         left join (select * from enrolment e where e.dataset_id = ${run.enrolmentId} and ${inChunk('e', chunk)}) e
           on ${samePerson('e')}
         left join (select distinct n.symbol, n.number_rank, n.number, n.sub_number
                      from notice n
                      left join paper_state s on s.paper_number = n.mailpiece_number and s.state = any('${DEAD}')
                     where n.issuance_id = any('${runs}') and ${inChunk('n', chunk)}
                       and s.paper_number is null) h
           on ${samePerson('h')}
         left join (select t.symbol, t.number::bigint as number_rank, t.number, t.sub_number
                      from target_exit t
                     where t.issuance_id = any('${runs}') and t.reason <> 'withdrawn-lost'
                       and (t.symbol, t.number::bigint, t.number) >= ${firstKey(chunk)}
                       and (t.symbol, t.number::bigint, t.number) <= ${lastKey(chunk)}
                     union
                    select n.symbol, n.number_rank, n.number, n.sub_number
                      from notice n
                      join paper_state s on s.paper_number = n.mailpiece_number and s.state = any('${DEAD}')
                     where n.issuance_id = any('${runs}') and ${inChunk('n', chunk)}) x
           on ${samePerson('x')}
         left join (select * from moved_member v where v.issuance_id = ${run.id} and ${inChunk('v', chunk)}) v
           on ${samePerson('v')}
        where m.dataset_id = ${run.membersId} and ${inChunk('m', chunk)}
        order by m.symbol, m.number_rank, m.number, m.sub_number
     ) to stdout`,
  );
  for await (const batch of lines) {
    yield batch.map((line) => {
      const f = copyFields(line);
      return {
        symbol: f[0]!,
        number: f[1]!,
        subNumber: f[2]!,
        kana: f[3]!,
        postalCode: f[4] ?? null,
        facts: {
          acquiredOn: f[5] as LocalDate,
          lostOn: f[6] as LocalDate | null,
          insuredClass: f[7] as InsuredClass,
          hadNotice: f[8] === 't',
          wasHeld: f[9] === 't',
          symbolChangedOn: f[10] as LocalDate | null,
        },
        isSubmitted: f[11] === 't',
        matchResult: f[12] ?? null,
      };
    });
  }
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
}

/** The stored decision of one person in a notice run, or null. */
export async function findNoticeDecision(
  tx: Transaction,
  issuanceId: number,
  key: PersonKey,
): Promise<{
  decision: { isTarget: boolean; reason: NoticeReason };
  facts: StoredNoticeFacts;
  exit: NoticeExit | null;
} | null> {
  const rows = await tx.query<{
    isTarget: boolean;
    reason: NoticeReason;
    facts: StoredNoticeFacts;
    exit: NoticeExit | null;
  }>(
    `select d.is_target as "isTarget", d.reason, d.facts, x.reason as exit
       from decision d
       left join target_exit x using (issuance_id, symbol, number, sub_number)
      where d.issuance_id = $1 and d.symbol = $2 and d.number_rank = $3 and d.number = $4 and d.sub_number = $5`,
    [issuanceId, key.symbol, key.number, key.number, key.subNumber],
  );
  const row = rows[0];
  if (!row) return null;
  return { decision: { isTarget: row.isTarget, reason: row.reason }, facts: row.facts, exit: row.exit };
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
      determined:
        f[21] === null
          ? null
          : { tenths: Number(f[21]) as 2 | 3, from: f[22] as LocalDate, through: f[23] as LocalDate },
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
