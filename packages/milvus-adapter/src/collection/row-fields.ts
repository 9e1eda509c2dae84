import type { TextLayout } from '../ingest/text-row.js';
import { DYNAMIC_FIELD } from '../wire/field-data.js';

/** Which fields are read. */
export interface WantedFields {
  /** What the server is asked for. */
  readonly names: readonly string[];
  isWanted(name: string): boolean;
}

/** The fields to ask for so that rows carry these, beside key and text; all but the vector unless named. */
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
