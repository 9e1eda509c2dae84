import type { Vocabulary } from './vocabulary.js';

const encoder = new TextEncoder();

/** The tokens `<0x00>` … `<0xFF>` for UTF-8 bytes of text that the vocabulary lacks. */
export class ByteFallback {
  readonly #ids: readonly (number | undefined)[];

  constructor(vocabulary: Vocabulary) {
    this.#ids = Array.from({ length: 256 }, (_, byte) =>
      vocabulary.idOf(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    );
  }

  /** Returns the ids of all bytes of a text, or `undefined` if one of them has no token. */
  idsOf(text: string): readonly number[] | undefined {
    const ids: number[] = [];
    for (const byte of encoder.encode(text)) {
      const id = this.#ids[byte];
      if (id === undefined) return undefined;
      ids.push(id);
    }
    return ids;
  }
}
