// Room: cli. Command lines: options by table, help made from the same table, errors in Japanese.
import { parseArgs } from 'node:util';
import type { Encoding } from '../formats/encoding.ts';
import { Refusal } from '../operations/context.ts';
import type { Override } from '../operations/context.ts';
import { parseDate } from '../rules/words/calendar.ts';
import { holdsIndividualNumber } from '../rules/words/individual-numbers.ts';
import type { LocalDate } from '../rules/words/local-date.ts';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** Shown in the help after the name, for options with a value. */
  readonly value?: string;
  readonly help: string;
  readonly required?: boolean;
}

export type Options = Readonly<Record<string, Option>>;

export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K]['type'] extends 'boolean' ? boolean : string | null;
};

export interface Command<O extends Options> {
  readonly name: string;
  readonly summary: string;
  /** Positional argument: its name in the help, or null. */
  readonly positional: string | null;
  readonly options: O;
  /** @returns the exit status. */
  readonly issuance: (values: Values<O>, positional: string) => Promise<number>;
}

/** A command with its types tied together, then forgotten. */
export function command<const O extends Options>(definition: Command<O>): Command<Options> {
  return definition as unknown as Command<Options>;
}

export const COMMON = {
  json: { type: 'boolean', help: '結果をJSONで標準出力に書く' },
  help: { type: 'boolean', help: 'この説明を表示する' },
} as const satisfies Options;

export const PROFILE = {
  profile: {
    type: 'string',
    value: '名前またはファイル',
    help: '保険者プロファイル（kyokai-kenpo、mbk、seamen など）',
    required: true,
  },
} as const satisfies Options;

/** Options that name an issuance. */
export const RUN = {
  ...PROFILE,
  issuance: { type: 'string', value: 'id', help: 'プロファイルの一括発行（省略すると最新）' },
} as const satisfies Options;

/** An issuance that must be named. */
export const ISSUANCE = {
  issuance: {
    type: 'string',
    value: 'id',
    help: 'プロファイルの発行（bulk-2025、monthly、notice-2024-1 など）',
    required: true,
  },
} as const satisfies Options;
export const ISSUED_ON = {
  'issued-on': { type: 'string', value: '日付', help: '交付（通知）年月日（プロファイルに既定があれば省略できる）' },
  'as-of': {
    type: 'string',
    value: '日付',
    help: 'お知らせのデータ抽出日、毎月の職権交付の登録状況の基準日（プロファイルに決まった日がない発行だけ）',
  },
} as const satisfies Options;

export const ON = {
  on: { type: 'string', value: '日付', help: 'いつのこととするか', required: true },
} as const satisfies Options;

/** Reads a command's arguments. */
export function readArguments(
  definition: Command<Options>,
  args: readonly string[],
): { values: Values<Options>; positional: string } {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: Object.fromEntries(Object.entries(definition.options).map(([name, o]) => [name, { type: o.type }])),
      allowPositionals: definition.positional !== null,
    });
  } catch {
    throw new Refusal('arguments', `引数を読めません。todoke ${definition.name} --help をご覧ください。`);
  }
  const values = Object.fromEntries(
    Object.entries(definition.options).map(([name, option]) => [
      name,
      parsed.values[name] ?? (option.type === 'boolean' ? false : null),
    ]),
  ) as Values<Options>;
  const positional = parsed.positionals[0] ?? '';
  refuseIndividualNumbers(definition, values, positional);
  if (!values['help']) {
    const missing = Object.entries(definition.options).find(([name, o]) => o.required && values[name] === null);
    if (missing) throw new Refusal('arguments', `--${missing[0]} を指定してください（${missing[1].help}）。`);
    if (definition.positional !== null && positional === '') {
      throw new Refusal('arguments', `${definition.positional} を指定してください。`);
    }
  }
  return { values, positional };
}

/** Paths, whose names may hold a date and time of twelve digits. */
const PATHS = new Set(['ファイル', 'フォルダ', '名前またはファイル']);

/** Twelve digits in words that are stored (reasons, names) are taken for an individual number: refused, not repeated. */
function refuseIndividualNumbers(definition: Command<Options>, values: Values<Options>, positional: string): void {
  if (!/ファイル|\.csv/.test(definition.positional ?? '') && holdsIndividualNumber(positional))
    throw new Refusal(
      'individual-number',
      `${definition.positional} に個人番号（12桁）と思われる数字があります。書かないでください。`,
    );
  for (const [name, option] of Object.entries(definition.options)) {
    const value = values[name];
    if (typeof value !== 'string' || PATHS.has(option.value ?? '') || !holdsIndividualNumber(value)) continue;
    throw new Refusal(
      'individual-number',
      `--${name} に個人番号（12桁）と思われる数字があります。書かないでください。`,
    );
  }
}

/** The help page of a command. */
export function helpOf(definition: Command<Options>): string {
  const rows = Object.entries(definition.options).map(([name, o]) => {
    const left = `  --${name}${o.value ? ` <${o.value}>` : ''}`;
    return `${left}\n        ${o.help}${o.required ? '（必須）' : ''}`;
  });
  const positional = definition.positional === null ? '' : ` <${definition.positional}>`;
  return `${definition.summary}\n\n使い方: todoke ${definition.name}${positional} [オプション]\n\n${rows.join('\n')}\n`;
}

export function dateOption(name: string, text: string | null): LocalDate | null {
  if (text === null) return null;
  const date = parseDate(text);
  if (date === null) throw new Refusal('arguments', `--${name} は日付（2025-07-22 など）で指定してください。`);
  return date;
}

/** The day of `ON`. */
export function getOn(values: { readonly on: string | null }): LocalDate {
  const on = dateOption('on', values.on);
  if (on === null) throw new Refusal('arguments', '--on に日付を指定してください。');
  return on;
}

export function encodingOption(text: string | null): Encoding | null {
  if (text === null || text === 'utf-8' || text === 'cp932') return text;
  throw new Refusal('arguments', '--encoding は utf-8 か cp932 で指定してください。');
}

/** A person who answers for what a rule would refuse, from `--override` and `--reason`. */
export function overrideOf(person: string | null, reason: string | null): Override | null {
  if (person === null && reason === null) return null;
  if (person?.trim() && reason?.trim()) return { person: person.trim(), reason: reason.trim() };
  throw new Refusal('arguments', '--override 氏名 と --reason 理由 は、両方を指定してください。');
}

export function countOption(name: string, text: string | null, fallback: number): number {
  if (text === null) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal('arguments', `--${name} は数で指定してください。`);
  return Number(text);
}
