/**
 * Writes the wire format of protocol buffers (protobuf.dev/programming-guides/encoding) into one buffer whose size is
 * known before, so that nothing is copied twice: callers add up sizes with the functions below, then write.
 */
export class ProtobufWriter {
  readonly bytes: Buffer;
  #at = 0;

  /** @param size - all bytes that will be written */
  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#at;
  }

  /** A field of an unsigned number up to 2⁵³ − 1, or of a boolean as 0 or 1. */
  numberField(field: number, value: number): void {
    this.varint(field << 3);
    this.varint(value);
  }

  /** A field of a string. */
  stringField(field: number, value: string): void {
    this.lengthPrefix(field, Buffer.byteLength(value));
    this.#at += this.bytes.write(value, this.#at);
  }

  /** A field of a string whose UTF-8 length is known already. */
  measuredStringField(field: number, value: string, byteLength: number): void {
    this.lengthPrefix(field, byteLength);
    this.#at += this.bytes.write(value, this.#at);
  }

  /** A field of bytes. */
  bytesField(field: number, value: Uint8Array): void {
    this.lengthPrefix(field, value.byteLength);
    this.rawBytes(value);
  }

  /** What goes before a message, a packed array or bytes of `length` bytes, which the caller writes next. */
  lengthPrefix(field: number, length: number): void {
    this.varint((field << 3) | 2);
    this.varint(length);
  }

  /** Leaves room for `length` bytes, which the caller writes into `bytes` from `start` on. */
  reserve(length: number): { readonly bytes: Buffer; readonly start: number } {
    const start = this.#at;
    this.#at += length;
    return { bytes: this.bytes, start };
  }

  /** Bytes as they are. */
  rawBytes(value: Uint8Array): void {
    this.bytes.set(value, this.#at);
    this.#at += value.byteLength;
  }

  /** An unsigned number up to 2⁵³ − 1. */
  varint(value: number): void {
    const { bytes } = this;
    let at = this.#at;
    // Shifts work on 32 bits, so larger numbers are divided.
    while (value > 0x7fff_ffff) {
      bytes[at++] = (value % 128) | 0x80;
      value = Math.floor(value / 128);
    }
    while (value > 0x7f) {
      bytes[at++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    bytes[at++] = value;
    this.#at = at;
  }

  /** A signed number as int32 and int64 have it: two's complement of 64 bits, ten bytes for a negative one. */
  signedVarint(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.varint(value);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      this.bytes[this.#at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.#at++] = Number(rest);
  }

  /** Eight bytes, little end first. */
  double(value: number): void {
    this.#at = this.bytes.writeDoubleLE(value, this.#at);
  }

  /** Four bytes, little end first. */
  float(value: number): void {
    this.#at = this.bytes.writeFloatLE(value, this.#at);
  }
}

/** Bytes of {@link ProtobufWriter.varint}. */
export function varintSize(value: number): number {
  let size = 1;
  while (value > 0x7f) {
    value = Math.floor(value / 128);
    size++;
  }
  return size;
}

/** Bytes of {@link ProtobufWriter.signedVarint}. */
export function signedVarintSize(value: number | bigint): number {
  if (value < 0) return 10;
  if (typeof value === 'number' && value <= Number.MAX_SAFE_INTEGER) return varintSize(value);
  let rest = BigInt(value);
  let size = 1;
  while (rest > 0x7fn) {
    rest >>= 7n;
    size++;
  }
  return size;
}

/** Bytes of a field of `length` bytes, with its tag and length. */
export function lengthDelimitedSize(field: number, length: number): number {
  return varintSize(field << 3) + varintSize(length) + length;
}

/** Bytes of {@link ProtobufWriter.stringField}. */
export function stringFieldSize(field: number, value: string): number {
  return lengthDelimitedSize(field, Buffer.byteLength(value));
}

/** Bytes of {@link ProtobufWriter.numberField}. */
export function numberFieldSize(field: number, value: number): number {
  return varintSize(field << 3) + varintSize(value);
}
