import { utf8 } from './utf8.js';

/** A byte array that grows. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** Appends an unsigned integer below 2^32 in base 128, low digits first. */
  varint(value: number): void {
    for (; value >= 128; value >>>= 7) this.#byte((value & 127) | 128);
    this.#byte(value);
  }

  bytes(values: ArrayLike<number> & { readonly length: number }): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** Appends a key of a sorted list: the number of bytes that it shares with the previous one, and the rest. */
  key(key: string, previous: string): void {
    const bytes = utf8(key);
    const before = utf8(previous);
    let shared = 0;
    while (shared < bytes.length && shared < before.length && bytes[shared] === before[shared]) shared++;
    this.varint(shared);
    this.varint(bytes.length - shared);
    this.bytes(bytes.subarray(shared));
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
