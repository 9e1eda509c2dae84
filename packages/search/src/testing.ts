/**
 * The common behaviour of text stores, as cases for any test runner.
 * @module
 */
import type { TextStore } from './store/text-store.js';
import { type StoreTestOptions, storeCases } from './testing/text-store-cases.js';
import { wordEmbedder } from './testing/word-embedder.js';

export type { StoreTestOptions } from './testing/text-store-cases.js';
export { wordEmbedder } from './testing/word-embedder.js';

/** One case of {@link testTextStore}. */
export interface TextStoreCase {
  /** Continues a sentence that begins with the store. */
  readonly name: string;
  /** Rejects with a `SearchError` `not-conforming` if the store differs. */
  run(): Promise<void>;
}

/**
 * The conformance suite of text stores.
 *
 * @param create - returns an empty store that embeds with {@link wordEmbedder}; called once per case
 * @example
 * ```ts
 * import { TextIndex } from '@model2vec-ts/search';
 * import { testTextStore, wordEmbedder } from '@model2vec-ts/search/testing';
 *
 * const create = (): Promise<TextIndex> => TextIndex.create({ embedder: wordEmbedder() });
 * for (const { name, run } of testTextStore(create, { fullText: true })) {
 *   await run(); // or, in a test runner: it(name, run)
 *   name satisfies string;
 * }
 * ```
 */
export function testTextStore(
  create: () => Promise<TextStore>,
  options: StoreTestOptions,
): readonly TextStoreCase[] {
  return storeCases(wordEmbedder(), options).map(({ name, run }) => ({
    name,
    run: async () => await run(await create()),
  }));
}
