// Cells that are none never reach paper: names and addresses nobody can have stop their piece, are shown to staff with what could
// stand there, and go on paper when a named person has corrected them or said that they are right.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { applyToPieces } from '../src/operations/desk/piece-actions.ts';
import { writeOutput } from '../src/operations/issue.ts';
import { correctHeld, getHeldPiece } from '../src/operations/life/held.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import { getLatestIssuance } from '../src/operations/issuance.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { issueRows, readRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';
import { readTexts } from './pages.ts';

const kyokai = await loadProfile('kyokai-kenpo');
const insurer = kyokai.insurer.number;
const context = await openTestLedger();
const folder = openTestFolder();

const ODD: readonly Cells[] = [
  { 氏名: '山●　太郎' },
  { 氏名: '⻑⻄　⻘⼦', カナ氏名: 'ナガニシ　アオコ' },
  { 氏名: '譛ｬ逕ｰ' },
  { 氏名: '山田　太郎様' },
  { カナ氏名: '？？？' },
  { 住所: '不明' },
  { 住所: '⼤阪府大阪市北区1-2-3' },
  { 住所: '東京都千代田区霞が関1-3-2', 方書: '同上' },
  { 旧姓: '〓木', 旧姓併記: '1' },
  // Ordinary: a building that is none, padded cells, a name of many parts.
  { 氏名: ' グエン　ティ　ホア ', 方書: 'なし' },
  { 氏名: '殿村　様子' },
];
let out = '';
const MEMBERS = ODD.map((row, i) => person(String(i + 1), 0, row));

test('each odd name or address stops its own piece, and none of it is on paper', async () => {
  const enrolment = MEMBERS.map((row) => status(row['番号']!, 0, '0'));
  ({ out } = await issueRows(context, kyokai, folder, { members: MEMBERS, enrolment }, { prints: true }));
  const held = readRows(path.join(out, 'print-held.csv'));
  const reasons = Map.groupBy(held, (row) => row['番号']!);
  const codes = new Map([...reasons].map(([number, rows]) => [number, new Set(rows.map((row) => row['理由']))]));
  expect([...codes].map(([number, own]) => [number, [...own]])).toEqual([
    ['1', ['氏名（名称）として読めない']],
    ['2', ['氏名（名称）として読めない']],
    ['3', ['氏名（名称）として読めない']],
    ['4', ['氏名（名称）として読めない']],
    ['5', ['氏名（名称）として読めない']],
    ['6', ['住所といえるものがない']],
    ['7', ['住所に読めない文字がある']],
    ['8', ['住所といえるものがない']],
    ['9', ['氏名（名称）として読めない']],
  ]);
  const letters = readFileSync(path.join(out, 'print', '00001-letters.pdf'));
  const texts = await readTexts(letters, [0, 1]);
  expect(texts[0]).toContain('グエンティホア様');
  expect(texts[0]).not.toContain('なし');
  expect(texts[1]).toContain('殿村様子様');
});

const pieceOf = (number: string): string =>
  readRows(path.join(out, 'mailpieces.csv')).find((row) => row['番号'] === number)!['郵便物番号']!;
const reason = '本人に確かめた';
const request = (text: string) => ({ subNumber: '00', field: 'name', text, reason }) as const;

test('staff see what may stand there; what would be held again is refused', async () => {
  const seen = await getHeldPiece(context, insurer, pieceOf('2'));
  expect(seen.reasons).toContainEqual({
    subNumber: '00',
    reason: 'name-unreadable',
    field: 'name',
    codePoint: 'U+2ED1',
  });
  expect(seen.texts.find((text) => text.field === 'name')?.suggestion).toBe('長西　青子');
  expect(seen.texts.find((text) => text.field === 'kana')?.suggestion).toBeNull();
  for (const text of ['山■　太郎', '不明', '山田　太郎殿'])
    await expect(correctHeld(context, kyokai, pieceOf('1'), request(text))).rejects.toMatchObject({
      code: 'text-refused',
    });
  const address = { subNumber: '00', field: 'address', text: '同上', postalCode: '1000013', reason } as const;
  await expect(correctHeld(context, kyokai, pieceOf('6'), address)).rejects.toMatchObject({ code: 'text-refused' });
});

test('corrected, confirmed, or released as it is by name: it is printed; a piece of which nothing was said stays', async () => {
  expect(await correctHeld(context, kyokai, pieceOf('1'), request('山崎　太郎'))).toBe('recorded');
  expect(await correctHeld(context, kyokai, pieceOf('2'), request('長西　青子'))).toBe('recorded');
  // The very text of the file, said to be right.
  expect(await correctHeld(context, kyokai, pieceOf('4'), request('山田　太郎様'))).toBe('recorded');
  expect(await correctHeld(context, kyokai, pieceOf('4'), request('山田　太郎様'))).toBe('already');
  const released = ['1', '2', '4', '8'].map(pieceOf);
  const outcome = await applyToPieces(context, insurer, released, 'release', reason);
  expect(outcome).toMatchObject({ recorded: 4, refused: [] });
  const parent = await getLatestIssuance(context, kyokai, null);
  const { issuance: run } = await remakePieces(context, parent, kyokai, 'release', '2025-10-27' as LocalDate);
  const outDir = path.join(folder, 'released');
  await writeOutput(context, run!, kyokai, { outDir, encoding: 'utf-8', prints: true });
  expect(readRows(path.join(outDir, 'print-held.csv'))).toEqual([]);
  const texts = await readTexts(readFileSync(path.join(outDir, 'print', '00001-letters.pdf')), [0, 1, 2, 3]);
  expect(texts[0]).toContain('山崎太郎様');
  expect(texts[1]).toContain('長西青子様');
  expect(texts[2]).toContain('山田太郎様様');
  expect(texts[3]).toContain('同上');
});
