import type { ByteSink } from './byte-sink.js';
import type { EmbeddingWriter } from './embedding-writer.js';
import { Float32Writer } from './float32-writer.js';
import { type JsonFrame, JsonWriter } from './json-writer.js';
import { NpyWriter } from './npy-writer.js';

/** How embeddings are written. */
export type OutputFormat = 'jsonl' | 'json' | 'f32' | 'npy';

/** Every format, in the order in which they are listed to a reader. */
export const OUTPUT_FORMATS: readonly OutputFormat[] = ['jsonl', 'json', 'f32', 'npy'];

/** Formats that a terminal would garble. */
export const BINARY_FORMATS: ReadonlySet<OutputFormat> = new Set(['f32', 'npy']);

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

/** Begins a format. `rows` is the number of texts where it is known; `npy` without it needs a sink that patches. */
export function createEmbeddingWriter(
  format: OutputFormat,
  sink: ByteSink,
  dim: number,
  rows: number | undefined,
): EmbeddingWriter {
  switch (format) {
    case 'jsonl':
      return new JsonWriter(sink, JSON_LINES);
    case 'json':
      return new JsonWriter(sink, JSON_ARRAY);
    case 'f32':
      return new Float32Writer(sink);
    case 'npy':
      return new NpyWriter(sink, dim, rows);
  }
}
