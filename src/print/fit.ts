// Room: print. How a value fits its field: the one rule both paths follow (the other is templates/todoke.typ).
// On one line, made smaller as it must be, from `size` down to `min` by a quarter point; on more lines, up to `lines`, only
// where that makes the type larger by a fifth or more (or is the only way). Lines are filled up to the width, first
// breaking at spaces alone, then wherever a line may end (line-breaks.ts). What fits in none of these ways stops its piece:
// no word is cut. Advance widths only: no kerning, no ligatures.
import type { Glyph } from './fonts.ts';
import { isSpace, unbreakableParts } from './line-breaks.ts';

/** A text field as the template's metadata gives it. Lengths in points, from the trimmed sheet's top-left corner. */
export interface TextBox {
  readonly width: number;
  readonly height: number;
  /** Points. */
  readonly size: number;
  readonly min: number;
  readonly lines: number;
  /** Pitch of lines as a multiple of the size. */
  readonly leading: number;
}

export interface Fitted {
  /** Points. */
  readonly size: number;
  /** Index of each line's first glyph. */
  readonly starts: readonly number[];
}

const STEP = 0.25;
/** How much larger the type must become for another line. */
const WORTH = 1.2;
/** Points of slack, so that a width that is equal by the rule is not lost to rounding. */
const SLACK = 0.001;

/** The lines and size of glyphs in a box, or null where they do not fit at all. */
export function fit(glyphs: readonly Glyph[], box: TextBox): Fitted | null {
  let found = onOneLine(glyphs, box);
  // The size of the box is the largest there is: most values end here.
  if (box.lines === 1 || (found && found.size * WORTH > box.size)) return found;
  const anywhere = lineStarts(glyphs);
  const afterSpaces = anywhere.filter((start) => start > 0 && isSpace((glyphs[start - 1] as Glyph).text));
  const ways = afterSpaces.length > 0 ? [afterSpaces, anywhere] : [anywhere];
  for (let most = 2; most <= box.lines; most++) {
    const fitted = onLines(glyphs, ways, most, box);
    if (fitted && (!found || fitted.size >= found.size * WORTH)) found = fitted;
  }
  return found;
}

function onOneLine(glyphs: readonly Glyph[], box: TextBox): Fitted | null {
  const em = lineWidth(glyphs, 0, glyphs.length);
  for (let size = box.size; size >= box.min - SLACK; size -= STEP)
    if (size <= box.height + SLACK && em * size <= box.width + SLACK) return { size, starts: [0] };
  return null;
}

/** The largest size at which at most `most` lines hold everything. */
function onLines(
  glyphs: readonly Glyph[],
  ways: readonly (readonly number[])[],
  most: number,
  box: TextBox,
): Fitted | null {
  for (let size = box.size; size >= box.min - SLACK; size -= STEP) {
    if (size * (1 + (most - 1) * box.leading) > box.height + SLACK) continue;
    for (const way of ways) {
      const starts = breakLines(glyphs, way, box.width / size, most);
      if (starts) return { size, starts };
    }
  }
  return null;
}

/** Width of a line in em; spaces at its end hang over. */
export function lineWidth(glyphs: readonly Glyph[], start: number, end: number): number {
  let last = end;
  while (last > start && isSpace((glyphs[last - 1] as Glyph).text)) last--;
  let em = 0;
  for (let i = start; i < last; i++) em += (glyphs[i] as Glyph).advance;
  return em;
}

/** Indices of glyphs, the first aside, that a line may begin with. */
function lineStarts(glyphs: readonly Glyph[]): number[] {
  const starts: number[] = [];
  let next = 0;
  for (const part of unbreakableParts(glyphs.map((glyph) => glyph.text).join(''))) {
    if (next > 0) starts.push(next);
    for (let units = 0; units < part.length; next++) units += (glyphs[next] as Glyph).text.length;
  }
  return starts;
}

/** Greedy lines no wider than `width` em, or null where more than `most` are needed. */
function breakLines(
  glyphs: readonly Glyph[],
  allowed: readonly number[],
  width: number,
  most: number,
): number[] | null {
  const starts = [0];
  let last = 0;
  for (const end of [...allowed, glyphs.length]) {
    const start = starts.at(-1) as number;
    if (lineWidth(glyphs, start, end) > width + 0.000001) {
      if (last === start || starts.length === most) return null;
      starts.push(last);
      if (lineWidth(glyphs, last, end) > width + 0.000001) return null;
    }
    last = end;
  }
  return starts;
}
