// 被保険者区分 is the insured person's: a dependent whose row says another, or nothing, is decided and sent by the insured person's, and
// listed. Whose birth date nobody can have is listed, too.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { person, status } from './cast.ts';
import { issueRows, readRows } from './issued.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

test('the insured person’s class rules, whatever order the rows are in', async () => {
  const members = [
    // Dependents stand before their insured person: the file is in any order.
    person('1', 1, { 被保険者区分: '' }),
    person('1', 0, { 被保険者区分: '2' }),
    person('2', 0, { 被保険者区分: '4' }),
    person('2', 1, { 被保険者区分: '1' }),
    person('3', 0, { 被保険者区分: '' }),
    person('3', 1, { 被保険者区分: '4' }),
    person('4', 0, { 被保険者区分: '3' }),
    person('4', 1, { 被保険者区分: '3' }),
    // No insured person to go by.
    person('5', 1, { 被保険者区分: '2' }),
    person('6', 0, { 生年月日: '1869-01-01' }),
  ];
  const enrolment = members.map((row) => status(row['番号']!, Number(row['枝番']), '0'));
  const kyokai = await loadProfile('kyokai-kenpo');
  const { out } = await issueRows(await openTestLedger(), kyokai, openTestFolder(), { members, enrolment });
  const decisions = new Map(
    readRows(path.join(out, 'decisions.csv')).map((row) => [`${row['番号']}-${row['枝番']}`, row['理由コード']]),
  );
  expect(decisions.get('2-00')).toBe('day-labourer');
  expect(decisions.get('2-01')).toBe('day-labourer');
  expect(decisions.get('3-01')).toBe('no-card');
  expect(decisions.get('1-01')).toBe('no-card');
  const warnings = readRows(path.join(out, 'warnings.csv'));
  const listed = (code: string): string[] =>
    warnings.filter((row) => row['コード'] === code).map((row) => `${row['番号']}-${row['枝番']}`);
  expect(listed('class-differs')).toEqual(['1-01', '2-01', '3-01']);
  expect(listed('age-unbelievable')).toEqual(['6-00']);
  expect(readFileSync(path.join(out, 'reconciliation.json'), 'utf8')).toContain('"balanced": true');
});

test('under an employers’ profile the family of a voluntary continuation goes home as one', async () => {
  const lately = { 資格取得年月日: '2024-10-01' };
  const members = [
    person('1', 0, { ...lately, 被保険者区分: '2' }),
    person('1', 1, { ...lately, 被保険者区分: '' }),
    person('2', 0),
  ];
  const enrolment = members.map((row) => status(row['番号']!, Number(row['枝番']), '0'));
  const workplaces = [{ 記号: '100', 事業所名称: '株式会社あさひ' }];
  const byEmployer = { ...(await loadProfile('kyokai-kenpo')), route: 'workplace' as const };
  const { out } = await issueRows(await openTestLedger(), byEmployer, openTestFolder(), {
    members,
    enrolment,
    workplaces,
  });
  expect(readRows(path.join(out, 'mailpieces.csv')).map((row) => [row['番号'], row['経路'], row['枚数']])).toEqual([
    ['1', 'home', '2'],
    ['2', 'workplace', '1'],
  ]);
});
