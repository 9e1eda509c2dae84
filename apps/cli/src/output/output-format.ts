import type { ByteSink } from './byte-sink.js';
import type { EmbeddingWriter } from './embedding-writer.js';
import { Float32Writer } from './float32-writer.js';
import { type JsonFrame, JsonWriter } from './json-writer.js';
import { NpyWriter } from './npy-writer.js';
import type { SuffixFormats } from './output-suffix.js';

/** Formats of embeddings. */
export type OutputFormat = 'jsonl' | 'json' | 'f32' | 'npy' | 'parquet';

/** All formats, in the order in which help lists them. */
export const OUTPUT_FORMATS: readonly OutputFormat[] = ['jsonl', 'json', 'f32', 'npy', 'parquet'];

/** Formats that would garble a terminal. */
export const BINARY_FORMATS: ReadonlySet<string> = new Set<OutputFormat>(['f32', 'npy', 'parquet']);

/** Suffixes of the formats. */
export const OUTPUT_SUFFIXES: SuffixFormats<OutputFormat> = {
  formats: new Map([
    ...OUTPUT_FORMATS.map((format): [string, OutputFormat] => [`.${format}`, format]),
    ['.ndjson', 'jsonl'],
  ]),
  fallback: 'jsonl',
};

const JSON_LINES: JsonFrame = {
  beforeFirst: '',
  beforeOthers: '',
  afterEach: '\n',
  end: '',
  empty: '',
};

const JSON_ARRAY: JsonFrame = {
  beforeFirst: '[',
  beforeOthers: ',\n',
  afterEach: '',
  end: ']\n',
  empty: '[]\n',
};

/**
 * Creates the writer of a format.
 *
 * @param rows - number of texts, if known; `npy` without it needs a sink that can patch
 */
export async function createEmbeddingWriter(
  format: OutputFormat,
  sink: ByteSink,
  dim: number,
  rows: number | undefined,
): Promise<EmbeddingWriter> {
  switch (format) {
    case 'jsonl':
      return new JsonWriter(sink, JSON_LINES);
    case 'json':
      return new JsonWriter(sink, JSON_ARRAY);
    case 'f32':
      return new Float32Writer(sink);
    case 'npy':
      return new NpyWriter(sink, dim, rows);
    case 'parquet':
      return new (await import('./parquet-writer.js')).ParquetEmbeddingWriter(sink, dim);
  }
}
