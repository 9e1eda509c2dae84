/* Node: the code for fast loading and encoding is on disk, so nothing waits for a download. */
import { type FastPath, fastTokenizerOf as makeFast } from '../fast/fast-path.js';
import { GrowingTokenizer } from '../fast/growing-tokenizer.js';
import { parseTokenizerJson as parse } from '../json/kept-tables.js';

/** The fast path takes some 8 milliseconds to start, which a program that embeds a few texts saves. */
const WORTH_STARTING = 1 << 12;

export const fastTokenizerOf: FastPath = (...pipeline) =>
  new GrowingTokenizer(pipeline[2], WORTH_STARTING, (use) => use(makeFast(...pipeline)));

export const parseTokenizerJson: typeof parse = (bytes, check, options) => {
  // Most large tokenizers need all of the code, which is imported while their tables are read.
  if (options.tables !== undefined) import('../load-tokenizer.js').catch(() => undefined);
  return parse(bytes, check, options);
};
