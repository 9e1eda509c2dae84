import { endianness } from 'node:os';
import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { ByteSink } from './byte-sink.js';
import type { EmbeddingWriter } from './embedding-writer.js';

/** Raw little-endian float32, row after row. */
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

/** Returns the bytes of the values: the memory itself, or a swapped copy on a big-endian machine. */
export function littleEndianBytes(values: Float32Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32();
}
