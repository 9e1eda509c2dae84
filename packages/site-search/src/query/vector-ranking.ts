import type { RankedRows } from '@model2vec-ts/search/ranking';
import { ByteReader } from '../format/byte-reader.js';
import type { Manifest } from '../format/manifest.js';
import { codeCosine, codeLength } from '../format/vector-code.js';
import { bestRows } from './best-rows.js';
import type { ShardStore } from './shard-store.js';

/** Clusters that are searched. */
const CLUSTERS = 16;

interface Cluster {
  readonly passages: readonly number[];
  /** Share of its score that each passage keeps, 0 to 255. */
  readonly substances: Uint8Array;
  readonly codes: Uint8Array;
}

/** Ranks passages by the cosine of their vectors with a query's, in the clusters nearest to the query. */
export class VectorRanking {
  readonly #store: ShardStore;
  readonly #manifest: Manifest;
  /** Codes of the clusters' directions. */
  readonly #centroids: Uint8Array;

  constructor(store: ShardStore, manifest: Manifest) {
    this.#store = store;
    this.#manifest = manifest;
    this.#centroids = Uint8Array.from(atob(manifest.centroids), (character) => character.charCodeAt(0));
  }

  /** Returns the best `k` passages. */
  async ranked(query: Float32Array, k: number): Promise<RankedRows> {
    const { folder, dim } = this.#manifest;
    const length = codeLength(dim);
    const { rows: clusters } = bestRows(
      Array.from({ length: this.#centroids.length / length }, (_, row) => ({
        row,
        score: codeCosine(query, this.#centroids, row * length),
      })),
      CLUSTERS,
    );
    const parsed = await Promise.all(
      clusters.map((cluster) =>
        this.#store.shard(`${folder}/vectors${cluster}.bin`, (bytes) => parseCluster(bytes, dim)),
      ),
    );
    return bestRows(
      parsed.flatMap(({ passages, substances, codes }) =>
        passages.map((row, i) => ({
          row,
          score: (codeCosine(query, codes, i * length) * substances[i]!) / 255,
        })),
      ),
      k,
    );
  }
}

function parseCluster(bytes: Uint8Array, dim: number): Cluster {
  const reader = new ByteReader(bytes);
  let passage = 0;
  const passages = Array.from({ length: reader.varint() }, () => {
    passage += reader.varint();
    return passage;
  });
  return {
    passages,
    substances: reader.bytes(passages.length),
    codes: reader.bytes(passages.length * codeLength(dim)),
  };
}
