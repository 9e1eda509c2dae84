import { isCount, isDictionary } from '../../json/json-shape.js';
import { vocabularyOf } from '../../models/vocabulary.js';

/**
 * The value of a text whose `$.model.vocab` is a {@link Vocabulary} if it is an object of tokens and ids, or `undefined`
 * for a text that is no JSON. Beside Node this takes less code than to read the vocabulary from the bytes, which saves
 * some ten milliseconds.
 */
export function parseTokenizerJson(bytes: Uint8Array): unknown {
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
