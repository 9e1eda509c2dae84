import { type JsonObject, readObject } from './json-reader.js';
import { Vocabulary } from './models/vocabulary.js';
import { readWordPiece } from './models/word-piece-json.js';
import { readBert } from './normalizers/bert-normalizer-json.js';
import { BertPreTokenizer } from './pre-tokenizers/bert-pre-tokenizer.js';
import type { TokenizerComponents } from './tokenizer-components.js';

/** What {@link isBertLike} lets through, and nothing else. */
export const BERT_COMPONENTS: TokenizerComponents = {
  readNormalizer: (value, path) => readBert(readObject(value, path), path),
  readPreTokenizer: () => new BertPreTokenizer(),
  readModel: (value, path) => readWordPiece(readObject(value, path), path),
  // There is neither a pattern, nor a normalizer that looks at clusters, nor a token that must be a word.
  borderBehaviorOfRegex: () => 'crosses',
  clusterEnd: (text) => text.length,
  isWordCharacter: () => true,
};

function typeOf(value: unknown): unknown {
  return (value as JsonObject | undefined)?.type;
}

/** Whether a tokenizer has the parts that BERT's has, as most published static models' tokenizers do. */
export function isBertLike(json: unknown): boolean {
  const { added_tokens, normalizer, pre_tokenizer, model } = json as JsonObject;
  const { type, clean_text, handle_chinese_chars, lowercase, strip_accents } = (normalizer ??
    {}) as JsonObject;
  return (
    type === 'BertNormalizer' &&
    [clean_text, handle_chinese_chars, lowercase, strip_accents ?? true].every(
      (field) => typeof field === 'boolean',
    ) &&
    typeOf(pre_tokenizer) === 'BertPreTokenizer' &&
    typeOf(model) === 'WordPiece' &&
    (model as JsonObject).vocab instanceof Vocabulary &&
    !(Array.isArray(added_tokens) && added_tokens.some((token) => token?.single_word !== false))
  );
}
