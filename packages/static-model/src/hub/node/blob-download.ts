import type { Hash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ModelError } from '../../model-error.js';
import { CorruptDownloadError, ModelUnreachableError } from '../../server-error.js';
import {
  announcedBytes,
  type HttpAnswer,
  MIN_BYTES_PER_SECOND,
  printable,
} from '../../source/http-request.js';
import { hasSystemCode } from '../../thrown-value.js';
import { askHub, fileUrl, type HubConnection } from '../hub-connection.js';
import { type ContentHash, contentHash, type HubFile } from '../hub-listing.js';
import { checkEndpoint } from '../hub-remedies.js';
import { mayPass, pauseBeforeRetry } from '../retry.js';
import { cacheError } from './cache-error.js';
import { createContentHash } from './file-hash.js';
import { uniqueSuffix } from './replaced-file.js';
import { type RepositoryFolder, sizeOf } from './repository-folder.js';
import { forgetUnfinished, rememberUnfinished, removeAbandoned } from './unfinished-files.js';

/** Requests for one file, however little each of them brings. */
const MAX_REQUESTS = 200;
/** Downloads with a wrong hash before the file counts as corrupt. The second one rules out a bad transfer. */
const MAX_DOWNLOADS = 2;

/** One file of a model at a commit. */
export interface WantedFile {
  readonly commit: string;
  readonly path: string;
  readonly file: HubFile;
}

/**
 * Downloads a file into `blobs/`, under a temporary name until its hash is right. The blob is named by the hash that
 * the Hub lists, never by a name from a server, so a blob is never replaced by other content. Python names blobs by the
 * Hub's ETag, which is the same hash.
 *
 * @returns the path of the blob
 */
export async function downloadBlob(
  wanted: WantedFile,
  folder: RepositoryFolder,
  connection: HubConnection,
  onBytes: (loadedBytes: number) => void,
): Promise<string> {
  const { hex } = contentHash(wanted.file);
  // The reference's client uses the same name and removes the leftovers of killed processes.
  const temporary = folder.blob(`${hex}.${uniqueSuffix()}.incomplete`);
  await removeAbandoned(dirname(temporary), hex);
  rememberUnfinished(temporary);
  try {
    const download = new BlobDownload(wanted, connection, onBytes);
    const handle = await open(temporary, 'wx');
    try {
      await download.into(handle);
      // Without this, a power failure could leave an empty blob that is trusted forever.
      await handle.sync();
    } finally {
      await handle.close();
    }
    const blob = folder.blob(hex);
    await moveInto(blob, temporary, wanted.file.size);
    return blob;
  } catch (error) {
    throw cacheError(temporary, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
    forgetUnfinished(temporary);
  }
}

/** Windows does not replace an open file. In that case another process has put the same content there. */
async function moveInto(blob: string, temporary: string, size: number): Promise<void> {
  try {
    await rename(temporary, blob);
  } catch (error) {
    const held = hasSystemCode(error, 'EPERM', 'EACCES', 'EBUSY', 'EEXIST');
    if (!held || (await sizeOf(blob)) !== size) throw error;
  }
}

/** One download over all its requests. */
class BlobDownload {
  readonly #wanted: WantedFile;
  readonly #connection: HubConnection;
  readonly #onBytes: (loadedBytes: number) => void;
  readonly #expected: ContentHash;
  readonly #url: URL;
  #received = 0;
  #hash: Hash;
  /** Strong ETag of the answer that the received bytes come from. */
  #tag: string | undefined;

  constructor(wanted: WantedFile, connection: HubConnection, onBytes: (loadedBytes: number) => void) {
    this.#wanted = wanted;
    this.#connection = connection;
    this.#onBytes = onBytes;
    this.#expected = contentHash(wanted.file);
    this.#url = fileUrl(connection, wanted.commit, wanted.path);
    this.#hash = createContentHash(this.#expected.algorithm, wanted.file.size);
  }

  /** Fills an empty file. */
  async into(handle: FileHandle): Promise<void> {
    let failures = 0;
    let corrupt = 0;
    let furthest = 0;
    for (let requests = 1; ; requests++) {
      const start = Date.now();
      try {
        await this.#receive(handle);
        return;
      } catch (error) {
        if (error instanceof CorruptDownloadError) {
          if (++corrupt === MAX_DOWNLOADS) throw error;
          this.#restart();
          continue;
        }
        if (!mayPass(error) || requests === MAX_REQUESTS) throw error;
        // A slow body makes progress too, but must not go on forever.
        const enough = ((Date.now() - start) / 1000) * MIN_BYTES_PER_SECOND;
        failures = this.#received - furthest > enough ? 1 : failures + 1;
        furthest = Math.max(furthest, this.#received);
        await pauseBeforeRetry(error, failures, this.#connection.retry, this.#connection.signal);
      }
    }
  }

  #restart(): void {
    this.#received = 0;
    this.#tag = undefined;
    this.#hash = createContentHash(this.#expected.algorithm, this.#wanted.file.size);
  }

  /** Sends one request, for the whole file or the missing rest. */
  async #receive(handle: FileHandle): Promise<void> {
    const { size } = this.#wanted.file;
    const answer = await this.#ask();
    if (this.#received === 0) await handle.truncate(0);
    for await (const chunk of answer.chunks()) {
      if (this.#received + chunk.length > size) {
        throw this.#corrupt(`${size} bytes`, `more than ${size} bytes`);
      }
      await writeAll(handle, chunk, this.#received);
      this.#hash.update(chunk);
      this.#received += chunk.length;
      this.#onBytes(this.#received);
    }
    if (this.#received < size) {
      throw new ModelUnreachableError(
        `${printable(this.#url)} ended after ${this.#received} of ${size} bytes`,
      );
    }
    const found = this.#hash.digest('hex');
    if (found !== this.#expected.hex) throw this.#corrupt(this.#expected.hex, found);
  }

  async #ask(): Promise<HttpAnswer> {
    const resuming = this.#received > 0;
    const answer = await askHub(this.#connection, this.#url, {
      headers: {
        // A range counts uncompressed bytes.
        'accept-encoding': 'identity',
        ...(resuming && { range: `bytes=${this.#received}-` }),
        ...(resuming && this.#tag !== undefined && { 'if-range': this.#tag }),
      },
      stallTimeout: this.#connection.downloadTimeout,
      accepted: [416],
    });
    const { status, headers } = answer.response;
    const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
    const continues = status === 206 && resuming && Number(start) === this.#received;
    if (!continues) this.#restart();
    if (status === 416 || (status === 206 && !continues)) {
      answer.discard();
      throw new ModelUnreachableError(
        `${printable(this.#url)}: the server cannot continue a file (HTTP ${status})`,
      );
    }
    this.#checkLength(announcedBytes(answer.response));
    const tag = headers.get('etag');
    this.#tag = tag?.startsWith('"') ? tag : undefined;
    return answer;
  }

  /** Refuses a wrong length before reading a byte. */
  #checkLength(announced: number | undefined): void {
    const missing = this.#wanted.file.size - this.#received;
    if (announced !== undefined && announced > missing) {
      throw this.#corrupt(`${this.#wanted.file.size} bytes`, `${this.#received + announced} bytes`);
    }
  }

  #corrupt(expected: string, found: string): ModelError {
    const { path } = this.#wanted;
    return new CorruptDownloadError(
      path,
      expected,
      found,
      `${path} of ${this.#connection.id} arrived twice as ${found}, but the Hub lists ${expected}: something in between alters it, or the Hub's copy is damaged. Nothing was kept`,
      checkEndpoint(),
    );
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
