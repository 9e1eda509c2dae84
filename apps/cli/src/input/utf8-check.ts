import { isUtf8 } from 'node:buffer';

/** Bytes of the longest character. */
const LONGEST_CHARACTER = 4;

/**
 * Checks a stream for invalid UTF-8. Decoders replace it with U+FFFD, but texts can contain that character too, so it
 * is suspect only if this check failed.
 */
export class Utf8Check {
  #rest: Uint8Array = new Uint8Array();
  #failed = false;

  /** Whether any bytes so far are invalid UTF-8. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Checks the next bytes. */
  add(chunk: Uint8Array): void {
    if (this.#failed) return;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - unfinished(bytes);
    this.#failed = !isUtf8(bytes.subarray(0, whole));
    this.#rest = bytes.slice(whole);
  }

  /** Checks the rest at the end of the stream. */
  end(): void {
    if (this.#rest.length > 0) this.#failed = true;
  }
}

/** Number of bytes at the end that may start a character. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(LONGEST_CHARACTER, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
