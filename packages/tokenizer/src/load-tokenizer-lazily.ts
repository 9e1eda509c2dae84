import { BERT_COMPONENTS, isBertLike } from './bert-components.js';
import { checkJson } from './json-check.js';
import type { Tokenizer } from './tokenizer.js';
import { assembleTokenizer, type LoadTokenizerOptions } from './tokenizer-assembly.js';
import { parseTokenizerJson } from './tokenizer-json.js';

/**
 * Reads a `tokenizer.json` as `loadTokenizer` does, and imports then what only some tokenizers need, and the fast path: a
 * page that will tokenize later begins with a quarter of the code. The imports are dynamic ones, which bundlers split.
 *
 * @param json - Its UTF-8 bytes. Text and a parsed object are taken as well, with all of the code.
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
  const [fastPath, components] = await Promise.all([
    options.path === 'readable' ? undefined : import('./fast/fast-path.js'),
    isBertLike(parsed) ? BERT_COMPONENTS : import('./all-components.js').then((all) => all.ALL_COMPONENTS),
  ]);
  return assembleTokenizer(parsed, components, fastPath?.fastTokenizerOf);
}
