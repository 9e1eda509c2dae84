import { isBytes } from './bytes.js';
import type { LoadTokenizerLazilyOptions } from './load-tokenizer-options.js';
import type { Tokenizer } from './tokenizer.js';

/** The code that most tokenizers need. */
function importBert(): Promise<typeof import('./bert/bert.js')> {
  return import('./bert/bert.js');
}

/**
 * Starts to import the code that {@link loadTokenizerLazily} needs for every tokenizer, while `tokenizer.json` loads.
 *
 * @example
 * ```ts
 * import { loadTokenizerLazily, prepareTokenizer } from '@model2vec-ts/tokenizer/lazy';
 *
 * prepareTokenizer(); // imports the code while the file is downloaded
 * const response = await fetch('/model/tokenizer.json');
 * const tokenizer = await loadTokenizerLazily(new Uint8Array(await response.arrayBuffer()));
 * console.log(tokenizer.encode('a text'));
 * ```
 */
export function prepareTokenizer(): void {
  importBert().catch(() => undefined);
}

/**
 * Loads a `tokenizer.json` as `loadTokenizer` does, but imports the code when it is called, so that a page which tokenizes
 * later starts without it. First it imports the code of BERT's tokenizer, which most models have, and for another kind
 * the rest. Bundlers split these dynamic imports.
 *
 * @param json - UTF-8 bytes of the file. Text and a parsed value are accepted, too, and import all of the code.
 * @throws as `loadTokenizer`
 *
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
  options: LoadTokenizerLazilyOptions = {},
): Promise<Tokenizer> {
  const bert = await importBert();
  const parsed = isBytes(json) && (await bert.parseTokenizerJson(json, bert.checkDepth, options));
  if (bert.isBertJson(parsed)) {
    if (options.path === 'readable') return bert.bertTokenizer(parsed);
    const { fastTokenizerOf } = options.path === 'fast' ? await import('./fast/fast-path.js') : bert;
    return bert.bertTokenizer(parsed, fastTokenizerOf);
  }
  const { loadTokenizer } = await import('./load-tokenizer.js');
  return loadTokenizer(parsed || json, options);
}
