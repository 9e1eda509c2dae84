import { FLOAT32_JSON_BYTES, writeFloat32Json } from '../float32-json/float32-json.js';

/** What Node's `Buffer` adds to a `Uint8Array`. */
interface NodeBuffer extends Uint8Array<ArrayBuffer> {
  latin1Write(text: string, offset?: number): number;
}

const { Buffer } = globalThis as unknown as {
  readonly Buffer?: { from(bytes: ArrayBuffer): NodeBuffer };
};

/** Usual bytes of a value and its comma, to reserve memory. */
const USUAL_BYTES = 13;
/** Length from which a call of the runtime is faster than a loop. */
const LONG_TEXT = 64;

const encoder = new TextEncoder();

/** Writes JSON text and rows of float32 to one buffer, without strings for the rows. */
export class JsonRows {
  #out: Uint8Array<ArrayBuffer>;
  /** The same bytes. */
  #buffer: NodeBuffer | undefined;
  #at = 0;

  /**
   * @param values - number of float32 values to be written as decimals
   * @param bytes - most bytes of other text
   */
  constructor(values: number, bytes = 1024) {
    this.#out = new Uint8Array(values * USUAL_BYTES + bytes);
    this.#buffer = Buffer?.from(this.#out.buffer);
  }

  /** Appends JSON of ASCII characters. */
  text(json: string): this {
    this.#reserve(json.length);
    const out = this.#out;
    if (json.length >= LONG_TEXT) {
      this.#at +=
        this.#buffer?.latin1Write(json, this.#at) ?? encoder.encodeInto(json, out.subarray(this.#at)).written;
      return this;
    }
    for (let i = 0; i < json.length; i++) out[this.#at++] = json.charCodeAt(i);
    return this;
  }

  /** Appends an array of numbers. */
  row(values: Float32Array): this {
    this.#reserve(values.length * FLOAT32_JSON_BYTES + 2);
    this.#out[this.#at] = 0x5b;
    this.#at = writeFloat32Json(values, this.#out, this.#at + 1);
    this.#out[this.#at++] = 0x5d;
    return this;
  }

  /** Returns the written bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#out.subarray(0, this.#at);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return;
    const grown = new Uint8Array(Math.max(this.#at + bytes, Math.ceil(this.#out.length * 1.5)));
    grown.set(this.#out.subarray(0, this.#at));
    this.#out = grown;
    this.#buffer = Buffer?.from(grown.buffer);
  }
}

/** Serialises a value as JSON in ASCII, whatever characters its strings contain. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
