import { MANIFEST, type Manifest, parseManifest } from '../format/manifest.js';
import { SiteSearchError } from '../site-search-error.js';

/** How an index is fetched. */
export interface FetchOptions {
  /**
   * Replaces the platform's `fetch`.
   *
   * @defaultValue `globalThis.fetch`
   */
  readonly fetch?: (url: URL, init: { readonly signal?: AbortSignal }) => Promise<Response>;
}

/** Files of an index. Each is fetched once, when a query first needs it, and kept. */
export class ShardStore {
  readonly #root: URL;
  readonly #fetch: NonNullable<FetchOptions['fetch']>;
  readonly #shards = new Map<string, Promise<unknown>>();

  constructor(root: URL, { fetch = (url, init) => globalThis.fetch(url, init) }: FetchOptions = {}) {
    this.#root = root;
    this.#fetch = fetch;
  }

  async manifest(): Promise<Manifest> {
    const url = new URL(MANIFEST, this.#root);
    const bytes = await this.#bytes(url);
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder().decode(bytes));
    } catch (cause) {
      throw new SiteSearchError('malformed', `${url} is not JSON`, { cause });
    }
    return parseManifest(json, url.href);
  }

  /** Returns a shard as `parse` reads it; a name always has the same `parse`. A failed one is fetched again next time. */
  shard<Shard>(path: string, parse: (bytes: Uint8Array) => Shard): Promise<Shard> {
    const known = this.#shards.get(path) as Promise<Shard> | undefined;
    if (known !== undefined) return known;
    const shard = this.#bytes(new URL(path, this.#root)).then(parse);
    this.#shards.set(path, shard);
    shard.catch(() => this.#shards.delete(path));
    return shard;
  }

  async #bytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
    let response: Response;
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      response = await this.#fetch(url, {});
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      throw new SiteSearchError('unreachable', `${url} could not be loaded`, { cause });
    }
    if (response.status === 404 || response.status === 410) {
      throw new SiteSearchError(
        'missing-index',
        `${url} was not found: build the index into the site; if the site has changed, reload the page`,
      );
    }
    if (!response.ok)
      throw new SiteSearchError('unreachable', `${url} answered with status ${response.status}`);
    // A server that declares the compression has the browser undo it.
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? await decompressed(bytes, url) : bytes;
  }
}

async function decompressed(bytes: Uint8Array<ArrayBuffer>, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new SiteSearchError('malformed', `${url} is damaged: build the index again`, { cause });
  }
}
