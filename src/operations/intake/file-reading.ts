// Room: operations. One file on its way in: its rows as they are stored, and every row at fault in a list beside the file.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { TextFileWriter, csvLine } from '../../formats/csv.ts';
import type { Encoding } from '../../formats/encoding.ts';
import { readEnrolment } from '../../formats/enrolment.ts';
import { IntakeFault, ROW_ERROR_LABELS } from '../../formats/intake.ts';
import type { IntakeRows, IntakeOptions, RowError } from '../../formats/intake.ts';
import { readMembers } from '../../formats/members.ts';
import { readRatios } from '../../formats/ratios.ts';
import { readWorkplaces } from '../../formats/workplaces.ts';
import { DuplicateRows, OlderDataset } from '../../ledger/intake/datasets.ts';
import { SNAPSHOTS } from '../../ledger/intake/snapshot-columns.ts';
import type { DatasetContent, DatasetKind, DuplicateRow } from '../../ledger/intake/datasets.ts';
import { HouseholdClasses } from '../../rules/intake/household-classes.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { Member, Workplace } from '../../rules/intake/member.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { addressKey, personKey } from '../../rules/intake/row-hashes.ts';
import { KeyShapesNote } from '../../rules/intake/join-keys.ts';
import { Refusal, throwIfStopped } from '../context.ts';
import type { Context, Override } from '../context.ts';
import { sealed } from './digits.ts';
import { olderThan } from './file-stops.ts';
import { KIND_LABELS } from '../issuance.ts';
import { RecordMatcher, hashRecords } from './match.ts';

export interface ImportOptions {
  readonly kind: DatasetKind;
  readonly path: string;
  /** Reference date of an enrolment snapshot; null otherwise. */
  readonly asOf: LocalDate | null;
  readonly encoding: Encoding | null;
  /** Stores the good rows and leaves the bad ones to the error file. */
  readonly skipInvalid: boolean;
  /** 照会結果.csv, compared with the members while they are taken in; absent = 突合結果 as the file says. */
  readonly records?: string | null;
  /** Rows the file is said to have (件数), or null. */
  readonly rows?: number | null;
  /** Who lets it in though it is older, shrunk, cut or of another count than it should be. */
  readonly override?: Override | null;
}

/** What besides the bytes decides the rows that are stored, as a short hash. */
export async function readingOf(
  profile: InsurerProfile,
  options: Pick<ImportOptions, 'kind' | 'encoding' | 'skipInvalid' | 'records'>,
): Promise<string> {
  const parts: unknown[] = [profile.columns[options.kind], options.encoding, options.skipInvalid];
  if (options.records) parts.push(await hashRecords(options.records));
  const reading = JSON.stringify(parts);
  return createHash('sha256').update(reading).digest('hex').slice(0, 16);
}

/** Ends the copy of a file that has bad rows. */
class InvalidRows extends Error {}

/** One file on its way in. */
export class FileReading {
  readonly unknownColumns: string[] = [];
  readonly notes: string[] = [];
  /** Rows that the file itself says it has (件数), or null. */
  controlTotal: number | null = null;
  readonly #classes = new HouseholdClasses();
  /** The list of rows at fault, where there is one and it is whole. */
  finishedErrors: string | null = null;
  readonly #context: Context;
  readonly #profile: InsurerProfile;
  readonly #options: ImportOptions;
  #encoding = '';
  #rows = 0;
  #rejected = 0;
  #errorCount = 0;
  #firstErrors: RowError[] = [];
  #errors: TextFileWriter | null = null;

  /** Told every row of members and workplaces that can be stored. */
  readonly #onRow: (line: number, row: { readonly member: Member } | { readonly workplace: Workplace }) => void;

  constructor(
    context: Context,
    profile: InsurerProfile,
    options: ImportOptions,
    onRow: (line: number, row: { readonly member: Member } | { readonly workplace: Workplace }) => void = () =>
      undefined,
  ) {
    this.#onRow = onRow;
    this.#context = context;
    this.#profile = profile;
    this.#options = options;
  }

  content(): DatasetContent {
    return {
      text: this.#lines(),
      summary: () => ({
        encoding: this.#encoding,
        rowCount: this.#rows,
        rejectedCount: this.#rejected,
        throughOn: this.#throughOn,
        keyShapes: this.#keys.shapes(),
        classesMayDiffer: this.#classes.mayDiffer,
      }),
    };
  }

  #batches(): AsyncIterable<{ text: string; rows: number; errors: readonly RowError[] }> {
    const { kind, path: file, encoding } = this.#options;
    const options: IntakeOptions = {
      encoding: encoding ?? undefined,
      columns: this.#profile.columns[kind],
      onHeader: (header) => {
        this.#encoding = header.encoding;
        this.unknownColumns.push(...header.unknownColumns);
      },
      onNote: (note) => this.notes.push(note),
      onControlTotal: (said) => void (this.controlTotal = said),
      onProgress: (bytes, total) => {
        if (bytes === 0 || !this.#begun) {
          this.#begun = true;
          this.#context.progress.begin(`${KIND_LABELS[kind]}の取込`, total, 'バイト');
        }
        this.#context.progress.reach(bytes);
      },
    };
    switch (kind) {
      case 'members':
        return asText(matched(readMembers(file, options), this.#options.records ?? null), (line, m) => {
          this.#keys.add(m.symbol, m.number);
          this.#classes.see(m);
          this.#onRow(line, { member: m });
          this.#reachDay(m.acquiredOn);
          if (m.decidedOn !== null) this.#reachDay(m.decidedOn);
          const digits = sealed(this.#context, this.#profile.insurer.number, m);
          return SNAPSHOTS.members.line({
            line,
            member: m,
            sealedDigits: digits,
            addressKey: addressKey(m.home),
            personKey: personKey(m),
          });
        });
      case 'workplaces':
        return asText(readWorkplaces(file, options), (line, w) => {
          this.#keys.add(w.symbol, '');
          this.#onRow(line, { workplace: w });
          return SNAPSHOTS.workplaces.line({
            line,
            workplace: w,
            addressKey: addressKey({ line: w.address, building: w.building }),
          });
        });
      case 'enrolment':
        return asText(readEnrolment(file, options), (line, enrolment) => {
          this.#keys.add(enrolment.symbol, enrolment.number);
          return SNAPSHOTS.enrolment.line({ line, enrolment });
        });
      case 'ratios':
        return asText(readRatios(file, options), (line, ratio) => {
          this.#keys.add(ratio.symbol, ratio.number);
          return SNAPSHOTS.ratios.line({ line, person: ratio, ratio });
        });
    }
  }
  #begun = false;
  readonly #keys = new KeyShapesNote();

  /** What a file of members is of: last year's knows nobody who has joined since. */
  #reachDay(day: LocalDate): void {
    if (this.#throughOn === null || day > this.#throughOn) this.#throughOn = day;
  }
  #throughOn: LocalDate | null = null;

  async *#lines(): AsyncIterable<string> {
    for await (const batch of this.#batches()) {
      throwIfStopped(this.#context);
      this.#rows += batch.rows;
      await this.#report(batch.errors);
      // After a bad row the rest is only read to name every error; the transaction will not be kept.
      if (this.#errorCount === 0 || this.#options.skipInvalid) yield batch.text;
    }
    if (this.#errorCount > 0 && (!this.#options.skipInvalid || this.#rows === 0)) throw new InvalidRows();
    // A snapshot of nobody would be the newest, and everybody gone. (Of ratios it says that nobody has one.)
    if (this.#rows === 0 && this.#options.kind !== 'ratios')
      throw new IntakeFault('empty-file', '見出しだけで、行が一つもありません。');
  }

  async #report(errors: readonly RowError[]): Promise<void> {
    if (errors.length === 0) return;
    this.#errors ??= await this.#createErrors();
    let last = -1;
    for (const error of errors) {
      if (error.line !== last) this.#rejected += 1;
      last = error.line;
      if (this.#firstErrors.length < 10) this.#firstErrors.push(error);
      await this.#errors.write(csvLine([error.line, error.column, error.code, messageOf(error)]));
    }
    this.#errorCount += errors.length;
  }

  async #createErrors(): Promise<TextFileWriter> {
    const writer = await TextFileWriter.create(this.errorsPath);
    await writer.write(csvLine(['line', 'column', 'code', 'message']));
    return writer;
  }

  get errorsPath(): string {
    return `${this.#options.path}.errors.csv`;
  }

  async reportDuplicates(rows: readonly DuplicateRow[]): Promise<void> {
    await this.#report(
      rows.map((row) => ({
        line: row.line,
        column: '',
        code: 'duplicate-key' as const,
        expected: `${row.firstLine}行目と違う記号・番号・枝番（前の0や全角・半角だけの違いは同じとみなします）`,
        key: row.key,
      })),
    );
  }

  async finishErrors(): Promise<string | null> {
    if (this.#errors === null) return null;
    await this.#errors.finish();
    this.#errors = null;
    return (this.finishedErrors = this.errorsPath);
  }

  /** A fault of the input as a refusal that names it; anything else as it is. */
  async asRefusal(error: unknown, fileName: string): Promise<unknown> {
    if (error instanceof DuplicateRows) await this.reportDuplicates(error.rows);
    else if (error instanceof IntakeFault) return new Refusal(error.code, `${fileName}: ${error.message}`);
    else if (error instanceof OlderDataset) {
      await this.#errors?.abandon();
      const why = olderThan(error.own, error.newest, this.#options.asOf !== null);
      return new Refusal('file-precedes', `${fileName}: ${why}何も取り込みませんでした。`);
    } else if (!(error instanceof InvalidRows)) {
      await this.#errors?.abandon();
      return error;
    }
    const errorsPath = await this.finishErrors();
    const details = this.#firstErrors.map((e) => `${e.line}行 ${e.column || '（行全体）'}: ${messageOf(e)}`);
    if (this.#errorCount > details.length) details.push(`ほか${this.#errorCount - details.length}件`);
    if (errorsPath) details.push(`すべての誤り: ${path.basename(errorsPath)}`);
    return new Refusal(
      'invalid-rows',
      `${fileName}: ${this.#errorCount}件の誤りがあり、何も取り込みませんでした。`,
      details,
    );
  }
}

/** What is wrong, what was expected, and whose row it is. */
function messageOf(error: RowError): string {
  const whose = error.key ? `（${error.key}）` : '';
  return `${ROW_ERROR_LABELS[error.code]}。必要なもの: ${error.expected}${whose}`;
}

/** Members with the match of their records, where a file of records is given. */
async function* matched(
  batches: AsyncIterable<IntakeRows<Member>>,
  records: string | null,
): AsyncIterable<IntakeRows<Member>> {
  if (records === null) return yield* batches;
  const matcher = new RecordMatcher(records);
  for await (const { rows, errors } of batches) {
    const results = await matcher.resultsOf(rows.map((row) => row.value));
    const matched = rows.map(({ line, value }, i) => ({ line, value: { ...value, matchResult: results[i] ?? null } }));
    yield { rows: matched, errors };
  }
  matcher.finish();
}

async function* asText<T>(
  batches: AsyncIterable<IntakeRows<T>>,
  lineOf: (line: number, value: T) => string,
): AsyncIterable<{ text: string; rows: number; errors: readonly RowError[] }> {
  for await (const { rows, errors } of batches) {
    let text = '';
    for (const row of rows) text += lineOf(row.line, row.value);
    yield { text, rows: rows.length, errors };
  }
}
