// Room: ledger. Certificates that may be or were asked for again, with what the newest files say of their holders.
import type { CertificateState, MailpieceState } from '../../rules/papers/lifecycle.ts';
import type { CoverFacts } from '../../rules/intake/eligibility.ts';
import type { Enrolment } from '../../rules/intake/member.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { DatedCertificate } from '../../rules/papers/superseding.ts';
import type { HolderEntries, ReissueReason } from '../../rules/life/reissue.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { COVER_JSON, joinCover } from '../intake/cover.ts';

/** A certificate with its request for another, where there is one. */
export interface Reissuable extends PersonKey {
  readonly certificateNumber: string;
  readonly issuanceId: number;
  readonly state: CertificateState;
  readonly mailpieceState: MailpieceState;
  readonly validThrough: LocalDate;
  readonly cover: CoverFacts;
  readonly isProtected: boolean;
  readonly specialCare: boolean;
  readonly issuedOn: LocalDate;
  /** The person's other certificates, of any issuance. */
  readonly others: readonly DatedCertificate[];
  readonly enrolment: Pick<Enrolment, 'card' | 'registration' | 'digitalCertificateExpiresOn' | 'linked'> | null;
  /** What stands on it, of its own file; and what the newest says, null where the person is not in it. */
  readonly entries: HolderEntries;
  readonly newestEntries: HolderEntries | null;
  /** Null = never asked for again. */
  readonly reason: ReissueReason | null;
  readonly requestedOn: LocalDate | null;
  /** The issuance that met the request, or null. */
  readonly madeIn: number | null;
}

interface Newest {
  readonly membersId: number;
  readonly enrolmentId: number;
}

/** A member's entries that a reissue may be asked for, as `HolderEntries`. */
const entriesOf = (member: 'o' | 'n'): string => `json_build_object(
    'name', json_build_array(${member}.name, ${member}.kana, ${member}.former_name, ${member}.shows_former_name),
    'sex', ${member}.sex,
    'address', json_build_array(${member}.home_postal_code, ${member}.home_line, ${member}.home_building,
                                ${member}.mail_postal_code, ${member}.mail_line, ${member}.mail_building))`;

const COLUMNS = `
  c.symbol, c.number, c.sub_number as "subNumber", c.certificate_number::text as "certificateNumber",
  c.issuance_id as "issuanceId", coalesce(s.state, 'made') as state,
  coalesce(p.state, first_state('mailpiece', c.issuance_id, c.mailpiece_number)) as "mailpieceState",
  c.valid_through as "validThrough", ${COVER_JSON} as cover,
  coalesce(n.mail_stopped, o.mail_stopped) as "isProtected", coalesce(n.special_care, false) as "specialCare",
  c.issued_on as "issuedOn",
  (select coalesce(json_agg(json_build_object('certificateNumber', c2.certificate_number::text, 'issuedOn', c2.issued_on,
                                              'state', coalesce(s2.state, 'made'))), '[]')
     from issuance i2
     join certificate c2 on c2.issuance_id = i2.id and c2.symbol = c.symbol and c2.number = c.number
                        and c2.sub_number = c.sub_number
     left join paper_state s2 on s2.paper_number = c2.certificate_number
    where i2.insurer_number = $1 and c2.certificate_number <> c.certificate_number) as others,
  case when e.symbol is not null then json_build_object(
    'card', e.card, 'registration', e.registration, 'linked', e.linked,
    'digitalCertificateExpiresOn', e.digital_certificate_expires_on) end as enrolment,
  ${entriesOf('o')} as entries, case when n.symbol is not null then ${entriesOf('n')} end as "newestEntries",
  r.reason, r.happened_on as "requestedOn", x.issuance_id as "madeIn"`;

const OF_HOLDER = `
  left join paper_state s on s.paper_number = c.certificate_number
  left join paper_state p on p.paper_number = c.mailpiece_number
  join member o on o.dataset_id = i.members_id and o.symbol = c.symbol and o.number_rank = c.number::bigint
               and o.number = c.number and o.sub_number = c.sub_number
  ${joinCover('$2', '$1', 'c')}
  left join enrolment e on e.dataset_id = $3 and e.symbol = c.symbol and e.number_rank = c.number::bigint
                       and e.number = c.number and e.sub_number = c.sub_number
  left join reissued_certificate x on x.certificate_number = c.certificate_number`;

/** Certificates of a person, newest first. */
export async function listReissuable(
  tx: Transaction,
  insurerNumber: string,
  newest: Newest,
  key: PersonKey,
): Promise<Reissuable[]> {
  return tx.query(
    `select ${COLUMNS}
       from issuance i
       join certificate c on c.issuance_id = i.id and c.symbol = $4 and c.number = $5 and c.sub_number = $6
       left join lateral (select reason, happened_on from event
                           where paper_number = c.certificate_number and event = 'reissue'
                           order by seq desc limit 1) r on true ${OF_HOLDER}
      where i.insurer_number = $1 order by c.issued_on desc, c.certificate_number desc`,
    [insurerNumber, newest.membersId, newest.enrolmentId, key.symbol, key.number, key.subNumber],
  );
}

/** Certificates whose request for another is not met yet, by number; `page`: so many after one, else all. */
export async function listOpenReissues(
  tx: Transaction,
  insurerNumber: string,
  newest: Newest,
  page: { readonly after: string; readonly limit: number } | null = null,
): Promise<Reissuable[]> {
  return tx.query(
    `select ${COLUMNS}
       from event r
       join issuance i on i.id = r.issuance_id
       join certificate c on c.issuance_id = i.id and c.certificate_number = r.paper_number ${OF_HOLDER}
      where r.insurer_number = $1 and r.event = 'reissue' and x.certificate_number is null and r.paper_number > $4
      order by c.certificate_number limit $5`,
    [insurerNumber, newest.membersId, newest.enrolmentId, page?.after ?? '0', page?.limit ?? null],
  );
}

/** How many requests are not met yet, and since when the oldest waits (ISO instant, null where none does). */
export async function countOpenReissues(
  tx: Reader,
  insurerNumber: string,
): Promise<{ count: number; oldest: string | null }> {
  const rows = await tx.query<{ count: number; oldest: string | null }>(
    `select count(*)::int as count, to_json(min(r.at)) #>> '{}' as oldest from event r
      where r.insurer_number = $1 and r.event = 'reissue'
        and not exists (select from reissued_certificate x where x.certificate_number = r.paper_number)`,
    [insurerNumber],
  );
  return rows[0]!;
}

/** Issuances made of requests whose output was never written whole, by number. */
export async function listUnfinishedReissues(tx: Transaction, insurerNumber: string): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `select i.id from issuance i
      where i.insurer_number = $1 and i.remake = 'reissue'
        and not exists (select from written_output w where w.issuance_id = i.id)
        and not exists (select 1 from erasure x where x.issuance_id = i.id)
      order by i.id`,
    [insurerNumber],
  );
  return rows.map((row) => row.id);
}

/** Enters which issuance meets these requests. Errors: 23514 `reissue_unasked`. */
export async function writeReissued(
  tx: Transaction,
  parentId: number,
  issuanceId: number,
  numbers: readonly string[],
): Promise<void> {
  await tx.execute('insert into reissued_certificate select n, $1, $2 from unnest($3::bigint[]) n', [
    parentId,
    issuanceId,
    numbers,
  ]);
}

/** A certificate that was made in place of another, on request. */
export interface ReissueLink {
  readonly oldNumber: string;
  readonly newNumber: string;
  readonly reason: ReissueReason;
  readonly requestedOn: LocalDate;
}

const LINKS = `
  select x.certificate_number::text as "oldNumber", made.certificate_number::text as "newNumber", r.reason,
         r.happened_on as "requestedOn"
    from reissued_certificate x
    join event r on r.paper_number = x.certificate_number and r.event = 'reissue'
    join certificate old on old.issuance_id = x.parent_id and old.certificate_number = x.certificate_number
    join certificate made on made.issuance_id = x.issuance_id and made.symbol = old.symbol
                         and made.number = old.number and made.sub_number = old.sub_number`;

/** Requests that were met, of which a certificate is the old one or the new one. */
export async function findReissueLinks(
  tx: Transaction,
  issuanceId: number,
  certificateNumber: string,
): Promise<ReissueLink[]> {
  return tx.query(
    `${LINKS} where x.certificate_number = $2 or x.issuance_id = $1 and made.certificate_number = $2 order by r.seq`,
    [issuanceId, certificateNumber],
  );
}

/** The request that a person's certificate of an issuance meets, or null. */
export async function findReissueOf(tx: Transaction, issuanceId: number, key: PersonKey): Promise<ReissueLink | null> {
  const rows = await tx.query<ReissueLink>(
    `${LINKS} where x.issuance_id = $1 and made.symbol = $2 and made.number = $3 and made.sub_number = $4`,
    [issuanceId, key.symbol, key.number, key.subNumber],
  );
  return rows[0] ?? null;
}
