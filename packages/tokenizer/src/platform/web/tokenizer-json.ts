import { isCount, isDictionary } from '../../json/json-shape.js';
import { vocabularyOf } from '../../models/vocabulary.js';

/**
 * Parses a text; an object of tokens and ids at `$.model.vocab` becomes a {@link Vocabulary}. Returns `undefined` for a
 * text that is not JSON. Reading the vocabulary from the bytes, as in Node, would save ten milliseconds but takes more code.
 *
 * @param check - throws for a text that must not be parsed
 */
export function parseTokenizerJson(bytes: Uint8Array, check: (bytes: Uint8Array) => void): unknown {
  check(bytes);
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as {
      readonly model?: { vocab?: unknown };
    } | null;
    const model = value?.model;
    if (model && isVocabulary(model.vocab)) {
      const ids = model.vocab;
      const tokens = Object.keys(ids);
      model.vocab = vocabularyOf(tokens, (i) => ids[tokens[i]!]!);
    }
    return value;
  } catch {
    return undefined;
  }
}

function isVocabulary(value: unknown): value is Readonly<Record<string, number>> {
  return isDictionary(isCount)(value);
}
