import type { Key } from '@model2vec-ts/search';
import { dataTypeNumber } from '../collection/collection-schema.js';
import { DYNAMIC_FIELD } from './field-data.js';
import { parseJson } from './json-value.js';
import { setOwn } from './own-property.js';
import { readVector } from './vector-bytes.js';
import { VECTOR_TYPES, vectorTypeOf } from './vector-type.js';

/** `schema.FieldData` of schema.proto as the SDK decodes it: 64-bit numbers are strings. */
export interface DecodedField {
  readonly type?: string | number;
  readonly field_name: string;
  readonly is_dynamic?: boolean;
  readonly valid_data?: readonly boolean[];
  readonly scalars?: DecodedScalars | null;
  readonly vectors?:
    | ({ readonly dim?: string | number; readonly data?: string } & Readonly<Record<string, unknown>>)
    | null;
}

type DecodedScalars = { readonly data?: string } & Readonly<Record<string, unknown>>;

/** Reads a column: the value of each row, `undefined` if it has none. */
function columnReader(field: DecodedField): (row: number) => unknown {
  const read = field.vectors ? vectorReader(field) : scalarReader(field);
  const valid = field.valid_data ?? [];
  if (valid.length === 0) return read;
  // A nullable column has either a place for each row or only for rows with a value.
  const values = arrayOf(field.scalars);
  if (values.length === valid.length) return (row) => (valid[row] ? read(row) : undefined);
  const places = new Int32Array(valid.length);
  let next = 0;
  valid.forEach((isPresent, row) => {
    places[row] = isPresent ? next++ : -1;
  });
  return (row) => (places[row]! < 0 ? undefined : read(places[row]!));
}

function arrayOf(scalars: DecodedScalars | null | undefined): readonly unknown[] {
  const slot = scalars?.data;
  if (!scalars || slot === undefined) return [];
  return (scalars[slot] as { data?: readonly unknown[] } | null)?.data ?? [];
}

function scalarReader(field: DecodedField): (row: number) => unknown {
  const slot = field.scalars?.data;
  const values = arrayOf(field.scalars);
  switch (slot) {
    case 'long_data':
      return (row) => wholeNumber(values[row]);
    case 'json_data':
      return (row) => parsedJson(values[row]);
    case 'array_data':
      return (row) => {
        const inner = values[row] as DecodedScalars | undefined;
        return (
          inner && arrayOf(inner).map((value) => (inner.data === 'long_data' ? wholeNumber(value) : value))
        );
      };
    default:
      return (row) => values[row];
  }
}

/** A 64-bit number, as a bigint if a number would round it. */
export function wholeNumber(value: unknown): Key | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value as string);
}

function parsedJson(value: unknown): unknown {
  if (!ArrayBuffer.isView(value) || value.byteLength === 0) return undefined;
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
  try {
    return parseJson(text);
  } catch {
    // Milvus Lite returns a string that pymilvus stored without its quotes.
    return text;
  }
}

function vectorReader(field: DecodedField): (row: number) => unknown {
  const { vectors } = field;
  const type = vectorTypeOf(dataTypeNumber(field.type));
  const slot = vectors?.data;
  if (!vectors || slot === undefined || type === undefined) return () => undefined;
  const dim = Number(vectors.dim);
  const found = vectors[slot];
  if (type === 'float32') {
    const values = (found as { data: readonly number[] }).data;
    return (row) => Float32Array.from(values.slice(row * dim, (row + 1) * dim));
  }
  const bytes = found as Uint8Array;
  const stride = VECTOR_TYPES[type].byteLength(dim);
  return (row) => readVector(type, bytes.subarray(row * stride, (row + 1) * stride));
}

/** Reads rows: the values of the wanted fields, both declared and dynamic. */
export function rowReader(
  columns: readonly DecodedField[],
  isWanted: (name: string) => boolean,
): (row: number) => Record<string, unknown> {
  const declared: [string, (row: number) => unknown][] = [];
  const dynamic: ((row: number) => unknown)[] = [];
  for (const column of columns) {
    if (column.is_dynamic || column.field_name === DYNAMIC_FIELD) dynamic.push(columnReader(column));
    else if (isWanted(column.field_name)) declared.push([column.field_name, columnReader(column)]);
  }
  return (row) => {
    const fields: Record<string, unknown> = {};
    for (const read of dynamic) {
      const values = read(row);
      if (typeof values !== 'object' || values === null) continue;
      for (const [name, value] of Object.entries(values)) if (isWanted(name)) setOwn(fields, name, value);
    }
    for (const [name, read] of declared) {
      const value = read(row);
      if (value !== undefined && value !== null) setOwn(fields, name, value);
    }
    return fields;
  };
}
