/** Node: the code for fast loading and encoding is on disk, so it is always used. */
import { parseTokenizerJson as parse } from '../json/kept-tables.js';

export { fastTokenizerOf } from '../fast/fast-path.js';

export const parseTokenizerJson: typeof parse = (bytes, check, options) => {
  // Most large tokenizers need all of the code, which is imported while their tables are read.
  if (options.tables !== undefined) import('../load-tokenizer.js').catch(() => undefined);
  return parse(bytes, check, options);
};
