import type { EmbeddingFunction } from '../../src/index.js';

/** A small real embedder: each word adds its own direction, so texts with common words are near. */
export function wordEmbedder(dim = 64, salt = 7): EmbeddingFunction & { readonly calls: number[] } {
  const calls: number[] = [];
  const encode = (texts: readonly string[]): Promise<Float32Array[]> => {
    calls.push(texts.length);
    return Promise.resolve(texts.map((text) => embed(text, dim, salt)));
  };
  return { dim, fingerprint: `words-${dim}-${salt}`, calls, encodeDocuments: encode, encodeQueries: encode };
}

function embed(text: string, dim: number, salt: number): Float32Array {
  const vector = new Float32Array(dim);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let state = salt;
    for (const letter of word) state = (Math.imul(state, 31) + letter.codePointAt(0)!) >>> 0;
    for (let i = 0; i < dim; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      vector[i]! += state / 2 ** 32 - 0.5;
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
