import { ALL_COMPONENTS } from './all-components.js';
import { fastTokenizerOf } from './fast/fast-path.js';
import { readJsonText } from './json/json-text.js';
import type { Tokenizer } from './tokenizer.js';
import { assembleTokenizer, type LoadTokenizerOptions } from './tokenizer-assembly.js';

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
  const fastPath = options.path === 'readable' ? undefined : fastTokenizerOf;
  return assembleTokenizer(readJsonText(json), ALL_COMPONENTS, fastPath);
}
