import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ByteSink } from './byte-sink.js';

/** Standard output, or another stream that stays open. */
export class StreamSink implements ByteSink {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    // The process ends when the stream is drained.
  }

  async discard(): Promise<void> {
    // Bytes that the reader has cannot be taken back; the exit code reports the failure.
  }
}
