import { invalidArgument } from '../server-options.js';
import { RequestError } from './request-error.js';

/** Longest key; every comparison takes as long as one of such keys. */
const MOST_BYTES = 512;
const BEARER = /^bearer +/i;

/** Keys that requests may use. */
export class ApiKeys {
  readonly #keys: readonly Uint8Array[];

  /** @throws `ServerError` `invalid-argument` for an empty or overlong key */
  constructor(keys: readonly string[]) {
    for (const key of keys) {
      const { length } = new TextEncoder().encode(key);
      if (length === 0 || length > MOST_BYTES)
        throw invalidArgument('apiKeys', `keys of 1 to ${MOST_BYTES} bytes`);
    }
    this.#keys = keys.map(padded);
  }

  /** @throws {@link RequestError} `unauthorized` */
  check(headers: Headers): void {
    if (this.#keys.length === 0) return;
    const authorization = headers.get('authorization');
    const key = authorization?.replace(BEARER, '') ?? headers.get('api-key') ?? headers.get('x-api-key');
    if (key === null || key === undefined) {
      throw new RequestError('unauthorized', 'send an API key as Authorization: Bearer …');
    }
    if (!this.#has(key)) throw new RequestError('unauthorized', 'the API key is wrong');
  }

  /** Compares with every byte of every key, so that timing reveals nothing about a key. */
  #has(key: string): boolean {
    const bytes = padded(key);
    let found = 0;
    for (const known of this.#keys) {
      let difference = 0;
      for (let i = 0; i < known.length; i++) difference |= known[i]! ^ bytes[i]!;
      found |= difference === 0 ? 1 : 0;
    }
    return found === 1;
  }
}

/** The key's bytes and length, in an array of the same size for all keys. */
function padded(key: string): Uint8Array {
  const bytes = new TextEncoder().encode(key);
  const result = new Uint8Array(MOST_BYTES + 4);
  result.set(bytes.subarray(0, MOST_BYTES));
  new DataView(result.buffer).setUint32(MOST_BYTES, bytes.length);
  return result;
}
