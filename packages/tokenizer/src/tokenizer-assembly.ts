import { readAddedTokens } from './added-token.js';
import { AddedVocabulary } from './added-vocabulary.js';
import type { FastPath } from './fast/fast-path.js';
import { checkDecoder, checkPadding, checkPostProcessor, checkTruncation } from './json/ignored-json.js';
import { type JsonObject, readObject, readOptional, readString } from './json/json-reader.js';
import { NormalizedText } from './normalized-text.js';
import type { Tokenizer } from './tokenizer.js';
import type { TokenizerComponents } from './tokenizer-components.js';
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
        `is not a part of a tokenizer; known parts are ${KEYS.join(', ')}`,
      );
    }
  }
}

function checkVersion(value: unknown): void {
  if (value === undefined) return;
  const version = readString(value, '$.version');
  if (version !== '1.0') {
    throw new UnsupportedTokenizerError('$.version', version.slice(0, 40), 'only version 1.0 is supported');
  }
}

/**
 * Makes a tokenizer from parsed JSON and these components, which refuse types that they do not have.
 *
 * @param fastPath - finds the fast path; `undefined` for none
 */
export function assembleTokenizer(
  json: unknown,
  components: TokenizerComponents,
  fastPath: FastPath | undefined,
): Tokenizer {
  const file = readObject(json, '$');
  checkKeys(file);
  checkVersion(file.version);
  checkTruncation(file.truncation, '$.truncation');
  checkPadding(file.padding, '$.padding');
  checkPostProcessor(file.post_processor, '$.post_processor');
  checkDecoder(file.decoder, '$.decoder');
  const normalizer = readOptional(file.normalizer, '$.normalizer', components.readNormalizer);
  const preTokenizer = readOptional(file.pre_tokenizer, '$.pre_tokenizer', components.readPreTokenizer);
  const model = components.readModel(file.model, '$.model');
  const tokens = file.added_tokens === undefined ? [] : readAddedTokens(file.added_tokens, '$.added_tokens');
  const addedTokens = new AddedVocabulary(
    tokens,
    '$.added_tokens',
    model,
    normalizer,
    components.isWordCharacter,
  );
  const parts = { textOf: NormalizedText.of, addedTokens, normalizer, preTokenizer, model };
  const pipeline = new TokenizerPipeline(parts);
  return fastPath?.(file, parts, pipeline, components) ?? pipeline;
}
