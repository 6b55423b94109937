// Room: print. Where a line of a value may end: the Unicode Line Breaking Algorithm (UAX #14, small kana kept from the
// start of a line), so that a name of Latin letters breaks between its words and Japanese by kinsoku. Letters, digits and
// hyphens of full width are read as their half-width selves; by the letter of UAX #14 each would be an ideograph.
import LineBreaker from 'linebreak';

const WIDE = /[\u3000０-９Ａ-Ｚａ-ｚ＇．－]/g;

function narrow(c: string): string {
  return c === '\u3000' ? ' ' : String.fromCharCode(c.charCodeAt(0) - 0xfee0);
}

/** A text cut wherever a line may end, spaces with what stands before them; put together again it is the text. */
export function unbreakableParts(text: string): string[] {
  const parts: string[] = [];
  const breaker = new LineBreaker(text.replaceAll(WIDE, narrow));
  let from = 0;
  for (let end = breaker.nextBreak(); end; end = breaker.nextBreak()) {
    parts.push(text.slice(from, end.position));
    from = end.position;
  }
  return parts;
}

/** True for what may hang over the end of a line. */
export function isSpace(text: string): boolean {
  return text === ' ' || text === '\u3000';
}
