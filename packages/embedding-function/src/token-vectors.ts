import { EmbeddingMatrix, normalizeRows } from '@model2vec-ts/pooling-kernels';
import type { TokenBatch, Tokenizer } from '@model2vec-ts/tokenizer';
import type { BatchEncoder } from './batch-encoder.js';
import { invalidArgument } from './embedding-function-error.js';
import type { EncodeAsSequenceOptions, EncodeSettings } from './encode-options.js';
import { emptyMatrix } from './output/empty-matrix.js';
import { TimeSlice } from './time-slice.js';

/*
 * Vectors of tokens. Few pages need them, so they load this module on demand.
 */

/**
 * The rows of each text's tokens, as one matrix a text. The matrices of a batch are views of one buffer.
 *
 * @param encoder - called before each batch, so that it can end the call
 */
export async function tokenMatrices(
  texts: readonly string[],
  { batchSize, maxLength }: EncodeSettings,
  options: EncodeAsSequenceOptions | undefined,
  encoder: () => BatchEncoder,
): Promise<EmbeddingMatrix[]> {
  const { signal, onProgress } = options ?? {};
  const matrices: EmbeddingMatrix[] = [];
  const slice = new TimeSlice();
  while (matrices.length < texts.length) {
    if (matrices.length > 0) {
      await slice.pause();
      signal?.throwIfAborted();
    }
    const batch = texts.slice(matrices.length, matrices.length + batchSize);
    for (const matrix of await batchMatrices(encoder(), batch, maxLength)) matrices.push(matrix);
    onProgress?.({ done: matrices.length, total: texts.length });
  }
  return matrices;
}

async function batchMatrices(
  encoder: BatchEncoder,
  texts: readonly string[],
  maxLength: number | null,
): Promise<EmbeddingMatrix[]> {
  const { dim } = encoder;
  const { ids, offsets } = encoder.tokens(texts, maxLength);
  const tokens = offsets[texts.length]!;
  // The mean of one row is the row, so each token is pooled as a text.
  const vectors = emptyMatrix(tokens, dim);
  const single = { ids, offsets: Uint32Array.from({ length: tokens + 1 }, (_, i) => i) };
  await encoder.pool(single, vectors.data, 0, false);
  return texts.map((_, i) => {
    const [start, end] = [offsets[i]!, offsets[i + 1]!];
    return new EmbeddingMatrix(vectors.data.subarray(start * dim, end * dim), end - start, dim);
  });
}

/** Pools a batch of tokens, without the unknown token, and keeps the first columns of the rows. */
export async function pooledTokens(
  { encoder, tokenizer }: { readonly encoder: BatchEncoder; readonly tokenizer: Tokenizer },
  tokens: TokenBatch,
  normalize: boolean,
  columns: number = encoder.dim,
): Promise<EmbeddingMatrix> {
  if (!Number.isInteger(columns) || columns < 1 || columns > encoder.dim) {
    throw invalidArgument('dimensionality', `a whole number from 1 to ${encoder.dim}`, columns);
  }
  const known = withoutId(tokens, tokenizer.unknownId);
  const matrix = emptyMatrix(known.offsets.length - 1, encoder.dim);
  const cut = columns < encoder.dim;
  await encoder.pool(known, matrix.data, 0, normalize && !cut);
  return cut ? firstColumns(matrix, columns, normalize) : matrix;
}

/** Removes one id from a batch; returns the batch itself if it does not contain the id. */
function withoutId(batch: TokenBatch, id: number | null): TokenBatch {
  if (id === null || !batch.ids.includes(id)) return batch;
  const { offsets } = batch;
  const ids = new Uint32Array(batch.ids.length);
  const kept = new Uint32Array(offsets.length);
  let length = 0;
  for (let text = 0; text < offsets.length - 1; text++) {
    for (let i = offsets[text]!; i < offsets[text + 1]!; i++) {
      if (batch.ids[i] !== id) ids[length++] = batch.ids[i]!;
    }
    kept[text + 1] = length;
  }
  return { ids: ids.subarray(0, length), offsets: kept };
}

/**
 * Returns the first columns of pooled rows, equal to the bit to those of a model loaded with `dimensionality`: columns are
 * pooled independently, and only the length of a row depends on all of them.
 */
function firstColumns(matrix: EmbeddingMatrix, columns: number, normalize: boolean): EmbeddingMatrix {
  const data = new Float32Array(matrix.rows * columns);
  for (let row = 0; row < matrix.rows; row++) {
    data.set(matrix.data.subarray(row * matrix.dim, row * matrix.dim + columns), row * columns);
  }
  if (normalize) normalizeRows(data, columns);
  return new EmbeddingMatrix(data, matrix.rows, columns);
}
