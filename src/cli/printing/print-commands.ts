// Room: cli. Print files, and the package for the contractor.
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { describeTotals } from '../../formats/package.ts';
import type { CardImages } from '../../formats/package.ts';
import { loadProfile } from '../../formats/profile.ts';
import { Refusal } from '../../operations/context.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { getLatestIssuance } from '../../operations/issuance.ts';
import { writeOutput } from '../../operations/issue.ts';
import { withContext } from '../compose.ts';
import { newsLines, summarise } from '../summary.ts';
import { print, printJson } from '../say.ts';
import {
  COMMON,
  ISSUANCE,
  ON,
  PROFILE,
  command,
  countOption,
  getOn,
  overrideOf,
  encodingOption,
} from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';
import { formatCount } from '../../rules/words/counts.ts';

async function printOneReference(
  values: { issuance: string | null; out: string | null; json: boolean },
  profile: InsurerProfile,
  number: string,
): Promise<number> {
  const { printReference } = await import('../../operations/printing/print.ts');
  const out = values.out ?? '';
  const files = await withContext(values.json, async (context) =>
    printReference(context, await getLatestIssuance(context, profile, values.issuance), profile, number, out),
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
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    if (values.reference !== null) return printOneReference(values, profile, values.reference);
    const { issuance, output } = await withContext(values.json, async (context) => {
      const found = await getLatestIssuance(context, profile, values.issuance);
      const encoding = encodingOption(values.encoding) ?? 'utf-8';
      const lotNo = values.lot === null ? null : countOption('lot', values.lot, 0);
      const options = { outDir: values.out ?? '', encoding, prints: true, lotNo };
      const written = await writeOutput(context, found, profile, options);
      return { issuance: found, output: written };
    });
    if (values.json) printJson({ issuance: issuance.id, ...output.reconciliation });
    else print(summarise(profile, issuance, output));
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
    'card-images': {
      type: 'string',
      value: 'qr|faces',
      help: 'make: カード発行機に渡す画像も入れる（qr: 証番号ごとのQRコード、faces: 券面のおもて・うらも。1枚あたり約0.3 MB）',
    },
    override: { type: 'string', value: '氏名', help: 'make: 引き渡し済みのロットをもう一度渡すのを許す人' },
    reason: { type: 'string', value: '理由', help: 'make: --override の理由' },
    identity: { type: 'string', value: 'ファイル', help: 'verify: 復号する鍵（age）のファイル' },
    ...COMMON,
  },
  issuance: async (values, action) => {
    const folder = values.package ?? '';
    if (action === 'verify') {
      const { verifyPackage } = await import('../../operations/posting/verify-package.ts');
      const identity = values.identity === null ? null : await readIdentity(values.identity);
      const { manifest, opened } = await verifyPackage(folder, identity);
      if (values.json) printJson({ ok: true, opened, totals: manifest.totals });
      else {
        print(`誤りはありません　${describeTotals(manifest.totals)}　${manifest.files.length}ファイル\n`);
        if (!opened) print('暗号化されたままの確認です（--identity で中身のページと行も確かめられます）\n');
      }
      return 0;
    }
    if (action !== 'make') throw new Refusal('arguments', 'make か verify を指定してください。');
    const profile = await loadProfile(values.profile ?? '');
    const { makePackage } = await import('../../operations/posting/package.ts');
    const { manifest, askedAgain } = await withContext(values.json, async (context) =>
      makePackage(context, await getLatestIssuance(context, profile, values.issuance), profile, {
        outDir: values.out ?? '',
        packageDir: folder,
        recipient: values.recipient,
        cardImages: cardImagesOption(values['card-images']),
        lotNo: values.lot === null ? null : countOption('lot', values.lot, 0),
        override: overrideOf(values.override, values.reason),
      }),
    );
    if (values.json) printJson({ ...manifest.totals, askedAgain });
    else {
      print(`${folder}　${manifest.files.length}ファイル　${describeTotals(manifest.totals)}\n`);
      for (const line of newsLines(askedAgain)) print(`${line}\n`);
    }
    return 0;
  },
});

const verifyCommand = command({
  name: 'verify',
  summary: '書き出し先のすべてのファイルを、目録（manifest.json）の大きさと SHA-256 に照らして確かめる',
  positional: 'フォルダ',
  options: { ...COMMON },
  issuance: async (values, folder) => {
    const { verifyOutput } = await import('../../operations/posting/verify-output.ts');
    const { fileCount, faults, strangers } = await verifyOutput(folder);
    if (values.json) printJson({ ok: faults.length === 0, files: fileCount, faults, strangers });
    else {
      for (const fault of faults) print(`${fault.path} ${fault.what}\n`);
      for (const name of strangers) print(`（目録にないファイル）${name}\n`);
      print(
        faults.length === 0
          ? `誤りはありません　${formatCount(fileCount)}ファイル\n`
          : `目録と違うファイル ${formatCount(faults.length)}　同じ発行と書き出し先で print をもう一度行うと、作り直します\n`,
      );
    }
    return faults.length === 0 ? 0 : 2;
  },
});

function cardImagesOption(value: string | null): CardImages | null {
  if (value === null || value === 'qr' || value === 'faces') return value;
  throw new Refusal('arguments', '--card-images は qr か faces です。');
}

/** The secret key in a file as age-keygen writes it: comments, then `AGE-SECRET-KEY-1…`. */
async function readIdentity(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  const key = text.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (!key) throw new Refusal('arguments', '--identity のファイルに AGE-SECRET-KEY-… がありません。');
  return key.trim();
}

const papersCommand = command({
  name: 'papers',
  summary: '保険者の用紙をすべて見本の絵にする。--against で、文を変える前と後を並べる',
  positional: null,
  options: {
    ...PROFILE,
    against: {
      type: 'string',
      value: '名前またはファイル',
      help: '変える前のプロファイル。違いのある用紙だけを並べる',
    },
    on: { ...ON.on, help: '用紙に載る日（文と電話番号はこの日のもの）' },
    out: { type: 'string', value: 'フォルダ', help: '書き出し先（index.html を開く）', required: true },
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const before = values.against === null ? null : await loadProfile(values.against);
    const { drawSpecimens } = await import('../../operations/printing/specimens.ts');
    const drawn = await drawSpecimens(profile, before, getOn(values), values.out ?? '');
    if (values.json) printJson(drawn);
    else if (before === null) print(`${drawn.drawn}枚の見本を描きました。${drawn.index}\n`);
    else print(`${drawn.drawn}枚のうち ${drawn.changed.length}枚が変わります。${drawn.index}\n`);
    return 0;
  },
});

export const PRINT_COMMANDS: readonly Command<Options>[] = [printCommand, packageCommand, verifyCommand, papersCommand];
