import type { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeVectors } from '../wire/vector-bytes.js';
import { VECTOR_TYPES, type VectorType } from '../wire/vector-type.js';

type ColumnChunk = ParquetWriter['row_groups'][number]['columns'][number];

/** List elements of each vector type, as Milvus imports them: numbers, or the stored bytes. */
const ELEMENTS = {
  float32: { type: 'FLOAT' },
  float16: { type: 'INT32', converted_type: 'UINT_8' },
  bfloat16: { type: 'INT32', converted_type: 'UINT_8' },
  binary: { type: 'INT32', converted_type: 'UINT_8' },
  int8: { type: 'INT32', converted_type: 'INT_8' },
} as const satisfies Record<VectorType, object>;

/** Schema of a vector column: a list of numbers without nulls. */
export function vectorElements(name: string, type: VectorType): ParquetWriter['schema'] {
  return [
    { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...ELEMENTS[type] },
  ];
}

const PAGE_BYTES = 1 << 20;

/**
 * Writes the column chunk of a row group's vectors.
 *
 * The library's own encoder goes through one array of numbers and two of levels, at 7,000 rows of 256 values per
 * second. But all lists have the same length, so the levels are one pattern, and the values are the bytes in memory:
 * PLAIN for float32; for bytes, indices into a dictionary of all 256, which equal the bytes themselves. Bound by memory
 * bandwidth.
 */
export function writeVectorColumn(
  writer: ByteWriter,
  column: { readonly name: string; readonly type: VectorType; readonly dim: number },
  vectors: readonly Float32Array[],
): ColumnChunk {
  const { name, type, dim } = column;
  const stride = VECTOR_TYPES[type].byteLength(dim);
  const isFloat = type === 'float32';
  const perRow = isFloat ? dim : stride;
  const start = writer.offset;
  if (!isFloat) writeByteDictionary(writer, type === 'int8');
  const pagesStart = writer.offset;
  const rowsOfPage = Math.max(1, Math.floor(PAGE_BYTES / stride));
  for (let at = 0; at < vectors.length; at += rowsOfPage) {
    const rows = vectors.slice(at, at + rowsOfPage);
    const values = rows.length * perRow;
    const repetition = repetitionLevels(rows.length, perRow);
    const definition = definitionLevels(values);
    const body = isFloat ? new Uint8Array(rows.length * stride) : byteIndexes(values);
    writeVectors(type, rows, dim, body, isFloat ? 0 : body.length - padded(values));
    const size = repetition.length + definition.length + body.length;
    writePageHeader(writer, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: size,
      compressed_page_size: size,
      data_page_header_v2: {
        num_values: values,
        num_nulls: 0,
        num_rows: rows.length,
        encoding: isFloat ? 'PLAIN' : 'RLE_DICTIONARY',
        definition_levels_byte_length: definition.length,
        repetition_levels_byte_length: repetition.length,
        is_compressed: false,
      },
    });
    // A version 2 page contains repetition levels, definition levels and values, in this order.
    writer.appendBytes(repetition);
    writer.appendBytes(definition);
    writer.appendBytes(body);
  }
  const size = BigInt(writer.offset - start);
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: ELEMENTS[type].type,
      encodings: isFloat ? ['PLAIN', 'RLE'] : ['PLAIN', 'RLE', 'RLE_DICTIONARY'],
      path_in_schema: [name, 'list', 'element'],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(vectors.length * perRow),
      total_compressed_size: size,
      total_uncompressed_size: size,
      data_page_offset: BigInt(pagesStart),
      ...(isFloat ? {} : { dictionary_page_offset: BigInt(start) }),
    },
  };
}

/** Writes a dictionary with the value of every byte, in order. */
function writeByteDictionary(writer: ByteWriter, isSigned: boolean): void {
  const numbers = new Uint8Array(1024);
  const view = new DataView(numbers.buffer);
  for (let byte = 0; byte < 256; byte++) view.setInt32(byte * 4, isSigned ? (byte << 24) >> 24 : byte, true);
  writePageHeader(writer, {
    type: 'DICTIONARY_PAGE',
    uncompressed_page_size: numbers.length,
    compressed_page_size: numbers.length,
    dictionary_page_header: { num_values: 256, encoding: 'PLAIN' },
  });
  writer.appendBytes(numbers);
}

/** Levels of list elements as runs: 0 for the first element of each row, 1 for the others. */
function repetitionLevels(rows: number, perRow: number): Uint8Array {
  const row = perRow === 1 ? [2, 0] : [2, 0, ...varint((perRow - 1) * 2), 1];
  const levels = new Uint8Array(rows * row.length);
  for (let i = 0; i < rows; i++) levels.set(row, i * row.length);
  return levels;
}

/** One run: every element is present. */
function definitionLevels(values: number): Uint8Array {
  return Uint8Array.from([...varint(values * 2), 1]);
}

/** Room for dictionary indices of eight bits each, after their header. */
function byteIndexes(values: number): Uint8Array {
  const head = [8, ...varint((padded(values) / 8) * 2 + 1)];
  const body = new Uint8Array(head.length + padded(values));
  body.set(head);
  return body;
}

/** Indices are packed in groups of eight. */
function padded(values: number): number {
  return Math.ceil(values / 8) * 8;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return bytes;
}
