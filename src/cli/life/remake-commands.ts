// Room: cli. Commands that make papers again: returned, spoiled, of people who left, or held and released.
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { readPieceNumbers } from '../../formats/piece-numbers.ts';
import { loadProfile } from '../../formats/profile.ts';
import { Refusal } from '../../operations/context.ts';
import { getLatestIssuance } from '../../operations/issuance.ts';
import { writeOutput } from '../../operations/issue.ts';
import { SKIPPED_LABELS, WAIVED_LABELS, remakePieces, writeStaffList } from '../../operations/life/remake.ts';
import type { PieceRemakeKind } from '../../rules/life/remaking.ts';
import { COMMON, RUN, command, dateOption } from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';
import { withContext } from '../compose.ts';
import { printJson, printLine } from '../say.ts';

/** Options of every command that makes papers again. */
export interface RemakeValues {
  readonly profile: string | null;
  readonly issuance: string | null;
  readonly 'issued-on': string | null;
  readonly out: string | null;
  /** A list of the pieces that are made again, `-` for standard input; absent or null = all that can be. */
  readonly pieces?: string | null;
  readonly json: boolean;
}

/** Makes pieces of an issuance again and prints them; the exit status. */
export async function runRemake(values: RemakeValues, kind: PieceRemakeKind): Promise<number> {
  const profile = await loadProfile(values.profile ?? '');
  const issuedOn = dateOption('issued-on', values['issued-on']);
  if (issuedOn === null) throw new Refusal('arguments', '--issued-on に交付年月日を指定してください。');
  const chosen = values.pieces ? await choosePieces(values.pieces) : null;
  const { remade, output } = await withContext(values.json, async (context) => {
    const parent = await getLatestIssuance(context, profile, values.issuance);
    const made = await remakePieces(context, parent, profile, kind, issuedOn, chosen);
    await writeStaffList(values.out ?? '', made);
    const options = { outDir: values.out ?? '', encoding: 'utf-8', prints: true } as const;
    return { remade: made, output: made.issuance ? await writeOutput(context, made.issuance, profile, options) : null };
  });
  if (values.json)
    printJson({
      issuance: remade.issuance?.id ?? null,
      pieces: remade.pieceCount,
      left: remade.left,
      waived: remade.waived,
      lost: remade.lost,
    });
  else {
    printLine(
      remade.issuance
        ? `${remade.issuance.name}　${remade.isResumed ? '中断した作り直しの続き' : `作り直した郵便物 ${remade.pieceCount}通`}　${values.out}`
        : '作り直すものはありません',
    );
    for (const [why, label] of Object.entries(SKIPPED_LABELS)) {
      const pieces = remade.left.filter((piece) => piece.why === why);
      if (pieces.length > 0) printLine(`　${label}　${pieces.length}通`);
    }
    for (const [why, label] of Object.entries(WAIVED_LABELS)) {
      const pieces = remade.waived.filter((piece) => piece.why === why);
      if (pieces.length > 0) printLine(`　${label}作り直さず、引き抜きとしたもの　${pieces.length}通`);
    }
    if (remade.isResumed && chosen !== null) printLine('　選んだ郵便物は、もう一度実行すると作り直します');
    if (remade.lost.length > 0) printLine(`　資格を失ったため入れなかった人　${remade.lost.length}人`);
  }
  return output === null || output.reconciliation.balanced ? 0 : 1;
}

/** Numbers from a file, or from standard input (`-`): every one is right, or none is taken. */
async function choosePieces(place: string): Promise<readonly string[]> {
  const input = place === '-' ? process.stdin : createReadStream(place);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const name = place === '-' ? '標準入力' : path.basename(place);
  const { numbers, faults } = await readPieceNumbers(lines).catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ENOENT') throw new Refusal('no-file', `${name}: ファイルがありません。`);
    throw error;
  });
  if (faults.length > 0)
    throw new Refusal(
      'invalid-rows',
      `${name}: 郵便物の番号ではない行が${faults.length}行あり、何も作り直しませんでした。`,
      faults.slice(0, 20).map((line) => `${line}行`),
    );
  if (numbers.length === 0) throw new Refusal('empty-file', `${name}: 郵便物の番号が一つもありません。`);
  return numbers;
}

function remakeCommand(kind: PieceRemakeKind, summary: string): Command<Options> {
  return command({
    name: kind,
    summary,
    positional: null,
    options: {
      ...RUN,
      'issued-on': { type: 'string', value: '日付', help: '作り直す証の交付年月日', required: true },
      pieces: {
        type: 'string',
        value: 'ファイル',
        help: 'この郵便物だけを作り直す（番号を一行に一つ、またはその列で始まるCSV。- は標準入力。省略すると全部）',
      },
      out: { type: 'string', value: 'フォルダ', help: '印刷ファイルの書き出し先', required: true },
      ...COMMON,
    },
    issuance: (values) => runRemake(values, kind),
  });
}

export const REMAKE_COMMANDS: readonly Command<Options>[] = [
  remakeCommand('reroute', '不着の郵便物を作り直し、事業所経由で送る（毎月）'),
  remakeCommand('reprint', '損傷した郵便物を作り直す'),
  remakeCommand('rehome', '退職のため事業所で手渡せなかった郵便物を作り直し、自宅へ送る'),
];
