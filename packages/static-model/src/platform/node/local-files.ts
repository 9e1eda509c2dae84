import { MalformedModelError, ModelNotFoundError, UnsupportedModelError } from '../../model-error.js';
import type { FileBytes, HeldFile } from '../../source/file-bytes.js';
import type { ReadContext } from '../../source/model-folder.js';
import { meansAbsent, messageOf, systemCode } from '../../thrown-value.js';

// Importing node:fs would also load streams, which takes longer than loading this package.
const { closeSync, fstatSync, openSync, read, readSync, statSync } = process.getBuiltinModule('node:fs');
const { join } = process.getBuiltinModule('node:path');

/** Large enough that the cost of calls vanishes, small enough that progress is visible and an abort is fast. */
const READ_BYTES = 8 << 20;

/** Smaller reads are synchronous, because handing them to another thread takes longer. */
const SMALL_BYTES = 1 << 20;

function unreadable(path: string | URL, cause: unknown): ModelNotFoundError {
  const problem = systemCode(cause) ?? messageOf(cause);
  return new ModelNotFoundError(`${path} cannot be read (${problem})`, [String(path)], { cause });
}

/** Kind of a path or `file:` URL; `undefined` if nothing is there. */
export function kindOf(path: string | URL): 'folder' | 'file' | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (meansAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
}

/** Reads the whole file into one allocation of its size; `undefined` if it is missing. `name` is for messages. */
export async function readFile(
  path: string | URL,
  name: string,
  context: ReadContext,
): Promise<Uint8Array | undefined> {
  const file = openFile(path, name, context);
  if (file === undefined) return undefined;
  try {
    const bytes = allocate(file.size, name);
    for (let start = 0; start < bytes.length; start += READ_BYTES) {
      await file.read(bytes.subarray(start, start + READ_BYTES), start);
    }
    return bytes;
  } finally {
    file.close();
  }
}

/** Opens a file for reading in parts. */
export function openFile(path: string | URL, name: string, context: ReadContext): FileBytes | undefined {
  context.signal.throwIfAborted();
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (meansAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isDirectory()) return new OpenFile(descriptor, stats.size, name, context);
  } catch (error) {
    closeSync(descriptor);
    throw unreadable(path, error);
  }
  closeSync(descriptor);
  return undefined;
}

/** Limits on the folders and names that a message is made from. */
const LISTED_LEVELS = 3;
const LISTED_NAMES = 1000;

/** Paths of some files of a folder and its subfolders, for messages. */
export function listFiles(folder: string | URL): readonly string[] {
  const { readdirSync } = process.getBuiltinModule('node:fs');
  const files: string[] = [];
  const pending: { readonly prefix: string; readonly level: number }[] = [{ prefix: '', level: 1 }];
  for (const { prefix, level } of pending) {
    try {
      const names = readdirSync(joinPath(folder, prefix), { withFileTypes: true }).slice(0, LISTED_NAMES);
      for (const entry of names) {
        if (!entry.isDirectory()) files.push(prefix + entry.name);
        else if (level < LISTED_LEVELS) pending.push({ prefix: `${prefix}${entry.name}/`, level: level + 1 });
      }
    } catch {
      // The message leaves out unreadable folders.
    }
    if (files.length > LISTED_NAMES || pending.length > LISTED_NAMES) break;
  }
  return files;
}

class OpenFile implements FileBytes {
  readonly size: number;
  readonly #descriptor: number;
  readonly #name: string;
  readonly #context: ReadContext;
  #loadedBytes = 0;
  #isHeld = false;

  constructor(descriptor: number, size: number, name: string, context: ReadContext) {
    this.size = size;
    this.#descriptor = descriptor;
    this.#name = name;
    this.#context = context;
  }

  async read(target: Uint8Array, position: number, isNew = true): Promise<void> {
    for (let done = 0; done < target.length; ) {
      this.#context.signal.throwIfAborted();
      const bytesRead = await this.#readSome(target, done, position + done);
      if (bytesRead === 0) {
        throw shrunk(this.#name, this.size, position + done);
      }
      done += bytesRead;
      if (!isNew) continue;
      this.#loadedBytes += bytesRead;
      this.#context.onProgress({
        from: 'disk',
        file: this.#name,
        loadedBytes: this.#loadedBytes,
        totalBytes: this.size,
      });
    }
  }

  hold(): HeldFile {
    this.#isHeld = true;
    return new OpenHeldFile(this.#descriptor, this.size, this.#name);
  }

  close(): void {
    if (!this.#isHeld) closeSync(this.#descriptor);
  }

  async #readSome(target: Uint8Array, from: number, position: number): Promise<number> {
    try {
      if (target.length <= SMALL_BYTES) {
        return readSync(this.#descriptor, target, from, target.length - from, position);
      }
      return await new Promise((resolve, reject) => {
        read(this.#descriptor, target, from, target.length - from, position, (error, bytesRead) => {
          if (error === null) resolve(bytesRead);
          else reject(error);
        });
      });
    } catch (error) {
      throw unreadable(this.#name, error);
    }
  }
}

class OpenHeldFile implements HeldFile {
  readonly #descriptor: number;
  readonly #size: number;
  readonly #name: string;

  constructor(descriptor: number, size: number, name: string) {
    this.#descriptor = descriptor;
    this.#size = size;
    this.#name = name;
    forgotten.register(this, descriptor, this);
  }

  read(target: Uint8Array, position: number): void {
    for (let done = 0; done < target.length; ) {
      let bytesRead: number;
      try {
        bytesRead = readSync(this.#descriptor, target, done, target.length - done, position + done);
      } catch (error) {
        throw unreadable(this.#name, error);
      }
      if (bytesRead === 0) throw shrunk(this.#name, this.#size, position + done);
      done += bytesRead;
    }
  }

  close(): void {
    if (forgotten.unregister(this)) closeSync(this.#descriptor);
  }
}

/** Descriptors of held files that nothing uses any more. */
const forgotten = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

function shrunk(name: string, size: number, found: number): MalformedModelError {
  return new MalformedModelError(name, `shrank from ${size} to ${found} bytes while it was read`);
}

function allocate(size: number, file: string): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    throw new UnsupportedModelError(`${file} has ${size} bytes, more memory than the platform gives`, {
      cause: error,
    });
  }
}

/** A URL of a folder may lack its last slash; without it the file would replace the folder. */
function joinUrl(folder: URL, file: string): URL {
  const url = new URL(folder);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return new URL(file.split('/').map(encodeURIComponent).join('/'), url);
}

/** Path or `file:` URL of a file inside a folder; `file` uses `/` as separator. */
export function joinPath(folder: string | URL, file: string): string | URL {
  return typeof folder === 'string' ? join(folder, file) : joinUrl(folder, file);
}
