import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { SearchError } from '@model2vec-ts/search';
import { cacheFolder } from '../user-folders.js';
import { PassageIndex, type PassageOptions, type SavedPassages } from './passage-index.js';

/** Version of the chunking rules. A new version discards the cache. */
const FORM = 1;

/**
 * Keeps a {@link PassageIndex} between calls, one file per set of paths, options and model. It only saves work: an
 * unreadable file is ignored.
 */
export class PassageCache {
  readonly #path: string;
  readonly #embedder: Model2VecEmbeddingFunction;
  readonly #options: PassageOptions;

  constructor(named: readonly string[], embedder: Model2VecEmbeddingFunction, options: PassageOptions) {
    const key = JSON.stringify([
      FORM,
      process.cwd(),
      named.map((name) => resolve(name)),
      named,
      options,
      embedder.fingerprint,
    ]);
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
    this.#path = join(cacheFolder('find'), `${name}.m2v`);
    this.#embedder = embedder;
    this.#options = options;
  }

  /** The index of the previous call, or an empty one. */
  async read(): Promise<PassageIndex> {
    try {
      const bytes = readFileSync(this.#path);
      const filesEnd = 4 + bytes.readUInt32LE(0);
      const files = JSON.parse(bytes.toString('utf8', 4, filesEnd)) as SavedPassages['files'];
      return await PassageIndex.load(
        { files, index: bytes.subarray(filesEnd) },
        this.#embedder,
        this.#options,
      );
    } catch (error) {
      const isDamaged =
        error instanceof SyntaxError || error instanceof RangeError || SearchError.isInstance(error);
      // A file that the system does not read is as good as none, too.
      if (!isDamaged && typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
      return await PassageIndex.create(this.#embedder, this.#options);
    }
  }

  /** Writes the index atomically. */
  async write(index: PassageIndex): Promise<void> {
    const saved = await index.save();
    const files = Buffer.from(JSON.stringify(saved.files));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(files.length);
    mkdirSync(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      const file = openSync(draft, 'wx');
      try {
        for (const part of [length, files, ...saved.index]) {
          for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
        }
      } finally {
        closeSync(file);
      }
      renameSync(draft, this.#path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }
}
