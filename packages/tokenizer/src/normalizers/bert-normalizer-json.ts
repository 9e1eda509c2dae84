import { type JsonObject, readBoolean, readOptional } from '../json/json-reader.js';
import { BertNormalizer } from './bert-normalizer.js';
import type { Normalizer } from './normalizer.js';

/** Reads a BertNormalizer of `tokenizer.json`. */
export function readBert(json: JsonObject, path: string): Normalizer {
  const lowercases = readBoolean(json.lowercase, `${path}.lowercase`);
  return new BertNormalizer({
    cleansText: readBoolean(json.clean_text, `${path}.clean_text`),
    separatesChinese: readBoolean(json.handle_chinese_chars, `${path}.handle_chinese_chars`),
    stripsAccents: readOptional(json.strip_accents, `${path}.strip_accents`, readBoolean) ?? lowercases,
    lowercases,
  });
}
