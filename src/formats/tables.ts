// Room: formats. A file as rows of cells, whatever a spreadsheet or a host has made of it: its encoding, its separator, and where
// the header stands. For a file that is no table of text, the error says what it looks like and how to save it instead.
import { open, stat } from 'node:fs/promises';
import { readCsv } from './csv.ts';
import type { CsvRecord, Separator } from './csv.ts';
import { detectEncoding } from './encoding.ts';
import type { InputEncoding } from './encoding.ts';
import { WorkbookFault, inBatches, readSheet } from './xlsx.ts';

/** The file as a whole cannot be read: nothing of it is stored. */
export class IntakeFault extends Error {
  readonly code: 'empty-file' | 'unreadable-header' | 'missing-column' | 'duplicate-column' | 'no-file';
  constructor(code: IntakeFault['code'], message: string) {
    super(message);
    this.name = 'IntakeFault';
    this.code = code;
  }
}

/** A file's rows from its header on. */
export interface Table {
  readonly encoding: InputEncoding | 'xlsx';
  /** Null where the file holds nothing. */
  readonly header: CsvRecord | null;
  /** Rows above the header: a title, a `sep=` line. */
  readonly above: readonly CsvRecord[];
  /** How it was read, where that is not as it should be: in Japanese, without a value. */
  readonly notes: readonly string[];
  /** Rows behind the header, in batches. */
  readonly rows: AsyncIterable<CsvRecord[]>;
  /** Lets go of the file, read to its end or not. */
  close(): Promise<void>;
}

export interface TableOptions {
  /** Forces the encoding; else it is detected. */
  readonly encoding?: InputEncoding | undefined;
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined;
}

/** How many rows may stand above a header, and how many filled cells such a row may have to be a title. */
const MOST_ABOVE = 12;
const MOST_TITLE_CELLS = 3;

const SEPARATOR_NAMES = { ',': 'カンマ', '\t': 'タブ', ';': 'セミコロン' } as const satisfies Record<Separator, string>;

/**
 * Opens a file. The header is the first row of which `isHeader` is true, cells parted by commas, tabs or semicolons; where
 * there is none, the first row of the file.
 *
 * @throws IntakeFault `no-file`, or `unreadable-header` where it is no table of text
 */
export async function openTable(
  path: string,
  isHeader: (cells: readonly string[]) => boolean,
  options: TableOptions = {},
): Promise<Table> {
  const totalBytes = await sizeOf(path);
  const start = await startOf(path);
  if (start.startsWith(ZIP)) return openWorkbook(path, isHeader, () => options.onProgress?.(totalBytes, totalBytes));
  refuseOtherFiles(start);
  const encoding = options.encoding ?? (await detectEncoding(path));
  const begin = (separator: Separator): AsyncIterator<CsvRecord[]> => {
    const onBytes = (bytes: number): void => options.onProgress?.(bytes, totalBytes);
    return readCsv(path, encoding, onBytes, separator)[Symbol.asyncIterator]();
  };
  let other: Opened | null = null;
  for (const separator of [',', '\t', ';'] as const) {
    const opened = await openAt(begin(separator), isHeader);
    if (opened.isFound) {
      await other?.records.return?.(undefined);
      return tableOf(opened, encoding, separator);
    }
    if (other === null) other = opened;
    else await opened.records.return?.(undefined);
  }
  return tableOf(other as Opened, encoding, ',');
}

interface Opened {
  readonly records: AsyncIterator<CsvRecord[]>;
  readonly first: readonly CsvRecord[];
  /** Of the header in `first`. */
  readonly at: number;
  readonly isFound: boolean;
}

async function openAt(
  records: AsyncIterator<CsvRecord[]>,
  isHeader: (cells: readonly string[]) => boolean,
): Promise<Opened> {
  const { value, done } = await records.next();
  const first = done ? [] : value;
  const at = first.slice(0, MOST_ABOVE).findIndex((record) => isHeader(headerCells(record)));
  const isTitled = at > 0 && first.slice(0, at).every((record) => filled(record) <= MOST_TITLE_CELLS);
  return at === 0 || isTitled ? { records, first, at, isFound: true } : { records, first, at: 0, isFound: false };
}

async function openWorkbook(
  path: string,
  isHeader: (cells: readonly string[]) => boolean,
  onRead: () => void,
): Promise<Table> {
  const sheet = await readSheet(path).catch((error: unknown) => {
    throw error instanceof WorkbookFault ? new IntakeFault('unreadable-header', error.message) : error;
  });
  onRead();
  const opened = await openAt(inBatches(sheet.rows)[Symbol.asyncIterator](), isHeader);
  const table = tableOf(opened, 'xlsx', ',');
  return { ...table, notes: [...sheet.notes, ...table.notes] };
}

function tableOf({ records, first, at }: Opened, encoding: Table['encoding'], separator: Separator): Table {
  const header = first[at] ?? null;
  const above = first.slice(0, at);
  const notes: string[] = [];
  if (separator !== ',') notes.push(`${SEPARATOR_NAMES[separator]}区切りのファイルとして読みました`);
  if (encoding.startsWith('utf-16')) notes.push('UTF-16（Unicodeテキスト）のファイルとして読みました');
  if (above.some((record) => !isSeparatorLine(record)))
    notes.push(`見出しは${header?.line}行目です。その上の行は表題として読みとばしました`);
  const close = async (): Promise<void> => void (await records.return?.(undefined));
  return { encoding, header, above, notes, rows: behind(first.slice(at + 1), records), close };
}

async function* behind(first: CsvRecord[], records: AsyncIterator<CsvRecord[]>): AsyncIterable<CsvRecord[]> {
  try {
    if (first.length > 0) yield first;
    for (let next = await records.next(); !next.done; next = await records.next()) yield next.value;
  } finally {
    await records.return?.(undefined);
  }
}

/** Cells of a header as they are meant: a line break inside a quoted one is the spreadsheet's look, no part of the name. */
export function headerCells(record: CsvRecord | null): string[] {
  return (record?.fields ?? []).map((name) =>
    name
      .replaceAll(/\r?\n/g, '')
      .replace(/^\ufeff/, '')
      .trim(),
  );
}

const filled = (record: CsvRecord): number => record.fields.filter((cell) => cell.trim() !== '').length;

/** `sep=,` above the header: for spreadsheets alone. */
const isSeparatorLine = (record: CsvRecord): boolean => /^sep=/i.test(record.fields[0] ?? '');

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new IntakeFault('no-file', 'ファイルがありません。');
  return found.size;
}

const SAVE_AS =
  'Excelで開き、「名前を付けて保存」でファイルの種類を「CSV UTF-8（コンマ区切り）」にして保存してください。';

/** First bytes of files that are no table of text: what they are, and what to do. */
const OTHER_FILES: readonly (readonly [first: string | RegExp, what: string])[] = [
  ['\u00d0\u00cf\u0011\u00e0', `古い形式（.xls）の、またはパスワードの付いたExcelブックです。${SAVE_AS}`],
  ['%PDF', 'PDFです。もとの表をCSVで保存したファイルを使ってください。'],
  ['\u001f\u008b', '圧縮されたファイル（gzip）です。展開してから取り込んでください。'],
  [
    /^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype|html|table|\?xml|\w+:)/i,
    `HTMLまたはXMLです（拡張子が.csvや.xlsでも）。${SAVE_AS}`,
  ],
  [
    /^[^\n]{0,100}\n\[kanri\]/,
    '届書作成プログラムの届書ファイル（SHFD0006.CSV、KPFD0006.CSV）です。この形のままでは取り込めません。喪失届は、届書・記号・番号・枝番・異動年月日・到着年月日の列の表（喪失届.csv）にしてください。',
  ],
  ['{\\rtf', '文書（RTF）です。もとの表をCSVで保存したファイルを使ってください。'],
  [/^(?:\u0089PNG|\u00ff\u00d8\u00ff|GIF8)/, '画像です。もとの表をCSVで保存したファイルを使ってください。'],
];

const ZIP = 'PK\u0003\u0004';

/** The first bytes of a file, a character each. */
async function startOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(256);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead).toString('latin1');
  } finally {
    await file.close();
  }
}

function refuseOtherFiles(start: string): void {
  const what = OTHER_FILES.find(([shape]) =>
    typeof shape === 'string' ? start.startsWith(shape) : shape.test(start),
  )?.[1];
  if (what !== undefined) throw new IntakeFault('unreadable-header', what);
}
