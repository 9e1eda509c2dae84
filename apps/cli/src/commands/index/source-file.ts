import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { posix, sep } from 'node:path';
import { contentId, type Key, type TextRow } from '@model2vec-ts/milvus-adapter';
import type { InputFile } from '../../input/input-file.js';

/** Fields of rows that m2v index uses to follow files. All begin with `m2v_`. */
export const SOURCE = 'm2v_source';
/** On one row per file: hash of the content, and of the settings that make rows of it. */
export const HASH = 'm2v_hash';
/** On the same row: the number of rows of the file. */
export const ROWS = 'm2v_rows';

/** Files with more rows are read on each run, because their ids would need too much memory. */
const MOST_IDS = 4_000_000;

/** Names a file in rows: as the call names it, with `/`, without `./`. */
export function sourceName(path: string): string {
  return posix.normalize(sep === '/' ? path : path.replaceAll(sep, '/'));
}

/** A file while its rows are read: gives them their source, and the last one the mark that the file is complete. */
export class SourceFile {
  readonly name: string;
  readonly #file: InputFile;
  readonly #hash: string | undefined;
  readonly #present: ReadonlySet<string>;
  readonly #ids = new Set<string>();
  #isWhole = true;
  #sharesIds = false;

  /**
   * @param hash - of the content; `undefined` if it could not be read
   * @param present - names of all files of the call
   */
  constructor(file: InputFile, hash: string | undefined, present: ReadonlySet<string>) {
    this.name = sourceName(file.path);
    this.#file = file;
    this.#hash = hash;
    this.#present = present;
  }

  /** Whether every row of the file was found and its content was the same from beginning to end. */
  async isWhole(): Promise<boolean> {
    if (!this.#isWhole || this.#hash === undefined) return false;
    const now = await stat(this.#file.path).catch(() => undefined);
    return now?.size === this.#file.size && now?.mtimeMs === this.#file.changed;
  }

  /** Notes that a part of the file gives no row. The file is read on each run, so that this is reported each time. */
  lose(): void {
    this.#isWhole = false;
  }

  /** Notes that an id is in another file of the call too. The last of the files keeps the row, so each must be read again. */
  shareId(): void {
    this.#sharesIds = true;
    this.lose();
  }

  get sharesIds(): boolean {
    return this.#sharesIds;
  }

  /** Whether the owner of a stored row is another file of the call. */
  hasRival(owner: unknown): boolean {
    return typeof owner === 'string' && owner !== this.name && this.#present.has(owner);
  }

  has(key: Key): boolean {
    return this.#ids.has(String(key));
  }

  /** Number of rows so far. */
  get size(): number {
    return this.#ids.size;
  }

  /** Adds a row under its final id. */
  add(key: Key): void {
    if (this.#ids.size < MOST_IDS) this.#ids.add(String(key));
    else this.lose();
  }

  /** The id of a row whose text is also in another file, so that each file has a row of its own. */
  ownId(text: string): string {
    return contentId(`${this.name}\0${text}`);
  }

  /** The fields that the last row has in addition, once all rows are added. */
  mark(): Readonly<Record<string, unknown>> {
    return { [HASH]: this.#hash, [ROWS]: this.#ids.size };
  }

  /** A row as it is stored. */
  sourced(row: TextRow, id: Key): TextRow {
    return { ...row, id, [SOURCE]: this.name };
  }
}

/** Hash of a file's content and of the settings that make rows of it; `undefined` if the file cannot be read. */
export async function hashOf({ path, format }: InputFile, recipe: string): Promise<string | undefined> {
  const hash = createHash('sha256').update(JSON.stringify([format ?? '', recipe]));
  try {
    for await (const part of createReadStream(path)) hash.update(part as Buffer);
  } catch {
    // Its reader reports the reason.
    return undefined;
  }
  return hash.digest('hex').slice(0, 32);
}
