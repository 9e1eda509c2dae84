import type { EmbeddingFunction } from '@model2vec-ts/search';
import { MilvusError, messageOf } from '../milvus-error.js';
import { vectorProblem } from '../wire/field-value.js';
import type { Interruption } from './interruption.js';
import type { CheckedRow } from './text-row.js';
import type { VectorMemory } from './vector-memory.js';

/** Rows and their vectors. */
export interface EmbeddedRows {
  readonly rows: readonly CheckedRow[];
  readonly vectors: readonly Float32Array[];
}

/** What embedding needs in addition to the rows. */
export interface EmbeddingWork {
  readonly embedder: EmbeddingFunction;
  readonly signal: AbortSignal | undefined;
  readonly interruption: Interruption;
  /** Memory that the embeddings may use; replaced if it is too small. */
  readonly memory?: VectorMemory;
  /** Called for each row with an invalid embedding; the row is skipped. */
  onProblem(row: CheckedRow, reason: string): void;
}

/**
 * Embeds the texts of rows that came without a vector.
 *
 * @throws `MilvusError` with `embedder`, or the error of the interruption
 */
export async function embedRows(rows: readonly CheckedRow[], work: EmbeddingWork): Promise<EmbeddedRows> {
  const missing = rows.filter((row) => row.vector === undefined);
  if (missing.length === 0) return { rows, vectors: rows.map((row) => row.vector!) };
  const { embedder, signal, interruption } = work;
  let made: readonly Float32Array[];
  try {
    const texts = missing.map((row) => row.text);
    const out = work.memory?.reserve(texts.length * embedder.dim);
    const options = { ...(signal && { signal }), ...(out && { out }) };
    made = await interruption.wait(embedder.encodeDocuments(texts, options));
  } catch (error) {
    interruption.check();
    throw new MilvusError('embedder', `embedding ${missing.length} texts failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (made.length !== missing.length) {
    throw new MilvusError(
      'embedder',
      `the embedder returned ${made.length} vectors for ${missing.length} texts`,
    );
  }
  const kept: CheckedRow[] = [];
  const vectors: Float32Array[] = [];
  let next = 0;
  for (const row of rows) {
    const vector = row.vector ?? made[next++]!;
    const problem =
      row.vector === undefined ? vectorProblem('the embedding', embedder.dim, vector) : undefined;
    if (problem === undefined) {
      kept.push(row);
      vectors.push(vector);
    } else {
      work.onProblem(row, problem);
    }
  }
  return { rows: kept, vectors };
}
