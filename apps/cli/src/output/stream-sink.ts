import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ByteSink } from './byte-sink.js';

/** Standard output, or any other stream that stays open when the program is done with it. */
export class StreamSink implements ByteSink {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    // The process ends when the stream is empty.
  }

  async discard(): Promise<void> {
    // What has been read on the other side cannot be taken back; the exit code tells.
  }
}
