import type { Key, TextRow } from '@model2vec-ts/search';
import type { CollectionField, CollectionSchema } from '../collection/collection-schema.js';
import { described } from '../milvus-error.js';
import { DYNAMIC_FIELD } from '../wire/field-data.js';
import { liteProblem, stringProblem, valueProblem, valueSize, vectorProblem } from '../wire/field-value.js';
import { isWellFormed, jsonText } from '../wire/json-value.js';
import { sentFields } from '../wire/mutation-request.js';
import { setOwn } from '../wire/own-property.js';
import { VECTOR_TYPES, type VectorType } from '../wire/vector-type.js';
import { contentId } from './content-id.js';

/** The role of each field of a collection. */
export interface TextLayout {
  readonly key: CollectionField;
  readonly text: CollectionField;
  readonly vector: CollectionField;
  /** Field of BM25's sparse vectors, if the server makes them. */
  readonly sparse: string | undefined;
  /** All other declared fields. */
  readonly metadata: readonly CollectionField[];
  readonly schema: CollectionSchema;
}

/** A row that passed every check that is possible without a server. */
export interface CheckedRow {
  /** Position in the input. */
  readonly index: number;
  readonly id: Key;
  readonly text: string;
  readonly vector: Float32Array | undefined;
  readonly row: TextRow;
  /** JSON text of the undeclared fields. */
  readonly dynamic: string;
  /** Approximate bytes in a request. */
  readonly size: number;
}

/** Why a row cannot be stored. */
export interface RowProblem {
  readonly id: Key | undefined;
  readonly reason: string;
}

/** Properties of a row that are not fields. */
const ROW_NAMES: ReadonlySet<string> = new Set(['id', 'text', 'vector']);
const NO_FIELDS = '{}';

/** Milvus 2.3.5 stores and finds this key, but no query by its value returns it. */
const UNREADABLE_KEY = 2n ** 63n - 1n;

/** Checks rows against a collection's fields before they are sent, because servers refuse whole batches or alter values. */
export class RowChecker {
  readonly #layout: TextLayout;
  readonly #dim: number;
  readonly #declared: ReadonlyMap<string, CollectionField>;
  readonly #reserved: ReadonlySet<string>;
  readonly #vectorBytes: number;
  readonly #lite: boolean;

  /**
   * @param dim - values of the embedder's vectors
   * @param lite - whether the server is Milvus Lite
   */
  constructor(layout: TextLayout, dim: number, lite: boolean) {
    this.#layout = layout;
    this.#lite = lite;
    this.#dim = dim;
    this.#declared = new Map(layout.metadata.map((field) => [field.name, field]));
    this.#reserved = new Set([...layout.schema.fields.map((field) => field.name), DYNAMIC_FIELD]);
    this.#vectorBytes = VECTOR_TYPES[layout.vector.type as VectorType].byteLength(dim);
  }

  check(found: unknown, index: number): CheckedRow | RowProblem {
    if (typeof found !== 'object' || found === null) {
      return { id: undefined, reason: `a row must be an object with a text; found ${described(found)}` };
    }
    const row = found as TextRow;
    const { text } = row;
    const textProblem = stringProblem('text', this.#layout.text.maxLength, text);
    const id = row.id ?? this.#derivedId(text);
    const reason =
      textProblem ?? this.#keyProblem(id) ?? this.#vectorProblem(row.vector) ?? this.#fieldProblem(row);
    if (reason !== undefined) return { id, reason };
    const dynamic = this.#dynamicText(row);
    if (typeof dynamic !== 'string') return { id, reason: dynamic.reason };
    let size = this.#vectorBytes + Buffer.byteLength(text) + dynamic.length * 2 + 48;
    for (const field of this.#layout.metadata) size += valueSize(field, row[field.name]);
    return { index, id: id!, text, vector: row.vector, row, dynamic, size };
  }

  #derivedId(text: unknown): Key | undefined {
    return this.#layout.key.type === 'varchar' && typeof text === 'string' ? contentId(text) : undefined;
  }

  #keyProblem(id: Key | undefined): string | undefined {
    if (id === undefined) return 'id is missing; only keys of type varchar are derived from the text';
    if (typeof id === 'string' && id === '') return 'id must not be empty';
    // UTF-8 has no lone surrogates, so two ids could become one.
    if (typeof id === 'string' && !isWellFormed(id)) return 'id must be well-formed Unicode';
    if (id === UNREADABLE_KEY) return `id must be below 2^63 - 1, which Milvus cannot read back; found ${id}`;
    const problem = valueProblem({ ...this.#layout.key, name: 'id', nullable: false }, id);
    return problem?.replace(/^field id/, 'id');
  }

  #vectorProblem(vector: unknown): string | undefined {
    return vector === undefined ? undefined : vectorProblem('vector', this.#dim, vector);
  }

  #fieldProblem(row: TextRow): string | undefined {
    for (const field of this.#layout.metadata) {
      const value = row[field.name];
      if (value === undefined && field.hasDefault) return `field ${field.name} is missing`;
      const problem = valueProblem(field, value) ?? liteProblem(this.#lite, field, value);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #dynamicText(row: TextRow): string | { readonly reason: string } {
    let extra: Record<string, unknown> | undefined;
    for (const name in row) {
      if (ROW_NAMES.has(name) || this.#declared.has(name)) continue;
      const value = row[name];
      if (value === undefined) continue;
      if (name === '') return { reason: 'the name of a field must not be empty' };
      if (this.#reserved.has(name))
        return { reason: `field ${name} is reserved: a row gives its id, text and vector by these names` };
      if (!this.#layout.schema.dynamic)
        return { reason: `the collection has no field ${name} and is not dynamic` };
      extra ??= {};
      setOwn(extra, name, value);
    }
    if (extra === undefined) return NO_FIELDS;
    const { text, problem } = jsonText(extra);
    return problem === undefined ? text : { reason: problem };
  }
}

/** Whether a check found a problem. */
export function isProblem(checked: CheckedRow | RowProblem): checked is RowProblem {
  return 'reason' in checked;
}

/** The values of one field of some rows, for packing. */
export function columnValues(
  layout: TextLayout,
  field: CollectionField,
  rows: readonly CheckedRow[],
  vectors: readonly Float32Array[],
): readonly unknown[] {
  if (field.name === layout.key.name) return rows.map((row) => row.id);
  if (field.name === layout.text.name) return rows.map((row) => row.text);
  if (field.name === layout.vector.name) return vectors;
  return rows.map(({ row }) => row[field.name]);
}

/** The layout of a collection with fields of these names, or why it does not fit. */
export function textLayout(
  schema: CollectionSchema,
  names: { readonly text: string | undefined; readonly vector: string | undefined },
): TextLayout | string {
  const key = schema.fields.find((field) => field.isKey);
  const filled = sentFields(schema);
  const vectors = filled.filter((field) => field.kind === 'vector');
  const vector =
    names.vector === undefined ? vectors[0] : vectors.find((field) => field.name === names.vector);
  const texts = filled.filter((field) => field.type === 'varchar' && !field.isKey);
  const text =
    names.text === undefined
      ? (texts.find((field) => field.name === 'text') ?? texts[0])
      : texts.find((field) => field.name === names.text);
  if (key === undefined || (key.type !== 'varchar' && key.type !== 'int64'))
    return 'it has no key of type varchar or int64';
  if (key.autoId) return 'the server generates its keys, so rows cannot be replaced';
  if (vector === undefined)
    return `it has no vector field${names.vector === undefined ? '' : ` ${names.vector}`} of a known type`;
  if (text === undefined)
    return `it has no text field${names.text === undefined ? '' : ` ${names.text}`} of type varchar`;
  const others = filled.filter((field) => field !== key && field !== vector && field !== text);
  return {
    key,
    text,
    vector,
    sparse: schema.fields.find((field) => field.dataType === 104)?.name,
    metadata: others,
    schema,
  };
}
