import type { FastPath } from '../fast/fast-path.js';
import { GrowingTokenizer } from '../fast/growing-tokenizer.js';

/*
 * Every other platform, such as browsers and edge runtimes: a page that embeds a few texts should load only the code that
 * it needs.
 */
export { parseTokenizerJson } from './web/tokenizer-json.js';

/** The readable path needs about ten milliseconds for so much text, and the fast path 6 KB of code. */
const WORTH_LOADING = 1 << 16;

export const fastTokenizerOf: FastPath = (...pipeline) =>
  new GrowingTokenizer(pipeline[2], WORTH_LOADING, (use) => {
    import('../fast/fast-path.js').then(
      ({ fastTokenizerOf }) => use(fastTokenizerOf(...pipeline)),
      // Not tried again: a page that is offline would fail for each text.
      () => undefined,
    );
  });
