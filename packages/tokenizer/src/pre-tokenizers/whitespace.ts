import type { NormalizedText } from '../normalized-text.js';
import { REGEX_SPACE, WORD } from '../unicode/word.js';
import { appendSlice } from './append-slice.js';
import type { PreTokenizer } from './pre-tokenizer.js';

const SPACE_KIND = 0;
const WORD_KIND = 1;
const OTHER_KIND = 2;

function kindOf(codePoint: number): number {
  if (WORD.has(codePoint)) return WORD_KIND;
  return REGEX_SPACE.has(codePoint) ? SPACE_KIND : OTHER_KIND;
}

/** Matches runs of word characters, and runs of other characters but white space: `\w+|[^\w\s]+` of Rust's regex crate. */
export class Whitespace implements PreTokenizer {
  split(text: NormalizedText, pieces: NormalizedText[]): void {
    const characters = text.text;
    let start = 0;
    let runKind = SPACE_KIND;
    for (let i = 0; i < characters.length; ) {
      const codePoint = characters.codePointAt(i)!;
      const kind = kindOf(codePoint);
      if (kind !== runKind) {
        if (runKind !== SPACE_KIND) appendSlice(text, start, i, pieces);
        start = i;
        runKind = kind;
      }
      i += codePoint > 0xffff ? 2 : 1;
    }
    if (runKind !== SPACE_KIND) appendSlice(text, start, characters.length, pieces);
  }
}
