import type { FastPath } from '../fast-path.js';
import { GrowingTokenizer } from './growing-tokenizer.js';

/** Beside Node: what a page that embeds a few texts does not need, it should not load. */
export const fastTokenizerOf: FastPath = (...pipeline) =>
  new GrowingTokenizer(pipeline[2], async () =>
    (await import('../fast-path.js')).fastTokenizerOf(...pipeline),
  );
