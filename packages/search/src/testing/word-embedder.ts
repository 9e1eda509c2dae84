import type { EmbeddingFunction } from '../store/embedding-function.js';

/**
 * A small embedder for tests: each word adds its own direction, so texts with common words are near. Equal texts have
 * equal vectors in every run.
 *
 * @example
 * ```ts
 * import { TextIndex } from '@model2vec-ts/search';
 * import { wordEmbedder } from '@model2vec-ts/search/testing';
 *
 * const index = await TextIndex.create({ embedder: wordEmbedder() });
 * await index.upsert([{ text: 'red apples' }, { text: 'blue whales' }]);
 * const { hits } = await index.search('apples', { limit: 1 });
 * console.log(hits[0]?.text); // red apples
 * ```
 */
export function wordEmbedder(dim = 64): EmbeddingFunction {
  const encode = (texts: readonly string[]): Promise<Float32Array[]> =>
    Promise.resolve(texts.map((text) => embedding(text, dim)));
  return { dim, fingerprint: `word-embedder-${dim}`, encodeDocuments: encode, encodeQueries: encode };
}

function embedding(text: string, dim: number): Float32Array {
  const vector = new Float32Array(dim);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let state = 7;
    for (const letter of word) state = (Math.imul(state, 31) + letter.codePointAt(0)!) >>> 0;
    for (let i = 0; i < dim; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      vector[i]! += state / 2 ** 32 - 0.5;
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
