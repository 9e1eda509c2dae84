import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { FailureError } from '../terminal/cli-error.js';
import type { ByteSink } from './byte-sink.js';
import type { EmbeddingWriter } from './embedding-writer.js';
import { littleEndianBytes } from './float32-writer.js';

/** Values per row group: 32 MiB, which readers can hold and which keeps the footer small. */
const GROUP_VALUES = 8 * 1024 * 1024;

/** Values of a page: 1 MiB, as the format's authors recommend. */
const PAGE_VALUES = 256 * 1024;

/** A column of texts and a column of lists of float32, as pandas, DuckDB and Arrow read them. */
export class ParquetEmbeddingWriter implements EmbeddingWriter {
  readonly #sink: ByteSink;
  readonly #dim: number;
  readonly #bytes = new ByteWriter();
  readonly #parquet: ParquetWriter;
  #texts: string[] = [];
  #vectors: Float32Array[] = [];
  #values = 0;
  #rows = 0;

  constructor(sink: ByteSink, dim: number) {
    this.#sink = sink;
    this.#dim = dim;
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'embedding', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'REQUIRED', type: 'FLOAT' },
      ],
    });
  }

  async write(texts: readonly string[], embeddings: EmbeddingMatrix): Promise<void> {
    for (const text of texts) {
      this.#rows++;
      if (/\p{Surrogate}/u.test(text)) {
        throw new FailureError(
          `text ${this.#rows} has half a surrogate pair, which Parquet cannot store; use --format jsonl`,
        );
      }
      this.#texts.push(text);
    }
    // The next batch may reuse the memory of this one.
    this.#vectors.push(embeddings.data.slice());
    this.#values += embeddings.data.length;
    if (this.#values >= GROUP_VALUES) await this.#writeGroup();
  }

  async finish(): Promise<void> {
    if (this.#texts.length > 0) await this.#writeGroup();
    await this.#parquet.finish();
    await this.#flush();
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#texts.length;
    await this.#parquet.write({
      columnData: [{ name: 'text', data: this.#texts, offsetIndex: false }],
      rowGroupSize: rows,
    });
    const group = this.#parquet.row_groups.at(-1)!;
    const start = this.#bytes.offset;
    for (const vectors of this.#vectors) this.#writePages(vectors);
    const size = BigInt(this.#bytes.offset - start);
    group.columns.push({
      file_offset: BigInt(start),
      meta_data: {
        type: 'FLOAT',
        encodings: ['PLAIN', 'RLE'],
        path_in_schema: ['embedding', 'list', 'element'],
        codec: 'UNCOMPRESSED',
        num_values: BigInt(this.#values),
        total_compressed_size: size,
        total_uncompressed_size: size,
        data_page_offset: BigInt(start),
      },
    });
    group.total_byte_size += size;
    this.#texts = [];
    this.#vectors = [];
    this.#values = 0;
    await this.#flush();
  }

  /**
   * Writes vectors as version 2 pages. All lists have the same length, so the levels are one repeated pattern, and the
   * values are the bytes in memory. The library's own encoder manages 7,000 rows of 256 values per second; this is
   * bound by memory bandwidth.
   */
  #writePages(vectors: Float32Array): void {
    const dim = this.#dim;
    const step = Math.max(1, Math.floor(PAGE_VALUES / dim)) * dim;
    for (let at = 0; at < vectors.length; at += step) {
      const values = vectors.subarray(at, at + step);
      const body = littleEndianBytes(values);
      const rows = values.length / dim;
      const repetition = repetitionLevels(rows, dim);
      // One run: every element is present.
      const definition = Uint8Array.from([...varint(values.length * 2), 1]);
      const size = repetition.length + definition.length + body.length;
      writePageHeader(this.#bytes, {
        type: 'DATA_PAGE_V2',
        uncompressed_page_size: size,
        compressed_page_size: size,
        data_page_header_v2: {
          num_values: values.length,
          num_nulls: 0,
          num_rows: rows,
          encoding: 'PLAIN',
          definition_levels_byte_length: definition.length,
          repetition_levels_byte_length: repetition.length,
          is_compressed: false,
        },
      });
      for (const part of [repetition, definition, body]) this.#bytes.appendBytes(part);
    }
  }

  async #flush(): Promise<void> {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    await this.#sink.write(bytes);
  }
}

/** Levels of list elements as runs: 0 for the first element of each row, 1 for the others. */
function repetitionLevels(rows: number, dim: number): Uint8Array {
  const row = dim === 1 ? [2, 0] : [2, 0, ...varint((dim - 1) * 2), 1];
  const levels = new Uint8Array(rows * row.length);
  for (let i = 0; i < rows; i++) levels.set(row, i * row.length);
  return levels;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return bytes;
}
