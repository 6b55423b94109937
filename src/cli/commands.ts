// Room: cli. Every command. Each parses, calls one operation and formats; there is no logic of its own.
import type { Command, Options } from './arguments.ts';
import { CONSOLE_COMMANDS } from './desk/console-commands.ts';
import { ISSUE_COMMANDS } from './issuing/issue-commands.ts';
import { LIFE_COMMANDS } from './life/life-commands.ts';
import { QUERY_COMMANDS } from './desk/query-commands.ts';
import { LOT_COMMANDS } from './posting/lot-commands.ts';
import { PRINT_COMMANDS } from './printing/print-commands.ts';
import { SAMPLE_COMMANDS, demoCommand } from './sample-commands.ts';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command<Options>[] = [
  demoCommand,
  ...ISSUE_COMMANDS,
  ...PRINT_COMMANDS,
  ...LOT_COMMANDS,
  ...LIFE_COMMANDS,
  ...CONSOLE_COMMANDS,
  ...QUERY_COMMANDS,
  ...SAMPLE_COMMANDS,
];
