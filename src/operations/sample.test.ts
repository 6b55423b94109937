import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { readEnrolment } from '../formats/enrolment.ts';
import type { IntakeRows, IntakeOptions } from '../formats/intake.ts';
import { readMembers } from '../formats/members.ts';
import { loadProfile } from '../formats/profile.ts';
import { readWorkplaces } from '../formats/workplaces.ts';
import type { InsurerProfile, IssuanceSettings } from '../rules/insurer.ts';
import { formatPersonKey } from '../rules/words/person-key.ts';
import type { Enrolment, Member, Workplace } from '../rules/intake/member.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { decide } from '../rules/issuing/targeting.ts';
import type { ReasonCode } from '../rules/issuing/targeting.ts';
import { coveredThrough } from '../rules/intake/coverage.ts';
import { certificateValidity } from '../rules/issuing/validity.ts';
import { isPossiblePostalCode, memberWarnings } from '../rules/issuing/warnings.ts';
import { readTowns } from './sample/society.ts';
import { doubtOfName } from '../rules/intake/doubts.ts';
import { GIVEN_NAMES, SURNAMES } from './sample/names.ts';
import { MBK_BREAKDOWN, MBK_MEMBERS, variedBreakdown, writeSample } from './sample.ts';
import type { SampleFiles, SampleOptions } from './sample.ts';

const folder = openTestFolder();
const mbk = await loadProfile('mbk');
const kyokai = await loadProfile('kyokai-kenpo');
const seamen = await loadProfile('seamen');

const issuanceOf = (profile: InsurerProfile): IssuanceSettings => profile.issuances[0]!;
const issueDateOf = (profile: InsurerProfile): LocalDate => issuanceOf(profile).issuedOn ?? ('2025-07-22' as LocalDate);

let made = 0;
function sample(options: Partial<SampleOptions> & Pick<SampleOptions, 'members' | 'profile'>): Promise<SampleFiles> {
  return writeSample({
    seed: 1,
    outDir: path.join(folder, String(++made)),
    issuance: issuanceOf(options.profile),
    breakdown: variedBreakdown(options.members),
    ...options,
  });
}

interface Society {
  readonly members: Member[];
  readonly workplaces: Workplace[];
  readonly enrolment: Map<string, Enrolment>;
}

/** Reads a file as the product does; no row may have an error, and no column may be unknown. */
async function valuesOf<T>(
  read: (file: string, options: IntakeOptions) => AsyncIterable<IntakeRows<T>>,
  file: string,
): Promise<T[]> {
  const values: T[] = [];
  const onHeader: IntakeOptions['onHeader'] = ({ unknownColumns }) => expect(unknownColumns).toEqual([]);
  for await (const { rows, errors } of read(file, { onHeader })) {
    expect(errors).toEqual([]);
    for (const row of rows) values.push(row.value);
  }
  return values;
}

async function readSociety(files: SampleFiles): Promise<Society> {
  const enrolment = await valuesOf(readEnrolment, files.enrolment);
  return {
    members: await valuesOf(readMembers, files.members),
    workplaces: await valuesOf(readWorkplaces, files.workplaces),
    enrolment: new Map(enrolment.map((e) => [formatPersonKey(e), e])),
  };
}

/** The reason the rules give each member, in the order of the file. */
function reasonsOf({ members, enrolment }: Society, profile: InsurerProfile): ReasonCode[] {
  const rules = { ...issuanceOf(profile), issuedOn: issueDateOf(profile) };
  return members.map((m) => decide({ ...m, enrolment: enrolment.get(formatPersonKey(m)) ?? null }, rules).reason);
}

function countOf(values: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]));
}

const householdsOf = (members: readonly Member[]): Member[][] => [
  ...Map.groupBy(members, (m) => `${m.symbol}-${m.number}`).values(),
];

const exact = await readSociety(await sample({ members: MBK_MEMBERS, profile: mbk, breakdown: MBK_BREAKDOWN }));
const varied = await readSociety(await sample({ members: 20_000, profile: kyokai, seed: 3 }));

test('the society of July 2025 has the 9,100 targets of source 003, by reason, and nobody else of interest', () => {
  const counts = countOf(reasonsOf(exact, mbk));
  expect(counts).toEqual({
    'no-card': 5201,
    unregistered: 3468,
    deregistered: 5,
    'certificate-expired': 358,
    'card-returned': 68,
    verifiable: 21_967,
  });
  expect(5201 + 3468).toBe(8669);
  expect(31_067 - 21_967).toBe(9100);
  expect(exact.members.every((m) => m.acquiredOn <= '2024-12-01' && m.holdsLegacyCard && m.lostOn === null)).toBe(true);
  expect(exact.workplaces.length).toBeGreaterThanOrEqual(350);
  expect(exact.workplaces.length).toBeLessThanOrEqual(450);
});

test('every target of that society gets a certificate: no cap has ended, nobody is stopped', () => {
  const issuedOn = issueDateOf(mbk);
  const heads = new Map(
    exact.members.filter((m) => m.relation === 'insured').map((m) => [`${m.symbol}-${m.number}`, m]),
  );
  const none = exact.members.filter((m) => {
    const cover = coveredThrough(m, heads.get(`${m.symbol}-${m.number}`) ?? null);
    return certificateValidity(cover, mbk.validity, issuedOn).validThrough === null;
  });
  expect(none).toEqual([]);
  expect(exact.members.filter((m) => m.mailStopped || m.insuredClass !== 'general')).toEqual([]);
});

test.each([
  ['kyokai-kenpo', kyokai],
  ['mbk', mbk],
  ['seamen', seamen],
] as const)('under %s the rules give each reason exactly as often as it was dealt', async (_, profile) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 100, max: 1500 }), fc.integer(), async (members, seed) => {
      const society = await readSociety(await sample({ members, seed, profile }));
      const breakdown = variedBreakdown(members);
      const dealt = Object.values(breakdown).reduce((sum, count) => sum + count, 0);
      expect(society.members).toHaveLength(members);
      expect(countOf(reasonsOf(society, profile))).toEqual({ ...breakdown, verifiable: members - dealt });
      expect(new Set(society.members.map(formatPersonKey)).size).toBe(members);
    }),
    { numRuns: 12 },
  );
});

test('a varied society has every reason, and between 29 and 33 of a hundred are targets', () => {
  const rules = { ...issuanceOf(kyokai), issuedOn: issueDateOf(kyokai) };
  const targets = varied.members.filter(
    (m) => decide({ ...m, enrolment: varied.enrolment.get(formatPersonKey(m)) ?? null }, rules).isTarget,
  );
  expect(new Set(reasonsOf(varied, kyokai)).size).toBe(15);
  expect(targets.length / varied.members.length).toBeGreaterThan(0.29);
  expect(targets.length / varied.members.length).toBeLessThan(0.33);
});

test('households are as large as real ones, up to nine, some without an insured row, all of one class', () => {
  const households = householdsOf(varied.members);
  const average = varied.members.length / households.length;
  expect(average).toBeGreaterThan(1.65);
  expect(average).toBeLessThan(1.85);
  expect(Math.max(...households.map((h) => h.length))).toBe(9);
  expect(households.filter((h) => h.every((m) => m.relation === 'dependent')).length).toBeGreaterThan(5);
  expect(households.filter((h) => new Set(h.map((m) => m.insuredClass)).size > 1)).toEqual([]);
  const reasons = reasonsOf(varied, kyokai);
  const isTarget = new Map(
    varied.members.map((m, i) => [formatPersonKey(m), ['no-card', 'unregistered'].includes(reasons[i]!)]),
  );
  const onlyDependents = households.filter(
    ([head, ...others]) =>
      head!.relation === 'insured' &&
      !isTarget.get(formatPersonKey(head!)) &&
      others.some((m) => isTarget.get(formatPersonKey(m))),
  );
  expect(onlyDependents.length).toBeGreaterThan(50);
});

const share = (is: (m: Member) => boolean): number => varied.members.filter(is).length / varied.members.length;

test.each<[string, number, number, (m: Member) => boolean]>([
  ['任意継続', 0.015, 0.05, (m) => m.insuredClass === 'voluntary-continuation'],
  ['送付停止', 0.0001, 0.002, (m) => m.mailStopped],
  ['任意記載', 0.0005, 0.005, (m) => m.hasOptionalEntries],
  ['送付先 of the household', 0.0005, 0.005, (m) => m.mailTo !== null && m.relation === 'insured'],
  ['送付先 of a dependent', 0.0001, 0.002, (m) => m.mailTo !== null && m.relation === 'dependent'],
  ['旧姓', 0.005, 0.02, (m) => m.formerName !== null],
  ['旧姓併記', 0.002, 0.01, (m) => m.showsFormerName],
  ['性別裏面記載', 0.0001, 0.002, (m) => m.sexOnBack],
  ['no postal code', 0.0001, 0.005, (m) => m.home?.postalCode === ''],
  ['an impossible postal code', 0.0001, 0.01, (m) => m.home !== null && !isPossiblePostalCode(m.home.postalCode)],
  ['leaving soon after the reference date', 0.001, 0.01, (m) => m.lostOn !== null && m.lostOn > '2025-04-30'],
  ['a dependent living elsewhere', 0.002, 0.02, (m) => m.relation === 'dependent' && m.home !== null],
  ['髙 or 﨑', 0.002, 0.03, (m) => /[髙﨑]/.test(m.name)],
  ['濵 or 邉', 0.002, 0.03, (m) => /[濵邉]/.test(m.name)],
  ['𠮷', 0.0005, 0.02, (m) => m.name.includes('𠮷')],
  ['葛 with a variation selector', 0.0005, 0.02, (m) => m.name.includes('葛\u{e0101}')],
  ['辻 with a variation selector', 0.0005, 0.02, (m) => m.name.includes('辻\u{e0100}')],
  ['a name longer than twenty characters', 0.0001, 0.002, (m) => m.name.length > 20],
  ['a kana that is none', 0.00005, 0.002, (m) => warnsOfKana(m)],
  [
    'the gap group',
    0.001,
    0.02,
    (m) => m.acquiredOn <= '2024-11-30' && m.decidedOn !== null && m.decidedOn >= '2024-12-02',
  ],
])('a varied society knows %s, but rarely', (_, least, most, is) => {
  expect(share(is)).toBeGreaterThanOrEqual(least);
  expect(share(is)).toBeLessThanOrEqual(most);
});

function warnsOfKana({ kana }: Member): boolean {
  return memberWarnings({ kana, reason: 'verifiable', postalCode: null }).includes('kana-is-none');
}

test('some live at their workplace, some homes are shared by many households', () => {
  const placeOf = new Map(varied.workplaces.map((w) => [w.symbol, w.address + w.building]));
  const homes = varied.members.filter((m) => m.home !== null);
  expect(homes.filter((m) => m.home!.line + m.home!.building === placeOf.get(m.symbol)).length).toBeGreaterThan(2);
  const households = [...Map.groupBy(homes, (m) => m.home!.line + m.home!.building).values()].map(
    (people) => new Set(people.map((m) => `${m.symbol}-${m.number}`)).size,
  );
  expect(households.some((count) => count >= kyokai.warnings.sharedAddressHouseholds)).toBe(true);
});

test('where the issuance does not ask for the decision, the gap group are members like others', async () => {
  const society = await readSociety(await sample({ members: 20_000, profile: mbk }));
  const gap = society.members.filter((m) => m.decidedOn !== null && m.decidedOn >= '2024-12-02');
  expect(gap.length).toBeGreaterThan(10);
  expect(gap.every((m) => m.acquiredOn <= '2024-12-01' && m.acquiredOn < m.decidedOn!)).toBe(true);
});

test('dates are those of lives: born, acquired, decided, lost, in this order; the insured from 18 on', () => {
  const inOrder = ({ bornOn, acquiredOn, decidedOn, lostOn }: Member): boolean =>
    bornOn <= acquiredOn && acquiredOn <= (decidedOn ?? acquiredOn) && (lostOn === null || acquiredOn < lostOn);
  const grownUp = ({ relation, bornOn, acquiredOn }: Member): boolean =>
    relation === 'dependent' || Number(acquiredOn.slice(0, 4)) - Number(bornOn.slice(0, 4)) >= 18;
  const all = [...varied.members, ...exact.members];
  expect(all.filter((m) => !inOrder(m))).toEqual([]);
  expect(all.filter((m) => !grownUp(m))).toEqual([]);
});

test('workplaces are of all sizes, some alike in name, one in forty with forty characters, in their own branch', () => {
  const sizes = [...Map.groupBy(exact.members, (m) => m.symbol).values()].map((people) => people.length);
  expect(sizes.filter((size) => size <= 5).length).toBeGreaterThan(20);
  expect(Math.max(...sizes)).toBeGreaterThan(500);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2000);
  const names = exact.workplaces.map((w) => w.name);
  expect(new Set(names).size).toBeLessThan(names.length);
  expect(names.filter((name) => [...name].length === 40)).toHaveLength(Math.floor(names.length / 40));
  expect(new Set(exact.workplaces.map((w) => w.symbol)).size).toBe(names.length);
  expect(exact.workplaces.every((w) => w.branchCode === '')).toBe(true);
  const branches = new Map(kyokai.branches.map((branch) => [branch.code, branch.name.replace(/支部$/, '')]));
  expect(varied.workplaces.filter((w) => !w.address.startsWith(branches.get(w.branchCode) ?? '?'))).toEqual([]);
});

test('towns are of all 47 prefectures, each postal code once and possible', async () => {
  const towns = await readTowns();
  expect(new Set(towns.map(([, prefecture]) => prefecture)).size).toBe(47);
  expect(new Set(towns.map(([code]) => code)).size).toBe(towns.length);
  expect(towns.filter(([code, ...parts]) => !isPossiblePostalCode(code) || parts.includes(''))).toEqual([]);
  // 8500 to 8799 are the codes of single large offices: nobody lives there.
  expect(towns.filter(([code]) => /8[5-7]..$/.test(code))).toEqual([]);
});

test('one seed gives one society, byte by byte; another seed another', async () => {
  const bytes = (files: SampleFiles): string[] => Object.values(files).map((file) => readFileSync(file, 'utf8'));
  const first = bytes(await sample({ members: 800, profile: kyokai, seed: 5 }));
  expect(bytes(await sample({ members: 800, profile: kyokai, seed: 5 }))).toEqual(first);
  expect(bytes(await sample({ members: 800, profile: kyokai, seed: 6 }))[0]).not.toBe(first[0]);
});

test('a sample in CP932 loses no character', async () => {
  const files = await sample({ members: 4000, profile: kyokai, encoding: 'cp932' });
  const { members } = await readSociety(files);
  expect(members.some((m) => m.name.includes('髙'))).toBe(true);
  expect(members.filter((m) => /〓|𠮷|[\u{e0100}-\u{e01ef}]/u.test(m.name))).toEqual([]);
});

test.each([1, 2, 99])('%i members are enough for a society', async (members) => {
  const society = await readSociety(await sample({ members, profile: mbk }));
  expect(society.members).toHaveLength(members);
});

test('more reasons than members are refused, and no file is left', async () => {
  const outDir = path.join(folder, 'refused');
  await expect(sample({ members: 10, profile: mbk, outDir, breakdown: { 'no-card': 11 } })).rejects.toThrow(RangeError);
  expect(existsSync(outDir) ? readdirSync(outDir) : []).toEqual([]);
});

test('no name that the sample makes up is doubted', () => {
  const doubted: string[] = [];
  for (const [surname] of SURNAMES)
    for (const [given] of [...GIVEN_NAMES.male, ...GIVEN_NAMES.female])
      for (const name of [`${surname}　${given}`, `${surname}${given}`, given])
        if (doubtOfName(name) !== null) doubted.push(name);
  expect(doubted).toEqual([]);
});
