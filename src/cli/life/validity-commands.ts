// Room: cli. Commands for certificates that end by their date or at an inspection, and for what is to be renewed.
import { loadProfile } from '../../formats/profile.ts';
import { Refusal } from '../../operations/context.ts';
import { removeErasedFiles } from '../../operations/life/erase-files.ts';
import type { RemovedFiles } from '../../operations/life/erase-files.ts';
import { erasePastRetention } from '../../operations/life/erase.ts';
import { expireCertificates, forecastRenewals } from '../../operations/life/expiry.ts';
import { closeInspection, presentCertificate } from '../../operations/life/inspection.ts';
import { COMMON, ON, PROFILE, command, dateOption, getOn } from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';
import { withContext } from '../compose.ts';
import { printJson, printLine } from '../say.ts';
import { answerLines } from '../posting/scan.ts';
import { formatCount } from '../../rules/words/counts.ts';

const expireCommand = command({
  name: 'expire',
  summary: '有効期限の過ぎた資格確認書を記録する（回収は不要、本人が破棄してよい）',
  positional: null,
  options: { ...PROFILE, ...ON, ...COMMON },
  issuance: async (values) => {
    const { number } = (await loadProfile(values.profile ?? '')).insurer;
    const on = getOn(values);
    const certificates = await withContext(values.json, (context) => expireCertificates(context, number, on));
    if (values.json) printJson({ certificates });
    else printLine(`有効期限切れ ${certificates}枚。することはありません。本人が破棄してかまいません`);
    return 0;
  },
});

const forecastCommand = command({
  name: 'forecast',
  summary: '有効期限の来る資格確認書を月ごとに数え、更新の枚数を見通す',
  positional: null,
  options: { ...PROFILE, ...ON, ...COMMON },
  issuance: async (values) => {
    const { number } = (await loadProfile(values.profile ?? '')).insurer;
    const on = getOn(values);
    const forecast = await withContext(values.json, (context) => forecastRenewals(context, number, on));
    if (values.json) printJson(forecast);
    else {
      printLine(`${forecast.on} の見通し　更新 ${formatCount(forecast.renewals)}枚`);
      for (const { month, renewals, households, notRenewed } of forecast.months)
        printLine(
          `　${month}　更新 ${formatCount(renewals)}枚（${formatCount(households)}世帯）　回収・返却の対象 ${formatCount(notRenewed)}枚`,
        );
    }
    return 0;
  },
});

const inspectionCommand = command({
  name: 'inspection',
  summary: '検認・更新: 提示された証を読み取る（present、標準入力に一行一つ）、終えて提示のない証を無効にする（close）',
  positional: 'present|close',
  options: {
    ...PROFILE,
    ...ON,
    name: { type: 'string', value: '名前', help: '検認の名前（2026 など）', required: true },
    'issued-through': { type: 'string', value: '日付', help: 'close: この日までに交付した証が対象' },
    confirm: { type: 'boolean', help: 'close: 数えるだけでなく、無効にする' },
    ...COMMON,
  },
  issuance: async (values, action) => {
    const { number } = (await loadProfile(values.profile ?? '')).insurer;
    const on = getOn(values);
    const name = values.name ?? '';
    if (action === 'present') {
      const tally = await withContext(values.json, (context) =>
        answerLines(process.stdin, process.stderr, (code) => presentCertificate(context, number, name, code, on)),
      );
      if (values.json) printJson(tally);
      else printLine(`検認 ${tally.recorded}枚　登録済み ${tally.already}枚　受け付けない読み取り ${tally.refused}件`);
      return 0;
    }
    const through = dateOption('issued-through', values['issued-through']);
    if (action !== 'close' || through === null)
      throw new Refusal('arguments', 'present か close を指定し、close には --issued-through も指定してください。');
    const closed = await withContext(values.json, (context) =>
      closeInspection(context, number, name, through, on, values.confirm),
    );
    if (values.json) printJson(closed);
    else {
      printLine(`検認「${name}」　提示 ${closed.presented}枚　提示なし ${closed.notPresented}枚`);
      printLine(
        closed.isDone ? '提示のない証を無効にしました' : '数えただけです。無効にするには --confirm を付けてください',
      );
    }
    return 0;
  },
});

const eraseCommand = command({
  name: 'erase',
  summary: '保存期間を過ぎた個人の情報を消去する（はじめは何が消えるかを示すだけ、--confirm で消去）',
  positional: null,
  options: {
    ...PROFILE,
    ...ON,
    confirm: { type: 'boolean', help: '示すだけでなく、消去する' },
    'remove-files': {
      type: 'string',
      value: 'フォルダ',
      help: '消去した発行の書き出し先とパッケージもこの中から削除する（目録にあり、書いたときのままのファイルだけ）',
    },
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const on = getOn(values);
    const folder = values['remove-files'];
    const { plan, files } = await withContext(values.json, async (context) => {
      const erased = await erasePastRetention(context, profile, on, values.confirm);
      const due = erased.issuances.map(({ id }) => id);
      const { number } = profile.insurer;
      return {
        plan: erased,
        files: folder === null ? null : await removeErasedFiles(context, number, folder, due, values.confirm),
      };
    });
    if (values.json) printJson(files === null ? plan : { ...plan, files });
    else {
      printLine(`保存期間 ${plan.years}年（${plan.ground}）　${plan.isDone ? '消去しました' : '消去の対象'}`);
      for (const { name, endedOn, printFiles } of plan.issuances)
        printLine(
          `　発行 ${name}（${endedOn} まで使用）　印刷ファイル ${printFiles.length}件${folder === null ? 'は書き出し先から削除してください（--remove-files フォルダ）' : ''}`,
        );
      for (const { fileName, rowCount } of plan.datasets) printLine(`　取込ファイル ${fileName}　${rowCount}行`);
      for (const { fileName, count } of plan.digits) printLine(`　個人番号の下4桁 ${fileName}　${count}人分`);
      if (plan.issuances.length + plan.datasets.length + plan.digits.length === 0) printLine('　ありません');
      for (const { name, erasableOn } of plan.later) printLine(`　まだ消去しない発行 ${name}（${erasableOn} から）`);
      if (files !== null) printFiles(files);
      if (!plan.isDone) printLine('消去するには --confirm を付けてください');
    }
    return 0;
  },
});

function printFiles({ folders, removed, differing, strange, isDone }: RemovedFiles): void {
  printLine(`${isDone ? '削除した' : '削除する'}ファイル ${removed.length}件（${folders.length}フォルダ）`);
  for (const file of differing) printLine(`　書いたときと違うため残すもの ${file}`);
  for (const file of strange) printLine(`　目録にないため残すもの ${file}`);
}

export const VALIDITY_COMMANDS: readonly Command<Options>[] = [
  expireCommand,
  forecastCommand,
  inspectionCommand,
  eraseCommand,
];
