// Room: formats. Japan Post's postal data: utf_ken_all.csv (UTF-8, 15 columns, no header) and JIGYOSYO.CSV (Shift_JIS,
// 13 columns, no header). A row that is none ends the reading with its line: half a list would be worse than none.
import type { PostalDistrict, PostalOffice } from '../rules/words/postal.ts';
import { readCsv } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import { detectEncoding } from './encoding.ts';

/** The file is not what it should be: line (1-based) and what was expected. */
export class PostalFileFault extends Error {
  readonly line: number;
  readonly expected: string;
  constructor(line: number, expected: string) {
    super(`${line}行　必要なもの: ${expected}`);
    this.name = 'PostalFileFault';
    this.line = line;
    this.expected = expected;
  }
}

/** Reads utf_ken_all.csv in batches. */
export async function* readPostalDistricts(file: string): AsyncIterable<PostalDistrict[]> {
  for await (const records of rowsOf(file, 15))
    yield records.map(({ line, fields }) => ({
      postalCode: postalCode(line, fields[2]),
      prefecture: named(line, fields[6], '都道府県名'),
      city: named(line, fields[7], '市区町村名'),
      town: wholeTown(line, named(line, fields[8], '町域名')),
    }));
}

/** Reads JIGYOSYO.CSV in batches; one row a code (複数番号 repeats none). */
export async function* readPostalOffices(file: string): AsyncIterable<PostalOffice[]> {
  for await (const records of rowsOf(file, 13))
    yield records.map(({ line, fields }) => ({
      postalCode: postalCode(line, fields[7]),
      prefecture: named(line, fields[3], '都道府県名'),
      city: named(line, fields[4], '市区町村名'),
    }));
}

async function* rowsOf(file: string, columns: number): AsyncIterable<readonly CsvRecord[]> {
  for await (const records of readCsv(file, await detectEncoding(file))) {
    for (const { line, fields, fault } of records)
      if (fault !== null || fields.length !== columns) throw new PostalFileFault(line, `${columns}列の行`);
    yield records;
  }
}

function postalCode(line: number, text: string | undefined): string {
  if (text === undefined || !/^\d{7}$/.test(text)) throw new PostalFileFault(line, '7桁の郵便番号');
  return text;
}

function named(line: number, text: string | undefined, what: string): string {
  if (text === undefined || text === '') throw new PostalFileFault(line, what);
  if (text.includes('\ufffd')) throw new PostalFileFault(line, `読める文字の${what}`);
  return text;
}

/** The older KEN_ALL.CSV breaks long notes over several rows; read row by row, its towns would be wrong. */
function wholeTown(line: number, town: string): string {
  if (town.includes('（') !== town.includes('）'))
    throw new PostalFileFault(line, '1行で終わる町域名（KEN_ALL.CSVではなくutf_ken_all.csv）');
  return town;
}
