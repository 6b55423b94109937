import { expect, test } from 'vitest';
import {
  citeAct,
  citeRegulation,
  employerLine,
  fillWords,
  formName,
  isSchemeOf,
  returnWords,
  SCHEMES,
  schemeOfInsurer,
  unknownWords,
} from './scheme.ts';
import type { SchemeId } from './scheme.ts';

// 健保則51条4項・2項; 船員保険法施行規則40条4項・2項.
test.each<[SchemeId, 'employer' | 'direct', string]>([
  ['health', 'employer', '5日以内に事業主に提出'],
  ['health', 'direct', '5日以内に保険者に返納'],
  ['seamen', 'employer', '10日以内に船舶所有者に提出'],
  ['seamen', 'direct', '5日以内に全国健康保険協会に返納'],
])('a certificate of %s that passes %s goes back: %s', (id, passage, words) => {
  expect(returnWords(SCHEMES[id], passage)).toBe(words);
});

test('a scheme without employers has one passage', () => {
  const national = { ...SCHEMES.health, employer: null };
  expect(returnWords(national, 'employer')).toBe(returnWords(national, 'direct'));
});

test.each([
  ['02139996', 'seamen'],
  ['01130012', 'health'],
  ['06139992', 'health'],
  ['138016', 'health'],
] as const)('insurer %s is of %s', (number, id) => {
  expect(schemeOfInsurer(number).id).toBe(id);
  expect(isSchemeOf(id, number)).toBe(true);
  expect(isSchemeOf(id === 'health' ? 'seamen' : 'health', number)).toBe(false);
});

test('articles and forms are cited in full', () => {
  expect(citeRegulation(SCHEMES.health, 'return')).toBe('健康保険法施行規則第51条');
  expect(citeRegulation(SCHEMES.seamen, 'notice')).toBe('船員保険法施行規則第40条の3');
  expect(citeAct(SCHEMES.seamen, 'request')).toBe('船員保険法第28条の2');
  expect(formName(SCHEMES.health, null)).toBe('様式第九号（健康保険法施行規則第47条関係）');
  expect(formName(SCHEMES.health, 3)).toBe('様式第九号（3）（健康保険法施行規則第47条関係）');
  expect(formName(SCHEMES.seamen, null)).toBe('様式第一号（船員保険法施行規則第35条関係）');
  expect(employerLine(SCHEMES.seamen, '')).toBe('船舶所有者　様');
  expect(employerLine(SCHEMES.health, '山田　太郎')).toBe('事業主　山田　太郎　様');
});

test("an insurer's text takes the scheme's words", () => {
  const text = 'この証を{返却}してください。{事業主}と{保険者}、{喪失申出書}。{賞与}';
  expect(fillWords(text, SCHEMES.seamen, 'employer')).toBe(
    'この証を10日以内に船舶所有者に提出してください。船舶所有者と全国健康保険協会、疾病任意継続被保険者資格喪失申出書。{賞与}',
  );
  expect(unknownWords(text)).toEqual(['賞与']);
});
