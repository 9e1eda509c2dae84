import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DistillError } from '../distill-error.js';

/** A JSON object with unchecked values. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The files of a teacher in a folder. */
export class TeacherFiles {
  readonly folder: string;
  readonly #hash: ReturnType<typeof createHash> = createHash('sha256');

  constructor(folder: string) {
    this.folder = folder;
  }

  /** SHA-256 over the files read with `counts`, in order. */
  fingerprint(): string {
    return this.#hash.copy().digest('hex');
  }

  /**
   * Adds a large file to the fingerprint without reading it into memory.
   *
   * @returns whether the file exists
   */
  async addToFingerprint(path: string): Promise<boolean> {
    if (!(await this.has(path))) return false;
    this.#hash.update(`${path}\n`);
    for await (const chunk of createReadStream(join(this.folder, path))) this.#hash.update(chunk);
    return true;
  }

  async has(path: string): Promise<boolean> {
    return await stat(join(this.folder, path)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  /**
   * The bytes of a file, or `undefined` if there is no such file.
   *
   * @param counts - whether the vectors depend on the file
   */
  async read(path: string, counts: boolean): Promise<Uint8Array | undefined> {
    const file = join(this.folder, path);
    try {
      const bytes = await readFile(file);
      if (counts) this.#hash.update(`${path} ${bytes.length}\n`).update(bytes);
      return bytes;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new DistillError('teacher-not-found', `cannot read ${file}: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  /** A JSON object, or `undefined` if there is no such file. */
  async json(path: string): Promise<JsonObject | undefined> {
    const bytes = await this.read(path, true);
    if (bytes === undefined) return undefined;
    return parseObject(bytes, join(this.folder, path));
  }
}

/** Parses a JSON file that must contain an object. */
export function parseObject(bytes: Uint8Array, file: string): JsonObject {
  const value = parseJson(bytes, file);
  if (isObject(value)) return value;
  throw new DistillError('malformed-teacher', `${file} holds no JSON object`);
}

/** Parses a file of JSON. */
export function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DistillError('malformed-teacher', `${file} is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
