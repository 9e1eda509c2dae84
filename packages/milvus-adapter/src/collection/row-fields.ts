import type { TextLayout } from '../ingest/text-row.js';
import { invalidArgument, MilvusError } from '../milvus-error.js';
import { DYNAMIC_FIELD } from '../wire/field-data.js';

/** The fields that a read returns. */
export interface WantedFields {
  /** The fields to request from the server. */
  readonly names: readonly string[];
  isWanted(name: string): boolean;
}

/**
 * The fields to request for rows with the named fields in addition to key and text; by default, all but the vector.
 *
 * @throws `MilvusError` with `invalid-argument` unless `fields` is an array of names that the collection can have
 */
export function wantedFields(layout: TextLayout, fields: readonly string[] | undefined): WantedFields {
  const { key, text, vector, metadata, schema } = layout;
  const always = [key.name, text.name];
  const declared = metadata.map((field) => field.name);
  if (fields === undefined) {
    const hidden = new Set([...always, vector.name, layout.sparse ?? '']);
    return {
      names: [...always, ...declared, ...(schema.dynamic ? [DYNAMIC_FIELD] : [])],
      isWanted: (name) => !hidden.has(name),
    };
  }
  requireFieldNames(layout, fields);
  const wanted = new Set(fields);
  const named = [...declared, vector.name].filter((name) => wanted.has(name));
  const isDynamic = fields.some(
    (name) => name !== vector.name && !declared.includes(name) && !always.includes(name),
  );
  return {
    names: [...always, ...named, ...(isDynamic && schema.dynamic ? [DYNAMIC_FIELD] : [])],
    isWanted: (name) => wanted.has(name) && !always.includes(name),
  };
}

function requireFieldNames(layout: TextLayout, fields: unknown): void {
  const rule = 'an array of names of fields';
  if (!Array.isArray(fields)) throw invalidArgument('option fields', rule, fields);
  const declared = new Set([...layout.schema.fields.map((field) => field.name), 'id', 'text', 'vector']);
  for (const name of fields as readonly unknown[]) {
    if (typeof name !== 'string' || name === '') {
      throw invalidArgument('each name in option fields', 'a string that is not empty', name);
    }
    if (!layout.schema.dynamic && !declared.has(name)) throw unknownField(layout, name);
  }
}

/** For the name of a field that no row has. */
export function unknownField(layout: TextLayout, name: string): MilvusError {
  const { key, text, metadata } = layout;
  const known = [key.name, text.name, ...metadata.map((field) => field.name)];
  return new MilvusError(
    'invalid-argument',
    `no row has a field ${name}; the declared fields are ${known.join(', ')}`,
  );
}
