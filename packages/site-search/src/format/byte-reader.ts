import { SiteSearchError } from '../site-search-error.js';
import { textOf } from './utf8.js';

/** Reads what a {@link ByteWriter} wrote. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Bytes of the last key. */
  #key = new Uint8Array(0);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw malformed();
  }

  /** Returns a view of the next bytes. */
  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed();
    const view = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return view;
  }

  key(): string {
    const shared = this.varint();
    const rest = this.bytes(this.varint());
    if (shared > this.#key.length) throw malformed();
    const key = new Uint8Array(shared + rest.length);
    key.set(this.#key.subarray(0, shared));
    key.set(rest, shared);
    this.#key = key;
    return textOf(key);
  }
}

function malformed(): SiteSearchError {
  return new SiteSearchError('malformed', 'a file of the search index ends early: build the index again');
}
