import { type MessageField, protobufMessage } from '../wire/protobuf-message.js';
import { VECTOR_TYPES, type VectorType } from '../wire/vector-type.js';
import { SCALAR_DATA_TYPES, type ScalarType, SPARSE_DATA_TYPE } from './collection-schema.js';

/** A declared field of a new collection. */
export interface FieldSpec {
  readonly name: string;
  readonly type: ScalarType;
  /**
   * Size limit in bytes of UTF-8, for a varchar or for each element of an array of varchar.
   *
   * @defaultValue 65 535, Milvus' limit
   */
  readonly maxLength?: number;
  /** Type of an array's elements. */
  readonly elementType?: Exclude<ScalarType, 'array' | 'json'>;
  /**
   * Size limit of an array.
   *
   * @defaultValue 4 096, Milvus' limit
   */
  readonly maxCapacity?: number;
  /**
   * Whether rows may have no value (Milvus ≥ 2.5, Milvus Lite).
   *
   * @defaultValue false
   */
  readonly nullable?: boolean;
}

/** Everything that defines a new collection's schema. */
export interface SchemaSpec {
  readonly name: string;
  readonly description: string;
  readonly key: { readonly name: string; readonly type: 'varchar' | 'int64'; readonly maxLength: number };
  readonly text: { readonly name: string; readonly maxLength: number };
  readonly vector: { readonly name: string; readonly type: VectorType; readonly dim: number };
  /** Field of BM25's sparse vectors, if the server generates them. */
  readonly sparse: string | undefined;
  /** Settings of the analyzer that splits texts into words, as Milvus documents them. */
  readonly analyzer: Readonly<Record<string, unknown>> | undefined;
  readonly fields: readonly FieldSpec[];
  readonly dynamic: boolean;
}

const MAX_VARCHAR = 65_535;
const MAX_CAPACITY = 4096;

/** `schema.FunctionType.BM25` of schema.proto. */
const BM25_FUNCTION = 1;

/**
 * The bytes of `schema.CollectionSchema` { name 1, description 2, fields 4, enable_dynamic_field 5, functions 7 }, with
 * `FieldSchema` { name 2, is_primary_key 3, data_type 5, type_params 6, element_type 10, nullable 15,
 * is_function_output 16 } and `FunctionSchema` { name 1, type 4, input_field_names 5, output_field_names 7 }, as the
 * SDK ships schema.proto.
 */
export function packSchema(spec: SchemaSpec): Buffer {
  const { key, text, vector, sparse } = spec;
  const analyzed: readonly (readonly [string, string])[] =
    sparse === undefined
      ? []
      : [
          ['enable_analyzer', 'true'],
          ...(spec.analyzer === undefined
            ? []
            : [['analyzer_params', JSON.stringify(spec.analyzer)] as const]),
        ];
  const fields: Buffer[] = [
    packField(key.name, SCALAR_DATA_TYPES[key.type], {
      isKey: true,
      parameters: key.type === 'varchar' ? [['max_length', String(key.maxLength)]] : [],
    }),
    packField(text.name, SCALAR_DATA_TYPES.varchar, {
      parameters: [['max_length', String(text.maxLength)], ...analyzed],
    }),
    packField(vector.name, VECTOR_TYPES[vector.type].dataType, {
      parameters: [['dim', String(VECTOR_TYPES[vector.type].fieldDim(vector.dim))]],
    }),
    ...spec.fields.map(packMetadataField),
  ];
  const functions: Buffer[] = [];
  if (sparse !== undefined) {
    fields.push(packField(sparse, SPARSE_DATA_TYPE, { isFunctionOutput: true }));
    functions.push(
      protobufMessage([
        [1, `${text.name}_bm25`],
        [4, BM25_FUNCTION],
        [5, text.name],
        [7, sparse],
      ]),
    );
  }
  return protobufMessage([
    [1, spec.name],
    [2, spec.description],
    ...fields.map((field): MessageField => [4, field]),
    ...(spec.dynamic ? [[5, true] as const] : []),
    ...functions.map((entry): MessageField => [7, entry]),
  ]);
}

function packMetadataField(field: FieldSpec): Buffer {
  const { type, elementType, maxLength = MAX_VARCHAR, maxCapacity = MAX_CAPACITY } = field;
  const parameters: [string, string][] = [];
  if (type === 'varchar' || elementType === 'varchar') parameters.push(['max_length', String(maxLength)]);
  if (type === 'array') parameters.push(['max_capacity', String(maxCapacity)]);
  return packField(field.name, SCALAR_DATA_TYPES[type], {
    parameters,
    ...(elementType === undefined ? {} : { elementType: SCALAR_DATA_TYPES[elementType] }),
    nullable: field.nullable ?? false,
  });
}

interface FieldParts {
  readonly isKey?: boolean;
  readonly parameters?: readonly (readonly [string, string])[];
  readonly elementType?: number;
  readonly nullable?: boolean;
  readonly isFunctionOutput?: boolean;
}

function packField(name: string, dataType: number, parts: FieldParts): Buffer {
  const fields: MessageField[] = [[2, name]];
  if (parts.isKey) fields.push([3, true]);
  fields.push([5, dataType]);
  for (const [key, value] of parts.parameters ?? []) {
    // common.KeyValuePair { key 1, value 2 }
    fields.push([
      6,
      protobufMessage([
        [1, key],
        [2, value],
      ]),
    ]);
  }
  if (parts.elementType !== undefined) fields.push([10, parts.elementType]);
  if (parts.nullable) fields.push([15, true]);
  if (parts.isFunctionOutput) fields.push([16, true]);
  return protobufMessage(fields);
}
