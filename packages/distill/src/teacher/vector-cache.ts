import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DistillError } from '../distill-error.js';

/** Vectors per file, and the most that a killed process loses. */
const BATCH = 1024;
/** Bytes of a key: enough to keep a million texts distinct. */
const KEY_BYTES = 12;
const MAGIC = 0x3143_564d;
/** Magic number, rows, values per row, checksum of the rest. */
const HEADER_BYTES = 16;

/** Position of a vector. */
interface Place {
  readonly file: string;
  readonly row: number;
  readonly rows: number;
}

/** The key of a text, by its content. */
export function textKey(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, KEY_BYTES).toString('base64');
}

/**
 * Caches vectors of texts on disk by the texts' content, in one folder per teacher. A batch is one file, which appears
 * complete: a process that ends at any moment leaves only complete batches. Several processes can share the folder.
 */
export class VectorCache {
  readonly #folder: string;
  readonly #dim: number;
  readonly #places: Map<string, Place>;

  private constructor(folder: string, dim: number, places: Map<string, Place>) {
    this.#folder = folder;
    this.#dim = dim;
    this.#places = places;
  }

  /**
   * Opens the cache of a teacher, creating it if needed. Damaged files are removed.
   *
   * @param identity - distinguishes teachers, and prompts of one teacher
   */
  static async open(cacheDir: string, identity: string, dim: number): Promise<VectorCache> {
    const folder = join(cacheDir, createHash('sha256').update(identity).digest('hex').slice(0, 32));
    const places = new Map<string, Place>();
    await guard(folder, async () => {
      await mkdir(folder, { recursive: true });
      for (const file of (await readdir(folder)).filter((name) => name.endsWith('.vectors')).sort()) {
        const path = join(folder, file);
        const keys = keysOf(await readFile(path), dim);
        if (keys === undefined) await rm(path, { force: true });
        keys?.forEach((key, row) => {
          places.set(key, { file: path, row, rows: keys.length });
        });
      }
    });
    return new VectorCache(folder, dim, places);
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Adds a batch, one row per key. */
  async add(keys: readonly string[], vectors: Float32Array): Promise<void> {
    const rows = keys.length;
    const body = Buffer.concat([
      ...keys.map((key) => Buffer.from(key, 'base64')),
      Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength),
    ]);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(MAGIC, 0);
    header.writeUInt32LE(rows, 4);
    header.writeUInt32LE(this.#dim, 8);
    header.writeUInt32LE(crc32(body), 12);
    const name = randomBytes(9).toString('hex');
    const path = join(this.#folder, `${name}.vectors`);
    const staged = join(this.#folder, `${name}.tmp`);
    await guard(this.#folder, async () => {
      try {
        const handle = await open(staged, 'wx');
        try {
          await handle.writeFile(Buffer.concat([header, body]));
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(staged, path);
      } catch (error) {
        await rm(staged, { force: true }).catch(() => undefined);
        throw error;
      }
    });
    keys.forEach((key, row) => {
      this.#places.set(key, { file: path, row, rows });
    });
  }

  /** Copies cached vectors, row by row. */
  async read(keys: readonly string[], out: Float32Array): Promise<void> {
    const byFile = new Map<string, number[]>();
    keys.forEach((key, i) => {
      const { file } = this.#places.get(key)!;
      const list = byFile.get(file);
      if (list === undefined) byFile.set(file, [i]);
      else list.push(i);
    });
    await guard(this.#folder, async () => {
      for (const [file, indices] of byFile) {
        const bytes = await readFile(file);
        for (const i of indices) {
          const { row, rows } = this.#places.get(keys[i]!)!;
          const start = HEADER_BYTES + rows * KEY_BYTES + row * this.#dim * 4;
          const copy = bytes.buffer.slice(
            bytes.byteOffset + start,
            bytes.byteOffset + start + this.#dim * 4,
          ) as ArrayBuffer;
          out.set(new Float32Array(copy), i * this.#dim);
        }
      }
    });
  }
}

/**
 * Returns vectors of items, row by row: cached ones, and the others computed in batches and cached.
 *
 * @param keys - of the items; equal ones have equal vectors
 * @param compute - returns the vectors of the items at these positions
 * @returns the vectors, and the number that were cached
 */
export async function cachedVectors(
  cache: VectorCache | undefined,
  keys: readonly string[],
  dim: number,
  compute: (positions: Uint32Array) => Promise<Float32Array>,
): Promise<{ readonly vectors: Float32Array; readonly cached: number }> {
  const all = Uint32Array.from(keys.keys());
  if (cache === undefined) return { vectors: await compute(all), cached: 0 };
  const missing = all.filter((i) => !cache.has(keys[i]!));
  for (let from = 0; from < missing.length; from += BATCH) {
    const positions = missing.subarray(from, from + BATCH);
    await cache.add(
      Array.from(positions, (i) => keys[i]!),
      await compute(positions),
    );
  }
  const vectors = new Float32Array(keys.length * dim);
  await cache.read(keys, vectors);
  return { vectors, cached: keys.length - missing.length };
}

/** Keys of a file's rows, or `undefined` if it is damaged. */
function keysOf(bytes: Buffer, dim: number): string[] | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC || bytes.readUInt32LE(8) !== dim)
    return undefined;
  const rows = bytes.readUInt32LE(4);
  const body = bytes.subarray(HEADER_BYTES);
  if (body.length !== rows * (KEY_BYTES + dim * 4) || bytes.readUInt32LE(12) !== crc32(body))
    return undefined;
  return Array.from({ length: rows }, (_, row) =>
    body.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES).toString('base64'),
  );
}

/** Converts the system's errors to this package's. */
async function guard(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new DistillError(
      'cache-failure',
      isFull ? `the disk of the cache ${folder} is full` : `cannot use the cache ${folder}: ${message}`,
      { cause, remedy: { code: 'use-other-cache', isFull } },
    );
  }
}
