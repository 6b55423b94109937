// Room: cli. Finds the command, runs it, and turns its result or error into words and an exit status
// (0 done, 2 input at fault, 1 ours, 130 stopped).
import { ProfileFault } from '../formats/profile.ts';
import { DISK_FULL, OVERRIDABLE, Refusal, Stopped, isDiskFull } from '../operations/context.ts';
import { helpOf, readArguments } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { print } from './say.ts';

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    const list = COMMANDS.map((c) => `  ${c.name.padEnd(10)} ${c.summary}`).join('\n');
    const text = `todoke 届け — 資格確認書と資格情報のお知らせ\n\n使い方: todoke <コマンド> [オプション]\n\n${list}\n\n各コマンドの説明: todoke <コマンド> --help\n`;
    const asked = name === undefined || name === '--help' || name === 'help';
    (asked ? process.stdout : process.stderr).write(text);
    return asked ? 0 : 2;
  }
  const { values, positional } = readArguments(command, rest);
  if (values['help']) {
    print(helpOf(command));
    return 0;
  }
  return command.issuance(values, positional);
}

/** The command that does what a refusal asks for. (Refusals are worded for the browser as well, so they name no command.) */
const NEXT: Readonly<Record<string, string>> = {
  'issuance-missing': '→ todoke decide',
  'plan-issued': '→ 足すときは --add を付ける（資格確認書）、新しい日付で作り直すときは今の発行を取りやめる',
  'not-decided': '→ todoke decide',
  'not-enclosed': '→ todoke enclose',
  'not-printed': '→ todoke print',
  'print-file-differs': '→ todoke print',
  'lot-unknown': '→ todoke lot（ロットの一覧）',
  'lot-unapproved': '→ todoke lot confirm --lot 番号 --step 印刷 --by 氏名',
  'slip-missing': '→ todoke recall list',
  'parcel-unknown': '→ todoke parcel open、または --parcel 何個目',
};

function describeFailure(error: unknown): number {
  if (error instanceof Refusal) {
    const lines = [error.message, ...error.details.map((line) => `  ${line}`)];
    const next = NEXT[error.code];
    if (next !== undefined) lines.push(next);
    if (OVERRIDABLE.has(error.code))
      lines.push('正しければ、許す人の氏名と理由を付けてください（--override 氏名 --reason 理由）。');
    process.stderr.write(`${lines.join('\n')}\n`);
    return 2;
  }
  if (error instanceof ProfileFault) {
    process.stderr.write(`プロファイルを使えません。\n${error.faults.map((line) => `  ${line}\n`).join('')}`);
    return 2;
  }
  if (error instanceof Stopped) {
    process.stderr.write(`${error.message}\n`);
    return 130;
  }
  if (isDiskFull(error)) {
    process.stderr.write(`${DISK_FULL}\n`);
    return 2;
  }
  // A database error's message may name a row; its code and place in our code say enough.
  const code = (error as { code?: string }).code;
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.includes(' at ')) : [];
  const message = code && /^[0-9A-Z]{5}$/.test(code) ? `データベースの誤り ${code}` : (error as Error).message;
  process.stderr.write(`プログラムの誤りです: ${message}\n${stack.slice(0, 8).join('\n')}\n`);
  return 1;
}

/** Runs the command line; the process ends with its status. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await main(args);
  } catch (error) {
    process.exitCode = describeFailure(error);
  }
}
