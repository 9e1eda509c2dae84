import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { BatchEncoder } from './batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from './encode-options.js';
import type { CallerMatrix } from './output/caller-matrix.js';
import { emptyMatrix } from './output/empty-matrix.js';
import { startReading, textBatches } from './text-batches.js';
import type { TextStream } from './text-stream.js';
import type { LoadedThreads } from './threads/load-threads.js';
import { TimeSlice } from './time-slice.js';

/*
 * Streams of matrices. Few pages need them, so they load this module on demand.
 */

/**
 * Yields a matrix per batch of texts.
 *
 * @param own - memory of the caller, which every matrix uses; claimed here
 * @param parts - called before each batch, so that it can end the call
 */
export async function* matrixStream(
  texts: TextStream,
  settings: EncodeSettings,
  own: CallerMatrix | undefined,
  options: EncodeOptions | undefined,
  parts: () => { readonly encoder: BatchEncoder; readonly threads: LoadedThreads },
): AsyncGenerator<EmbeddingMatrix, void, undefined> {
  const { signal, onProgress } = options ?? {};
  const batches = startReading(textBatches(texts, settings.batchSize, signal));
  try {
    own?.claim();
    const { threads } = parts().threads;
    const threaded = await threads?.stream(batches, settings, own, () => void parts(), options);
    if (threaded !== undefined) {
      yield* threaded;
      return;
    }
    const slice = new TimeSlice();
    let done = 0;
    for await (const batch of batches) {
      await slice.pause();
      signal?.throwIfAborted();
      own?.reach();
      const { encoder } = parts();
      const matrix = own ?? emptyMatrix(batch.length, encoder.dim);
      await encoder.encode(batch, settings, matrix.data, 0);
      done += batch.length;
      onProgress?.({ done });
      yield own?.finish(batch.length) ?? (matrix as EmbeddingMatrix);
    }
  } finally {
    own?.release();
    batches.return().catch(() => undefined);
  }
}
