import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { TEXTS } from './texts.js';

/** What Node makes of the texts. */
export interface NodeEmbeddings {
  readonly fingerprint: string;
  readonly embeddings: readonly Float32Array[];
}

export async function inNode(kernel: 'js' | 'wasm'): Promise<NodeEmbeddings> {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, kernel });
  const { fingerprint } = embedder;
  const embeddings = await embedder.encodeDocuments(TEXTS);
  await embedder.close();
  return { fingerprint, embeddings };
}

/** Largest difference from Node's values, of which none is larger than 1; `Infinity` where a value is missing or NaN. */
export function worstDifference(
  found: readonly (readonly number[])[],
  expected: readonly Float32Array[],
): number {
  const differences = expected.flatMap((embedding, i) =>
    Array.from(embedding, (value, j) => Math.abs((found[i]?.[j] ?? Number.NaN) - value)),
  );
  return differences.reduce(
    (worst, each) => (each <= worst ? worst : Number.isNaN(each) ? Infinity : each),
    0,
  );
}
