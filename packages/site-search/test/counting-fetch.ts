import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Answers requests from a folder, as a static host at `https://site.test/` would, and counts what they transfer. */
export class CountingFetch {
  readonly #folder: string;
  /** Bytes of all answers as they are transferred: shards as they are, the manifest by gzip. */
  bytes = 0;
  requests = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  readonly fetch = async (url: URL): Promise<Response> => {
    this.requests++;
    try {
      const file = await readFile(join(this.#folder, url.pathname));
      this.bytes += url.pathname.endsWith('.json') ? gzipSync(file).length : file.length;
      return new Response(file);
    } catch {
      return new Response('not found', { status: 404 });
    }
  };
}
