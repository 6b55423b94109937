// Room: formats. Insurer profiles: YAML → `InsurerProfile`, every fault named with file, line and what was expected.
import { USUAL_FIT_LIMITS } from '../rules/intake/file-fit.ts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import { parseDate } from '../rules/words/calendar.ts';
import { isInsurerNumber } from '../rules/words/check-digits.ts';
import { holdsIndividualNumber } from '../rules/words/individual-numbers.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { checkProfile } from '../rules/profile-checks.ts';
import type { ProfileDefect } from '../rules/profile-checks.ts';
import { MANNER_LABELS } from '../rules/intake/matching.ts';
import type { Manner } from '../rules/intake/matching.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { USUAL_RETENTION_YEARS } from '../rules/life/retention.ts';
import { ELDERLY_REGIMES } from '../rules/issuing/burden-ratio.ts';
import { FLYER_PLACES, PARAGRAPH_PLACES, PURPOSES } from '../rules/papers/texts.ts';
import { SCHEME_IDS } from '../rules/papers/scheme.ts';
import { NOTICE_CHANGES } from '../rules/issuing/notice-changes.ts';

const PROFILES = path.join(import.meta.dirname, '..', '..', 'insurers');

/** A profile that cannot be used; every line of the message names file, line and what was expected. */
export class ProfileFault extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ProfileFault';
    this.faults = faults;
  }
}

const text = z.string().min(1, '空でない文字列');
const count = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z.int().min(least, `${least}以上の整数`).max(most, `${most}以下の整数`);
const share = (usual: number) => z.number().min(0, '0以上の数').max(1, '1以下の数').default(usual);
/** 8 digits, of 国民健康保険 6; nine digits are never one, and neither is one whose check digit is wrong. */
const insurerNumber = z.string().refine(isInsurerNumber, '検査数字の合う8桁（国民健康保険は6桁）の保険者番号');
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'YYYY-MM-DD の日付')
  .refine((value) => parseDate(value) !== null, '実在する日付')
  .transform((value) => value as LocalDate);

const postalAddress = z.strictObject({
  name: text,
  postalCode: z.string().regex(/^\d{7}$/, '7桁の郵便番号'),
  address: text,
  building: z.string(),
});
const paragraphs = z.array(text).min(1, '1段落以上の文');
const columnMap = z.record(z.string(), z.string());

const wave = z.strictObject({
  name: text,
  postFrom: date,
  postThrough: date,
  capacity: count(1).nullable(),
  branches: z.array(text),
});

const period = { from: date.nullable(), through: date.nullable() };
const entry = { purpose: z.array(z.enum(PURPOSES)).min(1, '1つ以上の目的'), ...period, source: text };
const paperText = z.discriminatedUnion('place', [
  z.strictObject({ place: z.enum(PARAGRAPH_PLACES), ...entry, text: paragraphs }),
  z.strictObject({
    place: z.enum(FLYER_PLACES),
    ...entry,
    title: text,
    sections: z.array(z.strictObject({ heading: text, text, onlyWithDigits: z.boolean().default(false) })),
  }),
]);
const issuanceId = z.string().regex(/^[a-z0-9-]+$/, '英小文字・数字・ハイフン');

const validity = z.strictObject({
  firstPeriod: z.strictObject({ from: date, through: date, validThrough: date }),
  maxYears: count(1, 5),
});

const bulkIssuance = z.strictObject({
  id: issuanceId,
  name: text,
  kind: z.literal('bulk'),
  referenceOn: date,
  acquiredThroughOn: date,
  decidedThroughOn: date.nullable(),
  issuedOn: date.nullable(),
  postingPeriod: text,
  postThrough: date.nullable().default(null),
  waves: z.array(wave).default([]),
});

const ground = z.strictObject({ from: date, through: date.nullable(), source: text });

const monthlyIssuance = z.strictObject({
  id: issuanceId,
  name: text,
  kind: z.literal('monthly'),
  asksLegacyCard: z.boolean().default(false),
  // Ours, after 東京歯科健康保険組合 (from 2025-05-01): registration is looked at four working days after the filing.
  joinedWorkingDays: count(0, 60).default(4),
  route: z.enum(['home', 'workplace']),
  promisedWorkingDays: count(1, 250),
  validity: validity.nullable().default(null),
  grounds: z.array(ground).min(1, '1つ以上の根拠'),
});

const noticeRound = z.strictObject({
  id: issuanceId,
  name: text,
  kind: z.literal('notice'),
  extractedOn: date.nullable(),
  joined: z.strictObject({ from: date, through: date.nullable() }).nullable(),
  changes: z.array(z.enum(NOTICE_CHANGES)).default([]),
  posting: z.strictObject({ from: date, through: date }).nullable(),
  digits: z.strictObject({ basis: text, from: date, through: date }).nullable().default(null),
});

const millimetres = z.number().positive('0より大きい数（ミリメートル）');
const grams = z.number().positive('0より大きい数（グラム）');
const manners = Object.keys(MANNER_LABELS) as [Manner, ...Manner[]];

const noticeSettings = z.strictObject({
  lowRisk: z.array(
    z.strictObject({
      allows: z
        .array(
          // 生年月日 is not in the list: no profile can allow a different one.
          z.strictObject({ attribute: z.enum(['name', 'kana', 'sex', 'address']), manner: z.enum(manners) }),
        )
        .min(1, '1つ以上の相違'),
      reason: text,
    }),
  ),
  unresolved: z.enum(['hold', 'send-without-digits']),
  parcels: z.strictObject({
    limit: count(1),
    letter: z.strictObject({
      lengthMm: millimetres,
      widthMm: millimetres,
      thicknessMm: millimetres,
      weightG: grams,
    }),
    requestForm: z.strictObject({ thicknessMm: millimetres, weightG: grams }),
    containers: z
      .array(
        z.strictObject({
          kind: z.enum(['envelope', 'box']),
          lengthMm: millimetres,
          widthMm: millimetres,
          depthMm: millimetres,
          weightG: grams,
        }),
      )
      .min(1, '1つ以上の容器'),
    postal: z.strictObject({ weightG: grams, sumMm: millimetres }),
  }),
  acceptanceNumbers: z.strictObject({ first: z.string(), last: z.string() }).nullable(),
});

const schema = z.strictObject({
  sample: z.boolean(),
  scheme: z.enum(SCHEME_IDS),
  insurer: z.strictObject({
    number: insurerNumber,
    name: text,
    address: text,
    sealImage: text.nullable(),
    sealText: text,
  }),
  branches: z.array(
    z.strictObject({
      code: text,
      name: text,
      insurerNumber: insurerNumber.nullable(),
      address: z.string(),
    }),
  ),
  form: z.strictObject({
    kind: z.enum(['card', 'postcard']),
    variant: z.int().min(1, '1以上の整数').nullable(),
    copyPrevention: text.nullable(),
    showsCertificateNumber: z.boolean(),
    showsQr: z.boolean(),
    showsBranch: z.boolean(),
    qrContent: z.literal('certificate-number'),
  }),
  route: z.enum(['home', 'workplace']),
  routeGround: text.nullable(),
  enclosing: z.strictObject({
    limit: count(1).nullable(),
    enclosures: z.array(z.strictObject({ id: text, name: text, per: z.enum(['mailpiece', 'certificate']) })),
  }),
  validity,
  elderly: z.enum(ELDERLY_REGIMES),
  issuances: z
    .array(z.discriminatedUnion('kind', [bulkIssuance, monthlyIssuance, noticeRound]))
    .min(1, '1つ以上の発行')
    .refine((list) => list.some((issuance) => issuance.kind === 'bulk'), 'kind が bulk の1つ以上の発行'),
  notices: noticeSettings.nullable().default(null),
  sender: postalAddress,
  returnTo: postalAddress,
  recallReturnTo: postalAddress.nullable(),
  texts: z.array(paperText),
  contacts: z.array(
    z.strictObject({ use: z.enum(['insurer', 'other']), name: text, phone: text, hours: z.string(), ...period }),
  ),
  webPage: z
    .strictObject({
      title: text,
      // What anyone may read who holds the paper: no name, no password and no query goes into a QR code of it.
      url: z
        .url({ protocol: /^https$/, error: 'https:// で始まるアドレス' })
        .refine((url) => !/[?#@]/.test(url), '? # @ のないアドレス'),
      ...period,
    })
    .nullable()
    .default(null),
  workplaceList: z.strictObject({ long3MaxSheets: count(1) }),
  print: z.strictObject({ pagesPerFile: count(2, 2000), fonts: z.array(text) }),
  warnings: z.strictObject({ sharedAddressHouseholds: count(2), legacyCardsEndedOn: date }),
  fit: z
    .strictObject({
      share: share(USUAL_FIT_LIMITS.share),
      rows: count(0).default(USUAL_FIT_LIMITS.rows),
      shareOfAny: share(USUAL_FIT_LIMITS.shareOfAny),
      shrunkBelow: share(USUAL_FIT_LIMITS.shrunkBelow),
    })
    .prefault({}),
  // Five years: the longest a certificate serves (健保則47条2項); an insurer's own rules may ask for another.
  retention: z.strictObject({
    personalDataYears: count(1, 30).default(USUAL_RETENTION_YEARS),
    digitsMonths: count(1, 60).default(6),
    ground: text,
  }),
  columns: z.strictObject({
    members: columnMap,
    workplaces: columnMap,
    enrolment: columnMap,
    ratios: columnMap.default({}),
  }),
});

/** What a file says, as rules know a profile: nothing in it changes. */
type ReadOnly<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Entry)[]
    ? readonly ReadOnly<Entry>[]
    : { readonly [Key in keyof T]: ReadOnly<T[Key]> };
type Written = ReadOnly<z.infer<typeof schema>>;
type Parsed = Omit<Written, 'issuances'> & {
  readonly id: string;
  readonly issuances: readonly Extract<Written['issuances'][number], { kind: 'bulk' }>[];
  readonly monthly: readonly Extract<Written['issuances'][number], { kind: 'monthly' }>[];
  readonly noticeRounds: readonly Extract<Written['issuances'][number], { kind: 'notice' }>[];
};
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** The schema and `InsurerProfile` say the same: a key that only one of them has does not compile, nor one of another type. */
true satisfies Same<Parsed, InsurerProfile>;
true satisfies Same<keyof Parsed, keyof InsurerProfile>;

/**
 * JSON Schema of a profile, for editors (insurers/profile.schema.json).
 *
 * @public
 */
export function profileJsonSchema(): unknown {
  return z.toJSONSchema(schema, { io: 'input' });
}

/** The file of a profile: a name of `insurers/`, or a path. */
export function profileFile(nameOrPath: string): string {
  const isPath = nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
  return isPath ? path.resolve(nameOrPath) : path.join(PROFILES, `${nameOrPath}.yaml`);
}

/**
 * Loads a profile by name (`mbk` → insurers/mbk.yaml) or by path (with a slash or a .yaml ending).
 *
 * @throws ProfileFault where the file is missing or says something it may not.
 */
export async function loadProfile(nameOrPath: string): Promise<InsurerProfile> {
  const file = profileFile(nameOrPath);
  const source = await readFile(file, 'utf8').catch(() => null);
  if (source === null) throw new ProfileFault([`プロファイル ${nameOrPath} が見つかりません。`]);
  return parseProfile(source, path.basename(file));
}

/** Reads a profile's text; `name` is its file's name, whose stem is the profile's id. @throws ProfileFault */
export function parseProfile(source: string, name: string): InsurerProfile {
  const numbered = source.split('\n').findIndex(holdsIndividualNumber) + 1;
  if (numbered > 0) throw new ProfileFault([`${name} ${numbered}行: 個人番号（12桁）と思われる数字があります。`]);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new ProfileFault(
      document.errors.map((e) => `${name} ${lines.linePos(e.pos[0]).line}行: YAMLとして読めません。`),
    );
  }
  const at = (fault: ProfileDefect): string =>
    `${name} ${lineOf(document, lines, fault.path)}行 ${fault.path.join('.') || '（全体）'}: ${fault.message}`;
  const parsed = schema.safeParse(document.toJS());
  if (!parsed.success) {
    throw new ProfileFault(parsed.error.issues.flatMap(describe).map(at));
  }
  const { issuances } = parsed.data;
  const profile: InsurerProfile = {
    id: name.replace(/\.ya?ml$/, ''),
    ...parsed.data,
    issuances: issuances.filter((issuance) => issuance.kind === 'bulk'),
    monthly: issuances.filter((issuance) => issuance.kind === 'monthly'),
    noticeRounds: issuances.filter((issuance) => issuance.kind === 'notice'),
  };
  const faults = checkProfile(profile, issuances);
  if (faults.length > 0) throw new ProfileFault(faults.map(at));
  return profile;
}

/** The line on which a path's key (or list entry) stands, or that of the nearest parent that exists. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let line = 1;
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    node = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
    const place = pair ? pair.key : node;
    if (!isNode(place) || !place.range) break;
    line = lines.linePos(place.range[0]).line;
  }
  return line;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: '文字列',
  number: '数',
  int: '整数',
  boolean: 'true か false',
  array: '並び',
  object: '項目の組',
  record: '項目の組',
};

function describe(issue: z.core.$ZodIssue): ProfileDefect[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: '知らない項目です' }));
  }
  return [{ path: issue.path, message: `${expectationOf(issue)}が必要です` }];
}

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return TYPE_NAMES[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return `${issue.values.join('・')} のどれか`;
  return issue.message;
}
