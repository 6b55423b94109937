// Writes docs/commands.md from the commands themselves: `npm run commands`. tests/docs.test.ts compares.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { helpOf } from '../src/cli/arguments.ts';
import { COMMANDS } from '../src/cli/commands.ts';

export const COMMANDS_PAGE = path.join(import.meta.dirname, '..', 'docs', 'commands.md');

/** The page: a table of all commands, then what `--help` of each prints, in the order of the help. */
export function commandsPage(): string {
  const rows = COMMANDS.map(({ name, summary }) => `| [\`${name}\`](#${name}) | ${summary.replaceAll('|', '\\|')} |`);
  const sections = COMMANDS.map((command) => `## ${command.name}\n\n\`\`\`\n${helpOf(command)}\`\`\`\n`);
  return `# コマンド

このページは、プログラムの \`--help\` から作ります（\`npm run commands\`）。手では直しません。

どのコマンドも \`npm run -s todoke -- <コマンド> [オプション]\` で実行し、\`--help\` で説明、\`--json\` で機械向けの結果を出します。
終了コードは 0 完了、1 プログラムの誤り、2 入力の誤り、130 中断。途中で止めても、同じコマンドをもう一度実行すれば続きから始まり、
同じ結果になります。環境変数は [environment.md](environment.md) に、できるファイルは [files.md](files.md) にあります。

| コマンド | すること |
|---|---|
${rows.join('\n')}

${sections.join('\n')}`;
}

if (import.meta.main) writeFileSync(COMMANDS_PAGE, commandsPage());
