import type { Tokenizer } from './tokenizer.js';
import type { LoadTokenizerOptions } from './tokenizer-assembly.js';

/** What every tokenizer needs, and all that most need. */
function importTokenizer(): Promise<typeof import('./bert-tokenizer.js')> {
  return import('./bert-tokenizer.js');
}

/**
 * Begins to import what {@link loadTokenizerLazily} imports for every tokenizer, so that it comes while `tokenizer.json`
 * does.
 */
export function prepareTokenizer(): void {
  importTokenizer().catch(() => undefined);
}

/**
 * Reads a `tokenizer.json` as `loadTokenizer` does, and imports its code then: what every tokenizer needs first, and
 * what only some need where one of them comes. A page that will tokenize later begins with none of it. The imports are
 * dynamic ones, which bundlers split.
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
  const bert = await importTokenizer();
  const parsed = json instanceof Uint8Array ? bert.parseTokenizerJson(json) : undefined;
  if (parsed === undefined) {
    const { loadTokenizer } = await import('./load-tokenizer.js');
    return loadTokenizer(json, options);
  }
  bert.checkJson(parsed);
  const components = bert.isBertLike(parsed)
    ? bert.BERT_COMPONENTS
    : (await import('./all-components.js')).ALL_COMPONENTS;
  return bert.assembleTokenizer(
    parsed,
    components,
    options.path === 'readable' ? undefined : bert.fastTokenizerOf,
  );
}
