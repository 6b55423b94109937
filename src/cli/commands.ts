// Room: cli. Every command: parse, call one operation, format. No logic of its own.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadProfile } from '../formats/profile.ts';
import type { DatasetKind } from '../ledger/datasets.ts';
import { Refusal } from '../operations/context.ts';
import { decideAll } from '../operations/decide.ts';
import { encloseAll, warnAll } from '../operations/enclose.ts';
import { explainPerson, parsePersonKey } from '../operations/explain.ts';
import { exportIssuance } from '../operations/export.ts';
import { importFile } from '../operations/import.ts';
import type { ImportResult } from '../operations/import.ts';
import { getIssuance, getLatestRun, openRun } from '../operations/issuance-run.ts';
import { issue, writeOutput } from '../operations/issue.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { reconcile } from '../operations/reconcile.ts';
import { importPostal } from '../operations/postal.ts';
import { MBK_BREAKDOWN, MBK_MEMBERS, variedBreakdown, writeSample } from '../operations/sample.ts';
import { COMMON, PROFILE, command, countOption, dateOption, encodingOption } from './arguments.ts';
import type { Command, Options } from './arguments.ts';
import { withContext } from './compose.ts';
import { CONSOLE_COMMANDS } from './console-commands.ts';
import { openDemoConsole } from './demo-console.ts';
import { LIFE_COMMANDS } from './life-commands.ts';
import { LOT_COMMANDS } from './lot-commands.ts';
import { silentProgress, terminalProgress } from './progress.ts';
import { summarise } from './summary.ts';

const ISSUANCE = {
  issuance: { type: 'string', value: 'id', help: 'プロファイルの一括発行（bulk-2025 など）', required: true },
} as const satisfies Options;
const ISSUED_ON = {
  'issued-on': { type: 'string', value: '日付', help: '交付（通知）年月日（プロファイルに既定があれば省略できる）' },
  'as-of': { type: 'string', value: '日付', help: 'お知らせのデータ抽出日（プロファイルに決まった日がない発行だけ）' },
} as const satisfies Options;
const INPUT = {
  encoding: { type: 'string', value: 'utf-8|cp932', help: '入力の文字コード（省略すると判別する）' },
  'skip-invalid': { type: 'boolean', help: '誤りのある行を除いて取り込む' },
} as const satisfies Options;

function print(text: string): void {
  process.stdout.write(text);
}

function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Seconds of the step, start of the database included. */
function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

function describeImport(result: ImportResult): string {
  const { dataset } = result;
  const lines = [
    result.existed
      ? `${dataset.fileName}: 同じファイルを取込済みです（変更なし、${dataset.rowCount.toLocaleString('ja-JP')}行）`
      : `${dataset.fileName}: ${dataset.rowCount.toLocaleString('ja-JP')}行を取り込みました（${dataset.encoding}）`,
  ];
  if (dataset.rejectedCount > 0) lines.push(`　誤りのため取り込まなかった行: ${dataset.rejectedCount}行`);
  if (result.errorsPath) lines.push(`　誤りの一覧: ${result.errorsPath}`);
  if (result.unknownColumns.length > 0) lines.push(`　使わない見出し: ${result.unknownColumns.join('、')}`);
  return `${lines.join('\n')}\n`;
}

const KINDS = { 加入者: 'members', 事業所: 'workplaces', マイナ保険証: 'enrolment' } as const satisfies Record<
  string,
  DatasetKind
>;

const importCommand = command({
  name: 'import',
  summary: '入力ファイルを一つ取り込む（全行か、一行もなしか）',
  positional: 'ファイル',
  options: {
    ...PROFILE,
    kind: {
      type: 'string',
      value: '加入者|事業所|マイナ保険証',
      help: 'ファイルの種類（省略するとファイル名で決める）',
    },
    'as-of': { type: 'string', value: '日付', help: 'マイナ保険証の登録状況の基準日' },
    ...INPUT,
    ...COMMON,
  },
  run: async (values, file) => {
    const profile = await loadProfile(values.profile ?? '');
    const name = values.kind ?? Object.keys(KINDS).find((kind) => path.basename(file).startsWith(kind)) ?? '';
    if (!Object.hasOwn(KINDS, name)) {
      throw new Refusal('arguments', '--kind に 加入者・事業所・マイナ保険証 のどれかを指定してください。');
    }
    const kind = KINDS[name as keyof typeof KINDS];
    const asOf = dateOption('as-of', values['as-of']);
    if (kind === 'enrolment' && asOf === null) {
      throw new Refusal('arguments', '--as-of に登録状況の基準日を指定してください。');
    }
    const result = await withContext(values.json, (context) =>
      importFile(context, profile, {
        kind,
        path: file,
        asOf: kind === 'enrolment' ? asOf : null,
        encoding: encodingOption(values.encoding),
        skipInvalid: values['skip-invalid'],
      }),
    );
    if (values.json) printJson(result);
    else print(describeImport(result));
    return 0;
  },
});

const issueCommand = command({
  name: 'issue',
  summary: '三つのファイルから一括発行を通しで行う（取込・判定・封入計画・印刷・突き合わせ・書き出し）',
  positional: null,
  options: {
    ...PROFILE,
    ...ISSUANCE,
    members: { type: 'string', value: 'ファイル', help: '加入者.csv', required: true },
    workplaces: { type: 'string', value: 'ファイル', help: '事業所.csv', required: true },
    enrolment: { type: 'string', value: 'ファイル', help: 'マイナ保険証.csv', required: true },
    ...ISSUED_ON,
    out: { type: 'string', value: 'フォルダ', help: '書き出し先', required: true },
    'no-print': { type: 'boolean', help: '印刷ファイルを作らない' },
    ...INPUT,
    ...COMMON,
  },
  run: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const encoding = encodingOption(values.encoding);
    const result = await withContext(values.json, (context) =>
      issue(context, profile, {
        issuance: values.issuance ?? '',
        members: values.members ?? '',
        workplaces: values.workplaces ?? '',
        enrolment: values.enrolment ?? '',
        issuedOn: dateOption('issued-on', values['issued-on']),
        extractedOn: dateOption('as-of', values['as-of']),
        outDir: values.out ?? '',
        inputEncoding: encoding,
        outputEncoding: encoding ?? 'utf-8',
        skipInvalid: values['skip-invalid'],
        prints: !values['no-print'],
      }),
    );
    if (values.json) printJson({ issuance: result.run.id, ...result.reconciliation });
    else {
      for (const imported of Object.values(result.imports)) print(describeImport(imported));
      print(`\n${summarise(profile, result.run, result)}`);
    }
    return result.reconciliation.balanced ? 0 : 1;
  },
});

const decideCommand = command({
  name: 'decide',
  summary: '最後に取り込んだ三つのファイルで、全加入者の判定をする',
  positional: null,
  options: { ...PROFILE, ...ISSUANCE, ...ISSUED_ON, ...COMMON },
  run: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const started = performance.now();
    const run = await withContext(values.json, async (context) => {
      const opened = await openRun(context, profile, {
        issuance: values.issuance ?? '',
        issuedOn: dateOption('issued-on', values['issued-on']),
        extractedOn: dateOption('as-of', values['as-of']),
        members: null,
        workplaces: null,
        enrolment: null,
      });
      await decideAll(context, opened);
      return opened;
    });
    if (values.json) printJson({ issuance: run.id, members: run.memberCount, seconds: secondsSince(started) });
    else print(`第${run.id}号: ${run.memberCount.toLocaleString('ja-JP')}人の判定が終わりました。\n`);
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
  run: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const started = performance.now();
    const { run, result, seconds } = await withContext(values.json, async (context) => {
      const opened = await getLatestRun(context, profile, values.issuance);
      await encloseAll(context, opened);
      const enclosed = secondsSince(started);
      await warnAll(context, opened);
      const balances = await reconcile(context, opened);
      if (values.out !== null) {
        const encoding = encodingOption(values.encoding) ?? 'utf-8';
        await exportIssuance(context, opened, profile, balances, { outDir: values.out, encoding, printed: null });
      }
      return { run: opened, result: balances, seconds: enclosed };
    });
    if (values.json) printJson({ issuance: run.id, seconds, ...result });
    else print(summarise(profile, run, { reconciliation: result, printed: null }));
    return result.balanced ? 0 : 1;
  },
});

async function printOneReference(
  values: { issuance: string | null; out: string | null; json: boolean },
  profile: InsurerProfile,
  number: string,
): Promise<number> {
  const { printReference } = await import('../operations/print.ts');
  const out = values.out ?? '';
  const files = await withContext(values.json, async (context) =>
    printReference(context, await getLatestRun(context, profile, values.issuance), profile, number, out),
  );
  if (values.json) printJson(files);
  else print(`${files.map((file) => path.join(out, file)).join('\n')}\n`);
  return 0;
}

const printCommand = command({
  name: 'print',
  summary: '封入計画の済んだ発行を印刷ファイルにして、書き出し先を揃える',
  positional: null,
  options: {
    ...PROFILE,
    ...ISSUANCE,
    out: { type: 'string', value: 'フォルダ', help: '書き出し先', required: true },
    encoding: { type: 'string', value: 'utf-8|cp932', help: '書き出しの文字コード' },
    lot: { type: 'string', value: '番号', help: 'そのロットだけを印刷する（省略するとすべて）' },
    reference: { type: 'string', value: '郵便物番号', help: 'その一通だけを組版し直す（印刷ファイルと見比べるため）' },
    ...COMMON,
  },
  run: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    if (values.reference !== null) return printOneReference(values, profile, values.reference);
    const { run, output } = await withContext(values.json, async (context) => {
      const found = await getLatestRun(context, profile, values.issuance);
      const encoding = encodingOption(values.encoding) ?? 'utf-8';
      const lotNo = values.lot === null ? null : countOption('lot', values.lot, 0);
      const options = { outDir: values.out ?? '', encoding, prints: true, lotNo };
      const written = await writeOutput(context, found, profile, options);
      return { run: found, output: written };
    });
    if (values.json) printJson({ issuance: run.id, ...output.reconciliation });
    else print(summarise(profile, run, output));
    return output.reconciliation.balanced ? 0 : 1;
  },
});

const packageCommand = command({
  name: 'package',
  summary: '委託業者への引き渡しパッケージを作る（make）、データベースなしで確かめる（verify フォルダ）',
  positional: 'make|verify',
  options: {
    profile: { ...PROFILE.profile, required: false },
    issuance: { ...ISSUANCE.issuance, required: false },
    out: { type: 'string', value: 'フォルダ', help: 'make: 発行の書き出し先（print/ のあるところ）' },
    package: {
      type: 'string',
      value: 'フォルダ',
      help: 'パッケージのフォルダ（make: 新しく作る、verify: 確かめる）',
      required: true,
    },
    lot: { type: 'string', value: '番号', help: 'make: そのロットだけを渡す（省略するとすべて）' },
    recipient: { type: 'string', value: 'age1…', help: 'make: 委託業者の公開鍵（age）で暗号化する' },
    images: { type: 'boolean', help: 'make: 証番号ごとのQRコードの画像も入れる' },
    identity: { type: 'string', value: 'ファイル', help: 'verify: 復号する鍵（age）のファイル' },
    ...COMMON,
  },
  run: async (values, action) => {
    const folder = values.package ?? '';
    if (action === 'verify') {
      const { verifyPackage } = await import('../operations/verify-package.ts');
      const identity = values.identity === null ? null : await readIdentity(values.identity);
      const { manifest, opened } = await verifyPackage(folder, identity);
      if (values.json) printJson({ ok: true, opened, totals: manifest.totals });
      else {
        const { pieces, certificates, pages } = manifest.totals;
        print(
          `誤りはありません　郵便物 ${pieces}通　資格確認書 ${certificates}枚　${pages}ページ　${manifest.files.length}ファイル\n`,
        );
        if (!opened) print('暗号化されたままの確認です（--identity で中身のページと行も確かめられます）\n');
      }
      return 0;
    }
    if (action !== 'make') throw new Refusal('arguments', 'make か verify を指定してください。');
    const profile = await loadProfile(values.profile ?? '');
    const { makePackage } = await import('../operations/package.ts');
    const manifest = await withContext(values.json, async (context) =>
      makePackage(context, await getLatestRun(context, profile, values.issuance), profile, {
        outDir: values.out ?? '',
        packageDir: folder,
        recipient: values.recipient,
        images: values.images,
        lotNo: values.lot === null ? null : countOption('lot', values.lot, 0),
      }),
    );
    if (values.json) printJson(manifest.totals);
    else print(`${folder}　${manifest.files.length}ファイル　郵便物 ${manifest.totals.pieces}通\n`);
    return 0;
  },
});

/** The secret key in a file as age-keygen writes it: comments, then `AGE-SECRET-KEY-1…`. */
async function readIdentity(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  const key = text.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (!key) throw new Refusal('arguments', '--identity のファイルに AGE-SECRET-KEY-… がありません。');
  return key.trim();
}

const reconcileCommand = command({
  name: 'reconcile',
  summary: 'すべてを数え直して突き合わせる',
  positional: null,
  options: { ...PROFILE, issuance: { ...ISSUANCE.issuance, required: false }, ...COMMON },
  run: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const { run, result } = await withContext(values.json, async (context) => {
      const found = await getLatestRun(context, profile, values.issuance);
      return { run: found, result: await reconcile(context, found) };
    });
    if (values.json) printJson({ issuance: run.id, ...result });
    else {
      for (const b of result.balances)
        print(`${b.difference === 0 ? '一致' : '差異'}　${b.name}　${b.left} / ${b.right}\n`);
      print(result.balanced ? 'balanced: true\n' : 'balanced: false\n');
    }
    return result.balanced ? 0 : 1;
  },
});

const explainCommand = command({
  name: 'explain',
  summary: '一人の判定を、事実と根拠とともに説明する',
  positional: '記号-番号-枝番',
  options: { ...PROFILE, issuance: { ...ISSUANCE.issuance, required: false }, ...COMMON },
  run: async (values, text) => {
    const profile = await loadProfile(values.profile ?? '');
    const key = parsePersonKey(text);
    const { decision, explanation } = await withContext(values.json, async (context) =>
      explainPerson(context, await getLatestRun(context, profile, values.issuance), key),
    );
    if (values.json) printJson({ key: text, decision, explanation });
    else {
      print(`${text}　${explanation.sentence}\n根拠　${explanation.rule}\n`);
      for (const fact of explanation.facts) print(`　　${fact.label}　${fact.value}\n`);
      if (explanation.nearestChange) print(`${explanation.nearestChange}\n`);
    }
    return 0;
  },
});

const postalCommand = command({
  name: 'postal',
  summary: '日本郵便の郵便番号データを取り込む（バーコードと、郵便番号と合わない住所の一覧に使う）',
  positional: 'utf_ken_all.csv',
  options: {
    offices: { type: 'string', value: 'JIGYOSYO.CSV', help: '事業所の個別郵便番号データ' },
    ...COMMON,
  },
  run: async (values, file) => {
    const edition = await withContext(values.json, (context) =>
      importPostal(context, { districts: file, offices: values.offices }),
    );
    if (values.json) printJson(edition);
    else if (edition.existed) print('同じデータを取込済みです（変更なし）\n');
    else print(`町域 ${edition.districtCount}行、事業所 ${edition.officeCount}件を取り込みました\n`);
    return 0;
  },
});

const sampleCommand = command({
  name: 'sample',
  summary: '見本の加入者・事業所・マイナ保険証のファイルを作る（人も会社も架空）',
  positional: null,
  options: {
    profile: { ...PROFILE.profile, required: false },
    members: { type: 'string', value: '人数', help: '加入者の数（省略すると31,067人）' },
    seed: { type: 'string', value: '数', help: '乱数の種（同じ種なら同じ見本）' },
    out: { type: 'string', value: 'フォルダ', help: '書き出し先', required: true },
    notices: { type: 'boolean', help: 'お知らせに要る項目（架空の個人番号下4桁、突合結果）も入れる' },
    exact: { type: 'boolean', help: '003の内訳（31,067人・対象9,100人）にする' },
    encoding: { type: 'string', value: 'utf-8|cp932', help: '文字コード' },
    ...COMMON,
  },
  run: async (values) => {
    const profile = await loadProfile(values.profile ?? 'mbk');
    const members = countOption('members', values.members, MBK_MEMBERS);
    if (values.exact && members !== MBK_MEMBERS) {
      throw new Refusal('arguments', `--exact は ${MBK_MEMBERS} 人のときだけ使えます。`);
    }
    const progress = values.json ? silentProgress : terminalProgress(process.stderr);
    progress.begin('見本', members, '人');
    const files = await writeSample({
      members,
      seed: countOption('seed', values.seed, 1),
      outDir: values.out ?? '',
      profile,
      issuance: getIssuance(profile, profile.issuances[0]?.id ?? ''),
      breakdown: values.exact ? MBK_BREAKDOWN : variedBreakdown(members),
      encoding: encodingOption(values.encoding) ?? 'utf-8',
      withDigits: values.notices,
      onProgress: (done) => progress.reach(done),
    });
    progress.end();
    if (values.json) printJson(files);
    else print(`${Object.values(files).join('\n')}\n`);
    return 0;
  },
});

const OPEN_FIRST = [
  ['print/00001-certificates.pdf', '資格確認書（おもて・うら）'],
  ['workplace-lists/0001.pdf', '事業主への送付文書と送付予定対象者一覧表'],
  ['decisions.csv', '全員の判定と理由'],
] as const;

const demoCommand = command({
  name: 'demo',
  summary: '見本の健康保険組合（31,067人）で一括発行を通しで行い、コンソールを開く',
  positional: null,
  options: {
    out: { type: 'string', value: 'フォルダ', help: '書き出し先（省略すると out/demo）' },
    serve: { type: 'boolean', help: '端末でなくても、終わりにコンソールを開く' },
    'no-serve': { type: 'boolean', help: 'コンソールを開かずに終わる' },
    port: { type: 'string', value: '番号', help: 'コンソールのポート（省略すると8080）' },
    ...COMMON,
  },
  run: async (values) => {
    const started = performance.now();
    const out = values.out ?? path.join('out', 'demo');
    const profile = await loadProfile('mbk');
    const issuance = getIssuance(profile, 'bulk-2025');
    const files = await writeSample({
      members: MBK_MEMBERS,
      seed: 1,
      outDir: path.join(out, 'input'),
      profile,
      issuance,
      breakdown: MBK_BREAKDOWN,
    });
    // Where nobody sits at a terminal, the demo ends by itself.
    const serves = values.serve || (process.stdout.isTTY && !values['no-serve'] && !values.json);
    return withContext(values.json, async (context) => {
      const result = await issue(context, profile, {
        ...files,
        issuance: issuance.id,
        issuedOn: null,
        outDir: out,
        inputEncoding: null,
        outputEncoding: 'utf-8',
        skipInvalid: false,
        prints: true,
      });
      const seconds = secondsSince(started);
      if (values.json) printJson({ issuance: result.run.id, seconds, ...result.reconciliation });
      else {
        print(`\n${summarise(profile, result.run, result)}\n${seconds.toFixed(1)}秒\n\nまず開くファイル:\n`);
        for (const [name, what] of OPEN_FIRST) print(`  ${path.join(out, name)}　${what}\n`);
        if (!serves) print('\nコンソールを開くには: npm run demo -- --serve\n');
      }
      if (serves) await openDemoConsole(context, profile, result.run, out, countOption('port', values.port, 8080));
      return result.reconciliation.balanced ? 0 : 1;
    });
  },
});

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command<Options>[] = [
  demoCommand,
  issueCommand,
  importCommand,
  decideCommand,
  encloseCommand,
  printCommand,
  packageCommand,
  ...LOT_COMMANDS,
  ...LIFE_COMMANDS,
  ...CONSOLE_COMMANDS,
  reconcileCommand,
  explainCommand,
  postalCommand,
  sampleCommand,
];
