// Room: print. How a value fits its field: the one rule both paths follow (the other is templates/todoke.typ).
// For 1 line, then 2, up to `lines`; for each size from `size` down to `min` by a quarter point: break character by
// character at the width; the first that fits wins. Advance widths only: no kerning, no ligatures.
import type { Glyph } from './fonts.ts';

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
/** Points of slack, so that a width that is equal by the rule is not lost to rounding. */
const SLACK = 0.001;
/** Characters that never begin a line when the one before can be taken along. */
const NO_START = new Set('、。，．）」』】〕］｝〉》・ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.)]}');

/** The lines and size of glyphs in a box, or null where they do not fit at all. */
export function fit(glyphs: readonly Glyph[], box: TextBox): Fitted | null {
  let em = 0;
  for (const glyph of glyphs) em += glyph.advance;
  for (let size = box.size; size >= box.min - SLACK; size -= STEP) {
    if (size <= box.height + SLACK && em * size <= box.width + SLACK) return { size, starts: [0] };
  }
  for (let most = 2; most <= box.lines; most++) {
    for (let size = box.size; size >= box.min - SLACK; size -= STEP) {
      if (size * (1 + (most - 1) * box.leading) > box.height + SLACK) continue;
      const starts = breakLines(glyphs, box.width / size, most);
      if (starts) return { size, starts };
    }
  }
  return null;
}

/** Greedy lines no wider than `width` em, or null where more than `most` are needed. */
function breakLines(glyphs: readonly Glyph[], width: number, most: number): number[] | null {
  const starts: number[] = [];
  for (let start = 0; start < glyphs.length;) {
    if (starts.length === most) return null;
    starts.push(start);
    let used = 0;
    let end = start;
    while (end < glyphs.length && used + (glyphs[end] as Glyph).advance <= width + 0.000001) {
      used += (glyphs[end] as Glyph).advance;
      end++;
    }
    if (end === start) return null;
    if (end < glyphs.length && end - start > 1 && NO_START.has((glyphs[end] as Glyph).text)) end--;
    start = end;
  }
  return starts;
}
