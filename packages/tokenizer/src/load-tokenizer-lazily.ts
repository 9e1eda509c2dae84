import { isBytes } from './bytes.js';
import type { Tokenizer } from './tokenizer.js';
import type { LoadTokenizerOptions } from './tokenizer-assembly.js';

/** All that most tokenizers need. */
function importBert(): Promise<typeof import('./bert/bert.js')> {
  return import('./bert/bert.js');
}

/**
 * Begins to import what {@link loadTokenizerLazily} imports for every tokenizer, so that it comes while `tokenizer.json`
 * does.
 */
export function prepareTokenizer(): void {
  importBert().catch(() => undefined);
}

/**
 * Reads a `tokenizer.json` as `loadTokenizer` does, and imports its code then: what BERT's tokenizer needs, which most
 * models have, and where another comes, what that one needs. A page that will tokenize later begins with none of it. The
 * imports are dynamic ones, which bundlers split.
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
  const bert = await importBert();
  const parsed = isBytes(json) ? bert.parseTokenizerJson(json) : undefined;
  if (bert.isBertJson(parsed)) {
    const { path } = options;
    if (path === 'readable') return bert.bertTokenizer(parsed, undefined);
    const { fastTokenizerOf } = path === 'fast' ? await import('./fast/fast-path.js') : bert;
    return bert.bertTokenizer(parsed, fastTokenizerOf);
  }
  const { loadTokenizer } = await import('./load-tokenizer.js');
  return loadTokenizer(parsed ?? json, options);
}
