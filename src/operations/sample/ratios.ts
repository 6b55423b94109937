// Room: operations. 負担割合 of the invented society's people of 70 and over; for notices one in twenty is not determined yet.
import type { RatioRow } from '../../formats/ratios.ts';
import { addDays, addYears, birthdayOn, minDate, partsOf } from '../../rules/words/calendar.ts';
import type { InsurerProfile, IssuanceSettings } from '../../rules/insurer.ts';
import type { Member } from '../../rules/intake/member.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { seniorFrom } from '../../rules/issuing/burden-ratio.ts';
import type { Person } from './society.ts';

/** 8月から翌年7月まで: ratios are determined anew each August. Both days inclusive. */
export interface RatioYear {
  readonly from: LocalDate;
  readonly through: LocalDate;
  /** One in twenty waits for a determination. */
  readonly hasGaps: boolean;
}

/** The year of the issuance's certificates; for notices that of the profile's first ones, where it has any. */
export function ratioYear(profile: InsurerProfile, issuance: IssuanceSettings, forNotices: boolean): RatioYear {
  const posting = profile.noticeRounds.find((round) => round.posting !== null)?.posting;
  const issuedOn = issuance.issuedOn ?? issuance.waves[0]?.postFrom ?? issuance.referenceOn;
  const { year, month } = partsOf((forNotices ? posting?.from : null) ?? issuedOn);
  const from = `${month < 8 ? year - 1 : year}-08-01` as LocalDate;
  return { from, through: addDays(addYears(from, 1), -1), hasGaps: forNotices };
}

/** Household by household, the insured person first, as the society comes. */
export function ratiosOf(people: readonly Person[], year: RatioYear): RatioRow[] {
  const rows: RatioRow[] = [];
  let insured: Member | null = null;
  for (const { member } of people) {
    if (member.relation === 'insured') insured = member;
    const { symbol, number, subNumber, bornOn } = member;
    const since = seniorFrom(bornOn);
    const lastDay = addDays(birthdayOn(bornOn, 75), -1);
    if (since > year.through || lastDay < year.from || (year.hasGaps && Number(number) % 20 === 7)) continue;
    // A dependent's goes by the insured person's income, who must be 70 too.
    const isInsuredSenior = insured !== null && insured.number === number && seniorFrom(insured.bornOn) <= year.from;
    const tenths = isInsuredSenior && Number(number) % 5 === 0 ? 3 : 2;
    const from = since > year.from ? since : year.from;
    rows.push({ symbol, number, subNumber, tenths, from, through: minDate(year.through, lastDay) });
  }
  return rows;
}
