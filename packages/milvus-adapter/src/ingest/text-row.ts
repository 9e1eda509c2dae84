import type { CollectionField, CollectionSchema } from '../collection/collection-schema.js';
import { described } from '../milvus-error.js';
import { jsonText, stringProblem, valueProblem, valueSize, vectorProblem } from '../wire/field-value.js';
import { sentFields } from '../wire/mutation-request.js';
import { VECTOR_TYPES, type VectorType } from '../wire/vector-type.js';
import { contentId } from './content-id.js';

/** A primary key: a string, or a whole number (a bigint above 2⁵³). */
export type Key = string | number | bigint;

/** A row to store. */
export interface TextRow {
  /** The key; derived from the text where the collection's key is a string and this is left out. */
  readonly id?: Key;
  /** What is embedded, searched, and given back. */
  readonly text: string;
  /** The text's embedding, where it is known already: the embedder is not asked then. */
  readonly vector?: Float32Array;
  /** Declared fields, and others where the collection is dynamic. */
  readonly [field: string]: unknown;
}

/** Which field of a collection plays which part. */
export interface TextLayout {
  readonly key: CollectionField;
  readonly text: CollectionField;
  readonly vector: CollectionField;
  /** BM25's sparse vectors, where the server makes them. */
  readonly sparse: string | undefined;
  /** Declared fields beside those. */
  readonly metadata: readonly CollectionField[];
  readonly schema: CollectionSchema;
}

/** A row that has passed every check which needs no server. */
export interface CheckedRow {
  /** Position in the input. */
  readonly index: number;
  readonly id: Key;
  readonly text: string;
  readonly vector: Float32Array | undefined;
  readonly row: TextRow;
  /** JSON text of the values of no declared field. */
  readonly dynamic: string;
  /** Bytes that it adds to a request, near enough. */
  readonly size: number;
}

/** A row that did not go in. */
export interface RowProblem {
  readonly id: Key | undefined;
  readonly reason: string;
}

/** Names of a row that are no fields. */
const ROW_NAMES: ReadonlySet<string> = new Set(['id', 'text', 'vector']);
const NO_FIELDS = '{}';

/** Checks rows against a collection's fields, so that what a server would refuse, or silently alter, is told at once. */
export class RowChecker {
  readonly #layout: TextLayout;
  readonly #dim: number;
  readonly #declared: ReadonlyMap<string, CollectionField>;
  readonly #reserved: ReadonlySet<string>;
  readonly #vectorBytes: number;

  /** @param dim - values of the embedder's vectors */
  constructor(layout: TextLayout, dim: number) {
    this.#layout = layout;
    this.#dim = dim;
    this.#declared = new Map(layout.metadata.map((field) => [field.name, field]));
    this.#reserved = new Set([layout.key.name, layout.text.name, layout.vector.name, layout.sparse ?? '']);
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
    if (id === undefined) return 'id is missing, and only keys of type varchar are derived from the text';
    if (typeof id === 'string' && id === '') return 'id must not be empty';
    // Ill-formed UTF-16 becomes U+FFFD on the way, so that two ids could become one.
    if (typeof id === 'string' && /\p{Surrogate}/u.test(id)) return 'id must be well-formed Unicode';
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
      const problem = valueProblem(field, value);
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
      if (this.#reserved.has(name))
        return { reason: `field ${name} is the collection's own: give id, text or vector` };
      if (!this.#layout.schema.dynamic)
        return { reason: `no field ${name}, and the collection is not dynamic` };
      extra ??= {};
      extra[name] = value;
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

/** The layout of a collection with the given names of fields, or why it has none. */
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
  if (key.autoId) return 'its keys are made by the server, so that rows cannot be replaced';
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
