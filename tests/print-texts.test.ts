// What stands on papers is chosen by what they are for and the day on them; print stops, by name, where nothing covers it.
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { drawSpecimens } from '../src/operations/printing/specimens.ts';
import { purposeOf, textsOfRun } from '../src/operations/printing/texts.ts';
import { specimensOf } from '../src/print/specimens.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { RemakeKind } from '../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { openTestFolder } from './ledger.ts';
import { drawPages, readCodes, readTexts } from './pages.ts';
import { templatesOf } from './papers.ts';

const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
const day = (text: string): LocalDate => text as LocalDate;
const run = (kind: 'certificate' | 'notice', issuedOn: string, remake: RemakeKind | null = null) => ({
  kind,
  issuedOn: day(issuedOn),
  lineage: { plan: kind === 'notice' ? 'notice-new' : 'bulk-2025', round: 1, remake, remakeNo: remake && 1 },
});

test.each([
  ['certificate', null, 'bulk'],
  ['certificate', 'reprint', 'bulk'],
  ['certificate', 'release', 'bulk'],
  ['certificate', 'reissue', 'reissue'],
  ['certificate', 'reroute', 'reroute'],
  ['certificate', 'rehome', 'rehome'],
  ['notice', null, 'notice'],
] as const)('papers of a %s run (%s) are sent for %s', (kind, remake, purpose) => {
  expect(purposeOf(kyokai, run(kind, '2025-11-04', remake))).toBe(purpose);
});

test.each([
  ['notice', null],
  ['certificate', 'reissue'],
  ['certificate', 'rehome'],
] as const)(
  'a %s run (%s) of 2026-02-28 is printed; of the day after it is refused for its telephone',
  (kind, remake) => {
    expect(() => textsOfRun(kyokai, run(kind, '2026-02-28', remake), ['home'])).not.toThrow();
    const refused = (): unknown => textsOfRun(kyokai, run(kind, '2026-03-01', remake), ['home']);
    expect(refused).toThrow(expect.objectContaining({ code: 'text-missing' }));
    expect(refused).toThrow(/0570-015-369）は令和8年2月28日まで.*contacts/);
    const told: InsurerProfile = {
      ...kyokai,
      contacts: [
        ...kyokai.contacts,
        { ...kyokai.contacts[0]!, phone: '03-0000-0000', from: day('2026-03-01'), through: null },
      ],
    };
    expect(textsOfRun(told, run(kind, '2026-03-01', remake), ['home']).contacts.map(({ phone }) => phone)).toEqual([
      '0120-95-0178',
      '03-0000-0000',
    ]);
  },
);

test('the campaign’s papers are refused once the old cards have ended', () => {
  expect(() => textsOfRun(kyokai, run('certificate', '2025-12-01'), ['home'])).not.toThrow();
  expect(() => textsOfRun(kyokai, run('certificate', '2025-12-02'), ['home'])).toThrow(/一括発行の送付書（自宅あて）/);
});

test('a page of the insurer’s own is on the flyer with a code that leads there', async () => {
  const webPage = { title: '資格確認書について', url: 'https://example.jp/shikaku', from: null, through: null };
  const { artwork } = templatesOf({ ...kyokai, webPage }).compile('flyer', 'home');
  const [text] = await readTexts(Buffer.from(artwork), [0]);
  expect(text).toContain('資格確認書について');
  const [picture] = await drawPages(artwork, [0], 3);
  expect(await readCodes(picture!)).toContainEqual({ format: 'QRCode', text: webPage.url });
});

test('every form has its specimens, by holder and purpose', { timeout: 120_000 }, async () => {
  for (const id of ['kyokai-kenpo', 'mbk', 'seamen']) {
    const profile = await loadProfile(id);
    const names = specimensOf(profile, day('2026-01-15')).map(({ name }) => name);
    for (const name of [
      'certificate-back-voluntary',
      'letter-monthly-general',
      'letter-reissue-voluntary',
      'flyer-renewal',
      'recall-slip',
      'notice-home-digits',
      'request-form',
    ])
      expect(names, id).toContain(name);
    expect(
      names.filter((name) => /bulk/.test(name)),
      id,
    ).toEqual([]);
  }
});

test('a change of texts shows the papers before and after, and no other', { timeout: 120_000 }, async () => {
  const out = path.join(folder, 'papers');
  mkdirSync(out);
  const texts = kyokai.texts.map((entry) =>
    entry.place === 'letter-home' && entry.purpose.includes('rehome') ? { ...entry, text: ['別の文です。'] } : entry,
  );
  const drawn = await drawSpecimens({ ...kyokai, texts }, kyokai, day('2026-01-15'), out);
  expect(drawn.changed).toEqual(['letter-rehome-general', 'letter-rehome-voluntary']);
  expect(readdirSync(out).toSorted()).toEqual([
    'index.html',
    'letter-rehome-general-before.png',
    'letter-rehome-general.png',
    'letter-rehome-voluntary-before.png',
    'letter-rehome-voluntary.png',
  ]);
  expect(readFileSync(drawn.index, 'utf8')).toContain('変える前');
});
