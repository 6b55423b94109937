// Room: rules. Whether a person can be verified with an enrolled My Number card on a day.
import { addMonths, endOfMonth } from '../words/calendar.ts';
import type { Enrolment } from './member.ts';
import type { LocalDate } from '../words/local-date.ts';

/**
 * 電子証明書 serves until the end of the third month after the month in which it expires (expires 2025-01-15: serves
 * to 2025-04-30). 全国健康保険協会 2025-07-16; the intake contract.
 */
export function digitalCertificateServesThrough(expiresOn: LocalDate): LocalDate {
  const firstOfMonth = `${expiresOn.slice(0, 8)}01` as LocalDate;
  return endOfMonth(addMonths(firstOfMonth, 3));
}

/** True where the electronic certificate no longer serves on `on`. No expiry given = does not expire. */
export function hasDigitalCertificateEnded(
  enrolment: Pick<Enrolment, 'digitalCertificateExpiresOn'>,
  on: LocalDate,
): boolean {
  const expiresOn = enrolment.digitalCertificateExpiresOn;
  // A certificate that has not even expired needs no arithmetic: the common case among millions.
  return expiresOn !== null && expiresOn < on && digitalCertificateServesThrough(expiresOn) < on;
}

/** Whether a person can be verified with an enrolled card on a day, after the newest snapshot; null = not in it. */
export function isVerifiable(
  enrolment: Pick<Enrolment, 'card' | 'registration' | 'digitalCertificateExpiresOn' | 'linked'> | null,
  on: LocalDate,
): boolean {
  return (
    enrolment !== null &&
    enrolment.linked &&
    enrolment.card === 'held' &&
    enrolment.registration === 'registered' &&
    !hasDigitalCertificateEnded(enrolment, on)
  );
}
