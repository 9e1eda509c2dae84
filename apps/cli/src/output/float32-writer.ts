import { endianness } from 'node:os';
import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { ByteSink } from './byte-sink.js';
import type { EmbeddingWriter } from './embedding-writer.js';

/** Raw little-endian float32, row after row, and nothing else. */
export class Float32Writer implements EmbeddingWriter {
  readonly #sink: ByteSink;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  async write(_texts: readonly string[], embeddings: EmbeddingMatrix): Promise<void> {
    await this.#sink.write(littleEndianBytes(embeddings.data));
  }

  async finish(): Promise<void> {
    // The format has no end.
  }
}

/** The values' bytes: those in memory, or a swapped copy where the machine has them the other way round. */
export function littleEndianBytes(values: Float32Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32();
}
