import { afterAll, beforeAll } from 'vitest';
import {
  connectMilvus,
  contentId,
  type EmbeddingFunction,
  type MilvusConnection,
  TextCollection,
} from '../../../../packages/milvus-adapter/src/index.ts';
import type { TestAddress } from '../../../../packages/milvus-adapter/test/servers/test-server.ts';
import { type Ended, m2v, type RunOptions } from '../run-m2v.js';

export { describeOn, sharedServer } from '../../../../packages/milvus-adapter/test/servers/shared-server.ts';
export { contentId };

let made = 0;

/** A name that no other test uses. */
export function newCollection(): string {
  return `cli_${process.pid}_${made++}`;
}

/** A server as the command line and the test itself reach it. */
export class MilvusTarget {
  readonly uri: string;
  readonly #server: TestAddress;
  #connection: MilvusConnection | undefined;

  constructor(server: TestAddress) {
    this.#server = server;
    this.uri = server.connect.address;
    beforeAll(async () => {
      this.#connection = await connectMilvus(server.connect);
    }, 120_000);
    afterAll(() => this.#connection?.close());
  }

  get connection(): MilvusConnection {
    return this.#connection!;
  }

  get isLite(): boolean {
    return this.#server.name.includes('Lite');
  }

  /** Runs `m2v index` into a collection and returns its JSON result. */
  async index(
    collection: string,
    args: readonly string[],
    options: RunOptions = {},
  ): Promise<Ended & { readonly result: Record<string, unknown> | undefined }> {
    const ended = await m2v(['index', '--to', this.uri, '-c', collection, '--json', ...args], options);
    const printed = ended.stdout.toString();
    return { ...ended, result: printed === '' ? undefined : JSON.parse(printed) };
  }

  /** Every stored row, by id, without the fields by which m2v index follows files. */
  async rows(collection: string): Promise<ReadonlyMap<string, Record<string, unknown>>> {
    const opened = await TextCollection.open(this.connection, {
      name: collection,
      embedder: UNUSED,
      force: true,
      consistency: 'strong',
    });
    const found = new Map<string, Record<string, unknown>>();
    for await (const { id, text, fields } of opened.rows({ pageSize: 16_384 })) {
      if (found.has(String(id))) throw new Error(`two rows have the id ${id}`);
      const own = Object.entries(fields).filter(([name]) => !name.startsWith('m2v_'));
      found.set(String(id), { text, ...Object.fromEntries(own) });
    }
    // Compares with the server's count, in case some rows appear on no page.
    if ((await opened.count()) !== found.size) throw new Error(`${await opened.count()} rows are counted`);
    return found;
  }
}

/** Opens collections for reading only. */
const UNUSED: EmbeddingFunction = {
  dim: 256,
  fingerprint: 'unused',
  encodeDocuments: () => Promise.reject(new TypeError('nothing is embedded here')),
  encodeQueries: () => Promise.reject(new TypeError('nothing is embedded here')),
};
