import type { TokenBatch } from '@model2vec-ts/tokenizer';
import { EmbeddingFunctionError } from './embedding-function-error.js';
import { lowerMaxLength } from './embedding-function-remedy.js';

/** Consecutive texts of a batch, and the index of the first one. */
export interface BatchPart {
  readonly batch: TokenBatch;
  readonly first: number;
}

/**
 * Yields a batch in parts of at most `maxTokens` ids, for kernels whose memory is limited; usually one part.
 *
 * @throws {@link EmbeddingFunctionError} if one text alone has more
 */
export function* batchParts(batch: TokenBatch, maxTokens: number): Generator<BatchPart, void, undefined> {
  const { ids, offsets } = batch;
  const texts = offsets.length - 1;
  if (offsets[texts]! <= maxTokens) {
    yield { batch, first: 0 };
    return;
  }
  for (let first = 0, next = 0; first < texts; first = next) {
    const start = offsets[first]!;
    while (next < texts && offsets[next + 1]! - start <= maxTokens) next++;
    if (next === first) {
      throw new EmbeddingFunctionError(
        'invalid-argument',
        `a text has ${offsets[first + 1]! - start} tokens; the kernel takes ${maxTokens} at a time`,
        lowerMaxLength(maxTokens),
      );
    }
    yield {
      batch: {
        ids: ids.subarray(start, offsets[next]),
        offsets: offsets.slice(first, next + 1).map((offset) => offset - start),
      },
      first,
    };
  }
}
