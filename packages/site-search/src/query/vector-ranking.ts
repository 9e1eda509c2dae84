import type { RankedRows } from '@model2vec-ts/search/ranking';
import { ByteReader } from '../format/byte-reader.js';
import type { Manifest } from '../format/manifest.js';
import { codeCosine, codeLength } from '../format/vector-code.js';
import { bestRows } from './best-rows.js';
import type { ShardStore } from './shard-store.js';

/** Clusters that are searched. */
const CLUSTERS = 8;

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
  readonly #centroids: readonly Int8Array[];

  constructor(store: ShardStore, manifest: Manifest) {
    this.#store = store;
    this.#manifest = manifest;
    const bytes = Int8Array.from(atob(manifest.centroids), (character) => character.charCodeAt(0));
    const { dim } = manifest;
    this.#centroids = Array.from({ length: bytes.length / dim }, (_, i) =>
      bytes.subarray(i * dim, (i + 1) * dim),
    );
  }

  /** Returns the best `k` passages. */
  async ranked(query: Float32Array, k: number): Promise<RankedRows> {
    const { rows: clusters } = bestRows(
      this.#centroids.map((centroid, row) => ({ row, score: cosine(query, centroid) })),
      CLUSTERS,
    );
    const { folder, dim } = this.#manifest;
    const parsed = await Promise.all(
      clusters.map((cluster) =>
        this.#store.shard(`${folder}/vectors${cluster}.bin`, (bytes) => parseCluster(bytes, dim)),
      ),
    );
    const length = codeLength(dim);
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

function cosine(query: Float32Array, centroid: Int8Array): number {
  let dot = 0;
  let square = 0;
  for (let i = 0; i < query.length; i++) {
    dot += query[i]! * centroid[i]!;
    square += centroid[i]! * centroid[i]!;
  }
  return dot / Math.sqrt(square || 1);
}
