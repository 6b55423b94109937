// Room: formats. Insurer profiles: YAML → `InsurerProfile`, every fault named with file, line and what was expected.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { parseDate } from '../rules/calendar.ts';
import { isInsurerNumber } from '../rules/check-digits.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import type { LocalDate } from '../rules/member.ts';
import { lastDayWithin } from '../rules/validity.ts';

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

const text = z.string().min(1);
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
const columnMap = z.record(z.string(), z.string());

/** The sentence every pre-notice must hold: a listed person may get no certificate (source document 000). */
const MAY_GET_NONE = /一覧表に記載されている方であっても.*送付されない場合があります/;

const schema = z.strictObject({
  sample: z.boolean(),
  insurer: z.strictObject({
    number: z.string().refine(isInsurerNumber, '検査数字の合う8桁（国民健康保険は6桁）の保険者番号'),
    name: text,
    address: text,
    sealImage: text.nullable(),
    sealText: text,
  }),
  branches: z.array(
    z.strictObject({
      code: text,
      name: text,
      insurerNumber: z.string().refine(isInsurerNumber).nullable(),
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
    limit: z.number().int().positive().nullable(),
    enclosures: z.array(z.strictObject({ id: text, name: text, per: z.enum(['mailpiece', 'certificate']) })),
  }),
  validity: z.strictObject({
    firstPeriod: z.strictObject({ from: date, through: date, validThrough: date }),
    maxYears: z.number().int().positive(),
    capBefore75: z.boolean(),
    voluntaryContinuationYears: z.number().int().positive().nullable(),
  }),
  issuances: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/, '英小文字・数字・ハイフン'),
        name: text,
        kind: z.literal('bulk'),
        referenceOn: date,
        acquiredThroughOn: date,
        decidedThroughOn: date.nullable(),
        issuedOn: date.nullable(),
        postingPeriod: text,
      }),
    )
    .min(1),
  sender: postalAddress,
  returnTo: postalAddress,
  callCentres: z.array(z.strictObject({ name: text, phone: text, hours: z.string(), openThrough: date.nullable() })),
  letter: z.strictObject({ home: z.array(text).min(1), workplace: z.array(text).min(1) }),
  flyer: z.strictObject({ title: text, sections: z.array(z.strictObject({ heading: text, text })) }),
  workplaceList: z.strictObject({
    letter: z
      .array(text)
      .refine(
        (lines) => lines.some((line) => MAY_GET_NONE.test(line)),
        '「一覧表に記載されている方であっても…送付されない場合があります」という文',
      ),
    long3MaxSheets: z.number().int().positive(),
  }),
  print: z.strictObject({ pagesPerFile: z.number().int().min(2).max(2000), fonts: z.array(text) }),
  warnings: z.strictObject({ sharedAddressHouseholds: z.number().int().min(2), legacyCardsEndedOn: date }),
  columns: z.strictObject({ members: columnMap, workplaces: columnMap, enrolment: columnMap }),
});

/** JSON Schema of a profile, for editors (insurers/profile.schema.json). */
export function profileJsonSchema(): unknown {
  return z.toJSONSchema(schema, { io: 'input' });
}

/**
 * Loads a profile by name (`mbk` → insurers/mbk.yaml) or by path (with a slash or a .yaml ending).
 *
 * @throws ProfileFault where the file is missing or says something it may not.
 */
export async function loadProfile(nameOrPath: string): Promise<InsurerProfile> {
  const isPath = nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
  const file = isPath ? path.resolve(nameOrPath) : path.join(PROFILES, `${nameOrPath}.yaml`);
  const name = path.basename(file);
  const source = await readFile(file, 'utf8').catch(() => null);
  if (source === null) throw new ProfileFault([`プロファイル ${nameOrPath} が見つかりません。`]);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new ProfileFault(
      document.errors.map((e) => `${name} ${lines.linePos(e.pos[0]).line}行: YAMLとして読めません。`),
    );
  }
  const parsed = schema.safeParse(document.toJS());
  if (!parsed.success) {
    throw new ProfileFault(
      parsed.error.issues.map((issue) => {
        const at = lineOf(document, lines, issue.path);
        return `${name} ${at}行 ${issue.path.join('.') || '（全体）'}: ${describe(issue)}`;
      }),
    );
  }
  const profile: InsurerProfile = { id: path.basename(file).replace(/\.ya?ml$/, ''), ...parsed.data };
  const faults = crossCheck(profile);
  if (faults.length > 0) throw new ProfileFault(faults.map((fault) => `${name}: ${fault}`));
  return profile;
}

/** The line of a path in the document, or of the nearest parent that exists. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, keys: readonly PropertyKey[]): number {
  for (let depth = keys.length; depth >= 0; depth--) {
    const node = document.getIn(keys.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `知らない項目です（${issue.keys.join('、')}）`;
  if (issue.code === 'invalid_type') return `${issue.expected} が必要です`;
  if (issue.code === 'invalid_value') return `${issue.values.join('・')} のどれかが必要です`;
  return `${issue.message} が必要です`;
}

function crossCheck(profile: InsurerProfile): string[] {
  const faults: string[] = [];
  const { from, through, validThrough } = profile.validity.firstPeriod;
  if (through < from) faults.push('validity.firstPeriod: through は from 以後の日付が必要です');
  if (validThrough > lastDayWithin(from, profile.validity.maxYears)) {
    faults.push('validity.firstPeriod: validThrough は期間の初日の交付から maxYears を超えられません');
  }
  const ids = profile.issuances.map((issuance) => issuance.id);
  if (new Set(ids).size !== ids.length) faults.push('issuances: id が重なっています');
  const codes = profile.branches.map((branch) => branch.code);
  if (new Set(codes).size !== codes.length) faults.push('branches: code が重なっています');
  return faults;
}
