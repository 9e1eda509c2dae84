import { platform } from '#platform';
import { MalformedModelError } from '../model-error.js';
import { ModelUnreachableError } from '../server-error.js';
import type { RangedFile } from '../static-model.js';
import type { TableRanges } from '../table/embedding-table.js';
import type { TableParts } from '../table/table-parts.js';
import { finishRows, rowBytes } from '../table/table-rows.js';
import { type FileBytes, fileBytesOf } from './file-bytes.js';
import { failedAnswer, fetchFile, STALL_TIMEOUT } from './http-file.js';
import { printable, sendRequest } from './http-request.js';
import type { SelfOpening } from './memory-folder.js';
import type { ReadContext } from './model-folder.js';

/** Bytes of the first request: the header of most files. */
const HEAD_BYTES = 1 << 14;

/** Options of {@link rangedFile}. */
export interface RangedFileOptions {
  /** Headers of each request, such as `authorization`. A page sends them to another origin only if that allows it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Names a `model.safetensors` on a server that sends ranges. Kernel `ranged` then fetches the rows of the texts only; other
 * kernels fetch the whole table. If the server ignores ranges, the file is fetched once, as a whole.
 *
 * The file must not change while it is in use, which its size and `ETag` show. A server of another origin must send
 * `Access-Control-Expose-Headers: Content-Range, ETag`.
 *
 * @example
 * ```ts
 * import { loadStaticModel } from '@model2vec-ts/static-model';
 * import { rangedFile } from '@model2vec-ts/static-model/ranged-file';
 *
 * const folder = 'https://example.com/models/large/';
 * const model = await loadStaticModel({
 *   'config.json': new URL('config.json', folder),
 *   'tokenizer.json': new URL('tokenizer.json', folder),
 *   'model.safetensors': rangedFile(new URL('model.safetensors', folder)),
 * });
 * console.log(model.table.rows);
 * ```
 */
export function rangedFile(url: URL | string, { headers = {} }: RangedFileOptions = {}): RangedFile {
  const file: RangedFile & SelfOpening = {
    url: new URL(url),
    open: (name, context) => openRanged(new RangeRequests(file.url, name, headers, context)),
  };
  return file;
}

async function openRanged(requests: RangeRequests): Promise<FileBytes | undefined> {
  const head = new Uint8Array(HEAD_BYTES);
  const start = await requests.first(head);
  if (start === 'ignored') {
    const bytes = await fetchFile(requests.whole, requests.context);
    return bytes && fileBytesOf(bytes);
  }
  return start && new RangedBytes(requests, start.size, head.subarray(0, start.count));
}

/** A file on a server, of which the start is in memory. */
class RangedBytes implements FileBytes {
  readonly size: number;
  readonly #requests: RangeRequests;
  readonly #head: Uint8Array;

  constructor(requests: RangeRequests, size: number, head: Uint8Array) {
    this.#requests = requests;
    this.size = size;
    this.#head = head;
  }

  async read(target: Uint8Array, position: number): Promise<void> {
    const known = this.#head.subarray(position, position + target.length);
    target.set(known);
    if (known.length === target.length) return;
    await this.#requests.read(target.subarray(known.length), position + known.length);
  }

  openRanges(parts: TableParts): TableRanges {
    const requests = this.#requests;
    // One each, because Node warns of a signal with many listeners.
    const pending = new Set<AbortController>();
    return {
      async read(firstRow, target) {
        const controller = new AbortController();
        pending.add(controller);
        const { bytes, position } = rowBytes(parts, firstRow, target);
        try {
          await requests.read(bytes, position, controller.signal);
        } finally {
          pending.delete(controller);
        }
        finishRows(parts, firstRow, target, platform.hasNonFinite);
      },
      close() {
        for (const controller of pending) controller.abort();
      },
    };
  }

  close(): void {}
}

/** What identifies the file, as far as the server shows it. */
interface Identity {
  readonly size: number;
  readonly tag: string | null;
}

/** Requests of parts of one file. */
class RangeRequests {
  readonly context: ReadContext;
  readonly #url: URL;
  readonly #file: string;
  readonly #headers: Readonly<Record<string, string>>;
  #identity: Identity | undefined;

  constructor(url: URL, file: string, headers: Readonly<Record<string, string>>, context: ReadContext) {
    this.#url = url;
    this.#file = file;
    this.#headers = headers;
    this.context = context;
  }

  /** The request of the whole file. */
  get whole(): Parameters<typeof fetchFile>[0] {
    return { url: this.#url, file: this.#file, headers: this.#headers };
  }

  /**
   * Reads the start of the file.
   *
   * @returns the file's size and the number of bytes read; `ignored` if the server sends no ranges, and `undefined` if it has
   *   no such file
   */
  async first(target: Uint8Array): Promise<{ size: number; count: number } | 'ignored' | undefined> {
    const answer = await this.#send(0, target.length, this.context.signal);
    const { response } = answer;
    if (response.status !== 206) {
      answer.discard();
      // A file of no bytes has no first range.
      if (response.ok || response.status === 416) return 'ignored';
      if (response.status === 404 || response.status === 410) return undefined;
      throw failedAnswer(this.#url, response.status);
    }
    const range = response.headers.get('content-range');
    const size = Number(/^bytes 0-\d+\/(\d+)$/.exec(range ?? '')?.[1] ?? Number.NaN);
    if (!Number.isSafeInteger(size)) {
      answer.discard();
      throw new ModelUnreachableError(
        range === null
          ? `${printable(this.#url)}: the server does not show Content-Range to this page; it must send Access-Control-Expose-Headers: Content-Range, ETag`
          : `${printable(this.#url)}: the server answered a range with Content-Range: ${range}`,
      );
    }
    this.#identity = { size, tag: response.headers.get('etag') };
    const count = Math.min(size, target.length);
    await this.#receive(answer, target.subarray(0, count));
    return { size, count };
  }

  /**
   * Reads a part that is inside the file.
   *
   * @param signal - @defaultValue the load's, which is aborted when the load ends
   */
  async read(target: Uint8Array, position: number, signal: AbortSignal = this.context.signal): Promise<void> {
    const answer = await this.#send(position, position + target.length, signal);
    const { response } = answer;
    const { size, tag } = this.#identity!;
    const expected = `bytes ${position}-${position + target.length - 1}/${size}`;
    const found = response.headers.get('content-range');
    const foundTag = response.headers.get('etag');
    if (response.status === 206 && found === expected && foundTag === tag) {
      return this.#receive(answer, target);
    }
    answer.discard();
    if (!response.ok && response.status !== 416) throw failedAnswer(this.#url, response.status);
    const change =
      foundTag === tag
        ? `a range is ${found ?? 'absent'} instead of ${expected}`
        : `its ETag was ${tag}, now ${foundTag}`;
    throw new MalformedModelError(this.#file, `changed on the server while it was in use: ${change}`);
  }

  #send(start: number, end: number, signal: AbortSignal): ReturnType<typeof sendRequest> {
    const { stallTimeout = STALL_TIMEOUT, fetch = globalThis.fetch.bind(globalThis) } = this.context;
    return sendRequest(this.#url, {
      headers: { ...this.#headers, range: `bytes=${start}-${end - 1}` },
      ...{ stallTimeout, signal, fetch },
    });
  }

  async #receive(answer: Awaited<ReturnType<typeof sendRequest>>, target: Uint8Array): Promise<void> {
    let received = 0;
    for await (const chunk of answer.chunks()) {
      if (received + chunk.length > target.length) break;
      target.set(chunk, received);
      received += chunk.length;
    }
    if (received === target.length) return;
    throw new MalformedModelError(
      this.#file,
      `${printable(this.#url)} sent other than the ${target.length} bytes of a range`,
    );
  }
}
