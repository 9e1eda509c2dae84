import { borderBehaviorOfRegex } from './fast/regex-border.js';
import { readModel } from './models/model-json.js';
import { readNormalizer } from './normalizers/normalizer-json.js';
import { compileOnigurumaPattern } from './oniguruma/oniguruma-pattern.js';
import { readPreTokenizer } from './pre-tokenizers/pre-tokenizer-json.js';
import type { TokenizerComponents } from './tokenizer-components.js';
import { clusterEnd } from './unicode/grapheme.js';
import { WORD } from './unicode/word.js';

/** Every component of a `tokenizer.json`. */
export const ALL_COMPONENTS: TokenizerComponents = {
  readNormalizer: (value, path) => readNormalizer(value, path, compileOnigurumaPattern),
  readPreTokenizer: (value, path) => readPreTokenizer(value, path, compileOnigurumaPattern),
  readModel,
  borderBehaviorOfRegex,
  clusterEnd,
  isWordCharacter: (codePoint) => WORD.has(codePoint),
};
