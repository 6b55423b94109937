// What every scan station shares: the server's answer as the station shows it, and the codes it takes.
import { formatPaperNumber, parsePaperNumber } from '../../../src/rules/words/check-digits.ts';
import type { PaperNumberKind } from '../../../src/rules/words/check-digits.ts';
import { Problem, Unreachable, wordsOf } from '../../api/client.ts';
import type { ScanAnswer as ServerAnswer } from '../../api/papers.ts';
import type { ScanAnswer, Tone } from '../../ui/scan/queue.ts';

/** The big word of each answer. */
export type ScanWords = Readonly<Record<ServerAnswer['kind'], { readonly tone: Tone; readonly word: string }>>;

/** The server's answer for the station; 'later' where it could not be had and the scan must wait. */
export async function answerOf(
  words: ScanWords,
  asking: Promise<ServerAnswer>,
  mayUndo = false,
): Promise<ScanAnswer | 'later'> {
  try {
    const { kind, text, nextStepLabel, mailpieceNumber } = await asking;
    const detail = nextStepLabel === '' ? text : `${nextStepLabel}　${text}`;
    const undoId = mayUndo && kind === 'recorded' ? (mailpieceNumber ?? undefined) : undefined;
    return { ...words[kind], detail, undoId };
  } catch (error) {
    // A session that ended, too many at once, a fault of the server's: the scan is kept and sent again.
    const isPassing = error instanceof Problem && (error.status >= 500 || [401, 409, 429].includes(error.status));
    if (error instanceof Unreachable || isPassing) return 'later';
    return { tone: 'bad', word: '登録できません', detail: wordsOf(error) };
  }
}

/** Takes codes of one kind of paper alone. */
export const only =
  (kind: PaperNumberKind) =>
  (text: string): string | null => {
    const paper = parsePaperNumber(text);
    return paper?.kind === kind ? paper.number : null;
  };

/** A code for the eye. */
export const show = (code: string): string => (/^\d{14}$/.test(code) ? formatPaperNumber(code) : code);
