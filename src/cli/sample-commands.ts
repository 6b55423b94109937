// Room: cli. The sample society, the demonstration, the postal data.
import path from 'node:path';
import { loadProfile } from '../formats/profile.ts';
import { Refusal } from '../operations/context.ts';
import { importPostal } from '../operations/intake/postal.ts';
import { getIssuanceSettings } from '../operations/issuance.ts';
import { issue } from '../operations/issue.ts';
import { MBK_BREAKDOWN, MBK_MEMBERS, variedBreakdown, writeSample } from '../operations/sample.ts';
import { DEMO_FOLDER, withContext } from './compose.ts';
import { summarise } from './summary.ts';
import { openDemoConsole } from './desk/demo-console.ts';
import { silentProgress, terminalProgress } from './progress.ts';
import { print, printJson, secondsSince } from './say.ts';
import { COMMON, PROFILE, command, countOption, dateOption, encodingOption } from './arguments.ts';
import type { Command, Options } from './arguments.ts';

const postalCommand = command({
  name: 'postal',
  summary: '日本郵便の郵便番号データを取り込む（バーコードと、郵便番号と合わない住所の一覧に使う）',
  positional: 'utf_ken_all.csv',
  options: {
    offices: { type: 'string', value: 'JIGYOSYO.CSV', help: '事業所の個別郵便番号データ' },
    ...COMMON,
  },
  issuance: async (values, file) => {
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
  summary: '見本の加入者・事業所・マイナ保険証・負担割合のファイルを作る（人も会社も架空）',
  positional: null,
  options: {
    profile: { ...PROFILE.profile, required: false },
    members: { type: 'string', value: '人数', help: '加入者の数（省略すると31,067人）' },
    seed: { type: 'string', value: '数', help: '乱数の種（同じ種なら同じ見本）' },
    out: { type: 'string', value: 'フォルダ', help: '書き出し先', required: true },
    'as-of': {
      type: 'string',
      value: '日付',
      help: '同じ見本の、この日の姿（入退社・出生・利用登録の変化のあと）。毎月の職権交付に使う',
    },
    notices: { type: 'boolean', help: 'お知らせに要る項目（架空の個人番号下4桁、突合結果）も入れる' },
    exact: { type: 'boolean', help: '003の内訳（31,067人・対象9,100人）にする' },
    encoding: { type: 'string', value: 'utf-8|cp932', help: '文字コード' },
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? 'mbk');
    const members = countOption('members', values.members, MBK_MEMBERS);
    if (values.exact && members !== MBK_MEMBERS) {
      throw new Refusal('arguments', `--exact は ${MBK_MEMBERS} 人のときだけ使えます。`);
    }
    const asOf = dateOption('as-of', values['as-of']);
    const issuance = getIssuanceSettings(profile, profile.issuances[0]?.id ?? '');
    if (asOf !== null && asOf <= issuance.referenceOn)
      throw new Refusal('arguments', `--as-of は見本の基準日（${issuance.referenceOn}）より後の日にしてください。`);
    const progress = values.json ? silentProgress : terminalProgress(process.stderr);
    progress.begin('見本', members, '人');
    const files = await writeSample({
      members,
      seed: countOption('seed', values.seed, 1),
      outDir: values.out ?? '',
      profile,
      issuance,
      breakdown: values.exact ? MBK_BREAKDOWN : variedBreakdown(members),
      encoding: encodingOption(values.encoding) ?? 'utf-8',
      withDigits: values.notices,
      asOf,
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

export const demoCommand = command({
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
  issuance: async (values) => {
    const started = performance.now();
    const out = values.out ?? path.join('out', 'demo');
    const profile = await loadProfile('mbk');
    const issuance = getIssuanceSettings(profile, 'bulk-2025');
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
    return withContext(
      values.json,
      async (context) => {
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
        if (values.json) printJson({ issuance: result.issuance.id, seconds, ...result.reconciliation });
        else {
          print(`\n${summarise(profile, result.issuance, result)}\n${seconds.toFixed(1)}秒\n\nまず開くファイル:\n`);
          for (const [name, what] of OPEN_FIRST) print(`  ${path.join(out, name)}　${what}\n`);
          if (!serves) print('\nコンソールを開くには: npm run demo -- --serve\n');
        }
        if (serves)
          await openDemoConsole(context, profile, result.issuance, out, countOption('port', values.port, 8080));
        return result.reconciliation.balanced ? 0 : 1;
      },
      DEMO_FOLDER,
    );
  },
});

export const SAMPLE_COMMANDS: readonly Command<Options>[] = [postalCommand, sampleCommand];
