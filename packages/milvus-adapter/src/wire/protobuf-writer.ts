/**
 * Writes the protocol buffer wire format (protobuf.dev/programming-guides/encoding) into one buffer of known size, so
 * that nothing is copied twice: callers add up sizes with the functions below, then write.
 */
export class ProtobufWriter {
  readonly bytes: Buffer;
  #at = 0;

  /** @param size - total number of bytes to write */
  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#at;
  }

  /** Writes a field with an unsigned number up to 2⁵³ − 1, or a boolean as 0 or 1. */
  numberField(field: number, value: number): void {
    this.varint(field << 3);
    this.varint(value);
  }

  /** Writes a string field. */
  stringField(field: number, value: string): void {
    this.lengthPrefix(field, Buffer.byteLength(value));
    this.#at += this.bytes.write(value, this.#at);
  }

  /** Writes a string field whose UTF-8 length is known. */
  measuredStringField(field: number, value: string, byteLength: number): void {
    this.lengthPrefix(field, byteLength);
    this.#at += this.bytes.write(value, this.#at);
  }

  /** Writes a field of bytes. */
  bytesField(field: number, value: Uint8Array): void {
    this.lengthPrefix(field, value.byteLength);
    this.rawBytes(value);
  }

  /** Writes the prefix of a message, packed array or bytes of `length` bytes, which the caller writes next. */
  lengthPrefix(field: number, length: number): void {
    this.varint((field << 3) | 2);
    this.varint(length);
  }

  /** Reserves `length` bytes, which the caller writes into `bytes` from `start` on. */
  reserve(length: number): { readonly bytes: Buffer; readonly start: number } {
    const start = this.#at;
    this.#at += length;
    return { bytes: this.bytes, start };
  }

  /** Writes bytes unchanged. */
  rawBytes(value: Uint8Array): void {
    this.bytes.set(value, this.#at);
    this.#at += value.byteLength;
  }

  /** Writes an unsigned number up to 2⁵³ − 1. */
  varint(value: number): void {
    const { bytes } = this;
    let at = this.#at;
    // Shifts work on 32 bits only, so larger numbers are divided.
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

  /** Writes a signed number like int32 and int64: two's complement of 64 bits, ten bytes if negative. */
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

  /** Writes eight bytes, little-endian. */
  double(value: number): void {
    this.#at = this.bytes.writeDoubleLE(value, this.#at);
  }

  /** Writes four bytes, little-endian. */
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

/** Bytes of a field of `length` bytes, including tag and length. */
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
