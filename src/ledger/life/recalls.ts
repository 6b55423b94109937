// Room: ledger. Certificates that are out with what the newest files and filings say of their holders; demands of the law,
// slips that went to workplaces, and what came back with them.
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import type { CoverFacts } from '../../rules/intake/eligibility.ts';
import type { Enrolment, Member, Workplace } from '../../rules/intake/member.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { DutyGround, RecallGround } from '../../rules/life/recall.ts';
import type { ReissueReason } from '../../rules/life/reissue.ts';
import type { Address } from '../../rules/words/address.ts';
import { columns, date, digits, flag, from, numeric, optional, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';
import type { Transaction } from '../core/pool.ts';
import { BROUGHT_BACK, IN_HAND } from '../../rules/papers/lifecycle.ts';
import { stateList } from '../papers/states.ts';
import { COVER, joinCover } from '../intake/cover.ts';
import { ENROLMENT, PERSON_KEY } from '../intake/snapshot-columns.ts';

/** A certificate that is out, and its holder today. The key is the one on the certificate. */
export interface CertificateOut extends PersonKey {
  readonly certificateNumber: string;
  readonly issuanceId: number;
  readonly state: PaperState;
  /** Place of its last event in the chain. */
  readonly seq: string;
  readonly validThrough: LocalDate;
  /** On what ground the law asked for it, where it is not back yet. */
  readonly demandedFor: DutyGround | null;
  /** Why another was asked for in its place last, or null. */
  readonly reissueReason: ReissueReason | null;
  readonly hasOtherName: boolean;
  readonly hasOtherSex: boolean;
  /** In the newest file under another key: the same person (kana, birth date, sex) by the same acquisition. */
  readonly hasMoved: boolean;
  readonly name: string;
  readonly cover: CoverFacts;
  readonly hasOptionalEntries: boolean;
  readonly isProtected: boolean;
  /** The insured person's death was filed. */
  readonly hasInsuredDied: boolean;
  readonly enrolment: Pick<Enrolment, 'card' | 'registration' | 'digitalCertificateExpiresOn' | 'linked'> | null;
  /** Where a letter about it goes: the holder's own, the insured person's. */
  readonly home: Address | null;
  readonly mailTo: Address | null;
  readonly head: Pick<Member, 'name' | 'home' | 'mailTo' | 'mailStopped'> | null;
}

/**
 * A certificate `c` in its state `s`, its holder in the file it was made of (`o`) and in the newest (`n`, `e`, filings `f`, the insured
 * person `h`), under the key `k` that holds now.
 */
const CERTIFICATE_OUT = columns({
  ...from('c', PERSON_KEY, 'symbol', 'number', 'subNumber'),
  certificateNumber: digits('c.certificate_number'),
  issuanceId: numeric('c.issuance_id'),
  state: word<PaperState>('c.state'),
  seq: digits('c.seq'),
  validThrough: date('c.valid_through'),
  demandedFor: orNull(word<DutyGround>('d.ground')),
  reissueReason: orNull(word<ReissueReason>('r.reason')),
  hasOtherName: flag('n.symbol is not null and n.name is distinct from o.name'),
  hasOtherSex: flag('n.symbol is not null and n.sex is distinct from o.sex'),
  hasMoved: flag('v.certificate_number is not null'),
  name: text('coalesce(n.name, o.name)'),
  cover: COVER,
  hasOptionalEntries: flag('coalesce(n.has_optional_entries, o.has_optional_entries)'),
  isProtected: flag('coalesce(n.mail_stopped, o.mail_stopped)'),
  hasInsuredDied: flag(`exists (select from filing x where x.insurer_number = c.insurer_number and x.symbol = k.symbol
                                  and x.number = k.number and x.sub_number = '00' and x.kind = 'loss' and x.cause = 'died')`),
  enrolment: optional(from('e', ENROLMENT, 'card', 'registration', 'digitalCertificateExpiresOn', 'linked')),
  // All of an address is of the newest file, or all of it of the older one.
  home: optional({
    postalCode: text('case when n.symbol is not null then n.home_postal_code else o.home_postal_code end'),
    line: text('case when n.symbol is not null then n.home_line else o.home_line end'),
    building: text('case when n.symbol is not null then n.home_building else o.home_building end'),
  }),
  mailTo: optional({
    postalCode: text('case when n.symbol is not null then n.mail_postal_code else o.mail_postal_code end'),
    line: text('case when n.symbol is not null then n.mail_line else o.mail_line end'),
    building: text('case when n.symbol is not null then n.mail_building else o.mail_building end'),
  }),
  head: optional({
    name: text('h.name'),
    home: optional({
      postalCode: text('h.home_postal_code'),
      line: text('h.home_line'),
      building: text('h.home_building'),
    }),
    mailTo: optional({
      postalCode: text('h.mail_postal_code'),
      line: text('h.mail_line'),
      building: text('h.mail_building'),
    }),
    mailStopped: flag('h.mail_stopped'),
  }),
} satisfies ColumnsOf<CertificateOut>);

/**
 * Certificates of an insurer that their holders have, by workplace symbol and person, in batches. One in an envelope that
 * the post has brought back is not out.
 */
export async function* readCertificatesOut(
  tx: Transaction,
  insurerNumber: string,
  newest: { readonly membersId: number; readonly enrolmentId: number },
): AsyncIterable<CertificateOut[]> {
  const insurer = /^\d{6,8}$/.exec(insurerNumber)?.[0] ?? '';
  const lines = tx.copyOut(
    `copy (
       with c as materialized (
         select c.symbol, c.number, c.sub_number, c.certificate_number, c.issuance_id, c.valid_through, s.state, s.seq,
                i.insurer_number, i.members_id, o.person_key, o.acquired_on
           from paper_state s
           join issuance i on i.id = s.issuance_id and i.insurer_number = '${insurer}'
           join certificate c on c.issuance_id = s.issuance_id and c.certificate_number = s.paper_number
           left join paper_state p on p.paper_number = c.mailpiece_number and p.state in ${stateList(BROUGHT_BACK)}
           join member o on o.dataset_id = i.members_id and o.symbol = c.symbol
                        and o.number_rank = c.number::bigint and o.number = c.number and o.sub_number = c.sub_number
          where s.subject = 'certificate' and p.paper_number is null
            and s.state in ${stateList(IN_HAND)}
       ), v as materialized (
         -- Gone under its key, and one person under another who can be nobody else.
         select c.certificate_number, min(x.symbol) as symbol, min(x.number) as number, min(x.sub_number) as sub_number
           from c
           join member x on x.dataset_id = ${newest.membersId} and x.person_key = c.person_key and x.acquired_on = c.acquired_on
          where not exists (select from member n where n.dataset_id = ${newest.membersId} and n.symbol = c.symbol
                               and n.number_rank = c.number::bigint and n.number = c.number and n.sub_number = c.sub_number)
            -- Who was there before under that key is somebody else of the same birth date and kana.
            and not exists (select from member b where b.dataset_id = c.members_id and b.symbol = x.symbol
                               and b.number_rank = x.number_rank and b.number = x.number and b.sub_number = x.sub_number)
          group by c.certificate_number having count(*) = 1
       )
       select ${CERTIFICATE_OUT.list}
         from c
         left join v on v.certificate_number = c.certificate_number
         cross join lateral (select coalesce(v.symbol, c.symbol) as symbol, coalesce(v.number, c.number) as number,
                                    coalesce(v.sub_number, c.sub_number) as sub_number) k
         join member o on o.dataset_id = c.members_id and o.symbol = c.symbol
                      and o.number_rank = c.number::bigint and o.number = c.number and o.sub_number = c.sub_number
         ${joinCover(String(newest.membersId), `'${insurer}'`, 'k')}
         left join recall_demand d on d.certificate_number = c.certificate_number and c.state = 'return-demanded'
         left join lateral (select reason from event where paper_number = c.certificate_number and event = 'reissue'
                             order by seq desc limit 1) r on c.state = 'superseded'
         left join enrolment e on e.dataset_id = ${newest.enrolmentId} and e.symbol = k.symbol
                              and e.number_rank = k.number::bigint and e.number = k.number and e.sub_number = k.sub_number
        order by c.symbol, c.number::bigint, c.number, c.sub_number, c.certificate_number
     ) to stdout`,
  );
  yield* CERTIFICATE_OUT.rows(lines);
}

/** Workplaces of a snapshot by symbol, as a letter to them needs them. */
export async function findWorkplaces(
  tx: Transaction,
  workplacesId: number,
  symbols: readonly string[],
): Promise<Map<string, Pick<Workplace, 'name' | 'postalCode' | 'address' | 'building' | 'employerName'>>> {
  const rows = await tx.query<
    Pick<Workplace, 'symbol' | 'name' | 'postalCode' | 'address' | 'building' | 'employerName'>
  >(
    `select symbol, name, postal_code as "postalCode", address, building, employer_name as "employerName"
       from workplace where dataset_id = $1 and symbol = any($2)`,
    [workplacesId, symbols],
  );
  return new Map(rows.map((row) => [row.symbol, row]));
}

/** What the law asks back. Asked again, nothing is added. Call it beside the event in one transaction. */
export async function writeDemands(
  tx: Transaction,
  insurerNumber: string,
  demands: readonly {
    readonly certificateNumber: string;
    readonly ground: DutyGround;
    readonly lostOn: LocalDate | null;
    readonly processedOn: LocalDate;
  }[],
): Promise<number> {
  if (demands.length === 0) return 0;
  return tx.execute(
    `insert into recall_demand (certificate_number, insurer_number, ground, lost_on, processed_on)
     select n, $1, g, l, p from unnest($2::bigint[], $3::text[], $4::date[], $5::date[]) d (n, g, l, p)
     on conflict do nothing`,
    [
      insurerNumber,
      demands.map((d) => d.certificateNumber),
      demands.map((d) => d.ground),
      demands.map((d) => d.lostOn),
      demands.map((d) => d.processedOn),
    ],
  );
}

/** A demand of the law, and what became of its paper. */
export interface Demand {
  readonly certificateNumber: string;
  readonly issuanceId: number;
  readonly ground: DutyGround;
  readonly lostOn: LocalDate | null;
  readonly processedOn: LocalDate;
  readonly state: PaperState;
  readonly givenBackOn: LocalDate | null;
  readonly firstRemindedOn: LocalDate | null;
  readonly lastRemindedOn: LocalDate | null;
}

const DAY_OF = `coalesce(happened_on, (at at time zone 'Asia/Tokyo')::date)`;

/** Every demand of an insurer, by certificate number. */
export async function listDemands(tx: Transaction, insurerNumber: string): Promise<Demand[]> {
  return tx.query(
    `select d.certificate_number::text as "certificateNumber", s.issuance_id as "issuanceId", d.ground,
            d.lost_on as "lostOn", d.processed_on as "processedOn", s.state, e.given_back_on as "givenBackOn",
            e.first_reminded_on as "firstRemindedOn", e.last_reminded_on as "lastRemindedOn"
       from recall_demand d
       join paper_state s on s.paper_number = d.certificate_number
       left join (
         select paper_number, max(${DAY_OF}) filter (where event = 'give-back') as given_back_on,
                min(${DAY_OF}) filter (where event = 'remind') as first_reminded_on,
                max(${DAY_OF}) filter (where event = 'remind') as last_reminded_on
           from event where insurer_number = $1 and event in ('give-back', 'remind') group by paper_number) e
         on e.paper_number = d.certificate_number
      where d.insurer_number = $1
      order by d.certificate_number`,
    [insurerNumber],
  );
}

/** Papers that were requested back, by the ground first named and the state they are in. */
export async function countRequests(
  tx: Transaction,
  insurerNumber: string,
): Promise<{ ground: RecallGround; state: PaperState; isDemanded: boolean; count: number }[]> {
  return tx.query(
    `with asked as (
       select distinct on (paper_number) paper_number, reason as ground from event
        where insurer_number = $1 and event = 'request-return' order by paper_number, seq)
     select a.ground, s.state, d.certificate_number is not null as "isDemanded", count(*)::int as count
       from asked a
       join paper_state s using (paper_number)
       left join recall_demand d on d.certificate_number = a.paper_number
      group by 1, 2, 3 order by 1, 2, 3`,
    [insurerNumber],
  );
}

/** A slip that went to a workplace. */
export interface RecallSlip {
  readonly id: number;
  readonly kind: 'list' | 'reminder';
  readonly symbol: string;
  readonly askedOn: LocalDate;
  readonly dutyCount: number;
  readonly requestCount: number;
}

export interface SlipPaper {
  readonly symbol: string;
  readonly certificateNumber: string;
  readonly ground: RecallGround;
}

/** Writes the slips of a day, one a workplace. A slip that stands keeps its papers: the day's list is made once. */
export async function writeSlips(
  tx: Transaction,
  insurerNumber: string,
  kind: RecallSlip['kind'],
  askedOn: LocalDate,
  papers: readonly SlipPaper[],
): Promise<number> {
  if (papers.length === 0) return 0;
  const rows = await tx.query<{ written: number }>(
    `with paper as (
       select s collate "C" as symbol, n as certificate_number, g as ground
         from unnest($4::text[], $5::bigint[], $6::text[]) p (s, n, g)
     ), made as (
       insert into recall_slip (insurer_number, kind, symbol, asked_on, duty_count, request_count)
       select $1, $2, symbol, $3, count(*) filter (where ground not in ('enrolled', 'superseded')),
              count(*) filter (where ground in ('enrolled', 'superseded'))
         from paper group by symbol order by symbol
       on conflict do nothing returning id, symbol
     ), listed as (
       insert into recall_slip_paper (slip_id, certificate_number, ground)
       select made.id, paper.certificate_number, paper.ground from made join paper using (symbol)
     )
     select count(*)::int as written from made`,
    [
      insurerNumber,
      kind,
      askedOn,
      papers.map((p) => p.symbol),
      papers.map((p) => p.certificateNumber),
      papers.map((p) => p.ground),
    ],
  );
  return rows[0]!.written;
}

/** The newest slip of a workplace up to a day, or null. */
export async function findSlip(
  tx: Transaction,
  insurerNumber: string,
  symbol: string,
  on: LocalDate,
): Promise<RecallSlip | null> {
  const rows = await tx.query<RecallSlip>(
    `select id, kind, symbol, asked_on as "askedOn", duty_count as "dutyCount", request_count as "requestCount"
       from recall_slip where insurer_number = $1 and symbol = $2 and asked_on <= $3
      order by asked_on desc, kind, id desc limit 1`,
    [insurerNumber, symbol, on],
  );
  return rows[0] ?? null;
}

/** Papers of a slip with the state they are in, by number. */
export async function listSlipPapers(
  tx: Transaction,
  slipId: number,
): Promise<{ certificateNumber: string; issuanceId: number; ground: RecallGround; state: PaperState }[]> {
  return tx.query(
    `select p.certificate_number::text as "certificateNumber", s.issuance_id as "issuanceId", p.ground, s.state
       from recall_slip_paper p join paper_state s on s.paper_number = p.certificate_number
      where p.slip_id = $1 order by p.certificate_number`,
    [slipId],
  );
}

export interface NewReceipt {
  readonly slipId: number;
  readonly receivedOn: LocalDate;
  readonly way: 'scan' | 'count';
  readonly declaredCount: number | null;
  readonly countedCount: number;
  readonly listedCount: number;
  readonly unlistedCount: number;
  readonly openCount: number;
  readonly actor: string;
}

/** What came back with a slip. */
export async function writeReceipt(tx: Transaction, receipt: NewReceipt): Promise<void> {
  const { slipId, receivedOn, way, declaredCount, countedCount, listedCount, unlistedCount, openCount, actor } =
    receipt;
  await tx.execute(
    `insert into recall_receipt (slip_id, received_on, way, declared_count, counted_count, listed_count, unlisted_count,
                                 open_count, actor) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [slipId, receivedOn, way, declaredCount, countedCount, listedCount, unlistedCount, openCount, actor],
  );
}

/** How often a certificate has been declared missing. */
export async function countMissing(tx: Transaction, insurerNumber: string, certificateNumber: string): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count from event where insurer_number = $1 and paper_number = $2 and event = 'declare-missing'`,
    [insurerNumber, certificateNumber],
  );
  return rows[0]!.count;
}
