import type { ServerStatus } from '../connection/server-status.js';
import { MilvusError } from '../milvus-error.js';
import { type VectorType, vectorTypeOf } from '../wire/vector-type.js';

/** Types of a field that is not a vector. */
export type ScalarType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float'
  | 'double'
  | 'varchar'
  | 'json'
  | 'array';

/** A field of a collection, as the server describes it. */
export interface CollectionField {
  readonly name: string;
  /** `undefined` for types that this package neither writes nor reads, such as sparse vectors. */
  readonly type: ScalarType | VectorType | undefined;
  readonly kind: 'scalar' | 'vector' | 'other';
  /** `schema.DataType` of schema.proto. */
  readonly dataType: number;
  readonly isKey: boolean;
  readonly autoId: boolean;
  /** Whether the server fills it from another field, such as BM25's sparse vectors. */
  readonly isFunctionOutput: boolean;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** Size limit in bytes of a varchar, or of each element of an array of varchar. */
  readonly maxLength: number | undefined;
  /** Size limit of an array. */
  readonly maxCapacity: number | undefined;
  /** Type of the elements of an array. */
  readonly elementType: ScalarType | undefined;
  /** Number of values of a vector, or of bits of a binary one. */
  readonly dim: number | undefined;
}

/** The fields of a collection. */
export interface CollectionSchema {
  readonly fields: readonly CollectionField[];
  readonly dynamic: boolean;
}

/** `schema.DataType` of schema.proto for the scalar types. */
export const SCALAR_DATA_TYPES: Readonly<Record<ScalarType, number>> = {
  bool: 1,
  int8: 2,
  int16: 3,
  int32: 4,
  int64: 5,
  float: 10,
  double: 11,
  varchar: 21,
  array: 22,
  json: 23,
};

/** Sparse vectors, which BM25's function fills. */
export const SPARSE_DATA_TYPE = 104;

const SCALARS_BY_NUMBER: ReadonlyMap<number, ScalarType> = new Map(
  Object.entries(SCALAR_DATA_TYPES).map(([name, number]) => [number, name as ScalarType]),
);

/** Names of `schema.DataType` as the SDK's decoder gives them. */
const NUMBERS_BY_NAME: Readonly<Record<string, number>> = {
  Bool: 1,
  Int8: 2,
  Int16: 3,
  Int32: 4,
  Int64: 5,
  Float: 10,
  Double: 11,
  String: 20,
  VarChar: 21,
  Array: 22,
  JSON: 23,
  BinaryVector: 100,
  FloatVector: 101,
  Float16Vector: 102,
  BFloat16Vector: 103,
  SparseFloatVector: 104,
  Int8Vector: 105,
};

/** The number of a `schema.DataType`, which the decoder returns by name or number. */
export function dataTypeNumber(found: string | number | undefined): number {
  return typeof found === 'string' && found in NUMBERS_BY_NAME ? NUMBERS_BY_NAME[found]! : Number(found ?? 0);
}

/** `common.KeyValuePair` of common.proto. */
export interface KeyValuePair {
  readonly key: string;
  readonly value: string;
}

/** The parts of `milvus.DescribeCollectionResponse` (milvus.proto) that are read here. */
export interface DescribedCollection {
  readonly status?: ServerStatus;
  readonly schema?: {
    readonly enable_dynamic_field?: boolean;
    readonly fields?: readonly {
      readonly name: string;
      readonly is_primary_key?: boolean;
      readonly data_type?: string | number;
      readonly element_type?: string | number;
      readonly type_params?: readonly KeyValuePair[];
      readonly autoID?: boolean;
      readonly default_value?: { readonly data?: string } | null;
      readonly is_dynamic?: boolean;
      readonly nullable?: boolean;
      readonly is_function_output?: boolean;
    }[];
  };
  readonly properties?: readonly KeyValuePair[];
  readonly collectionID?: string | number;
  readonly created_timestamp?: string | number;
}

/** What distinguishes collections that had the same name one after the other; `undefined` on Milvus Lite. */
export function incarnationOf({ collectionID, created_timestamp }: DescribedCollection): string | undefined {
  return Number(collectionID ?? 0) === 0 ? undefined : `${collectionID}@${created_timestamp ?? 0}`;
}

/** Parses the reply of `DescribeCollection`. */
export function parseSchema(described: DescribedCollection, collection: string): CollectionSchema {
  const fields = described.schema?.fields ?? [];
  if (fields.length === 0) {
    throw new MilvusError('server', `the server described collection ${collection} without fields`);
  }
  return {
    dynamic: described.schema?.enable_dynamic_field ?? false,
    fields: fields
      .filter((field) => field.is_dynamic !== true)
      .map((field): CollectionField => {
        const dataType = dataTypeNumber(field.data_type);
        const parameter = (key: string): number | undefined => {
          const found = field.type_params?.find((pair) => pair.key === key)?.value;
          return found === undefined ? undefined : Number(found);
        };
        const scalar = SCALARS_BY_NUMBER.get(dataType);
        const vector = vectorTypeOf(dataType);
        return {
          name: field.name,
          type: scalar ?? vector,
          kind: scalar !== undefined ? 'scalar' : vector !== undefined ? 'vector' : 'other',
          dataType,
          isKey: field.is_primary_key ?? false,
          autoId: field.autoID ?? false,
          isFunctionOutput: field.is_function_output ?? false,
          nullable: field.nullable ?? false,
          hasDefault: field.default_value?.data !== undefined,
          maxLength: parameter('max_length'),
          maxCapacity: parameter('max_capacity'),
          elementType: SCALARS_BY_NUMBER.get(dataTypeNumber(field.element_type)),
          dim: parameter('dim'),
        };
      }),
  };
}
