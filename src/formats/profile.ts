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
import { RANGE_DEFECT_LABELS, whyRangeIsRefused } from '../rules/posting/acceptance-numbers.ts';
import type { InsurerProfile, Issuance } from '../rules/insurer.ts';
import { MANNER_LABELS } from '../rules/intake/matching.ts';
import type { Manner } from '../rules/intake/matching.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { LAWFUL_CHANGES, NOTICE_CHANGES } from '../rules/issuing/notice-changes.ts';
import { NOTICE_DEFECT_LABELS, lintNoticeText } from '../rules/issuing/notices.ts';
import type { NoticeRound } from '../rules/issuing/notices.ts';
import type { NoticeSettings } from '../rules/insurer.ts';
import { lastDayWithin } from '../rules/issuing/validity.ts';

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
  phone: z.string(),
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

/** The sentence every pre-notice must hold: a listed person may get no certificate (source document 000). */
const MAY_GET_NONE = /一覧表に記載されている方であっても.*送付されない場合があります/;

const flyer = z.strictObject({ title: text, sections: z.array(z.strictObject({ heading: text, text })) });
const issuanceId = z.string().regex(/^[a-z0-9-]+$/, '英小文字・数字・ハイフン');

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

const noticeRound = z.strictObject({
  id: issuanceId,
  name: text,
  kind: z.literal('notice'),
  extractedOn: date.nullable(),
  joined: z.strictObject({ from: date, through: date.nullable() }).nullable(),
  changes: z.array(z.enum(NOTICE_CHANGES)).default([]),
  posting: z.strictObject({ from: date, through: date }).nullable(),
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
  elderlyCertificates: z.boolean(),
  text: paragraphs,
  flyers: z.array(flyer),
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
    formId: text,
    showsCertificateNumber: z.boolean(),
    showsQr: z.boolean(),
    showsBranch: z.boolean(),
    qrContent: z.literal('certificate-number'),
    notes: z.array(text),
  }),
  route: z.enum(['home', 'workplace']),
  enclosing: z.strictObject({
    limit: count(1).nullable(),
    enclosures: z.array(z.strictObject({ id: text, name: text, per: z.enum(['mailpiece', 'certificate']) })),
  }),
  validity: z.strictObject({
    firstPeriod: z.strictObject({ from: date, through: date, validThrough: date }),
    maxYears: count(1),
    capBefore75: z.boolean(),
    voluntaryContinuationYears: count(1).nullable(),
  }),
  issuances: z
    .array(z.discriminatedUnion('kind', [bulkIssuance, noticeRound]))
    .min(1, '1つ以上の発行')
    .refine((list) => list.some((issuance) => issuance.kind === 'bulk'), 'kind が bulk の1つ以上の発行'),
  notices: noticeSettings.nullable().default(null),
  sender: postalAddress,
  returnTo: postalAddress,
  callCentres: z.array(z.strictObject({ name: text, phone: text, hours: z.string(), openThrough: date.nullable() })),
  letter: z.strictObject({ home: paragraphs, workplace: paragraphs }),
  flyer,
  workplaceList: z.strictObject({
    letter: z
      .array(text)
      .refine(
        (lines) => lines.some((line) => MAY_GET_NONE.test(line)),
        '「一覧表に記載されている方であっても…送付されない場合があります」という文',
      ),
    long3MaxSheets: count(1),
  }),
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
  retention: z.strictObject({ personalDataYears: count(1, 30) }).default({ personalDataYears: 5 }),
  columns: z.strictObject({
    members: columnMap,
    workplaces: columnMap,
    enrolment: columnMap,
    ratios: columnMap.default({}),
  }),
});

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
  const at = (fault: Fault): string =>
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
    noticeRounds: issuances.filter((issuance) => issuance.kind === 'notice'),
  };
  const faults = crossCheck(profile, issuances);
  if (faults.length > 0) throw new ProfileFault(faults.map(at));
  return profile;
}

/** What is wrong at a path of the document. */
interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
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

function describe(issue: z.core.$ZodIssue): Fault[] {
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

/** What no single value can say: orders of dates, names that meet twice, telephone numbers that have ended. */
function crossCheck(profile: InsurerProfile, issuances: readonly (Issuance | NoticeRound)[]): Fault[] {
  return [
    ...checkPeriod(profile),
    ...repeated(issuances, 'issuances', 'id'),
    ...repeated(profile.branches, 'branches', 'code'),
    ...repeated(profile.enclosing.enclosures, 'enclosing.enclosures', 'id'),
    ...issuances.flatMap((issuance, i) =>
      issuance.kind === 'bulk'
        ? [...checkIssuance(profile, issuance, i), ...checkWaves(profile, issuance, i)]
        : checkRound(profile, issuance, i),
    ),
    ...(profile.notices ? checkNotices(profile.notices) : []),
  ];
}

function checkPeriod({ validity: { firstPeriod, maxYears } }: InsurerProfile): Fault[] {
  const { from, through, validThrough } = firstPeriod;
  const faults: Fault[] = [];
  const fault = (key: string, message: string) => faults.push({ path: ['validity', 'firstPeriod', key], message });
  if (through < from) fault('through', 'from 以後の日付が必要です');
  if (validThrough < through) fault('validThrough', 'through 以後の日付が必要です');
  // The next period begins a year on: a first one of more than a year would hold days of the second too.
  if (through > lastDayWithin(from, 1)) fault('through', 'from から1年以内の日付が必要です');
  if (validThrough > lastDayWithin(from, maxYears)) {
    fault('validThrough', `from の日の交付から数えて${maxYears}年（maxYears）以内の日付が必要です`);
  }
  return faults;
}

function checkIssuance(profile: InsurerProfile, issuance: Issuance, i: number): Fault[] {
  const faults: Fault[] = [];
  const { referenceOn, acquiredThroughOn, decidedThroughOn, issuedOn } = issuance;
  const fault = (key: string, message: string) => faults.push({ path: ['issuances', i, key], message });
  if (acquiredThroughOn > referenceOn) fault('acquiredThroughOn', 'referenceOn 以前の日付が必要です');
  if (decidedThroughOn !== null && decidedThroughOn > referenceOn) {
    fault('decidedThroughOn', 'referenceOn 以前の日付が必要です');
  }
  if (issuedOn !== null && issuedOn < referenceOn) fault('issuedOn', 'referenceOn 以後の日付が必要です');
  if (issuedOn !== null && issuedOn < profile.validity.firstPeriod.from) {
    fault('issuedOn', 'validity.firstPeriod.from 以後の日付が必要です');
  }
  for (const [c, centre] of profile.callCentres.entries()) {
    const printedOn = issuedOn ?? referenceOn;
    if (centre.openThrough !== null && centre.openThrough < printedOn) {
      const message = `${printedOn} 以後も通じる電話番号が必要です（発行 ${issuance.id}）`;
      faults.push({ path: ['callCentres', c, 'openThrough'], message });
    }
  }
  return faults;
}

/** Waves in order, none after the last day, each branch in one of them, at most one for all others. */
function checkWaves(profile: InsurerProfile, { waves, postThrough }: Issuance, i: number): Fault[] {
  const faults: Fault[] = [];
  const codes = new Set(profile.branches.map((branch) => branch.code));
  const seen = new Set<string>();
  for (const [w, wave] of waves.entries()) {
    const fault = (message: string, ...key: PropertyKey[]) =>
      faults.push({ path: ['issuances', i, 'waves', w, ...key], message });
    if (wave.postThrough < wave.postFrom) fault('postFrom 以後の日付が必要です', 'postThrough');
    if (wave.postFrom < (waves[w - 1]?.postFrom ?? wave.postFrom)) fault('前の波以後の日付が必要です', 'postFrom');
    if (postThrough !== null && wave.postThrough > postThrough)
      fault(`発送の最終日（${postThrough}）以前の日付が必要です`, 'postThrough');
    if (wave.branches.length === 0 && waves.findIndex((other) => other.branches.length === 0) !== w)
      fault('支部を書かない波（ほかのすべて）は一つだけです', 'branches');
    for (const [b, code] of wave.branches.entries()) {
      if (!codes.has(code)) fault('branches にある支部の code が必要です', 'branches', b);
      else if (seen.has(code)) fault('ほかの波と重ならない支部が必要です', 'branches', b);
      seen.add(code);
    }
  }
  return faults;
}

function checkRound(profile: InsurerProfile, round: NoticeRound, i: number): Fault[] {
  const { extractedOn, joined, changes, posting } = round;
  const faults: Fault[] = [];
  const fault = (key: string, message: string) => faults.push({ path: ['issuances', i, key], message });
  if (profile.notices === null) fault('kind', 'お知らせの設定（notices）が必要です');
  if (joined) {
    const last = joined.through ?? extractedOn;
    if (last !== null && last < joined.from) fault('joined', 'from 以後の through が必要です');
    if (last !== null && extractedOn !== null && extractedOn < last) {
      fault('joined', 'extractedOn 以前の through が必要です');
    }
  }
  if (joined === null && changes.length > 0) fault('changes', '加入者全員への発行（joined: null）では空にしてください');
  // The standing round is how the law's later notices are given; a round that asks for any asks for those first.
  const isStanding = extractedOn === null && joined !== null;
  if ((isStanding || changes.length > 0) && !LAWFUL_CHANGES.every((change) => changes.includes(change)))
    fault('changes', `施行規則51条の3第5項の変更（${LAWFUL_CHANGES.join('、')}）が必要です`);
  if (posting && posting.through < posting.from) fault('posting', 'from 以後の through が必要です');
  if (posting && extractedOn !== null && posting.from < extractedOn) {
    fault('posting', 'extractedOn 以後の from が必要です');
  }
  return faults;
}

/** The sheet must say what the regulation demands (施行規則51条の3), and a range must be one the post office can have given. */
function checkNotices({ text: sentences, acceptanceNumbers: range }: NoticeSettings): Fault[] {
  const faults = lintNoticeText(sentences.join('')).map((defect) => ({
    path: ['notices', 'text'],
    message: `${NOTICE_DEFECT_LABELS[defect]}。その文が必要です`,
  }));
  const refused = range && whyRangeIsRefused(range);
  return refused
    ? [
        ...faults,
        {
          path: ['notices', 'acceptanceNumbers'],
          message: `${RANGE_DEFECT_LABELS[refused]}。割り当てられた範囲が必要です`,
        },
      ]
    : faults;
}

/** The second and later entries of a list that carry a name already taken. */
function repeated<Key extends string>(list: readonly Readonly<Record<Key, string>>[], at: string, key: Key): Fault[] {
  const seen = new Set<string>();
  return list.flatMap((entry, i) => {
    const isNew = !seen.has(entry[key]);
    seen.add(entry[key]);
    return isNew ? [] : [{ path: [...at.split('.'), i, key], message: `ほかと重ならない${key}が必要です` }];
  });
}
