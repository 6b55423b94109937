import { expect, test } from 'vitest';
import { SCHEMES } from '../papers/scheme.ts';
import { burdenRatio, explainRatio, holdsElderlyCertificate } from './burden-ratio.ts';
import type { ElderlyFacts, ElderlyRegime } from './burden-ratio.ts';
import type { LocalDate } from '../words/local-date.ts';

const day = (text: string): LocalDate => text as LocalDate;
const told = (tenths: 2 | 3, from: string, through: string) => ({ tenths, from: day(from), through: day(through) });
const burden = {
  determined: told(2, '2020-01-01', '2030-12-31'),
  insuredBornOn: null,
  holdsElderlyCertificate: false,
  relation: 'dependent',
} as const;
test.each<[string, string, Partial<Parameters<typeof burdenRatio>[0]>, unknown]>([
  ['2018-04-01', '2024-03-31', {}, { tenths: 2, from: null, through: null }],
  ['2018-04-01', '2024-04-01', {}, { tenths: 3, from: null, through: null }],
  ['2018-04-02', '2025-03-31', {}, { tenths: 2, from: null, through: null }],
  ['2018-04-02', '2025-04-01', {}, { tenths: 3, from: null, through: null }],
  ['1980-01-01', '2024-09-09', { relation: 'insured' }, { tenths: 3, from: null, through: null }],
  // Born on the first: reached in the month before, so from the birthday's own month.
  ['1954-09-01', '2024-09-01', {}, { tenths: 2, from: '2024-09-01', through: '2029-08-31' }],
  ['1954-09-02', '2024-09-30', {}, { tenths: 3, from: null, through: null }],
  ['1954-09-02', '2024-10-01', {}, { tenths: 2, from: '2024-10-01', through: '2029-09-01' }],
  [
    '1952-02-29',
    '2024-09-09',
    { determined: told(3, '2020-01-01', '2030-12-31') },
    { tenths: 3, from: '2022-03-01', through: '2027-02-28' },
  ],
  // Its own days where they are narrower, both included; outside them nothing is known.
  [
    '1952-02-01',
    '2024-08-01',
    { determined: told(3, '2024-08-01', '2025-07-31') },
    told(3, '2024-08-01', '2025-07-31'),
  ],
  [
    '1952-02-01',
    '2025-07-31',
    { determined: told(2, '2024-08-01', '2025-07-31') },
    told(2, '2024-08-01', '2025-07-31'),
  ],
  ['1952-02-01', '2024-07-31', { determined: told(3, '2024-08-01', '2025-07-31') }, 'income-unknown'],
  ['1952-02-01', '2025-08-01', { determined: told(3, '2024-08-01', '2025-07-31') }, 'income-unknown'],
  ['1952-02-01', '2024-09-09', { determined: null }, 'income-unknown'],
  ['1952-02-01', '2024-09-09', { determined: null, holdsElderlyCertificate: true }, 'elderly-certificate'],
  // Three tenths of a dependent go by an insured person who is 70, too; where there is no row of one, by the file alone.
  [
    '1955-03-03',
    '2026-11-10',
    { determined: told(3, '2026-08-01', '2027-07-31'), insuredBornOn: day('1981-01-01') },
    'ratio-doubtful',
  ],
  [
    '1955-03-03',
    '2026-11-10',
    { determined: told(2, '2026-08-01', '2027-07-31'), insuredBornOn: day('1981-01-01') },
    told(2, '2026-08-01', '2027-07-31'),
  ],
  [
    '1955-03-03',
    '2026-11-10',
    { determined: told(3, '2026-08-01', '2027-07-31'), insuredBornOn: day('1956-11-01') },
    told(3, '2026-08-01', '2027-07-31'),
  ],
  [
    '1955-03-03',
    '2026-11-10',
    { determined: told(3, '2026-08-01', '2027-07-31'), insuredBornOn: day('1956-11-02') },
    'ratio-doubtful',
  ],
  [
    '1955-03-03',
    '2026-11-10',
    { determined: told(3, '2026-08-01', '2027-07-31'), insuredBornOn: day('1981-01-01'), relation: 'insured' },
    told(3, '2026-08-01', '2027-07-31'),
  ],
  // Below 70 nothing determined counts.
  [
    '1980-01-01',
    '2024-09-09',
    { determined: told(2, '2020-01-01', '2030-12-31') },
    { tenths: 3, from: null, through: null },
  ],
  ['1949-09-09', '2024-09-09', {}, 'ended'],
])('born %s, on %s, %j', (bornOn, on, facts, ratio) => {
  expect(burdenRatio({ ...burden, bornOn: day(bornOn), ...facts }, day(on))).toEqual(ratio);
});

test.each<[string, ElderlyRegime, Partial<ElderlyFacts>, string, boolean]>([
  ['a certificate without the ratio', 'separate-certificate', { holdsCertificate: true }, '2026-11-10', true],
  ['an enrolled card alone', 'separate-certificate', {}, '2026-11-10', false],
  ['an old card while there were any', 'separate-certificate', { holdsLegacyCard: true }, '2025-12-01', true],
  ['an old card that has ended', 'separate-certificate', { holdsLegacyCard: true }, '2025-12-02', false],
  ['a certificate with the ratio', 'on-certificate', { holdsCertificate: true }, '2026-11-10', false],
  [
    'a certificate in the last month before 70 begins',
    'separate-certificate',
    { holdsCertificate: true, bornOn: day('1956-11-10') },
    '2026-11-30',
    false,
  ],
  [
    'a certificate from the month after',
    'separate-certificate',
    { holdsCertificate: true, bornOn: day('1956-11-10') },
    '2026-12-01',
    true,
  ],
])('with %s 高齢受給者証 is held (%s)', (_, regime, facts, on, expected) => {
  const ordinary = { bornOn: day('1955-03-03'), holdsCertificate: false, holdsLegacyCard: false };
  expect(holdsElderlyCertificate(regime, { ...ordinary, ...facts }, day(on))).toBe(expected);
});

const OF_70 = { bornOn: day('1952-02-01'), determined: told(2, '2024-08-01', '2025-07-31') };
test.each<[string, Partial<Parameters<typeof burdenRatio>[0]>, string, string]>([
  [
    '2024-09-09',
    { relation: 'insured', bornOn: day('1980-01-01') },
    '負担割合は3割です（70歳未満の被保険者のため）。',
    '健康保険法第74条第1項第1号',
  ],
  [
    '2024-09-09',
    { bornOn: day('1980-01-01') },
    '負担割合は3割です（就学後・70歳未満の被扶養者のため）。',
    '健康保険法第110条第2項第1号イ',
  ],
  [
    '2024-03-31',
    { bornOn: day('2018-04-01') },
    '負担割合は2割です（6歳に達する日以後の最初の3月31日までの被扶養者のため）。',
    '健康保険法第110条第2項第1号ロ',
  ],
  [
    '2024-09-09',
    { ...OF_70, relation: 'insured' },
    '負担割合は2割（令和6年8月1日から令和7年7月31日まで）です（70歳以上の被保険者で、負担割合.csv の判定が2割のため）。',
    '健康保険法第74条第1項第2号、健康保険法施行規則第51条の3第1項第3号',
  ],
  [
    '2024-09-09',
    { ...OF_70, relation: 'insured', determined: told(3, '2024-08-01', '2025-07-31') },
    '負担割合は3割（令和6年8月1日から令和7年7月31日まで）です（70歳以上の被保険者で、負担割合.csv の判定が現役並み所得の3割のため）。',
    '健康保険法第74条第1項第3号、健康保険法施行規則第51条の3第1項第3号',
  ],
  [
    '2024-09-09',
    OF_70,
    '負担割合は2割（令和6年8月1日から令和7年7月31日まで）です（70歳以上の被扶養者で、負担割合.csv の判定が2割のため）。',
    '健康保険法第110条第2項第1号ハ、健康保険法施行規則第51条の3第1項第3号',
  ],
  [
    '2024-09-09',
    { ...OF_70, determined: told(3, '2024-08-01', '2025-07-31') },
    '負担割合は3割（令和6年8月1日から令和7年7月31日まで）です（70歳以上の被扶養者で、負担割合.csv の判定が現役並み所得の3割のため）。',
    '健康保険法第110条第2項第1号ニ、健康保険法施行規則第51条の3第1項第3号',
  ],
  [
    '2025-08-01',
    OF_70,
    '70歳以上で、通知日（令和7年8月1日）の負担割合が負担割合.csv にないため、まだ記載できません。',
    '健康保険法施行規則第51条の3第1項第3号',
  ],
  [
    '2024-09-09',
    { ...OF_70, holdsElderlyCertificate: true },
    '70歳以上で、負担割合は高齢受給者証に記載するため、お知らせには記載しません。',
    '健康保険法施行規則第51条の3第1項第3号',
  ],
  [
    '2024-09-09',
    { ...OF_70, determined: told(3, '2024-08-01', '2025-07-31'), insuredBornOn: day('1981-01-01') },
    '負担割合.csv の判定が3割ですが、被保険者が70歳未満のため、被扶養者が3割になることはありません。判定を確かめるまで記載しません。',
    '健康保険法第110条第2項第1号ニ',
  ],
  [
    '2024-09-09',
    { bornOn: day('1949-09-09') },
    '75歳に達し加入者でなくなるため、負担割合は記載しません。',
    '高齢者の医療の確保に関する法律第50条',
  ],
])('on %s, %j: %s', (on, facts, sentence, rule) => {
  expect(explainRatio({ ...burden, bornOn: day('1980-01-01'), ...facts }, day(on), SCHEMES.health)).toEqual({
    sentence,
    rule,
  });
});
