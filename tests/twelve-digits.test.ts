// An individual number is refused wherever it is offered, is not repeated, and is kept nowhere: every column of every kind of
// file, every field of every request, the words of commands, the scan station; the files people bring to the server too.
import { readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { LIFE_COMMANDS } from '../src/cli/life/life-commands.ts';
import { QUERY_COMMANDS } from '../src/cli/desk/query-commands.ts';
import { readArguments } from '../src/cli/arguments.ts';
import { csvLine } from '../src/formats/csv.ts';
import { ENROLMENT_COLUMNS, readEnrolment } from '../src/formats/enrolment.ts';
import { FILING_COLUMNS, readFilings } from '../src/formats/filings.ts';
import { IDENTITY_COLUMNS, readIdentities } from '../src/formats/identities.ts';
import { MEMBER_COLUMNS, readMembers } from '../src/formats/members.ts';
import { RATIO_COLUMNS, readRatios } from '../src/formats/ratios.ts';
import { REISSUE_COLUMNS, readReissues } from '../src/formats/reissues.ts';
import { RESULT_COLUMNS, readResults } from '../src/formats/results.ts';
import { WORKPLACE_COLUMNS, readWorkplaces } from '../src/formats/workplaces.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import type { ImportPage } from '../src/server/contract/imports.ts';
import { importPage, openTestConsole, proposeFiles } from './console.ts';
import type { TestConsole } from './console.ts';
import { MEMBER } from './cast.ts';
import { tablesWith } from './ledger.ts';

const NUMBER = '123456789018';
const WRITTEN = [
  NUMBER,
  '１２３４５６７８９０１８',
  '1234-5678-9018',
  '1234–5678–9018',
  '1234 5678　9018',
  '番号は1234・5678・9018',
  '123456-789018',
  '123 456 789 018',
  '1234~5678~9018',
  '1234,5678,9018',
  '123456\u200b789018',
  '一二三四五六七八九〇一八',
  '①②③④⑤⑥⑦⑧⑨⓪①⑧',
  '١٢٣٤٥٦٧٨٩٠١٨',
  '1.23456789018E+11',
];

let at: TestConsole;
beforeAll(async () => {
  at = await openTestConsole();
});

const READERS = {
  加入者: [MEMBER_COLUMNS, readMembers],
  事業所: [WORKPLACE_COLUMNS, readWorkplaces],
  マイナ保険証: [ENROLMENT_COLUMNS, readEnrolment],
  負担割合: [RATIO_COLUMNS, readRatios],
  照会結果: [IDENTITY_COLUMNS, readIdentities],
  喪失届: [FILING_COLUMNS, readFilings],
  再交付: [REISSUE_COLUMNS, readReissues],
  結果: [RESULT_COLUMNS, (file: string) => readResults(file, 'contractor', {})],
  手渡し: [RESULT_COLUMNS, (file: string) => readResults(file, 'workplace', {})],
} as const;

test.each(Object.entries(READERS))(
  '%s.csv: in any column, known or not, the row is refused',
  async (name, [columns, read]) => {
    const header = [...columns.map((column) => column.name), '知らない列'];
    const file = path.join(at.folder, `${name}-12.csv`);
    // A row for each column and way of writing it.
    const rows = header.flatMap((_, place) =>
      WRITTEN.map((value) => header.map((_own, i) => (i === place ? value : ''))),
    );
    writeFileSync(file, [header, ...rows].map(csvLine).join(''));
    const lines = new Set<number>();
    for await (const batch of read(file, {})) {
      expect(batch.rows).toEqual([]);
      for (const error of batch.errors) {
        if (error.code === 'individual-number') lines.add(error.line);
        expect(JSON.stringify(error)).not.toMatch(/5678|５６７８|56.?78|五六七八|⑤⑥⑦⑧/);
      }
    }
    expect(lines.size).toBe(rows.length);
  },
);

interface Operation {
  readonly parameters?: readonly { name: string; in: string; example?: string | number }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { example?: unknown }>> };
}

/** Every value that could be sent in a field's place, one field at a time. */
function* withNumber(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) {
    for (const [i, own] of value.entries()) for (const put of withNumber(own)) yield value.with(i, put);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, own] of Object.entries(value)) for (const put of withNumber(own)) yield { ...value, [key]: put };
  } else {
    yield `番号 ${NUMBER}`;
    yield Number(NUMBER);
  }
}

test('the server: in any field of any body, query or address, before anything reads it', async () => {
  const office = await at.as('kyokai', 'headquarters');
  const document = (await (await office.get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  let asked = 0;
  const refuses = async (method: string, address: string, body?: unknown): Promise<void> => {
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await office.request(method, address, json);
    const said = await answer.text();
    expect(said, `${method} ${address.replace(NUMBER, '…')}`).not.toContain(NUMBER);
    expect({ status: answer.status, said }).toMatchObject({
      status: 400,
      said: expect.stringMatching(/"code":"individual-number".*個人番号（12桁）/),
    });
    asked += 1;
  };
  for (const [place, methods] of Object.entries(document.paths)) {
    const route = place.replace(/^\/api/, '');
    if (/^\/(?:session|oidc)/.test(route)) continue;
    for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
      const filled = route.replaceAll(/\{(\w+)\}/g, (_, name) =>
        encodeURIComponent(String(parameters.find((own) => own.name === name)?.example ?? '1')),
      );
      for (const { name, in: where } of parameters) {
        if (where === 'query' && name !== 'cursor') await refuses(method.toUpperCase(), `${filled}?${name}=${NUMBER}`);
        if (where === 'path') await refuses(method.toUpperCase(), route.replace(`{${name}}`, NUMBER));
      }
      const example = requestBody?.content['application/json']?.example;
      for (const body of withNumber(example ?? []))
        if (!JSON.stringify(body).match(/"(?:password|source)":"?番?号? ?\d{12}/))
          await refuses(method.toUpperCase(), filled, body);
    }
  }
  expect(asked).toBeGreaterThan(100);
  expect(await tablesWith(at.context, NUMBER)).toEqual([]);
});

test('commands: in any word but a file’s name; the scan station says nothing of it', async () => {
  const commands = [...LIFE_COMMANDS, ...QUERY_COMMANDS].filter(({ positional }) => positional !== null);
  let refused = 0;
  for (const command of commands) {
    if (/ファイル|\.csv/.test(command.positional!)) continue;
    expect(() => readArguments(command, [NUMBER, '--profile', 'mbk'])).toThrow(
      expect.objectContaining({ code: 'individual-number', message: expect.not.stringContaining(NUMBER) }),
    );
    refused += 1;
  }
  expect(refused).toBeGreaterThan(4);
  const answer = await scanReturn(at.context, at.mbk.profile.insurer.number, NUMBER, 'moved');
  expect(answer.kind).toBe('stranger');
  expect(JSON.stringify(answer)).not.toContain(NUMBER);
});

/** Files below a folder whose bytes hold a text. */
const filesWith = (text: string): string[] =>
  readdirSync(at.server.files, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = path.join(at.server.files, name);
    return statSync(file).isFile() && readFileSync(file).includes(text);
  });

/** Brings 加入者.csv of these rows, behind `more` lines in canonical order. */
async function bring(rows: readonly Readonly<Record<string, string>>[], more = ''): Promise<ImportPage> {
  const office = await at.as('mbk', 'headquarters');
  const header = MEMBER_COLUMNS.map((column) => column.name);
  const [names = '', ...lines] = [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))].map(csvLine);
  return proposeFiles(at, office, [{ name: '加入者.csv', content: [names, more, ...lines].join('') }]);
}

test('a file that is brought stays on no disk: gone once taken in, gone at once where it holds such a number', async () => {
  const refused = await bring([{ ...MEMBER, 方書: NUMBER }]);
  expect(refused).toMatchObject({ isFaulty: true });
  expect(refused.report!.files[0]!.fault!.message).toContain('送られたファイルは残していません');
  expect(filesWith(NUMBER)).toEqual([]);
  expect(await tablesWith(at.context, NUMBER)).toEqual([]);
  const office = await at.as('mbk', 'headquarters');
  const errors = (await (await office.get(`/imports/proposals/${refused.id}/members/errors`)).json()) as {
    rows: { code: string }[];
  };
  expect(errors.rows.map(({ code }) => code)).toEqual(['individual-number']);
  const fixed = await office.post(`/imports/proposals/${refused.id}/members/fixes`, {
    fixes: [{ line: 2, column: '方書', value: '' }],
  });
  expect(await fixed.json()).toMatchObject({ code: 'fix-refused' });

  // One that can be put right waits for it, for a week at most; its successor takes its place.
  const late = await bring([{ ...MEMBER, 氏名: '残留　太郎', 生年月日: 'きのう' }]);
  expect(late).toMatchObject({ isFaulty: true });
  expect(filesWith('残留')).toHaveLength(1);
  const put = await office.post(`/imports/proposals/${late.id}/members/fixes`, {
    fixes: [{ line: 2, column: '氏名', value: '残存　太郎' }],
  });
  expect(put.status).toBe(200);
  await at.settled();
  expect([filesWith('残留'), filesWith('残存').length]).toEqual([[], 1]);
  const [left] = filesWith('残存');
  const folder = path.join(at.server.files, path.dirname(left!));
  utimesSync(folder, new Date(0), new Date(0));
  // With everybody in use: a file of one would be taken for a part.
  const [names, ...others] = readFileSync(path.join(at.folder, 'mbk', '加入者.csv'), 'utf8').split(/(?<=\n)/);
  expect(names?.replace('\ufeff', '')).toBe(csvLine(MEMBER_COLUMNS.map((column) => column.name)));
  const joined = { ...MEMBER, 氏名: '取込　太郎', 資格取得年月日: '2026-01-01' };
  const { id, version } = await bring([joined], others.join(''));
  expect((await office.post(`/imports/proposals/${id}/confirmations`, { version })).status).toBe(200);
  await at.settled();
  expect(await importPage(office, id)).toMatchObject({ state: 'taken-in' });
  expect(filesWith('残存')).toEqual([]);
  expect(filesWith('取込　太郎')).toEqual([]);
});
