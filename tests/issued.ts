// An issuance to test with: of a made-up population, or of a few rows written by hand. Also for the benches.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { csvLine } from '../src/formats/csv.ts';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { RATIO_COLUMNS } from '../src/formats/ratios.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import type { Context } from '../src/operations/context.ts';
import { importFile } from '../src/operations/intake/import.ts';
import { issue } from '../src/operations/issue.ts';
import type { IssueOptions, IssueResult } from '../src/operations/issue.ts';
import { variedBreakdown, writeSample } from '../src/operations/sample.ts';
import type { SampleOptions } from '../src/operations/sample.ts';
import { isInsurerNumber } from '../src/rules/words/check-digits.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import type { Cells } from './cast.ts';

/** A test's people are others than those of the issuance before. */
export const OTHER_PEOPLE = { person: '検査 太郎', reason: 'ほかの加入者' };

const ISSUE_OPTIONS = {
  issuedOn: '2025-07-22' as LocalDate,
  inputEncoding: null,
  outputEncoding: 'utf-8',
  skipInvalid: false,
  prints: false,
  override: OTHER_PEOPLE,
} as const;

/** Issues the first issuance of the profile to a sample of so many members; the inputs lie in `folder`. */
export async function issueSample(
  context: Context,
  profile: InsurerProfile,
  folder: string,
  sample: Pick<SampleOptions, 'members' | 'seed'> &
    Partial<Pick<SampleOptions, 'breakdown' | 'encoding' | 'withDigits'>>,
  options: Partial<IssueOptions> = {},
): Promise<IssueResult> {
  const issuance = profile.issuances[0]!;
  const breakdown = variedBreakdown(sample.members);
  const files = await writeSample({ breakdown, ...sample, outDir: folder, profile, issuance });
  const outDir = path.join(folder, 'out');
  return issue(context, profile, { ...ISSUE_OPTIONS, ...files, issuance: issuance.id, outDir, ...options });
}

export function writeRows(
  folder: string,
  name: string,
  columns: readonly { readonly name: string }[],
  rows: readonly Cells[],
): string {
  const file = path.join(folder, name);
  const header = columns.map((column) => column.name);
  writeFileSync(file, [header, ...rows.map((row) => header.map((h) => row[h] ?? ''))].map(csvLine).join(''));
  return file;
}

/** Rows of a file this program wrote, that holds no quotes. */
export function readRows(file: string): Cells[] {
  const [header, ...rows] = readFileSync(file, 'utf8')
    .replace('\ufeff', '')
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(header!.map((h, i) => [h, row[i] ?? ''])));
}

export interface GivenRows {
  readonly members: readonly Cells[];
  readonly enrolment: readonly Cells[];
  readonly workplaces?: readonly Cells[];
  /** 負担割合.csv; absent = none. */
  readonly ratios?: readonly Cells[];
}

let insurers = 0;

/** The profile for an insurer of its own, to whose people nothing was issued before. */
export function anotherInsurer(profile: InsurerProfile): InsurerProfile {
  insurers += 1;
  const body = `0113${String(insurers).padStart(3, '0')}`;
  const number = Array.from({ length: 10 }, (_, digit) => `${body}${digit}`).find(isInsurerNumber);
  if (number === undefined) throw new Error('every body has a check digit');
  return { ...profile, insurer: { ...profile.insurer, number } };
}

const FILES = { members: '加入者', workplaces: '事業所', enrolment: 'マイナ保険証', ratios: '負担割合' } as const;
const COLUMNS = {
  members: MEMBER_COLUMNS,
  workplaces: WORKPLACE_COLUMNS,
  enrolment: ENROLMENT_COLUMNS,
  ratios: RATIO_COLUMNS,
} as const;
let written = 0;

/** Issues the first issuance of the profile to these rows; everything lies in a folder of its own under `folder`. `onOptions` is told what was asked for. */
export async function issueRows(
  context: Context,
  profile: InsurerProfile,
  folder: string,
  given: GivenRows,
  options: Partial<IssueOptions> = {},
  onOptions: (used: IssueOptions) => void = () => undefined,
): Promise<IssueResult & { out: string }> {
  written += 1;
  const rows = { workplaces: [{ 記号: '100', 事業所名称: `株式会社${'あ'.repeat(36)}` }], ...given };
  const file = (kind: keyof typeof FILES): string =>
    writeRows(folder, `${FILES[kind]}-${written}.csv`, COLUMNS[kind], rows[kind] ?? []);
  const out = path.join(folder, `out-${written}`);
  const used: IssueOptions = {
    ...ISSUE_OPTIONS,
    issuance: profile.issuances[0]!.id,
    members: file('members'),
    workplaces: file('workplaces'),
    enrolment: file('enrolment'),
    ratios: given.ratios ? file('ratios') : null,
    outDir: out,
    ...options,
  };
  onOptions(used);
  return { ...(await issue(context, profile, used)), out };
}

/** Imports newer files of these rows, as a later month brings them. */
export async function importRows(
  context: Context,
  profile: InsurerProfile,
  folder: string,
  rows: Partial<GivenRows>,
  asOf: LocalDate,
): Promise<void> {
  written += 1;
  for (const kind of ['members', 'workplaces', 'enrolment', 'ratios'] as const) {
    const own = rows[kind];
    if (own === undefined) continue;
    const file = writeRows(folder, `${FILES[kind]}-${written}.csv`, COLUMNS[kind], own);
    const options = { encoding: null, skipInvalid: false, asOf: kind === 'enrolment' ? asOf : null };
    await importFile(context, profile, { kind, path: file, ...options, override: OTHER_PEOPLE });
  }
}

/** Issues to people of whom print holds one: a character no font has. The number of that piece; the newest files say nobody else. */
export async function issueHeld(
  context: Context,
  profile: InsurerProfile,
  folder: string,
  symbol = '100',
): Promise<string> {
  const members = ['協会　\uE000子', '協会　次郎'].map((name, i) =>
    person(String(i + 1), 0, { 記号: symbol, 氏名: name }),
  );
  const enrolment = members.map((row) => status(row['番号']!, 0, '0', { 記号: symbol }));
  const workplaces = [{ 記号: symbol, 事業所名称: '株式会社あさひ', 支部: '13' }];
  // Where the plan was issued before, they are a round of their own.
  const options = { prints: true, add: true };
  const { out } = await issueRows(context, profile, folder, { members, enrolment, workplaces }, options);
  return readRows(path.join(out, 'print-held.csv'))[0]!['郵便物番号']!;
}
