/**
 * One message in the protocol buffer wire format (protobuf.dev/programming-guides/encoding). Large byte strings are
 * copied only once, into the result.
 */
export class ProtobufMessage {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Adds a field with an integer of 0 or more. */
  number(field: number, value: number): this {
    return this.#push(varint(field * 8)).#push(varint(value));
  }

  /** Adds a float32 field. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(varint(field * 8 + 5)).#push(bytes);
  }

  /** Adds a string field. */
  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Adds a field of bytes, which must not change before {@link ProtobufMessage.finish}. */
  bytes(field: number, value: Uint8Array): this {
    return this.#lengthPrefix(field, value.length).#push(value);
  }

  /** Adds a message field. */
  message(field: number, value: ProtobufMessage): this {
    this.#lengthPrefix(field, value.#length);
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  /** Returns the bytes of the message. */
  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #lengthPrefix(field: number, length: number): this {
    return this.#push(varint(field * 8 + 2)).#push(varint(length));
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
