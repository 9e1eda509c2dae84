import type { NormalizedText } from '../normalized-text.js';
import { ANY_SCRIPT, scriptOf } from '../unicode/script.js';
import { appendSlice } from './append-slice.js';
import type { PreTokenizer } from './pre-tokenizer.js';

/** Cuts where the script changes. Japanese counts as one script; spaces and unassigned characters belong to any. */
export class UnicodeScripts implements PreTokenizer {
  split(text: NormalizedText, pieces: NormalizedText[]): void {
    const characters = text.text;
    // The text before the first character with a script is lost, as in the reference.
    let start = -1;
    let lastScript = ANY_SCRIPT;
    for (let i = 0; i < characters.length; ) {
      const codePoint = characters.codePointAt(i)!;
      const script = scriptOf(codePoint);
      if (script !== ANY_SCRIPT && script !== lastScript) {
        if (start !== -1) appendSlice(text, start, i, pieces);
        start = i;
        lastScript = script;
      }
      i += codePoint > 0xffff ? 2 : 1;
    }
    if (start !== -1) appendSlice(text, start, characters.length, pieces);
  }
}
