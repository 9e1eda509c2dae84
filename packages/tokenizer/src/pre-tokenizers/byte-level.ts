import type { NormalizedText } from '../normalized-text.js';
import { toByteLevel } from '../normalizers/byte-level.js';
import type { Pattern } from '../pattern.js';
import type { PreTokenizer } from './pre-tokenizer.js';
import { splitByMatches } from './split-behavior.js';

/** GPT-2's pattern of pieces. */
export const GPT2_PATTERN =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** Cuts like GPT-2, and replaces each byte of UTF-8 with one visible character. */
export class ByteLevel implements PreTokenizer {
  readonly #addsPrefixSpace: boolean;
  readonly #pattern: Pattern | undefined;

  /** @param pattern - pattern of the pieces; `undefined` leaves each text whole */
  constructor(addsPrefixSpace: boolean, pattern: Pattern | undefined) {
    this.#addsPrefixSpace = addsPrefixSpace;
    this.#pattern = pattern;
  }

  split(text: NormalizedText, pieces: NormalizedText[]): void {
    if (this.#addsPrefixSpace && !text.text.startsWith(' ')) text.prepend(' ');
    const first = pieces.length;
    if (this.#pattern !== undefined) {
      splitByMatches(text, this.#pattern.findAll(text.text), 'Isolated', false, pieces);
    } else if (text.text !== '') {
      pieces.push(text);
    }
    for (let i = first; i < pieces.length; i++) toByteLevel(pieces[i]!);
  }
}
