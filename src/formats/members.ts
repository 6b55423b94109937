// Room: formats. 加入者.csv, one row per person, both ways.
import { toFullWidthKatakana } from '../rules/words/kana.ts';
import type { InsuredClass, Member } from '../rules/intake/member.ts';
import type { Address } from '../rules/words/address.ts';
import { column, readIntake } from './intake.ts';
import type { IntakeRows, IntakeOptions, Row } from './intake.ts';

/** Columns of the contract in their canonical order. */
export const MEMBER_COLUMNS = [
  column('記号', 8, true),
  column('番号', 15, true),
  column('枝番', 2, true),
  column('氏名', 100, true),
  column('カナ氏名', 200, true),
  column('生年月日', 20, true),
  column('性別', 2, true),
  column('本人家族区分', 2, true),
  column('資格取得年月日', 20, true),
  column('取得決定年月日', 20),
  column('資格喪失年月日', 20),
  column('被保険者区分', 2),
  column('健康保険証', 2),
  column('資格確認書有効期限', 20),
  column('郵便番号', 20),
  column('住所', 200),
  column('方書', 200),
  column('送付先郵便番号', 20),
  column('送付先住所', 200),
  column('送付先方書', 200),
  column('送付停止', 2),
  column('任意記載', 2),
  column('旧姓', 50),
  column('旧姓併記', 2),
  column('性別裏面記載', 2),
  column('要配慮', 2),
  column('個人番号下4桁', 20),
  column('突合結果', 50),
  column('通称名', 100),
  column('任意記載の内容', 60),
  column('発効年月日', 20),
  column('有効期限', 20),
  column('事業主経由の希望', 2),
  column('勤め先に知らせない', 2),
] as const;

type Name = (typeof MEMBER_COLUMNS)[number]['name'];

const SEXES = { '1': 'male', '2': 'female' } as const;
const RELATIONS = { '1': 'insured', '2': 'dependent' } as const;
const CLASSES = {
  '1': 'general',
  '2': 'voluntary-continuation',
  '3': 'special-retiree',
  '4': 'day-labourer',
} as const satisfies Record<string, InsuredClass>;

const KEY = { symbol: '記号', number: '番号', subNumber: '枝番' } as const;
const HOME = { postalCode: '郵便番号', line: '住所', building: '方書' } as const;
const MAIL = { postalCode: '送付先郵便番号', line: '送付先住所', building: '送付先方書' } as const;

/** Reads 加入者.csv. Names stay as given; kana becomes full-width katakana. */
export function readMembers(path: string, options: IntakeOptions): AsyncIterable<IntakeRows<Member>> {
  return readIntake<Member, Name>(path, MEMBER_COLUMNS, parseMember, options);
}

function parseMember(row: Row<Name>): Member {
  const key = row.personKey(KEY);
  const relation = row.code('本人家族区分', RELATIONS, null);
  if (row.holdsOneOf('本人家族区分', RELATIONS) && /^\d{2}$/.test(key.subNumber)) {
    if ((key.subNumber === '00') !== (relation === 'insured')) {
      row.report('本人家族区分', 'relation', '枝番00は本人（1）、それ以外は家族（2）');
    }
  }
  const last4 = row.text('個人番号下4桁');
  if (last4 !== '' && !row.hasErrors('個人番号下4桁') && !/^\d{4}$/.test(last4))
    row.report('個人番号下4桁', 'digits', '4桁の数字');
  const registered = row.required('氏名');
  const commonName = row.text('通称名');
  const optional = optionalEntries(row);
  const member: Member = {
    ...key,
    name: commonName === '' ? registered : commonName,
    registeredName: commonName === '' ? null : registered,
    kana: toFullWidthKatakana(row.required('カナ氏名')),
    bornOn: row.date('生年月日', 'birth'),
    sex: row.code('性別', SEXES, null),
    relation,
    acquiredOn: row.date('資格取得年月日'),
    decidedOn: row.optionalDate('取得決定年月日'),
    lostOn: row.optionalDate('資格喪失年月日', 'loss'),
    insuredClass: row.code('被保険者区分', CLASSES, 'general'),
    holdsLegacyCard: row.flag('健康保険証', true),
    certificateValidThrough: row.optionalDate('資格確認書有効期限', 'expiry'),
    home: row.address(HOME),
    mailTo: forwardingAddress(row),
    mailStopped: row.flag('送付停止'),
    ...optional,
    formerName: row.text('旧姓') || null,
    showsFormerName: row.flag('旧姓併記'),
    sexOnBack: row.flag('性別裏面記載'),
    specialCare: row.flag('要配慮'),
    individualNumberLast4: last4 || null,
    matchResult: row.text('突合結果') || null,
  };
  row.checkLife(member, DAYS);
  return member;
}

type OptionalEntries = Pick<Member, 'hasOptionalEntries' | 'optionalContent' | 'optionalFrom' | 'optionalThrough'>;

/** 任意記載 with what is to stand there; through the employer where the applicant asks for that way, else never (健保則47条7項). */
function optionalEntries(row: Row<Name>): OptionalEntries {
  const isAsked = row.flag('任意記載');
  const content = row.text('任意記載の内容');
  const isByEmployer = row.flag('事業主経由の希望');
  const optionalFrom = row.optionalDate('発効年月日');
  const optionalThrough = row.optionalDate('有効期限', 'expiry');
  if (!isAsked && content !== '') row.report('任意記載', 'required', '任意記載の内容があるときは 1');
  if (content === '' && (optionalFrom !== null || optionalThrough !== null))
    row.report('任意記載の内容', 'required', '発効年月日・有効期限があるときは記載する内容');
  if (isByEmployer && content === '')
    row.report('任意記載の内容', 'required', '事業主経由の希望があるときは記載する内容');
  return {
    hasOptionalEntries: (isAsked && !isByEmployer) || row.flag('勤め先に知らせない'),
    optionalContent: isAsked ? content : null,
    optionalFrom: content === '' ? null : optionalFrom,
    optionalThrough: content === '' ? null : optionalThrough,
  };
}

const DAYS = { bornOn: '生年月日', acquiredOn: '資格取得年月日', lostOn: '資格喪失年月日' } as const;

/** 送付先 always wins, so half of one is an error: passing over it would send the piece to the home address. */
function forwardingAddress(row: Row<Name>): Address | null {
  const address = row.address(MAIL);
  if (address === null && (row.text(MAIL.postalCode) + row.text(MAIL.building)).trim() !== '') {
    row.report(MAIL.line, 'required', '送付先郵便番号・送付先方書に続く送付先住所');
  }
  return address;
}

const flag = (value: boolean): string => (value ? '1' : '');
const codeOf = <T>(codes: Readonly<Record<string, T>>, value: T): string =>
  Object.keys(codes).find((code) => codes[code] === value) ?? '';
const addressCells = (a: Address | null): string[] => (a === null ? ['', '', ''] : [a.postalCode, a.line, a.building]);

/** A member as the cells of a row in canonical order. */
export function memberCells(m: Member): string[] {
  return [
    m.symbol,
    m.number,
    m.subNumber,
    m.registeredName ?? m.name,
    m.kana,
    m.bornOn,
    codeOf(SEXES, m.sex),
    codeOf(RELATIONS, m.relation),
    m.acquiredOn,
    m.decidedOn ?? '',
    m.lostOn ?? '',
    codeOf(CLASSES, m.insuredClass),
    m.holdsLegacyCard ? '1' : '0',
    m.certificateValidThrough ?? '',
    ...addressCells(m.home),
    ...addressCells(m.mailTo),
    flag(m.mailStopped),
    flag(m.optionalContent !== null),
    m.formerName ?? '',
    flag(m.showsFormerName),
    flag(m.sexOnBack),
    flag(m.specialCare),
    m.individualNumberLast4 ?? '',
    m.matchResult ?? '',
    m.registeredName === null ? '' : m.name,
    m.optionalContent ?? '',
    m.optionalFrom ?? '',
    m.optionalThrough ?? '',
    flag(m.optionalContent !== null && !m.hasOptionalEntries),
    flag(m.optionalContent === null && m.hasOptionalEntries),
  ];
}
