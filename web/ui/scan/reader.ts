// Room: web/ui. What a barcode reader types, read by whichever of three ways comes first: the physical digit keys up to
// Enter or Tab (an IME cannot touch them), the text an IME commits, the form's submit. One code counts once.
//
// A reader is a keyboard. With a Japanese IME on, its digits may arrive full-width, inside a composition whose Enter only
// commits. All three ways are watched, and the same code within half a second is the same scan, not a second one.

import { paperDigits } from '../../../src/rules/words/check-digits.ts';

/** The same code again within this time is one scan seen on several ways. */
const SAME_SCAN_MS = 500;

/** Text that is no number of ours is worth telling; nothing is not. */
export type Reading = { readonly code: string } | { readonly unreadable: string };

export class ScanReader {
  /** The code in a text, or null where it holds none of ours. */
  readonly #parse: (text: string) => string | null;
  readonly #onRead: (reading: Reading) => void;
  #keys = '';
  #last = '';
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(parse: (text: string) => string | null, onRead: (reading: Reading) => void) {
    this.#parse = parse;
    this.#onRead = onRead;
  }

  /**
   * A key went down; `field` is the field's text then, `at` in ms. True where the key ended a scan: the field is to be
   * emptied and the key goes no further.
   */
  key(
    event: { readonly code: string; readonly key: string; readonly composing: boolean },
    field: string,
    at: number,
  ): boolean {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
    if (digit !== undefined) {
      this.#keys += digit;
      return false;
    }
    const ends = event.code === 'Enter' || event.code === 'NumpadEnter' || (event.code === 'Tab' && this.#keys !== '');
    if (!ends) {
      // A reader's prefix or a hand correcting: what follows is a new run of digits.
      if (event.key !== 'Shift' && event.code !== 'Minus' && event.code !== 'NumpadSubtract') this.#keys = '';
      return false;
    }
    const typed = this.#keys;
    this.#keys = '';
    if (this.#take(this.#parse(typed), at)) return true;
    if (event.composing) return false;
    // Tab from a field that holds no code is a person going on.
    if (event.code === 'Tab' && this.#parse(paperDigits(field)) === null) return false;
    return this.submit(field, at);
  }

  /** An IME committed `text`. True where it was a code: the field is to be emptied. */
  composed(text: string, at: number): boolean {
    return this.#take(this.#parse(paperDigits(text)), at);
  }

  /** The form was sent with `field`. True where there was something in it. */
  submit(field: string, at: number): boolean {
    const text = paperDigits(field);
    if (text === '') return false;
    if (!this.#take(this.#parse(text), at)) this.#onRead({ unreadable: text });
    return true;
  }

  #take(code: string | null, at: number): boolean {
    if (code === null) return false;
    const isSame = code === this.#last && at - this.#lastAt < SAME_SCAN_MS;
    if (isSame) return true;
    this.#last = code;
    this.#lastAt = at;
    this.#onRead({ code });
    return true;
  }
}
