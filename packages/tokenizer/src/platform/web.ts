import type { FastPath } from '../fast/fast-path.js';
import { GrowingTokenizer } from './web/growing-tokenizer.js';

/*
 * Every other platform, such as browsers and edge runtimes: a page that embeds a few texts should load only the code that
 * it needs.
 */
export { parseTokenizerJson } from './web/tokenizer-json.js';

export const fastTokenizerOf: FastPath = (...pipeline) =>
  new GrowingTokenizer(pipeline[2], async () =>
    (await import('../fast/fast-path.js')).fastTokenizerOf(...pipeline),
  );
