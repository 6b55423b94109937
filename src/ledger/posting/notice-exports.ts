// Room: ledger. What an output folder says of notices.
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { NoticeExit } from '../../rules/issuing/notice-plan.ts';
import type { Difference, MatchClass } from '../../rules/intake/matching.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import { columns, digits, flag, from, json, numeric, optional, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf, RowOf } from '../core/columns.ts';
import { PERSON_KEY } from '../intake/snapshot-columns.ts';
import type { Transaction } from '../core/pool.ts';

const EXPORTED_NOTICE = {
  mailpieceNumber: digits('n.mailpiece_number'),
  ...from('n', PERSON_KEY, 'symbol', 'number', 'subNumber'),
  route: word<Route>('p.route'),
  matchClass: word<MatchClass>('n.match_class'),
  showsDigits: flag('n.shows_digits'),
  requestForm: flag('n.request_form'),
  /** Tenths. */
  ratio: orNull(numeric('n.ratio')),
  parcelNo: orNull(numeric('i.parcel_no')),
  position: orNull(numeric('i.position')),
  /** Of the request form in its file. */
  formPage: orNull(numeric('q.certificate_page')),
};
const EXPORTED_NOTICES = columns(EXPORTED_NOTICE);
export type ExportedNotice = RowOf<typeof EXPORTED_NOTICE>;

/** Notices in number order, in batches; with the page of the request form where `isPrinted`. */
export async function* readNoticesToExport(
  tx: Transaction,
  issuanceId: number,
  isPrinted: boolean,
): AsyncIterable<ExportedNotice[]> {
  yield* EXPORTED_NOTICES.rows(
    tx.copyOut(
      `copy (select ${EXPORTED_NOTICES.list}
             from notice n
             join mailpiece p on p.issuance_id = n.issuance_id and p.mailpiece_number = n.mailpiece_number
             left join parcelled_notice i on i.issuance_id = n.issuance_id and i.mailpiece_number = n.mailpiece_number
             left join printed_piece q on ${isPrinted} and q.issuance_id = n.issuance_id
                                      and q.mailpiece_number = n.mailpiece_number
            where n.issuance_id = ${issuanceId} order by n.mailpiece_number) to stdout`,
    ),
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

const NOTICE_PULL = columns({
  mailpieceNumber: digits('p.mailpiece_number'),
  notice: { file: text('f.path'), page: numeric('p.letter_page') },
  requestForm: optional({
    file: text('case when p.certificate_page is not null then r.path end'),
    page: numeric('p.certificate_page'),
  }),
} satisfies ColumnsOf<NoticePull>);

/** Notices withdrawn after they were printed, in number order, in batches. */
export async function* readNoticePulls(tx: Transaction, issuanceId: number): AsyncIterable<NoticePull[]> {
  const lines = tx.copyOut(
    `copy (select ${NOTICE_PULL.list}
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
  yield* NOTICE_PULL.rows(lines);
}

const NOTICE_EXIT = columns({
  ...from('d', PERSON_KEY, 'symbol', 'number', 'subNumber'),
  reason: word<NoticeExit>('x.reason'),
  differences: json<readonly Difference[]>(`coalesce(d.facts->'match'->'differences', '[]')`),
});

/** Targets without a notice, in key order, with what the match found. */
export async function* readNoticeExits(
  tx: Transaction,
  issuanceId: number,
): AsyncIterable<(PersonKey & { reason: NoticeExit; differences: readonly Difference[] })[]> {
  const lines = tx.copyOut(
    `copy (select ${NOTICE_EXIT.list}
             from target_exit x
             join decision d on d.issuance_id = x.issuance_id and d.symbol = x.symbol
                            and d.number_rank = x.number::bigint and d.number = x.number and d.sub_number = x.sub_number
            where x.issuance_id = ${issuanceId}
            order by d.symbol, d.number_rank, d.number, d.sub_number) to stdout`,
  );
  yield* NOTICE_EXIT.rows(lines);
}
