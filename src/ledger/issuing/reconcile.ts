// Room: ledger. Counts everything again from the rows themselves, trusting no stored total.
import type { PaperState, PaperSubject } from '../../rules/papers/lifecycle.ts';
import { SHOWS_DIGITS } from '../../rules/intake/matching.ts';
import type { Transaction } from '../core/pool.ts';
import { wordList } from '../core/values.ts';
import type { DatasetKind } from '../intake/datasets.ts';
import { listFitted } from '../intake/fits.ts';
import type { StoredIssuance } from '../papers/issuances.ts';
import { countStates, countStrayStates } from '../papers/states.ts';
import { countStatesQuickly } from '../papers/states.ts';

/** One equation that must hold. `difference` = left − right, 0 when balanced. */
export interface Balance {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly difference: number;
}

/** Raw counts of one issuance; every number is counted from rows in this very statement. */
export interface LedgerCounts {
  readonly members: number;
  readonly decisions: number;
  readonly membersWithoutDecision: number;
  readonly decisionsWithoutMember: number;
  readonly targets: number;
  readonly notTargets: number;
  /** Papers of persons: certificates, or notices. */
  readonly certificates: number;
  readonly exits: number;
  readonly exitsByReason: Readonly<Record<string, number>>;
  readonly targetsWithoutPaperOrExit: number;
  readonly papersOrExitsOfNobody: number;
  readonly mailpieces: number;
  readonly certificatesInMailpieces: number;
  readonly mailpiecesNotHoldingWhatTheySay: number;
  readonly openChunks: number;
  readonly batches: number;
  /** Pieces of batches that are not printed yet. */
  readonly waitingMailpieces: number;
  /** Lots that are closed, and those of them whose counts are not what they were closed with. */
  readonly closedLots: number;
  readonly lotsNotAsClosed: number;
  readonly mailpiecesInBatches: number;
  readonly printedMailpieces: number;
  readonly heldMailpieces: number;
  readonly printedCertificates: number;
  /** Pieces that left their batch before it was printed. */
  readonly withdrawnBeforePrint: number;
  readonly states: readonly { readonly subject: PaperSubject; readonly state: PaperState; readonly count: number }[];
  /** Rows of the enrolment file as it was taken in: those of members decided about, and those of nobody; null = of papers made again. */
  readonly enrolment: { readonly rows: number; readonly matched: number; readonly nobodys: number } | null;
  /** Rows of the files that join in canonical form only, by kind of file. */
  readonly fitted: readonly { readonly kind: DatasetKind; readonly fittedCount: number }[];
  /** Papers to which something has happened. */
  readonly recordedPapers: number;
  /** Papers whose state is not what their last event made it. */
  readonly strayStates: number;
  /** Counts of pages that are not the counts of the rows. */
  readonly strayTallies: number;
}

/** Counts one issuance in one snapshot of the database. */
export async function countLedger(tx: Transaction, issuance: StoredIssuance): Promise<LedgerCounts> {
  const rows = await tx.query<{
    counts: Omit<LedgerCounts, 'states' | 'strayStates' | 'strayTallies' | 'enrolment' | 'fitted'>;
  }>(COUNTS, [issuance.id, issuance.membersId]);
  const states = await countStates(tx, issuance.id);
  const quick = new Set((await countStatesQuickly(tx, issuance.id)).map(lineOf));
  const enrolment = await tx.query<NonNullable<LedgerCounts['enrolment']>>(
    `select d.row_count as rows, c.matched, c.nobodys
       from issuance i join dataset d on d.id = i.enrolment_id cross join lateral count_enrolment_rows(i.id) c
      where i.id = $1 and i.parent_id is null`,
    [issuance.id],
  );
  return {
    ...rows[0]!.counts,
    enrolment: enrolment[0] ?? null,
    fitted: await listFitted(tx, issuance.id),
    states,
    strayStates: await countStrayStates(tx, issuance.id),
    strayTallies: new Set(states.map(lineOf)).symmetricDifference(quick).size,
  };
}

function lineOf(row: { readonly subject: PaperSubject; readonly state: PaperState; readonly count: number }): string {
  return `${row.subject} ${row.state} ${row.count}`;
}

const COUNTS = `
with pairing as (
  select count(*) filter (where d.symbol is null) as missing, count(*) filter (where m.symbol is null) as stray,
         count(m.symbol) as members, count(d.symbol) as decisions,
         count(*) filter (where d.is_target) as targets, count(*) filter (where not d.is_target) as not_targets
    from (select symbol, number_rank, number, sub_number from member where dataset_id = $2
            -- A remake's members are those it was opened with.
            and ((select parent_id from issuance where id = $1) is null
                 or (symbol, number_rank, number, sub_number) in
                    (select symbol, number_rank, number, sub_number from decision where issuance_id = $1))) m
    full join (select symbol, number_rank, number, sub_number, is_target from decision where issuance_id = $1) d
      using (symbol, number_rank, number, sub_number)
), paper as (
  select symbol, number, sub_number, count(*) as papers from (
    select symbol, number, sub_number from person_paper where issuance_id = $1
    union all
    select symbol, number, sub_number from target_exit where issuance_id = $1) every
   group by symbol, number, sub_number
), papered as (
  select count(*) filter (where p.papers is null) as missing,
         count(*) filter (where d.symbol is null) + coalesce(sum(p.papers - 1) filter (where p.papers > 1), 0) as stray
    from (select symbol, number, sub_number from decision where issuance_id = $1 and is_target) d
    full join paper p using (symbol, number, sub_number)
), piece as (
  select count(*) as pieces, coalesce(sum(c.held), 0) as certificates,
         count(*) filter (where c.held is distinct from m.certificate_count or c.top is distinct from c.held) as wrong
    from mailpiece m
    left join (select mailpiece_number, count(*) as held, max(position) as top
                 from (select mailpiece_number, position from certificate where issuance_id = $1
                       union all
                       select mailpiece_number, 1 from notice where issuance_id = $1) inside
                group by mailpiece_number) c using (mailpiece_number)
   where m.issuance_id = $1
)
select json_build_object(
  'members', pairing.members, 'decisions', pairing.decisions,
  'membersWithoutDecision', pairing.missing, 'decisionsWithoutMember', pairing.stray,
  'targets', pairing.targets, 'notTargets', pairing.not_targets,
  'certificates', (select count(*) from person_paper where issuance_id = $1),
  'exits', (select count(*) from target_exit where issuance_id = $1),
  'exitsByReason', (select coalesce(json_object_agg(reason, n), '{}'::json)
                      from (select reason, count(*) as n from target_exit where issuance_id = $1 group by reason) e),
  'targetsWithoutPaperOrExit', papered.missing, 'papersOrExitsOfNobody', papered.stray,
  'mailpieces', piece.pieces, 'certificatesInMailpieces', piece.certificates,
  'mailpiecesNotHoldingWhatTheySay', piece.wrong,
  'recordedPapers', (select count(*) from paper_state where issuance_id = $1),
  'openChunks', (select count(*) from chunk where issuance_id = $1 and (decided_at is null or enclosed_at is null)),
  'batches', (select count(*) from print_batch where issuance_id = $1),
  'waitingMailpieces', (select coalesce(sum(mailpiece_count), 0) from print_batch
                         where issuance_id = $1 and printed_at is null),
  'closedLots', (select count(*) from lot where issuance_id = $1 and closed_at is not null),
  'lotsNotAsClosed', (select count(*) from lot l cross join lateral count_lot(l.issuance_id, l.no) c
                       where l.issuance_id = $1 and l.closed_at is not null
                         -- What was held may be withdrawn later; nothing else moves.
                         and (c.extracted, c.held + c.withdrawn, c.spoiled, c.remade, c.printed, c.enclosed, c.posted)
                             is distinct from (l.extracted_count, l.held_count + l.withdrawn_count, l.spoiled_count,
                                               l.remade_count, l.printed_count, l.enclosed_count, l.posted_count)),
  'mailpiecesInBatches', (select coalesce(sum(mailpiece_count), 0) from print_batch where issuance_id = $1),
  'printedMailpieces', (select count(*) from printed_piece where issuance_id = $1),
  'heldMailpieces', (select count(distinct mailpiece_number) from held_piece where issuance_id = $1),
  'withdrawnBeforePrint', (select coalesce(sum(withdrawn_count), 0) from print_batch where issuance_id = $1),
  'printedCertificates', (select coalesce(sum(c.certificate_count), 0)
                            from printed_piece p join mailpiece c using (issuance_id, mailpiece_number)
                           where p.issuance_id = $1)
) as counts
  from pairing, papered, piece`;

/** Where an issuance's notices lie; counted from rows in this very statement. */
export interface NoticeCounts {
  readonly notices: number;
  readonly home: number;
  /** Rows of notices in parcels, and what the parcels say they hold. */
  readonly parcelled: number;
  readonly inParcels: number;
  readonly parcels: number;
  /** Through the workplace, yet in no parcel; or in one although it goes home or to another workplace. */
  readonly outOfPlace: number;
  /** Digits on paper of persons whose match does not allow it, or of whom none are on record. */
  readonly digitsNotAllowed: number;
  readonly withDigits: number;
  readonly requestForms: number;
  /** Neither digits nor form. */
  readonly withNeither: number;
}

/** Counts the notices of an issuance in one snapshot of the database. */
export async function countNoticePapers(tx: Transaction, issuance: StoredIssuance): Promise<NoticeCounts> {
  const rows = await tx.query<{ counts: NoticeCounts }>(
    `select json_build_object(
       'notices', count(n.mailpiece_number),
       'home', count(*) filter (where p.route = 'home'),
       'parcelled', (select count(*) from parcelled_notice where issuance_id = $1),
       'inParcels', (select coalesce(sum(notice_count), 0) from notice_parcel where issuance_id = $1),
       'parcels', (select count(*) from notice_parcel where issuance_id = $1),
       'outOfPlace', count(*) filter (where (p.route = 'workplace') <> (i.mailpiece_number is not null)
                                         or b.symbol is distinct from case when p.route = 'workplace' then n.symbol end)
                     + (select count(*) from parcelled_notice x where x.issuance_id = $1
                           and not exists (select 1 from notice y where y.issuance_id = $1
                                              and y.mailpiece_number = x.mailpiece_number)),
       'digitsNotAllowed', count(*) filter (where n.shows_digits
                             and (m.sealed_digits is null and not exists (select from digits_erasure x where x.dataset_id = $2)
                                  or n.match_class not in ${wordList(SHOWS_DIGITS)})),
       'withDigits', count(*) filter (where n.shows_digits),
       'requestForms', count(*) filter (where n.request_form),
       'withNeither', count(*) filter (where not n.shows_digits and not n.request_form)) as counts
       from notice n
       left join mailpiece p on p.issuance_id = $1 and p.mailpiece_number = n.mailpiece_number
       left join parcelled_notice i on i.issuance_id = $1 and i.mailpiece_number = n.mailpiece_number
       left join notice_parcel b on b.issuance_id = $1 and b.no = i.parcel_no
       left join member m on m.dataset_id = $2 and m.symbol = n.symbol and m.number_rank = n.number_rank
                         and m.number = n.number and m.sub_number = n.sub_number
      where n.issuance_id = $1`,
    [issuance.id, issuance.membersId],
  );
  return rows[0]!.counts;
}
