// Room: cli. From input files to envelopes: the whole way, or step by step.
import path from 'node:path';
import { loadProfile } from '../../formats/profile.ts';
import { recogniseFile } from '../../formats/recognise.ts';
import { Refusal } from '../../operations/context.ts';
import type { Context } from '../../operations/context.ts';
import { decideAll } from '../../operations/issuing/decide.ts';
import { exportIssuance } from '../../operations/posting/export.ts';
import { importFile } from '../../operations/intake/import.ts';
import { proposeFiles } from '../../operations/intake/propose.ts';
import { reconcile } from '../../operations/issuing/reconcile.ts';
import { noteOnRules } from '../../operations/issuing/rules-note.ts';
import type { DatasetKind } from '../../ledger/intake/datasets.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { warnAll } from '../../operations/issuing/enclose.ts';
import { planPieces } from '../../operations/posting/plan-pieces.ts';
import { KIND_LABELS, getLatestIssuance } from '../../operations/issuance.ts';
import { NobodyNew, openIssuance } from '../../operations/issuing/month.ts';
import { listTakenIn, takeUpFile } from '../../operations/intake/files.ts';
import { issue, saysRatio } from '../../operations/issue.ts';
import { withContext } from '../compose.ts';
import { summarise } from '../summary.ts';
import { describeImport, describeReport, print, printJson, secondsSince } from '../say.ts';
import {
  COMMON,
  ISSUANCE,
  ISSUED_ON,
  PROFILE,
  command,
  countOption,
  dateOption,
  encodingOption,
  overrideOf,
} from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';
import { formatCount } from '../../rules/words/counts.ts';

const INPUT = {
  encoding: { type: 'string', value: 'utf-8|cp932', help: '入力の文字コード（省略すると判別する）' },
  'skip-invalid': { type: 'boolean', help: '誤りのある行を除いて取り込む' },
  override: { type: 'string', value: '氏名', help: '古い・減った・切れた・合わないファイルを通す人' },
  reason: { type: 'string', value: '理由', help: '--override の理由' },
} as const satisfies Options;

const MATCH = {
  match: {
    type: 'string',
    value: 'ファイル',
    help: '照会結果.csv（加入者と同じ順の五情報）。取り込みながら比べ、突合結果とする',
  },
} as const satisfies Options;

const ADD = {
  add: {
    type: 'boolean',
    help: '発行済みの一括発行に、まだどの回にも入っていない人だけの回（bulk-2025-2 など）を足す',
  },
} as const satisfies Options;

const KINDS = {
  加入者: 'members',
  事業所: 'workplaces',
  マイナ保険証: 'enrolment',
  負担割合: 'ratios',
} as const satisfies Record<string, DatasetKind>;

/** Rows and cells of each kind that --check names. */
const CHECKED_ROWS = 10;

/** What a file is: as it is said, else by its header, else by its name. */
async function kindOf(given: string | null, file: string, profile: InsurerProfile): Promise<DatasetKind> {
  if (given !== null && Object.hasOwn(KINDS, given)) return KINDS[given as keyof typeof KINDS];
  const known = given === null ? await recogniseFile(file, profile.columns) : null;
  if (known === 'filings')
    throw new Refusal(
      'arguments',
      `${path.basename(file)} は届書のファイルです。filings コマンドで取り込んでください。`,
    );
  const named = Object.entries(KINDS).find(([start]) => given === null && path.basename(file).startsWith(start))?.[1];
  const kind = known ?? named;
  if (!kind)
    throw new Refusal('arguments', '--kind に 加入者・事業所・マイナ保険証・負担割合 のどれかを指定してください。');
  return kind;
}

const RATIOS = {
  ratios: {
    type: 'string',
    value: 'ファイル',
    help: '負担割合.csv（70歳以上の方。お知らせと、割合を記載する資格確認書に。省略すると最後に取り込んだもの）',
  },
} as const satisfies Options;

/** What the work makes, or null where nobody is new, which is told and is no fault. */
async function orNobodyNew<Made>(isJson: boolean, work: (context: Context) => Promise<Made>): Promise<Made | null> {
  try {
    return await withContext(isJson, work);
  } catch (error) {
    if (!(error instanceof NobodyNew)) throw error;
    if (isJson) printJson({ issuance: null });
    else print(`${error.message}\n`);
    return null;
  }
}

const importCommand = command({
  name: 'import',
  summary: '入力ファイルを一つ取り込む（全行か、一行もなしか）',
  positional: 'ファイル',
  options: {
    ...PROFILE,
    kind: {
      type: 'string',
      value: '加入者|事業所|マイナ保険証|負担割合',
      help: 'ファイルの種類（省略すると見出しで、見出しでわからなければファイル名で決める）',
    },
    'as-of': { type: 'string', value: '日付', help: 'マイナ保険証の登録状況の基準日' },
    check: { type: 'boolean', help: '取り込まず、取り込むと何が変わるかだけを示す' },
    rows: { type: 'string', value: '件数', help: 'ファイルの件数（見出しを除く）。違えば取り込まない' },
    ...MATCH,
    ...INPUT,
    ...COMMON,
  },
  issuance: async (values, file) => {
    const profile = await loadProfile(values.profile ?? '');
    const kind = await kindOf(values.kind, file, profile);
    const asOf = dateOption('as-of', values['as-of']);
    if (kind === 'enrolment' && asOf === null) {
      throw new Refusal('arguments', '--as-of に登録状況の基準日を指定してください。');
    }
    const options = {
      kind,
      path: file,
      asOf: kind === 'enrolment' ? asOf : null,
      encoding: encodingOption(values.encoding),
      skipInvalid: values['skip-invalid'],
      records: kind === 'members' ? values.match : null,
      rows: values.rows === null ? null : countOption('rows', values.rows, 0),
      override: overrideOf(values.override, values.reason),
    };
    if (values.check) {
      const { skipInvalid, encoding, records, rows } = options;
      const given = { kind, path: file, asOf: options.asOf, rows };
      const how = { skipInvalid, encoding, records, limit: CHECKED_ROWS, writesLists: false };
      const { report } = await withContext(values.json, (context) => proposeFiles(context, profile, [given], how));
      const fault = report.files[0]?.fault;
      if (fault) throw new Refusal(fault.code, fault.message, fault.details);
      if (values.json) printJson(report);
      else print(describeReport(report));
      return 0;
    }
    const result = await withContext(values.json, (context) => importFile(context, profile, options));
    if (values.json) printJson(result);
    else print(describeImport(result));
    return 0;
  },
});

const issueCommand = command({
  name: 'issue',
  summary:
    '三つのファイルから発行（資格確認書・お知らせ）を通しで行う（取込・判定・封入計画・印刷・突き合わせ・書き出し）',
  positional: null,
  options: {
    ...PROFILE,
    ...ISSUANCE,
    members: { type: 'string', value: 'ファイル', help: '加入者.csv', required: true },
    workplaces: { type: 'string', value: 'ファイル', help: '事業所.csv', required: true },
    enrolment: { type: 'string', value: 'ファイル', help: 'マイナ保険証.csv', required: true },
    ...RATIOS,
    ...MATCH,
    ...ISSUED_ON,
    ...ADD,
    out: { type: 'string', value: 'フォルダ', help: '書き出し先', required: true },
    'no-print': { type: 'boolean', help: '印刷ファイルを作らない' },
    ...INPUT,
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const encoding = encodingOption(values.encoding);
    if (values.ratios !== null && !saysRatio(profile, values.issuance ?? ''))
      throw new Refusal(
        'arguments',
        '--ratios は、お知らせの発行と、負担割合を記載する資格確認書（プロファイルの elderly が on-certificate）で使えます。',
      );
    const result = await orNobodyNew(values.json, (context) =>
      issue(context, profile, {
        issuance: values.issuance ?? '',
        members: values.members ?? '',
        workplaces: values.workplaces ?? '',
        enrolment: values.enrolment ?? '',
        issuedOn: dateOption('issued-on', values['issued-on']),
        extractedOn: dateOption('as-of', values['as-of']),
        ratios: values.ratios,
        records: values.match,
        outDir: values.out ?? '',
        inputEncoding: encoding,
        outputEncoding: encoding ?? 'utf-8',
        skipInvalid: values['skip-invalid'],
        prints: !values['no-print'],
        override: overrideOf(values.override, values.reason),
        add: values.add,
      }),
    );
    if (result === null) return 0;
    const note = noteOnRules(profile, result.issuance);
    if (values.json) printJson({ issuance: result.issuance.id, ...(note && { note }), ...result.reconciliation });
    else {
      for (const imported of Object.values(result.imports)) print(describeImport(imported));
      print(`\n${note ? `${note}\n\n` : ''}${summarise(profile, result.issuance, result)}`);
    }
    return result.reconciliation.balanced ? 0 : 1;
  },
});

const decideCommand = command({
  name: 'decide',
  summary: '最後に取り込んだ三つのファイルで、全加入者の判定をする',
  positional: null,
  options: {
    ...PROFILE,
    ...ISSUANCE,
    ...ISSUED_ON,
    ...ADD,
    override: INPUT.override,
    reason: INPUT.reason,
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const started = performance.now();
    const issuance = await orNobodyNew(values.json, async (context) => {
      const opened = await openIssuance(context, profile, {
        issuance: values.issuance ?? '',
        issuedOn: dateOption('issued-on', values['issued-on']),
        extractedOn: dateOption('as-of', values['as-of']),
        members: null,
        workplaces: null,
        enrolment: null,
        add: values.add,
        override: overrideOf(values.override, values.reason),
      });
      await decideAll(context, opened);
      return opened;
    });
    if (issuance === null) return 0;
    const note = noteOnRules(profile, issuance);
    if (values.json)
      printJson({
        issuance: issuance.id,
        ...(note && { note }),
        members: issuance.memberCount,
        seconds: secondsSince(started),
      });
    else
      print(
        `第${issuance.id}号: ${formatCount(issuance.memberCount)}人の判定が終わりました。\n${note ? `${note}\n` : ''}`,
      );
    return 0;
  },
});

const encloseCommand = command({
  name: 'enclose',
  summary: '判定の終わった一括発行の資格確認書と封筒を決め、書き出す',
  positional: null,
  options: {
    ...PROFILE,
    ...ISSUANCE,
    out: { type: 'string', value: 'フォルダ', help: '書き出し先（省略すると書き出さない）' },
    encoding: { type: 'string', value: 'utf-8|cp932', help: '書き出しの文字コード' },
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const started = performance.now();
    const { issuance, result, seconds } = await withContext(values.json, async (context) => {
      const opened = await getLatestIssuance(context, profile, values.issuance);
      await planPieces(context, opened);
      const enclosed = secondsSince(started);
      await warnAll(context, opened);
      const balances = await reconcile(context, opened);
      if (values.out !== null) {
        const encoding = encodingOption(values.encoding) ?? 'utf-8';
        await exportIssuance(context, opened, profile, balances, {
          outDir: values.out,
          encoding,
          printed: null,
          askedAgain: null,
        });
      }
      return { issuance: opened, result: balances, seconds: enclosed };
    });
    if (values.json) printJson({ issuance: issuance.id, seconds, ...result });
    else print(summarise(profile, issuance, { reconciliation: result, printed: null, askedAgain: null }));
    return result.balanced ? 0 : 1;
  },
});

const filesCommand = command({
  name: 'files',
  summary: '取り込んだファイルの一覧（list）、前に取り込んだファイルに戻す（use）',
  positional: 'list|use',
  options: {
    ...PROFILE,
    id: { type: 'string', value: '取込番号', help: 'use: どのファイルに戻すか' },
    by: { type: 'string', value: '氏名', help: 'use: だれが決めたか' },
    reason: { type: 'string', value: '理由', help: 'use: 戻す理由（記録に残る）' },
    ...COMMON,
  },
  issuance: async (values, action) => {
    const profile = await loadProfile(values.profile ?? '');
    const { number } = profile.insurer;
    if (action === 'list') {
      const files = await withContext(values.json, (context) => listTakenIn(context, number));
      if (values.json) printJson({ files });
      else
        for (const file of files)
          print(
            `${file.isInUse ? '使用中' : '　　　'}　${file.id}　${KIND_LABELS[file.kind]}　${file.fileName}　${formatCount(file.rowCount)}行${file.asOf === null ? '' : `　基準日 ${file.asOf}`}　${file.importedBy}\n`,
          );
      return 0;
    }
    if (action !== 'use') throw new Refusal('arguments', 'list・use のどちらかを指定してください。');
    const [person, reason] = [values.by?.trim() ?? '', values.reason?.trim() ?? ''];
    if (values.id === null || person === '' || reason === '')
      throw new Refusal('arguments', '--id 取込番号、--by 氏名、--reason 理由 を指定してください。');
    const id = countOption('id', values.id, 0);
    const done = await withContext(values.json, (context) => takeUpFile(context, number, id, { person, reason }));
    const { file, wasInUse } = done;
    if (values.json) printJson({ id, wasInUse });
    else
      print(
        `${KIND_LABELS[file.kind]}は ${file.fileName}（取込番号 ${id}）を使います${wasInUse ? '（変更なし）' : ''}\n`,
      );
    return 0;
  },
});

export const ISSUE_COMMANDS: readonly Command<Options>[] = [
  issueCommand,
  importCommand,
  filesCommand,
  decideCommand,
  encloseCommand,
];
