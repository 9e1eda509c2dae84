import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { ByteSink } from './byte-sink.js';
import type { EmbeddingWriter } from './embedding-writer.js';
import { littleEndianBytes } from './float32-writer.js';

/** NumPy aligns data to 64 bytes; a header of 128 has room for any number of rows. */
const HEADER_BYTES = 128;
const MAGIC = '\x93NUMPY\x01\x00';

/**
 * Returns the header of a row-major array of little-endian float32, `rows × dim`, in NumPy's format 1.0.
 *
 * @returns always 128 bytes, so that one header can overwrite another
 */
export function npyHeader(rows: number, dim: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES, ' ');
  const lengthAt = header.write(MAGIC, 'latin1');
  const dictionaryAt = lengthAt + 2;
  header.writeUInt16LE(HEADER_BYTES - dictionaryAt, lengthAt);
  header.write(
    `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dim}), }`,
    dictionaryAt,
    'latin1',
  );
  header.write('\n', HEADER_BYTES - 1, 'latin1');
  return header;
}

/** NumPy's array file. Its header has the number of rows, which may be known only at the end. */
export class NpyWriter implements EmbeddingWriter {
  readonly #sink: ByteSink;
  readonly #dim: number;
  readonly #announced: number | undefined;
  #rows = 0;
  #begun = false;

  constructor(sink: ByteSink, dim: number, rows: number | undefined) {
    this.#sink = sink;
    this.#dim = dim;
    this.#announced = rows;
  }

  async write(_texts: readonly string[], embeddings: EmbeddingMatrix): Promise<void> {
    await this.#begin();
    await this.#sink.write(littleEndianBytes(embeddings.data));
    this.#rows += embeddings.rows;
  }

  async finish(): Promise<void> {
    await this.#begin();
    if (this.#rows !== this.#announced) await this.#sink.patch?.(npyHeader(this.#rows, this.#dim), 0);
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    await this.#sink.write(npyHeader(this.#announced ?? 0, this.#dim));
  }
}
