import {
  checkBatch,
  checkTable,
  type EmbeddingTable,
  KernelError,
  type LoadedKernel,
  type PoolOptions,
  type SharedTable,
  shareableTable,
  type TokenBatch,
} from '@model2vec-ts/pooling-kernels';

/** Takes the largest value of each dimension of a text's rows. */
export class LoadedMaxKernel implements LoadedKernel {
  #table: EmbeddingTable | undefined;
  readonly #idLimit: number;

  constructor(table: EmbeddingTable) {
    this.#idLimit = checkTable(table);
    this.#table = table;
  }

  pool(batch: TokenBatch, out: Float32Array, { normalize }: PoolOptions): void {
    const table = this.#open();
    const { dim } = table;
    const texts = checkBatch(batch, out, dim, this.#idLimit);
    for (let text = 0; text < texts; text++) {
      const embedding = out.subarray(text * dim, (text + 1) * dim);
      const ids = batch.ids.subarray(batch.offsets[text], batch.offsets[text + 1]);
      writeLargest(table, ids, embedding);
      if (normalize) scaleToUnitLength(embedding);
    }
  }

  share(): SharedTable {
    // Copied to shared memory on the first call; from then on this kernel uses the copy too.
    this.#table = shareableTable(this.#open());
    return { kernel: 'max', module: new URL('./max-kernel.js', import.meta.url).href, data: this.#table };
  }

  dispose(): void {
    this.#table = undefined;
  }

  #open(): EmbeddingTable {
    if (this.#table === undefined) {
      throw new KernelError('disposed', 'this max kernel was disposed', {
        remedy: { code: 'load-again' },
        advice: 'load the table again',
      });
    }
    return this.#table;
  }
}

function writeLargest(
  { data, dim, mapping, weights }: EmbeddingTable,
  ids: Uint32Array,
  embedding: Float32Array,
): void {
  embedding.fill(ids.length === 0 ? 0 : Number.NEGATIVE_INFINITY);
  for (const id of ids) {
    const row = (mapping?.[id] ?? id) * dim;
    const weight = weights?.[id] ?? 1;
    for (let j = 0; j < dim; j++) embedding[j] = Math.max(embedding[j]!, data[row + j]! * weight);
  }
}

function scaleToUnitLength(embedding: Float32Array): void {
  const divisor = Math.hypot(...embedding) + 1e-32; // keeps zero zero
  for (let j = 0; j < embedding.length; j++) embedding[j]! /= divisor;
}
