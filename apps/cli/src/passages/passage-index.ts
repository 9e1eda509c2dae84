import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import {
  type SearchOptions,
  type SearchResult,
  type StoredRow,
  TextIndex,
  type TextRow,
} from '@model2vec-ts/search';
import { readPassages } from './file-passages.js';
import { FolderWalk, type SkippedPath, type WalkedFile, type WalkOptions } from './folder-walk.js';
import { type Passage, placeOf } from './passage.js';

/** Options that determine the passages of an index. */
export interface PassageOptions extends WalkOptions {
  /** Most characters of a passage's own text. */
  readonly chunkSize: number;
}

/** Result of updating an index. */
export interface PassageSync {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly skipped: readonly SkippedPath[];
}

/** State of a file when it was last read. */
interface FileState {
  readonly size: number;
  readonly modified: number;
  readonly passages: number;
}

/** The state of an index in a cache. */
export interface SavedPassages {
  readonly files: readonly (readonly [string, FileState])[];
  readonly index: readonly Uint8Array[];
}

/** Separates path and passage number in an id; no path contains it. */
const BETWEEN = '\0';
/** Passages embedded at a time. */
const BATCH = 4096;

/**
 * Keeps the passages of folders in a {@link TextIndex} equal to the files. Skips unchanged files, and embeds only the new
 * passages of changed ones.
 */
export class PassageIndex {
  readonly index: TextIndex;
  readonly #options: PassageOptions;
  readonly #files: Map<string, FileState>;

  private constructor(
    index: TextIndex,
    files: Iterable<readonly [string, FileState]>,
    options: PassageOptions,
  ) {
    this.index = index;
    this.#files = new Map(files);
    this.#options = options;
  }

  static async create(embedder: Model2VecEmbeddingFunction, options: PassageOptions): Promise<PassageIndex> {
    return new PassageIndex(await TextIndex.create({ embedder }), [], options);
  }

  /** Restores an index from a cache. */
  static async load(
    saved: { readonly files: SavedPassages['files']; readonly index: Uint8Array },
    embedder: Model2VecEmbeddingFunction,
    options: PassageOptions,
  ): Promise<PassageIndex> {
    return new PassageIndex(await TextIndex.load(saved.index, { embedder }), saved.files, options);
  }

  /** Number of files that were read, including those without passages. */
  get files(): number {
    return this.#files.size;
  }

  /** Reads new and changed files below the paths, and drops deleted ones. */
  async sync(named: readonly string[]): Promise<PassageSync> {
    const skipped: SkippedPath[] = [];
    const found = new Set<string>();
    const counts = { added: 0, changed: 0, unchanged: 0 };
    let rows: TextRow[] = [];
    const flush = async (): Promise<void> => {
      await this.index.upsert(rows, { batchRows: BATCH });
      rows = [];
    };
    for (const file of new FolderWalk(this.#options, (each) => skipped.push(each)).files(named)) {
      found.add(file.path);
      const known = this.#files.get(file.path);
      if (known !== undefined && known.size === file.size && known.modified === file.modified) {
        counts.unchanged++;
        continue;
      }
      const passages = await readPassages(file, this.#options.chunkSize, (each) => skipped.push(each));
      if (passages === undefined) {
        found.delete(file.path);
        continue;
      }
      rows.push(...(await this.#rows(file, passages, known)));
      this.#files.set(file.path, { size: file.size, modified: file.modified, passages: passages.length });
      counts[known === undefined ? 'added' : 'changed']++;
      if (rows.length >= BATCH) await flush();
    }
    await flush();
    const gone = [...this.#files.keys()].filter((path) => !found.has(path));
    for (const path of gone) await this.#forget(path);
    return { ...counts, removed: gone.length, skipped };
  }

  /** Whether a file is indexed under this path, as shown in hits. */
  hasFile(path: string): boolean {
    return this.#files.has(path);
  }

  /** Returns the passage that contains a line of a file, or the next one. */
  async passageAt(path: string, line: number): Promise<StoredRow | undefined> {
    const ids = idsOf(path, this.#files.get(path)?.passages ?? 0);
    const rows = await this.index.get(ids);
    return rows.find((row) => row !== undefined && Number(row.fields.endLine) >= line);
  }

  /** Searches the passages. */
  async search(question: string, options: SearchOptions): Promise<SearchResult> {
    return await this.index.search(question, options);
  }

  async save(): Promise<SavedPassages> {
    return { files: [...this.#files], index: await this.index.save() };
  }

  /** Rows of a file's passages; vectors of unchanged passages are reused. */
  async #rows(
    file: WalkedFile,
    passages: readonly Passage[],
    known: FileState | undefined,
  ): Promise<TextRow[]> {
    const vectors = new Map<string, Float32Array>();
    if (known !== undefined) {
      const ids = idsOf(file.path, known.passages);
      for (const row of await this.index.get(ids, { fields: ['vector'] })) {
        if (row !== undefined) vectors.set(row.text, row.fields.vector as Float32Array);
      }
      if (passages.length < ids.length) await this.index.delete(ids.slice(passages.length));
    }
    return passages.map((passage, i) => {
      const vector = vectors.get(passage.text);
      return {
        id: `${file.path}${BETWEEN}${i}`,
        text: passage.text,
        ...placeOf(file.path, passage),
        ...(vector !== undefined && { vector }),
      };
    });
  }

  async #forget(path: string): Promise<void> {
    await this.index.delete(idsOf(path, this.#files.get(path)!.passages));
    this.#files.delete(path);
  }
}

function idsOf(path: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${path}${BETWEEN}${i}`);
}
