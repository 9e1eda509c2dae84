import { lengthDelimitedSize, numberFieldSize, ProtobufWriter, stringFieldSize } from './protobuf-writer.js';

/** A field of a message: its number, and a number or boolean, a string, or bytes (also those of an inner message). */
export type MessageField = readonly [field: number, value: number | boolean | string | Uint8Array];

/** The bytes of a small message; repeated fields are given several times. */
export function protobufMessage(fields: readonly MessageField[]): Buffer {
  let size = 0;
  for (const [field, value] of fields) {
    if (typeof value === 'string') size += stringFieldSize(field, value);
    else if (typeof value === 'object') size += lengthDelimitedSize(field, value.byteLength);
    else size += numberFieldSize(field, Number(value));
  }
  const writer = new ProtobufWriter(size);
  for (const [field, value] of fields) {
    if (typeof value === 'string') writer.stringField(field, value);
    else if (typeof value === 'object') writer.bytesField(field, value);
    else writer.numberField(field, Number(value));
  }
  return writer.bytes;
}
