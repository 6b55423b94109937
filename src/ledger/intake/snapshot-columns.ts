// Room: ledger. The columns of the input files as they are stored: each written out once, for the import that writes them
// and for every step that reads some of them.
import type { DeterminedRatio, Enrolment, Member, Workplace } from '../../rules/intake/member.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { bytes, columns, date, flag, numeric, optional, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';

/** What names a person, in whichever table. */
export const PERSON_KEY = {
  symbol: text('symbol'),
  number: text('number'),
  subNumber: text('sub_number'),
} satisfies ColumnsOf<PersonKey>;

/** A row of 加入者.csv; its last four digits are stored no other way than sealed. */
export const MEMBER = {
  ...PERSON_KEY,
  name: text('name'),
  registeredName: orNull(text('registered_name')),
  kana: text('kana'),
  bornOn: date('born_on'),
  sex: word<Member['sex']>('sex'),
  relation: word<Member['relation']>('relation'),
  acquiredOn: date('acquired_on'),
  decidedOn: orNull(date('decided_on')),
  lostOn: orNull(date('lost_on')),
  insuredClass: word<Member['insuredClass']>('insured_class'),
  holdsLegacyCard: flag('holds_legacy_card'),
  certificateValidThrough: orNull(date('certificate_valid_through')),
  home: optional({
    postalCode: text('home_postal_code'),
    line: text('home_line'),
    building: text('home_building'),
  }),
  mailTo: optional({
    postalCode: text('mail_postal_code'),
    line: text('mail_line'),
    building: text('mail_building'),
  }),
  mailStopped: flag('mail_stopped'),
  hasOptionalEntries: flag('has_optional_entries'),
  optionalContent: orNull(text('optional_content')),
  optionalFrom: orNull(date('optional_from')),
  optionalThrough: orNull(date('optional_through')),
  formerName: orNull(text('former_name')),
  showsFormerName: flag('shows_former_name'),
  sexOnBack: flag('sex_on_back'),
  specialCare: flag('special_care'),
  matchResult: orNull(text('match_result')),
} satisfies ColumnsOf<Omit<Member, 'individualNumberLast4'>>;

/** A row of 事業所.csv. */
export const WORKPLACE = {
  symbol: text('symbol'),
  name: text('name'),
  postalCode: text('postal_code'),
  address: text('address'),
  building: text('building'),
  employerName: text('employer_name'),
  branchCode: text('branch_code'),
  corporateNumber: text('corporate_number'),
  phone: text('phone'),
  email: text('email'),
} satisfies ColumnsOf<Workplace>;

/** A row of マイナ保険証.csv. */
export const ENROLMENT = {
  ...PERSON_KEY,
  card: word<Enrolment['card']>('card'),
  registration: word<Enrolment['registration']>('registration'),
  registeredOn: orNull(date('registered_on')),
  deregisteredOn: orNull(date('deregistered_on')),
  digitalCertificateExpiresOn: orNull(date('digital_certificate_expires_on')),
  cardReturnedOn: orNull(date('card_returned_on')),
  linked: flag('linked'),
} satisfies ColumnsOf<Enrolment>;

/** What a row of 負担割合.csv says. */
export const RATIO = {
  tenths: numeric<DeterminedRatio['tenths']>('tenths'),
  from: date('holds_from'),
  through: date('holds_through'),
} satisfies ColumnsOf<DeterminedRatio>;

/** The line of the file, from 1, by which a row at fault is found again. */
const LINE = { line: numeric('line') };

/** Keys by which equal addresses and equal persons are found. */
const ADDRESS_KEY = { addressKey: orNull(numeric('address_key')) };

/** A whole row of each kind of file. */
export const SNAPSHOTS = {
  members: columns({
    ...LINE,
    member: MEMBER,
    sealedDigits: orNull(bytes('sealed_digits')),
    ...ADDRESS_KEY,
    personKey: numeric('person_key'),
  }),
  workplaces: columns({ ...LINE, workplace: WORKPLACE, ...ADDRESS_KEY }),
  enrolment: columns({ ...LINE, enrolment: ENROLMENT }),
  ratios: columns({ ...LINE, person: PERSON_KEY, ratio: RATIO }),
};
