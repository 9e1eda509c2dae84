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

/** Rows per request for stored rows. */
export const ROWS_AT_ONCE = 500;

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
   * Sorts rows out that need not be sent.
   *
   * @returns the rows that the collection holds already, and those whose key an earlier row of this run had
   */
  async compare(
    rows: readonly TextRow[],
  ): Promise<{ readonly unchanged: ReadonlySet<TextRow>; readonly duplicates: ReadonlySet<TextRow> }> {
    const duplicates = new Set<TextRow>();
    const candidates = new Map<TextRow, Key>();
    for (const row of rows) {
      if (!this.#seen.add(keyOf(row))) duplicates.add(row);
      // A later row of the same key must replace the earlier one, whatever is stored now.
      else if (this.#mayHold) this.#addCandidate(candidates, row);
    }
    const unchanged = new Set<TextRow>();
    if (candidates.size === 0) return { unchanged, duplicates };
    const stored = await this.#stored([...candidates.values()]);
    let i = 0;
    for (const row of candidates.keys()) if (isEqualRow(row, stored[i++])) unchanged.add(row);
    return { unchanged, duplicates };
  }

  #addCandidate(candidates: Map<TextRow, Key>, row: TextRow): void {
    const key = String(keyOf(row));
    const isInteger = this.#collection.layout.key.type === 'int64';
    // Other keys are refused when the row is sent.
    if (isInteger && !/^-?\d{1,19}$/.test(key)) return;
    candidates.set(row, keyFromText(key, isInteger ? 'int64' : 'varchar'));
  }

  async #stored(keys: readonly Key[]): Promise<readonly (StoredRow | undefined)[]> {
    try {
      return await this.#collection.get(keys, { consistency: 'strong' });
    } catch (error) {
      // A key that cannot be asked for is refused when its row is sent.
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
