import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { modelFilesOf, type StaticModel } from '@model2vec-ts/static-model';
import type { UnitVectors } from '../algebra/nearest-rows.js';
import { DistillError } from '../distill-error.js';
import type { Teacher } from '../teacher/teacher.js';

/** Models that can be evaluated: a static model, a teacher, or anything that turns texts into vectors. */
export type Evaluated = StaticModel | Teacher | TextVectors;

/** Turns texts into vectors. */
export interface TextVectors {
  encode(
    texts: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Float32Array | { readonly data: Float32Array; readonly dim: number }>;
}

/** Encodes texts with the evaluated model. */
export interface UnitEncoder {
  encode(texts: readonly string[]): Promise<UnitVectors>;
  close(): Promise<void>;
}

/** Texts encoded at once. */
const BATCH = 4096;

/** Opens the model to evaluate. */
export async function unitEncoder(
  evaluated: Evaluated,
  signal: AbortSignal | undefined,
): Promise<UnitEncoder> {
  if ('table' in evaluated) {
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: modelFilesOf(evaluated, { card: false }),
    });
    return { encode: (texts) => unitVectors(embedder, texts, signal), close: () => embedder.close() };
  }
  return { encode: (texts) => unitVectors(evaluated, texts, signal), close: async () => {} };
}

async function unitVectors(
  vectors: TextVectors,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<UnitVectors> {
  let dim = 0;
  let data = new Float32Array();
  for (let from = 0; from < texts.length; from += BATCH) {
    signal?.throwIfAborted();
    const batch = texts.slice(from, from + BATCH);
    const result = await vectors.encode(batch, { signal });
    const rows = ArrayBuffer.isView(result) ? result : result.data;
    if (dim === 0) {
      dim = rows.length / batch.length;
      data = new Float32Array(texts.length * dim);
    }
    data.set(rows, from * dim);
  }
  for (let row = 0; row < texts.length; row++) {
    const vector = data.subarray(row * dim, (row + 1) * dim);
    let squares = 0;
    for (let column = 0; column < dim; column++) squares += vector[column]! * vector[column]!;
    if (!Number.isFinite(squares)) {
      throw new DistillError(
        'unusable-vectors',
        `the vector of the text ${JSON.stringify(texts[row]!.slice(0, 60))} is not finite`,
      );
    }
    // A text without known tokens has a zero vector, which is near nothing.
    const length = Math.sqrt(squares) || 1;
    for (let column = 0; column < dim; column++) vector[column]! /= length;
  }
  return { data, dim, rows: texts.length };
}
