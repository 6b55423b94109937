// Room: ledger. What an output folder says of notices.
import type { Difference } from '../../rules/intake/matching.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { NoticeExit } from '../../rules/issuing/notice-plan.ts';
import { copyFields } from '../core/copy.ts';
import type { Transaction } from '../core/pool.ts';

/** Notices in number order, as COPY lines: number, key, route, match, digits, form, ratio, parcel, place, form's page. */
export function readNoticesToExport(tx: Transaction, issuanceId: number, isPrinted: boolean): AsyncIterable<string[]> {
  const page = isPrinted ? 'q.certificate_page' : 'null::integer';
  return tx.copyOut(
    `copy (select n.mailpiece_number, n.symbol, n.number, n.sub_number, p.route, n.match_class, n.shows_digits,
                  n.request_form, n.ratio, i.parcel_no, i.position, ${page}
             from notice n
             join mailpiece p on p.issuance_id = n.issuance_id and p.mailpiece_number = n.mailpiece_number
             left join parcelled_notice i on i.issuance_id = n.issuance_id and i.mailpiece_number = n.mailpiece_number
             left join printed_piece q on q.issuance_id = n.issuance_id and q.mailpiece_number = n.mailpiece_number
            where n.issuance_id = ${issuanceId} order by n.mailpiece_number) to stdout`,
  );
}

/** A notice withdrawn after it was printed: what is pulled out by hand, with the page of each of its papers. */
export interface NoticePull {
  readonly mailpieceNumber: string;
  readonly notice: PageOfFile;
  readonly requestForm: PageOfFile | null;
}

export interface PageOfFile {
  /** Relative to the output folder. */
  readonly file: string;
  /** From 1. */
  readonly page: number;
}

/** Notices withdrawn after they were printed, in number order, in batches. */
export async function* readNoticePulls(tx: Transaction, issuanceId: number): AsyncIterable<NoticePull[]> {
  const lines = tx.copyOut(
    `copy (select p.mailpiece_number, f.path, p.letter_page, case when p.certificate_page is not null then r.path end,
                  p.certificate_page
             from paper_state s
             join printed_piece p on p.issuance_id = ${issuanceId} and p.mailpiece_number = s.paper_number
             join print_file f on f.issuance_id = ${issuanceId} and f.batch_no = p.batch_no and f.paper = 'notices'
             left join print_file r on r.issuance_id = ${issuanceId} and r.batch_no = p.batch_no
                                   and r.paper = 'request-forms'
            where s.issuance_id = ${issuanceId} and s.subject = 'mailpiece' and s.state = 'withdrawn'
              -- One that was spoiled, and is not made again, lies in no pile.
              and not exists (select from event e where e.paper_number = s.paper_number and e.event = 'waive')
            order by p.mailpiece_number) to stdout`,
  );
  for await (const batch of lines) {
    yield batch.map((line) => {
      const f = copyFields(line);
      return {
        mailpieceNumber: f[0]!,
        notice: { file: f[1]!, page: Number(f[2]) },
        requestForm: f[3] === null ? null : { file: f[3]!, page: Number(f[4]) },
      };
    });
  }
}

/** Targets without a notice, in key order, with what the match found. */
export async function* readNoticeExits(
  tx: Transaction,
  issuanceId: number,
): AsyncIterable<(PersonKey & { reason: NoticeExit; differences: readonly Difference[] })[]> {
  const lines = tx.copyOut(
    `copy (select d.symbol, d.number, d.sub_number, x.reason, d.facts->'match'->'differences'
             from target_exit x
             join decision d on d.issuance_id = x.issuance_id and d.symbol = x.symbol
                            and d.number_rank = x.number::bigint and d.number = x.number and d.sub_number = x.sub_number
            where x.issuance_id = ${issuanceId}
            order by d.symbol, d.number_rank, d.number, d.sub_number) to stdout`,
  );
  for await (const batch of lines) {
    yield batch.map((line) => {
      const f = copyFields(line);
      return {
        symbol: f[0]!,
        number: f[1]!,
        subNumber: f[2]!,
        reason: f[3] as NoticeExit,
        differences: JSON.parse(f[4] ?? '[]') as Difference[],
      };
    });
  }
}
