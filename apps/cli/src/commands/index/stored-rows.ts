import {
  type Key,
  MilvusError,
  type StoredRow,
  type TextCollection,
  type TextRow,
} from '@model2vec-ts/milvus-adapter';
import { keyFromText } from './resume-journal.js';
import { keyOf } from './row-ledger.js';
import { SeenKeys } from './seen-keys.js';
import { SOURCE, type SourceFile } from './source-file.js';

/** Rows per request for stored rows. */
export const ROWS_AT_ONCE = 500;

/** A row of the input as it would be stored. */
export interface ComparedRow {
  readonly row: TextRow;
  /**
   * - `unchanged`: the collection holds it already.
   * - `duplicate`: an earlier row of this run has its key.
   */
  readonly state: 'new' | 'unchanged' | 'duplicate';
}

/** Compares rows of the input with the rows that the collection had before this run. */
export class StoredRows {
  readonly #collection: TextCollection;
  readonly #mayHold: boolean;
  readonly #seen = new SeenKeys();

  /** @param mayHold - whether the collection may hold equal rows; else no request is made */
  constructor(collection: TextCollection, mayHold: boolean) {
    this.#collection = collection;
    this.#mayHold = mayHold;
  }

  /**
   * Sorts out rows that need not be sent, and gives rows of a file their source.
   *
   * @param source - the file of the rows; `undefined` for rows that no file is followed for
   * @param isLast - whether the last row is the last one of its file, which carries the mark
   */
  async compare(
    rows: readonly TextRow[],
    source?: SourceFile,
    isLast = false,
  ): Promise<readonly ComparedRow[]> {
    const keys = new Set(rows.map(keyOf));
    const stored = await this.#storedBy([...keys]);
    const compared: { key: Key; row: TextRow; isDuplicate: boolean }[] = [];
    for (const row of rows) {
      let key = keyOf(row);
      let isDuplicate = !this.#seen.add(key);
      if (source !== undefined && !source.has(key)) {
        const owner = stored.get(String(key))?.fields[SOURCE];
        const isTaken = isDuplicate || (owner !== undefined && owner !== source.name);
        if (isTaken && row.id === undefined) {
          key = source.ownId(row.text);
          isDuplicate = !this.#seen.add(key);
        } else if (isDuplicate || source.hasRival(owner)) {
          source.shareId();
        }
      }
      source?.add(key);
      compared.push({ key, row: source?.sourced(row, key) ?? row, isDuplicate });
    }
    const last = compared.at(-1);
    if (isLast && source !== undefined && last !== undefined && (await source.isWhole())) {
      last.row = { ...last.row, ...source.mark() };
    }
    const others = compared.map(({ key }) => key).filter((key) => !keys.has(key));
    for (const [key, row] of await this.#storedBy(others)) stored.set(key, row);
    return compared.map(({ key, row, isDuplicate }) => ({
      row,
      // A later row of the same key must replace the earlier one, whatever is stored now.
      state: isDuplicate ? 'duplicate' : isEqualRow(row, stored.get(String(key))) ? 'unchanged' : 'new',
    }));
  }

  /** The stored rows among those of the keys. */
  async #storedBy(keys: readonly Key[]): Promise<Map<string, StoredRow>> {
    const found = new Map<string, StoredRow>();
    if (!this.#mayHold) return found;
    const isInteger = this.#collection.layout.key.type === 'int64';
    // Other keys are refused when the row is sent.
    const usable = [...new Set(keys.map(String))].filter((key) => !isInteger || /^-?\d{1,19}$/.test(key));
    if (usable.length === 0) return found;
    const rows = await this.#stored(usable.map((key) => keyFromText(key, isInteger ? 'int64' : 'varchar')));
    rows.forEach((row, i) => {
      if (row !== undefined) found.set(usable[i]!, row);
    });
    return found;
  }

  async #stored(keys: readonly Key[]): Promise<readonly (StoredRow | undefined)[]> {
    try {
      return await this.#collection.get(keys, { consistency: 'strong' });
    } catch (error) {
      // An invalid key is refused later, when its row is sent.
      if (MilvusError.isInstance(error) && error.code === 'invalid-argument') return [];
      throw error;
    }
  }
}

function isEqualRow({ id: _, text, ...fields }: TextRow, stored: StoredRow | undefined): boolean {
  return stored !== undefined && stored.text === text && isEqual(fields, stored.fields);
}

/** Compares values of JSON; absent and null fields are the same. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b || ((a ?? null) === null && (b ?? null) === null);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) =>
    isEqual(left[name], right[name]),
  );
}
