import type { FastPath } from '../fast/fast-path.js';
import { GrowingTokenizer } from './web/growing-tokenizer.js';

/*
 * Browsers, edge runtimes, and all that is not Node: what a page that embeds a few texts does not need, it should not
 * load.
 */
export { parseTokenizerJson } from './web/tokenizer-json.js';

export const fastTokenizerOf: FastPath = (...pipeline) =>
  new GrowingTokenizer(pipeline[2], async () =>
    (await import('../fast/fast-path.js')).fastTokenizerOf(...pipeline),
  );
