import { BERT_COMPONENTS, isBertLike } from './bert-components.js';
import { checkJson } from './json-check.js';
import type { Tokenizer } from './tokenizer.js';
import { assembleTokenizer, type LoadTokenizerOptions } from './tokenizer-assembly.js';

/** What reads large vocabularies and texts in WebAssembly. */
function importSpeed(): Promise<typeof import('./speed.js')> {
  return import('./speed.js');
}

/**
 * Begins to import what {@link loadTokenizerLazily} imports for every tokenizer, so that it comes while `tokenizer.json`
 * does.
 */
export function prepareTokenizer(): void {
  importSpeed().catch(() => undefined);
}

/**
 * Reads a `tokenizer.json` as `loadTokenizer` does, and imports then what only some tokenizers need, and the fast path: a
 * page that will tokenize later begins with a fifth of the code. The imports are dynamic ones, which bundlers split.
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
  const speed = await importSpeed();
  const parsed = json instanceof Uint8Array ? speed.parseTokenizerJson(json) : undefined;
  if (parsed === undefined) {
    const { loadTokenizer } = await import('./load-tokenizer.js');
    return loadTokenizer(json, options);
  }
  checkJson(parsed);
  const components = isBertLike(parsed)
    ? BERT_COMPONENTS
    : (await import('./all-components.js')).ALL_COMPONENTS;
  return assembleTokenizer(
    parsed,
    components,
    options.path === 'readable' ? undefined : speed.fastTokenizerOf,
  );
}
