// A file is known by its header, whatever it is called.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ENROLMENT_COLUMNS } from './enrolment.ts';
import { FILING_COLUMNS } from './filings.ts';
import { MEMBER_COLUMNS } from './members.ts';
import { RATIO_COLUMNS } from './ratios.ts';
import { recogniseFile } from './recognise.ts';
import { WORKPLACE_COLUMNS } from './workplaces.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'recognise-'));
afterAll(() => rm(folder, { recursive: true }));

const names = (columns: readonly { readonly name: string; readonly required: boolean }[], all: boolean): string =>
  columns.flatMap((column) => (all || column.required ? [column.name] : [])).join(',');

const MAPS = { members: { 氏名漢字: '氏名' } };

test.each<[string, string | Buffer, string | null]>([
  ['all columns of members', names(MEMBER_COLUMNS, true), 'members'],
  ['the required columns of members', names(MEMBER_COLUMNS, false), 'members'],
  ['what the profile calls a column', names(MEMBER_COLUMNS, false).replace('氏名', '氏名漢字'), 'members'],
  ['workplaces', names(WORKPLACE_COLUMNS, true), 'workplaces'],
  ['two columns of workplaces', names(WORKPLACE_COLUMNS, false), 'workplaces'],
  ['an enrolment', names(ENROLMENT_COLUMNS, false), 'enrolment'],
  ['ratios', names(RATIO_COLUMNS, true), 'ratios'],
  ['filings', names(FILING_COLUMNS, false), 'filings'],
  ['a title above the header', `10月分\r\n${names(WORKPLACE_COLUMNS, false)}`, 'workplaces'],
  ['tabs between the cells', names(RATIO_COLUMNS, true).replaceAll(',', '\t'), 'ratios'],
  ['UTF-16', Buffer.from(`\ufeff${names(RATIO_COLUMNS, true)}\r\n`, 'utf16le'), 'ratios'],
  ['other columns', 'あ,い,う', null],
  ['a column short', names(WORKPLACE_COLUMNS, false).replace(',事業所名称', ''), null],
  ['nothing', '', null],
  ['no table at all', '%PDF-1.7', null],
])('%s', async (_, content, expected) => {
  const file = path.join(folder, 'x.csv');
  writeFileSync(file, typeof content === 'string' ? `${content}\r\n` : content);
  expect(await recogniseFile(file, MAPS)).toBe(expected);
});
