import { type CollectionField, SCALAR_DATA_TYPES, type ScalarType } from '../collection/collection-schema.js';
import { jsonText } from './json-value.js';
import {
  lengthDelimitedSize,
  numberFieldSize,
  type ProtobufWriter,
  signedVarintSize,
  stringFieldSize,
  varintSize,
} from './protobuf-writer.js';
import { writeVectors } from './vector-bytes.js';
import { VECTOR_TYPES, type VectorType } from './vector-type.js';

/**
 * A message of known size, which is written later.
 *
 * The field numbers below are those of schema.proto as the SDK ships it (dist/milvus/proto-json/schema.base.js):
 * `FieldData` { type 1, field_name 2, scalars 3, vectors 4, is_dynamic 6, valid_data 7 },
 * `ScalarField` { bool_data 1, int_data 2, long_data 3, float_data 4, double_data 5, string_data 6, array_data 8,
 * json_data 9 }, `VectorField` { dim 1, float_vector 2, binary_vector 3, float16_vector 4, bfloat16_vector 5,
 * int8_vector 7 }, `FloatArray` and the other arrays { data 1 }, `ArrayArray` { data 1, element_type 2 }.
 */
export interface PackedMessage {
  readonly size: number;
  write(writer: ProtobufWriter): void;
}

/** The field in which Milvus keeps the values of undeclared fields. */
export const DYNAMIC_FIELD = '$meta';

/** A column of checked values as a `FieldData` message. */
export function packColumn(field: CollectionField, values: readonly unknown[]): PackedMessage {
  if (field.kind === 'vector') return packVectors(field, values as readonly Float32Array[]);
  const present = field.nullable ? values.filter((value) => value !== null && value !== undefined) : values;
  const scalars = packScalars(field.type as ScalarType, present, field.elementType);
  const valid = field.nullable ? values.map((value) => value !== null && value !== undefined) : undefined;
  return packFieldData(field.dataType, field.name, 3, scalars, { valid });
}

/** The dynamic values of each row as the `FieldData` message of {@link DYNAMIC_FIELD}. */
export function packDynamicColumn(rows: readonly string[]): PackedMessage {
  return packFieldData(SCALAR_DATA_TYPES.json, DYNAMIC_FIELD, 3, oneof(9, packStrings(rows)), {
    dynamic: true,
  });
}

function packFieldData(
  dataType: number,
  name: string,
  slot: 3 | 4,
  content: PackedMessage,
  { dynamic = false, valid }: { readonly dynamic?: boolean; readonly valid?: readonly boolean[] | undefined },
): PackedMessage {
  const size =
    numberFieldSize(1, dataType) +
    stringFieldSize(2, name) +
    lengthDelimitedSize(slot, content.size) +
    (dynamic ? numberFieldSize(6, 1) : 0) +
    (valid === undefined ? 0 : lengthDelimitedSize(7, valid.length));
  return {
    size,
    write(writer) {
      writer.numberField(1, dataType);
      writer.stringField(2, name);
      writer.lengthPrefix(slot, content.size);
      content.write(writer);
      if (dynamic) writer.numberField(6, 1);
      if (valid === undefined) return;
      writer.lengthPrefix(7, valid.length);
      for (const isPresent of valid) writer.varint(isPresent ? 1 : 0);
    },
  };
}

function packVectors(field: CollectionField, vectors: readonly Float32Array[]): PackedMessage {
  const type = field.type as VectorType;
  const { byteLength, vectorField } = VECTOR_TYPES[type];
  const dim = field.dim!;
  const bytes = vectors.length * byteLength(dim);
  const isFloatArray = type === 'float32';
  const inner = isFloatArray ? lengthDelimitedSize(1, bytes) : bytes;
  const content: PackedMessage = {
    size: numberFieldSize(1, dim) + lengthDelimitedSize(vectorField, inner),
    write(writer) {
      writer.numberField(1, dim);
      writer.lengthPrefix(vectorField, inner);
      if (isFloatArray) writer.lengthPrefix(1, bytes);
      const { bytes: target, start } = writer.reserve(bytes);
      writeVectors(type, vectors, dim, target, start);
    },
  };
  return packFieldData(field.dataType, field.name, 4, content, {});
}

/** A `ScalarField` message. */
function packScalars(
  type: ScalarType,
  values: readonly unknown[],
  elementType: ScalarType | undefined,
): PackedMessage {
  switch (type) {
    case 'bool':
      return oneof(
        1,
        packed(values.length, (writer) => {
          for (const value of values) writer.varint(value === true ? 1 : 0);
        }),
      );
    case 'int8':
    case 'int16':
    case 'int32':
      return oneof(2, packIntegers(values as readonly (number | bigint)[]));
    case 'int64':
      return oneof(3, packIntegers(values as readonly (number | bigint)[]));
    case 'float':
      return oneof(
        4,
        packed(values.length * 4, (writer) => {
          for (const value of values) writer.float(value as number);
        }),
      );
    case 'double':
      return oneof(
        5,
        packed(values.length * 8, (writer) => {
          for (const value of values) writer.double(value as number);
        }),
      );
    case 'varchar':
      return oneof(6, packStrings(values as readonly string[]));
    case 'json':
      return oneof(9, packStrings(values.map((value) => jsonText(value).text)));
    case 'array':
      return oneof(8, packArrays(values as readonly (readonly unknown[])[], elementType ?? 'varchar'));
  }
}

/** A message whose only field is the message `content`. */
function oneof(field: number, content: PackedMessage): PackedMessage {
  return {
    size: lengthDelimitedSize(field, content.size),
    write(writer) {
      writer.lengthPrefix(field, content.size);
      content.write(writer);
    },
  };
}

/** An array message { data 1 } whose elements are packed into `length` bytes. */
function packed(length: number, write: (writer: ProtobufWriter) => void): PackedMessage {
  if (length === 0) return { size: 0, write: () => {} };
  return {
    size: lengthDelimitedSize(1, length),
    write(writer) {
      writer.lengthPrefix(1, length);
      write(writer);
    },
  };
}

function packIntegers(values: readonly (number | bigint)[]): PackedMessage {
  let length = 0;
  for (const value of values) length += signedVarintSize(value);
  return packed(length, (writer) => {
    for (const value of values) writer.signedVarint(value);
  });
}

/** An array message { data 1 } of strings or of bytes, which look the same on the wire. */
function packStrings(values: readonly string[]): PackedMessage {
  // Measured once, because the sizes are needed for the whole message and for each string.
  const lengths = new Uint32Array(values.length);
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const length = Buffer.byteLength(values[i]!);
    lengths[i] = length;
    size += 1 + varintSize(length) + length;
  }
  return {
    size,
    write(writer) {
      for (let i = 0; i < values.length; i++) writer.measuredStringField(1, values[i]!, lengths[i]!);
    },
  };
}

/** An `ArrayArray` message. */
function packArrays(values: readonly (readonly unknown[])[], elementType: ScalarType): PackedMessage {
  const rows = values.map((value) => packScalars(elementType, value, undefined));
  const number = SCALAR_DATA_TYPES[elementType];
  return {
    size: rows.reduce((sum, row) => sum + lengthDelimitedSize(1, row.size), numberFieldSize(2, number)),
    write(writer) {
      for (const row of rows) {
        writer.lengthPrefix(1, row.size);
        row.write(writer);
      }
      writer.numberField(2, number);
    },
  };
}
