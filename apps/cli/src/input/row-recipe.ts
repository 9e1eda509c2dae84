import type { Key, TextRow } from '@model2vec-ts/milvus-adapter';
import { excerpt } from '../terminal/terminal.js';
import type { FoundProblem } from './found-row.js';
import { DEFAULT_TEXT_FIELD } from './input-bytes.js';

/** How a record's fields become a row. */
export interface RowRecipe {
  /** Field of the text; `undefined` for `text`. */
  readonly textField: string | undefined;
  /** Field of the id; `undefined` for `id` if the record has it, `none` to derive ids from the text. */
  readonly idField: string | undefined;
  readonly idType: 'varchar' | 'int64';
  /** Fields to keep; `undefined` for all. */
  readonly fields: readonly string[] | undefined;
  /** Whether empty texts become rows; otherwise they are skipped and counted. */
  readonly keepsBlank: boolean;
}

/** A record of a file: names and values. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/** A row, the reason why a record has none, or `undefined` if its text is empty. */
export type CookedRow = { readonly row: TextRow } | Omit<FoundProblem, 'line'> | undefined;

/** Fields of every `m2v index` collection; a record's field with one of these names gets an underscore. */
const RESERVED: ReadonlySet<string> = new Set(['id', 'text', 'vector', 'text_words']);

const DEFAULT_ID_FIELD = 'id';
/** Value of `--id-field` that derives ids from the text. */
export const NO_ID_FIELD = 'none';

/** Turns records into rows. */
export class RowCook {
  readonly #recipe: RowRecipe;
  readonly #textField: string;
  readonly #kept: ReadonlySet<string> | undefined;
  /** Name of each field in the collection; `undefined` for a field that is left out. */
  readonly #names = new Map<string, string | undefined>();

  constructor(recipe: RowRecipe) {
    this.#recipe = recipe;
    this.#textField = recipe.textField ?? DEFAULT_TEXT_FIELD;
    this.#kept = recipe.fields === undefined ? undefined : new Set(recipe.fields);
  }

  cook(record: SourceRecord): CookedRow {
    const text = Object.hasOwn(record, this.#textField) ? record[this.#textField] : undefined;
    if (text === undefined) return { reason: this.#lacking(record, this.#textField, '--text-field') };
    if (text === null && !this.#recipe.keepsBlank) return undefined;
    if (typeof text !== 'string') {
      return { reason: `field ${quoted(this.#textField)} must be a string; found ${kindOf(text)}` };
    }
    if (!this.#recipe.keepsBlank && isBlank(text)) return undefined;
    const idField = this.#idField(record);
    const row: Record<string, unknown> = { text };
    if (idField !== undefined) {
      const id = this.#id(record, idField);
      if (typeof id === 'object') return id;
      row.id = id;
    }
    for (const name in record) {
      if (name === this.#textField || name === idField) continue;
      const value = record[name];
      if (value === undefined || value === null) continue;
      const stored = this.#storedName(name);
      if (stored !== undefined) row[stored] = value;
    }
    return { row: row as TextRow };
  }

  #idField(record: SourceRecord): string | undefined {
    const { idField } = this.#recipe;
    if (idField === NO_ID_FIELD) return undefined;
    if (idField !== undefined) return idField;
    const value = Object.hasOwn(record, DEFAULT_ID_FIELD) ? record[DEFAULT_ID_FIELD] : undefined;
    return value === undefined || value === null || value === '' ? undefined : DEFAULT_ID_FIELD;
  }

  #id(record: SourceRecord, field: string): Key | { readonly reason: string } {
    if (!Object.hasOwn(record, field)) return { reason: this.#lacking(record, field, '--id-field') };
    const value = record[field];
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      const why = Number.isInteger(value) ? 'is not exact; write it as a string' : 'is not a whole number';
      return { reason: `id ${value} ${why}` };
    }
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
      return { reason: `field ${quoted(field)} must be a string or a whole number; found ${kindOf(value)}` };
    }
    if (value === '') return { reason: `field ${quoted(field)} is empty` };
    if (this.#recipe.idType === 'varchar') return String(value);
    if (typeof value !== 'string') return value;
    if (!/^-?\d{1,19}$/.test(value)) return { reason: `id ${quoted(value)} is not a whole number` };
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : BigInt(value);
  }

  #storedName(name: string): string | undefined {
    if (this.#names.has(name)) return this.#names.get(name);
    const stored =
      this.#kept !== undefined && !this.#kept.has(name) ? undefined : RESERVED.has(name) ? `${name}_` : name;
    // A file usually has few field names; if names are data, they are not remembered.
    if (this.#names.size < 1000) this.#names.set(name, stored);
    return stored;
  }

  #lacking(record: SourceRecord, field: string, flag: string): string {
    const names = Object.keys(record);
    const found = names.length === 0 ? 'no field at all' : `the fields ${excerpt(names.join(', '), 60)}`;
    return `there is no field ${quoted(field)}; found ${found}; pass ${flag}`;
  }
}

/** Whether a text is empty except for white space. */
export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Whether a value, or a value in it, contains U+FFFD. */
export function holdsReplacement(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\ufffd');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name.includes('\ufffd') || holdsReplacement(inner));
}

function quoted(text: string): string {
  return JSON.stringify(excerpt(text, 40));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return `${typeof value === 'object' ? 'an object' : `a ${typeof value}`}${typeof value === 'number' ? ` ${value}` : ''}`;
}
