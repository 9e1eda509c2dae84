import { fileURLToPath } from 'node:url';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { TEXTS } from './texts.js';

/** The bundled model as files. */
export const MODEL_FOLDER: string = fileURLToPath(
  new URL('../../../packages/model-minilm-l6/model', import.meta.url),
);

/** Embeds the texts in Node. */
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

/** Returns the largest difference from Node's values, which are at most 1; `Infinity` if a value is missing or NaN. */
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
