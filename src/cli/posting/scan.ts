// Room: cli. The return station: a keyboard-wedge scanner types codes, one a line; each gets one big answer, a colour
// and a sound. A line that names a reason changes the reason for what follows.
import { createInterface } from 'node:readline';
import type { ScanAnswer } from '../../operations/posting/piece-events.ts';
import { RETURN_REASON_LABELS, NEXT_STEP_LABELS } from '../../rules/papers/lifecycle.ts';
import type { ReturnReason } from '../../rules/papers/lifecycle.ts';

export interface Tally {
  readonly recorded: number;
  readonly already: number;
  readonly refused: number;
}

const BELL = '\u0007';
const COLOURS = { recorded: 32, already: 33, stranger: 31, refused: 31 } as const satisfies Record<
  ScanAnswer['kind'],
  number
>;
/** One bell for done, two for a second look, three for stop. */
const BELLS = { recorded: 1, already: 2, stranger: 3, refused: 3 } as const satisfies Record<
  ScanAnswer['kind'],
  number
>;
const MARKS = { recorded: '○', already: '△', stranger: '×', refused: '×' } as const satisfies Record<
  ScanAnswer['kind'],
  string
>;

/** The reason a line names: its code (`moved`) or its Japanese stamp, or null. */
export function reasonOf(line: string): ReturnReason | null {
  const found = Object.entries(RETURN_REASON_LABELS).find(([code, label]) => line === code || line === label);
  return found ? (found[0] as ReturnReason) : null;
}

type Say = (text: string, colour: number, bells: number) => void;

function sayOn(output: NodeJS.WriteStream): Say {
  return (text, colour, bells) => {
    output.write(output.isTTY ? `\u001b[1;${colour}m${text}\u001b[0m${BELL.repeat(bells)}\n` : `${text}\n`);
  };
}

/** Answers each line of `input` on `output` until it ends. `turn` may take a line that is no code. */
export async function answerLines(
  input: NodeJS.ReadableStream,
  output: NodeJS.WriteStream,
  answer: (code: string) => Promise<ScanAnswer>,
  turn: (line: string, say: Say) => boolean = () => false,
): Promise<Tally> {
  const tally = { recorded: 0, already: 0, refused: 0 };
  const say = sayOn(output);
  for await (const line of createInterface({ input })) {
    const code = line.trim();
    if (code === '' || turn(code, say)) continue;
    const { kind, text, nextStep } = await answer(code);
    tally[kind === 'stranger' ? 'refused' : kind] += 1;
    const way = nextStep === null ? '' : `　→ ${NEXT_STEP_LABELS[nextStep]}`;
    say(`${MARKS[kind]} ${text}${way}　［${tally.recorded}］`, COLOURS[kind], BELLS[kind]);
  }
  return tally;
}

/** The return station: a line that names a reason holds for the codes after it. */
export async function runStation(
  input: NodeJS.ReadableStream,
  output: NodeJS.WriteStream,
  first: ReturnReason,
  scan: (code: string, reason: ReturnReason) => Promise<ScanAnswer>,
): Promise<Tally> {
  let reason = first;
  sayOn(output)(`理由: ${RETURN_REASON_LABELS[reason]}`, 36, 0);
  return answerLines(
    input,
    output,
    (code) => scan(code, reason),
    (line, say) => {
      const named = reasonOf(line);
      if (named === null) return false;
      reason = named;
      say(`理由: ${RETURN_REASON_LABELS[reason]}`, 36, 1);
      return true;
    },
  );
}
