import { ALL_COMPONENTS } from './all-components.js';
import { fastTokenizerOf } from './fast/fast-path.js';
import { readJsonText } from './json/json-text.js';
import type { LoadTokenizerOptions } from './load-tokenizer-options.js';
import type { Tokenizer } from './tokenizer.js';
import { assembleTokenizer } from './tokenizer-assembly.js';

/**
 * Loads a `tokenizer.json` in the format of Hugging Face's `tokenizers` 0.23.
 *
 * @param json - text, UTF-8 bytes, or parsed value of the file
 * @throws {@link MalformedTokenizerError} if the file breaks the rules of the format; its message says which value, what
 *   it must be, and what was found
 * @throws {@link UnsupportedTokenizerError} if the file needs a feature that is not implemented exactly; it has path and
 *   type of the component
 *
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
