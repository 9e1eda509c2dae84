import { BERT_COMPONENTS, isBertLike } from './bert-components.js';
import { checkJson } from './json-check.js';
import type { Tokenizer } from './tokenizer.js';
import { assembleTokenizer, type LoadTokenizerOptions } from './tokenizer-assembly.js';
import { parseTokenizerJson } from './tokenizer-json.js';

/**
 * Reads a `tokenizer.json` as `loadTokenizer` does, and imports what only some tokenizers need when one does: a page that
 * embeds with a BERT-like tokenizer fetches a quarter of the code. All others come with one request more, by a dynamic
 * `import` that bundlers know how to split.
 *
 * @param json - Its UTF-8 bytes. Text and a parsed object are taken as well, with the request.
 * @throws as `loadTokenizer`
 * @example
 * ```ts
 * import { loadTokenizerLazily } from '@model2vec-ts/tokenizer/lazy';
 *
 * const response = await fetch('https://example.com/my-model/tokenizer.json');
 * const tokenizer = await loadTokenizerLazily(new Uint8Array(await response.arrayBuffer()));
 * console.log(tokenizer.family, tokenizer.encode('some text'));
 * ```
 */
export async function loadTokenizerLazily(
  json: string | Uint8Array | object,
  options: LoadTokenizerOptions = {},
): Promise<Tokenizer> {
  const parsed = json instanceof Uint8Array ? parseTokenizerJson(json) : undefined;
  if (parsed === undefined) {
    const { loadTokenizer } = await import('./load-tokenizer.js');
    return loadTokenizer(json, options);
  }
  checkJson(parsed);
  if (isBertLike(parsed)) return assembleTokenizer(parsed, BERT_COMPONENTS, options);
  const { ALL_COMPONENTS } = await import('./all-components.js');
  return assembleTokenizer(parsed, ALL_COMPONENTS, options);
}
