import { isBefore } from '../filter/filter-operations.js';
import type { Key, StoredRow } from '../store/text-row.js';
import { KeyTable } from './key-table.js';

/** Metadata of a row. */
export type Fields = Readonly<Record<string, unknown>>;

/** Text and metadata of a row, as an index file keeps them. */
export interface RowContent {
  readonly text: string;
  readonly fields: Fields | undefined;
}

const NO_FIELDS: Fields = Object.freeze({});

/**
 * Ids, texts and metadata by row number. A removed row leaves a gap until {@link RowTable.compact}.
 *
 * Rows of a file that is read in ranges have only ids until {@link RowTable.fill} adds their content.
 */
export class RowTable {
  readonly #keys = new KeyTable((row) => this.#ids[row]);
  #ids: (Key | undefined)[] = [];
  #texts: (string | undefined)[] = [];
  /** As long as the last row with metadata. */
  #fields: (Fields | undefined)[] = [];

  /** Row numbers in use, including gaps. */
  get length(): number {
    return this.#ids.length;
  }

  /** Number of existing rows. */
  get size(): number {
    return this.#keys.size;
  }

  rowOf(id: Key): number | undefined {
    return this.#keys.rowOf(id);
  }

  isLive(row: number): boolean {
    return this.#ids[row] !== undefined;
  }

  isFilled(row: number): boolean {
    return this.#texts[row] !== undefined;
  }

  text(row: number): string {
    return this.#texts[row]!;
  }

  id(row: number): Key {
    return this.#ids[row]!;
  }

  push(id: Key, content: RowContent | undefined): void {
    const row = this.#ids.push(id) - 1;
    this.#keys.add(id, row);
    this.#texts.push(content?.text);
    this.#setFields(row, content?.fields);
  }

  fill(row: number, content: RowContent): void {
    this.#texts[row] = content.text;
    this.#setFields(row, content.fields);
  }

  remove(row: number): void {
    this.#keys.remove(this.#ids[row]!);
    this.#ids[row] = undefined;
    this.#texts[row] = undefined;
    this.#setFields(row, undefined);
  }

  /** Closes the gaps and returns the previous numbers of the existing rows. */
  compact(): Uint32Array {
    const live = this.live();
    this.#ids = Array.from(live, (row) => this.#ids[row]);
    this.#texts = Array.from(live, (row) => this.#texts[row]);
    const fields = this.#fields;
    this.#fields = [];
    live.forEach((row, to) => {
      this.#setFields(to, fields[row]);
    });
    this.#keys.clear();
    this.#ids.forEach((id, row) => {
      this.#keys.add(id!, row);
    });
    return live;
  }

  /** Numbers of the existing rows, ascending. */
  live(): Uint32Array {
    const rows = new Uint32Array(this.size);
    for (let row = 0, at = 0; row < this.length; row++) if (this.isLive(row)) rows[at++] = row;
    return rows;
  }

  /** Ids of the existing rows, sorted: numbers before strings, strings by code points. */
  sortedIds(): Key[] {
    return Array.from(this.live(), (row) => this.id(row)).sort((a, b) => {
      if (typeof a === 'string' && typeof b === 'string') return a === b ? 0 : isBefore(a, b) ? -1 : 1;
      if (typeof a === 'string' || typeof b === 'string') return typeof a === 'string' ? 1 : -1;
      return a < b ? -1 : a > b ? 1 : 0;
    });
  }

  #setFields(row: number, fields: Fields | undefined): void {
    if (fields === undefined && row >= this.#fields.length) return;
    // Filled up, because an array with holes is slower.
    while (this.#fields.length < row) this.#fields.push(undefined);
    this.#fields[row] = fields;
  }

  /** One field of a row, as filters read it. */
  field(row: number, name: string): unknown {
    if (name === 'id') return this.#ids[row];
    return name === 'text' ? this.#texts[row] : this.#fields[row]?.[name];
  }

  fields(row: number): Fields {
    return this.#fields[row] ?? NO_FIELDS;
  }

  /** Returns a row with all of its fields, or with those named. */
  stored(row: number, names: readonly string[] | undefined, vector: () => Float32Array): StoredRow {
    const all = this.fields(row);
    const fields: Record<string, unknown> = {};
    for (const name in all) {
      if (names !== undefined && !names.includes(name)) continue;
      const value = all[name];
      fields[name] = typeof value === 'object' ? structuredClone(value) : value;
    }
    if (names?.includes('vector')) fields.vector = vector();
    return { id: this.#ids[row]!, text: this.#texts[row]!, fields };
  }
}
