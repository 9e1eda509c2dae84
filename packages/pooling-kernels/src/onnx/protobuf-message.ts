/**
 * One message in the wire format of protocol buffers (protobuf.dev/programming-guides/encoding). Large byte strings are
 * kept as they are and copied once, into the finished bytes.
 */
export class ProtobufMessage {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A field of an integer of 0 or more. */
  number(field: number, value: number): this {
    return this.#push(varint(field * 8)).#push(varint(value));
  }

  /** A field of a float32. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(varint(field * 8 + 5)).#push(bytes);
  }

  /** A field of a string. */
  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** A field of bytes, which must not change before {@link ProtobufMessage.finish}. */
  bytes(field: number, value: Uint8Array): this {
    return this.#lengthPrefix(field, value.length).#push(value);
  }

  /** A field of a message. */
  message(field: number, value: ProtobufMessage): this {
    this.#lengthPrefix(field, value.#length);
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  /** The bytes of the message. */
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
