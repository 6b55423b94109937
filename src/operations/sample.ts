// Room: operations. A sample society as intake files: they depend on nothing but size, seed, profile and
// breakdown, and memory does not depend on the size. Every person and company in them is invented.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { TextFileWriter, csvLine } from '../formats/csv.ts';
import type { Encoding } from '../formats/encoding.ts';
import { ENROLMENT_COLUMNS, enrolmentCells } from '../formats/enrolment.ts';
import { MEMBER_COLUMNS, memberCells } from '../formats/members.ts';
import { RATIO_COLUMNS, ratioCells } from '../formats/ratios.ts';
import { WORKPLACE_COLUMNS, workplaceCells } from '../formats/workplaces.ts';
import type { InsurerProfile, IssuanceSettings } from '../rules/insurer.ts';
import type { FileReason } from '../rules/issuing/targeting.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { Chance } from './sample/chance.ts';
import type { Breakdown } from './sample/chance.ts';
import { ratioYear, ratiosOf } from './sample/ratios.ts';
import type { RatioYear } from './sample/ratios.ts';
import { liveOn } from './sample/later.ts';
import { generateSociety, readTowns } from './sample/society.ts';
import type { Person, Staff, Town } from './sample/society.ts';

export interface SampleOptions {
  /** 1 or more. */
  readonly members: number;
  readonly seed: number;
  readonly outDir: string;
  readonly profile: InsurerProfile;
  /** Its reference date and cut-offs are those the reasons hold for. */
  readonly issuance: IssuanceSettings;
  /** How many members get each reason; the rest are `verifiable`. */
  readonly breakdown: Breakdown;
  /** In CP932 no name holds a character it lacks. */
  readonly encoding?: Encoding;
  /** With what notices need: digits of made-up individual numbers, results of matching. Importing them takes a key. */
  readonly withDigits?: boolean;
  /** The society as it is on this later day, with who was hired since; null = as its issuance meets it. */
  readonly asOf?: LocalDate | null;
  /** Called after each workplace with the members written so far. */
  readonly onProgress?: (members: number) => void;
}

export interface SampleFiles {
  readonly members: string;
  readonly workplaces: string;
  readonly enrolment: string;
  readonly ratios: string;
}

/**
 * MBK連合, end of July 2025 (source 003): 8,669 without a card or not enrolled (here 5,201 and 3,468: the source gives
 * only their sum), 5 deregistered, 358 with an electronic certificate expired for three months, 68 returned.
 */
export const MBK_BREAKDOWN = {
  'no-card': 5201,
  unregistered: 3468,
  deregistered: 5,
  'certificate-expired': 358,
  'card-returned': 68,
} as const satisfies Breakdown;

export const MBK_MEMBERS = 31_067;

/** Shares of the varied mixture: 30.2% targets (003: 29.29%, 001: a third); the split among the rest is ours. */
const VARIED_SHARES = {
  lost: 0.012,
  'not-yet': 0.004,
  'day-labourer': 0.001,
  'after-cutoff': 0.02,
  'no-legacy-card': 0.004,
  'holds-certificate': 0.01,
  'special-care': 0.002,
  unlinked: 0.003,
  'card-returned': 0.002,
  'no-card': 0.17,
  deregistered: 0.001,
  unregistered: 0.11,
  'certificate-expired': 0.012,
  'no-status': 0.002,
} as const satisfies Record<Exclude<FileReason, 'verifiable'>, number>;

/** A mixture by share of the members; from 100 members on every reason occurs. */
export function variedBreakdown(members: number): Breakdown {
  const least = members >= 100 ? 1 : 0;
  return Object.fromEntries(
    Object.entries(VARIED_SHARES).map(([reason, share]) => [reason, Math.max(least, Math.floor(members * share))]),
  );
}

/**
 * Writes 加入者.csv, 事業所.csv, マイナ保険証.csv and 負担割合.csv, each whole or not at all; the same options write the same bytes.
 *
 * @throws RangeError where the breakdown counts more than the members.
 */
export async function writeSample(options: SampleOptions): Promise<SampleFiles> {
  const { outDir, encoding = 'utf-8' } = options;
  const society = peopleOf({ ...options, onlyCp932: encoding === 'cp932' }, await readTowns());
  await mkdir(outDir, { recursive: true });
  const files: SampleFiles = {
    members: path.join(outDir, '加入者.csv'),
    workplaces: path.join(outDir, '事業所.csv'),
    enrolment: path.join(outDir, 'マイナ保険証.csv'),
    ratios: path.join(outDir, '負担割合.csv'),
  };
  const writers: SampleWriters = {
    members: await startFile(files.members, MEMBER_COLUMNS, encoding),
    workplaces: await startFile(files.workplaces, WORKPLACE_COLUMNS, encoding),
    enrolment: await startFile(files.enrolment, ENROLMENT_COLUMNS, encoding),
    ratios: await startFile(files.ratios, RATIO_COLUMNS, encoding),
  };
  const year = ratioYear(options.profile, options.issuance, options.withDigits ?? false);
  try {
    let written = 0;
    for (const staff of society) {
      await writeStaff(writers, staff, year);
      written += staff.people.length;
      options.onProgress?.(written);
    }
    for (const writer of Object.values(writers)) await writer.finish();
  } catch (error) {
    for (const writer of Object.values(writers)) await writer.abandon();
    throw error;
  }
  return files;
}

/** Seed of who was hired since, so that they are others than the society's own. */
const HIRED_SEED = 7919;

/** The society as its issuance meets it, or on the later day that is asked for. */
function* peopleOf(options: SampleOptions & { readonly onlyCp932: boolean }, towns: readonly Town[]): Generator<Staff> {
  const { asOf = null, seed, issuance, members } = options;
  const society = generateSociety(options, towns);
  if (asOf === null) {
    yield* society;
    return;
  }
  const chance = new Chance(seed + HIRED_SEED);
  const newcomers = { ...options, seed: seed + HIRED_SEED, breakdown: variedBreakdown(members) };
  const others = generateSociety(newcomers, towns);
  for (const staff of society) {
    const { value } = others.next();
    const hired = firstHouseholds(value ? value.people : [], Math.ceil(staff.people.length / 12));
    yield liveOn(staff, hired, { from: issuance.referenceOn, asOf }, chance);
  }
}

/** The first whole households that hold at least so many people. */
function firstHouseholds(people: readonly Person[], least: number): readonly Person[] {
  const last = people[Math.min(least, people.length) - 1]?.member.number;
  const end = people.findLastIndex(({ member }) => member.number === last);
  return people.slice(0, end + 1);
}

type SampleWriters = Readonly<Record<keyof SampleFiles, TextFileWriter>>;

async function startFile(
  file: string,
  columns: readonly { readonly name: string }[],
  encoding: Encoding,
): Promise<TextFileWriter> {
  const writer = await TextFileWriter.create(file, encoding);
  await writer.write(csvLine(columns.map((column) => column.name)));
  return writer;
}

async function writeStaff(writers: SampleWriters, { workplace, people }: Staff, year: RatioYear): Promise<void> {
  let members = '';
  let enrolment = '';
  for (const person of people) {
    members += csvLine(memberCells(person.member));
    if (person.enrolment) enrolment += csvLine(enrolmentCells(person.enrolment));
  }
  await writers.workplaces.write(csvLine(workplaceCells(workplace)));
  await writers.members.write(members);
  await writers.enrolment.write(enrolment);
  await writers.ratios.write(
    ratiosOf(people, year)
      .map((row) => csvLine(ratioCells(row)))
      .join(''),
  );
}
