import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProfile } from '../../formats/profile.ts';
import type { LocalDate } from '../words/local-date.ts';
import { chooseTexts, lastNamedDay, overlappingTexts, PURPOSES, textFaults } from './texts.ts';
import type { PaperText, Period, Purpose, TextPlace } from './texts.ts';

const day = (text: string): LocalDate => text as LocalDate;
const kyokai = await loadProfile('kyokai-kenpo');
const mbk = await loadProfile('mbk');
const seamen = await loadProfile('seamen');

// 002: the call centre is there through 2026-02-28. Issue, reissue, notice and recall alike.
test.each<[Purpose, TextPlace[]]>([
  ['monthly', ['letter-home', 'flyer', 'back']],
  ['reissue', ['letter-home', 'flyer', 'back']],
  ['notice', ['notice', 'notice-flyer']],
  ['recall', ['recall']],
])('%s is printed on 2026-02-28, and not on the day after, for the number that has ended', (purpose, needed) => {
  for (const profile of [kyokai, seamen]) {
    expect(textFaults(profile, needed, purpose, day('2026-02-28'))).toEqual([]);
    const [fault, ...others] = textFaults(profile, needed, purpose, day('2026-03-01'));
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ at: 'contacts' });
    expect(fault!.message).toContain('0570-015-369）は令和8年2月28日まで');
  }
  expect(textFaults(mbk, needed, purpose, day('2026-03-01'))).toEqual([]);
});

test('the words of the campaign end with the old cards', () => {
  const needed: TextPlace[] = ['letter-home', 'flyer', 'list-letter'];
  for (const profile of [kyokai, mbk, seamen]) {
    expect(textFaults(profile, needed, 'bulk', day('2025-12-01'))).toEqual([]);
    const faults = textFaults(profile, needed, 'bulk', day('2025-12-02')).map(({ message }) => message);
    expect(faults).toEqual([
      '一括発行の送付書（自宅あて）に、令和7年12月2日に使えるものがありません',
      '一括発行の説明用チラシに、令和7年12月2日に使えるものがありません',
      '一括発行の一覧表の送付文書に、令和7年12月2日に使えるものがありません',
    ]);
  }
});

test('what is sent month by month says nothing of a day, and has a letter for each purpose', () => {
  for (const profile of [kyokai, mbk, seamen]) {
    const route = profile.route === 'home' ? 'letter-home' : 'letter-workplace';
    for (const purpose of ['monthly', 'renewal', 'application', 'reissue'] as const)
      expect(textFaults(profile, [route, 'flyer', 'back'], purpose, day('2026-01-15')), purpose).toEqual([]);
    for (const [purpose, place] of [
      ['reroute', 'letter-workplace'],
      ['rehome', 'letter-home'],
      ['reminder', 'recall'],
      ['refusal', 'refusal'],
    ] as const)
      expect(textFaults(profile, [place], purpose, day('2026-01-15')), purpose).toEqual([]);
    for (const entry of profile.texts.filter(({ through }) => through === null)) expect(lastNamedDay(entry)).toBeNull();
  }
});

// 004: the sentences of its questions and answers; 51条の3 asks no duty of an address.
test('the flyer tells who has left where the certificate goes, and that asking is faster', () => {
  for (const profile of [kyokai, seamen]) {
    const text = JSON.stringify(chooseTexts(profile, 'monthly', day('2026-01-15')).flyer);
    expect(text).toMatch(/退職などで資格を失ったときは/);
    expect(text).toMatch(/「\{喪失申出書\}」と併せて当協会にご返却/);
    expect(text).toMatch(/申請によらない交付には相当の期間がかかります/);
    const of2025 = JSON.stringify(chooseTexts(profile, 'bulk', day('2025-07-22')).flyer);
    expect(of2025).toMatch(/任意継続の方は「\{喪失申出書\}」と併せて/);
  }
  for (const profile of [kyokai, mbk, seamen])
    expect(JSON.stringify(profile.texts)).not.toMatch(/住所に変更があるときは.*届け出/);
});

const TEXT: PaperText = {
  place: 'recall',
  purpose: ['recall'],
  from: null,
  through: null,
  source: 'ours',
  text: ['文'],
};

test('entries of one place, purpose and day overlap', () => {
  const until = { ...TEXT, through: day('2025-12-01') };
  const since = { ...TEXT, from: day('2025-12-02') };
  expect(overlappingTexts([until, since])).toEqual([]);
  expect(overlappingTexts([until, { ...since, from: day('2025-12-01') }])).toEqual([[0, 1]]);
  expect(overlappingTexts([TEXT, until])).toEqual([[0, 1]]);
  expect(overlappingTexts([TEXT, { ...TEXT, purpose: ['reminder'] }])).toEqual([]);
});

const covers = ({ from, through }: Period, on: LocalDate): boolean =>
  (from === null || from <= on) && (through === null || on <= through);
const anyDay = fc.integer({ min: 0, max: 4000 }).map((n) => {
  const date = new Date(Date.UTC(2024, 0, 1 + n));
  return day(date.toISOString().slice(0, 10));
});

test('whatever the day, no profile chooses two texts for one place, and nothing that has ended', () => {
  fc.assert(
    fc.property(anyDay, fc.constantFrom(...PURPOSES), fc.constantFrom(kyokai, mbk, seamen), (on, purpose, profile) => {
      const own = profile.texts.filter((entry) => entry.purpose.includes(purpose) && covers(entry, on));
      const places = own.map(({ place }) => place).filter((place) => place !== 'notice-flyer');
      expect(new Set(places).size).toBe(places.length);
      for (const contact of chooseTexts(profile, purpose, on).contacts) expect(covers(contact, on)).toBe(true);
    }),
  );
});
