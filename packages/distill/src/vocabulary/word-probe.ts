import { loadTokenizer, type Tokenizer } from '@model2vec-ts/tokenizer';
import type { TokenizerFile } from './tokenizer-file.js';

/** What normalizer and pre-tokenizer make of a word. */
export interface ProbedWord {
  /** The word after the normalizer. */
  readonly normalized: string;
  /** Number of pieces. */
  readonly pieces: number;
  /** All pieces, end to end. */
  readonly text: string;
}

/**
 * Finds out what a tokenizer's normalizer and pre-tokenizer make of a word.
 *
 * They are run with models that show their input: one of a single unknown token counts pieces, one of bytes spells them.
 */
export class WordProbe {
  readonly #count: Tokenizer;
  readonly #spell: Tokenizer;
  readonly #normalize: Tokenizer;

  constructor(file: TokenizerFile) {
    const preTokenizer = file.preTokenizer ?? file.originalPreTokenizer ?? null;
    const shown = (model: object, pre: unknown): Tokenizer =>
      loadTokenizer({
        version: '1.0',
        added_tokens: [],
        normalizer: file.normalizer ?? null,
        pre_tokenizer: pre,
        model,
      });
    this.#count = shown({ type: 'WordLevel', vocab: { '\0': 0 }, unk_token: '\0' }, preTokenizer);
    this.#spell = shown(BYTES, preTokenizer);
    this.#normalize = shown(BYTES, null);
  }

  probe(word: string): ProbedWord {
    const spelled = (tokenizer: Tokenizer): string =>
      new TextDecoder().decode(Uint8Array.from(tokenizer.encode(word)));
    return {
      normalized: spelled(this.#normalize),
      pieces: this.#count.encode(word).length,
      text: spelled(this.#spell),
    };
  }
}

const BYTES = {
  type: 'BPE',
  vocab: Object.fromEntries(
    Array.from({ length: 256 }, (_, byte) => [
      `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      byte,
    ]),
  ),
  merges: [],
  byte_fallback: true,
} as const;
