// Room: ledger. Certificates that are out, with what the newest files say of their holders.
import type { PaperState } from '../rules/lifecycle.ts';
import type { Enrolment, LocalDate, PersonKey } from '../rules/member.ts';
import { copyFields } from './database.ts';
import type { Transaction } from './database.ts';

/** A certificate that is out, and its holder today. */
export interface CertificateOut extends PersonKey {
  readonly certificateNumber: string;
  readonly issuanceId: number;
  readonly state: PaperState;
  readonly validThrough: LocalDate;
  /** After the newest member file: the day of loss, or null. A person no longer in it has lost by its import. */
  readonly lostOn: LocalDate | null;
  readonly isMember: boolean;
  readonly enrolment: Pick<Enrolment, 'card' | 'registration' | 'digitalCertificateExpiresOn' | 'linked'> | null;
}

/** All certificates of an insurer that are out, by workplace symbol and person, in batches. */
export async function* readCertificatesOut(
  tx: Transaction,
  insurerNumber: string,
  newest: { readonly membersId: number; readonly enrolmentId: number },
): AsyncIterable<CertificateOut[]> {
  const insurer = /^\d{6,8}$/.exec(insurerNumber)?.[0] ?? '';
  const lines = tx.copyOut(
    `copy (
       select c.symbol, c.number, c.sub_number, c.certificate_number, c.issuance_id, s.state, c.valid_through,
              m.lost_on, m.symbol is not null, e.card, e.registration, e.digital_certificate_expires_on, e.linked
         from paper_state s
         join issuance i on i.id = s.issuance_id and i.insurer_number = '${insurer}'
         join certificate c on c.issuance_id = s.issuance_id and c.certificate_number = s.paper_number
         left join member m on m.dataset_id = ${newest.membersId} and m.symbol = c.symbol
                           and m.number_rank = c.number::bigint and m.number = c.number and m.sub_number = c.sub_number
         left join enrolment e on e.dataset_id = ${newest.enrolmentId} and e.symbol = c.symbol
                              and e.number_rank = c.number::bigint and e.number = c.number and e.sub_number = c.sub_number
        where s.subject = 'certificate'
          and s.state in ('issued', 'return-requested', 'return-demanded', 'superseded')
        order by c.symbol, c.number::bigint, c.number, c.sub_number, c.certificate_number
     ) to stdout`,
  );
  for await (const batch of lines) yield batch.map((line) => read(copyFields(line)));
}

function read(f: readonly (string | null)[]): CertificateOut {
  return {
    symbol: f[0]!,
    number: f[1]!,
    subNumber: f[2]!,
    certificateNumber: f[3]!,
    issuanceId: Number(f[4]),
    state: f[5] as PaperState,
    validThrough: f[6] as LocalDate,
    lostOn: (f[7] ?? null) as LocalDate | null,
    isMember: f[8] === 't',
    enrolment:
      f[9] === null || f[9] === undefined
        ? null
        : {
            card: f[9] as Enrolment['card'],
            registration: f[10] as Enrolment['registration'],
            digitalCertificateExpiresOn: (f[11] ?? null) as LocalDate | null,
            linked: f[12] === 't',
          },
  };
}
