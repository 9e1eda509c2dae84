import { readAddedTokens } from './added-token.js';
import { AddedVocabulary } from './added-vocabulary.js';
import { fastTokenizerOf } from './fast/fast-path.js';
import { checkDecoder, checkPadding, checkPostProcessor, checkTruncation } from './ignored-json.js';
import { type JsonObject, readObject, readOptional, readString } from './json-reader.js';
import { readJsonText } from './json-text.js';
import { readModel } from './models/model-json.js';
import type { Normalizer } from './normalizers/normalizer.js';
import { readNormalizer } from './normalizers/normalizer-json.js';
import { compileOnigurumaPattern } from './oniguruma/oniguruma-pattern.js';
import type { PreTokenizer } from './pre-tokenizers/pre-tokenizer.js';
import { readPreTokenizer } from './pre-tokenizers/pre-tokenizer-json.js';
import type { Tokenizer, TokenizerPath } from './tokenizer.js';
import { MalformedTokenizerError, UnsupportedTokenizerError } from './tokenizer-error.js';
import { TokenizerPipeline } from './tokenizer-pipeline.js';

const KEYS = [
  'version',
  'truncation',
  'padding',
  'added_tokens',
  'normalizer',
  'pre_tokenizer',
  'post_processor',
  'decoder',
  'model',
];

function checkKeys(json: JsonObject): void {
  for (const key of Object.keys(json)) {
    if (!KEYS.includes(key)) {
      throw new MalformedTokenizerError(
        `$.${key}`,
        `is not a part of a tokenizer; the parts are ${KEYS.join(', ')}`,
      );
    }
  }
}

function checkVersion(value: unknown): void {
  if (value === undefined) return;
  const version = readString(value, '$.version');
  if (version !== '1.0') {
    throw new UnsupportedTokenizerError('$.version', version.slice(0, 40), 'only version 1.0 is known');
  }
}

/** How {@link loadTokenizer} makes a tokenizer. */
export interface LoadTokenizerOptions {
  /**
   * `readable` for a tokenizer that takes no fast path. `fast` takes it where the pipeline has one and WebAssembly with
   * SIMD can run; `path` of the tokenizer says whether it does.
   * @default 'fast'
   */
  readonly path?: TokenizerPath;
}

/**
 * Reads a `tokenizer.json`, in the format of Hugging Face's `tokenizers` 0.23.
 *
 * @param json - Its text, its UTF-8 bytes, or the object that parsing it gave.
 * @throws {@link MalformedTokenizerError} where the file breaks the format's rules: which value, what it must be, and
 * what was found.
 * @throws {@link UnsupportedTokenizerError} where the file asks for something that cannot be done exactly: the
 * component's path and type.
 * @example
 * ```ts
 * import { loadTokenizer } from '@model2vec-ts/tokenizer';
 *
 * const tokenizer = loadTokenizer({
 *   version: '1.0',
 *   pre_tokenizer: { type: 'Whitespace' },
 *   model: { type: 'WordLevel', vocab: { hello: 0, world: 1, '?': 2 }, unk_token: '?' },
 * });
 * tokenizer.encode('hello there world'); // Uint32Array [0, 2, 1]
 * ```
 */
export function loadTokenizer(
  json: string | Uint8Array | object,
  options: LoadTokenizerOptions = {},
): Tokenizer {
  const file = readObject(readJsonText(json), '$');
  checkKeys(file);
  checkVersion(file.version);
  checkTruncation(file.truncation, '$.truncation');
  checkPadding(file.padding, '$.padding');
  checkPostProcessor(file.post_processor, '$.post_processor');
  checkDecoder(file.decoder, '$.decoder');
  const normalizer: Normalizer | undefined = readOptional(file.normalizer, '$.normalizer', (value, path) =>
    readNormalizer(value, path, compileOnigurumaPattern),
  );
  const preTokenizer: PreTokenizer | undefined = readOptional(
    file.pre_tokenizer,
    '$.pre_tokenizer',
    (value, path) => readPreTokenizer(value, path, compileOnigurumaPattern),
  );
  const model = readModel(file.model, '$.model');
  const addedTokens =
    file.added_tokens === undefined ? [] : readAddedTokens(file.added_tokens, '$.added_tokens');
  const addedVocabulary = new AddedVocabulary(addedTokens, '$.added_tokens', model, normalizer);
  const parts = { addedVocabulary, normalizer, preTokenizer, model };
  const pipeline = new TokenizerPipeline(parts);
  return options.path === 'readable' ? pipeline : (fastTokenizerOf(file, parts, pipeline) ?? pipeline);
}
