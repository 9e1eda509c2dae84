import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { FLOAT32_JSON_BYTES, writeFloat32Json } from '@model2vec-ts/server/float32-json';
import { FailureError } from '../terminal/cli-error.js';
import type { ByteSink } from './byte-sink.js';
import type { EmbeddingWriter } from './embedding-writer.js';

/** Text around the rows. */
export interface JsonFrame {
  readonly beforeFirst: string;
  readonly beforeOthers: string;
  readonly afterEach: string;
  readonly end: string;
  /** The whole output if there are no rows. */
  readonly empty: string;
}

/** Bytes gathered before they are passed on. */
const CHUNK_BYTES = 1024 * 1024;

/** Rows of `{"text":"…","embedding":[…]}`, as lines or as one array; numbers are the shortest that keep the float32. */
export class JsonWriter implements EmbeddingWriter {
  readonly #sink: ByteSink;
  readonly #frame: JsonFrame;
  #rows = 0;

  constructor(sink: ByteSink, frame: JsonFrame) {
    this.#sink = sink;
    this.#frame = frame;
  }

  async write(texts: readonly string[], embeddings: EmbeddingMatrix): Promise<void> {
    // A new buffer each time, because a stream may hold on to the previous one.
    let out = Buffer.allocUnsafe(CHUNK_BYTES);
    let at = 0;
    const tail = `]}${this.#frame.afterEach}`;
    for (let i = 0; i < texts.length; i++) {
      const lead = this.#rows === 0 ? this.#frame.beforeFirst : this.#frame.beforeOthers;
      const head = `${lead}{"text":${JSON.stringify(texts[i]!)},"embedding":[`;
      const row = embeddings.row(i);
      const most = Buffer.byteLength(head) + row.length * FLOAT32_JSON_BYTES + tail.length;
      if (at + most > out.length) {
        if (at > 0) await this.#sink.write(out.subarray(0, at));
        out = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, most));
        at = 0;
      }
      at += out.write(head, at);
      const invalid = row.find((value) => !Number.isFinite(value));
      if (invalid !== undefined) throw this.#notFinite(invalid);
      at = writeFloat32Json(row, out, at);
      at += out.write(tail, at);
      this.#rows++;
    }
    if (at > 0) await this.#sink.write(out.subarray(0, at));
  }

  async finish(): Promise<void> {
    const end = this.#rows === 0 ? this.#frame.empty : this.#frame.end;
    if (end !== '') await this.#sink.write(Buffer.from(end));
  }

  #notFinite(value: number): FailureError {
    return new FailureError(
      `the embedding of text ${this.#rows + 1} contains ${value}, which JSON cannot represent; use --format f32 or npy, or check the model`,
    );
  }
}
