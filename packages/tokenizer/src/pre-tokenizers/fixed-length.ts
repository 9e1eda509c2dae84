import type { NormalizedText } from '../normalized-text.js';
import { appendSlice } from './append-slice.js';
import type { PreTokenizer } from './pre-tokenizer.js';

/** Cuts into pieces of the same number of code points; the last one can be shorter. */
export class FixedLength implements PreTokenizer {
  readonly #length: number;

  /** @param length - code points per piece, at least 1 */
  constructor(length: number) {
    this.#length = length;
  }

  split(text: NormalizedText, pieces: NormalizedText[]): void {
    const characters = text.text;
    let start = 0;
    let count = 0;
    for (let i = 0; i < characters.length; ) {
      i += characters.codePointAt(i)! > 0xffff ? 2 : 1;
      if (++count < this.#length) continue;
      appendSlice(text, start, i, pieces);
      start = i;
      count = 0;
    }
    appendSlice(text, start, characters.length, pieces);
  }
}
