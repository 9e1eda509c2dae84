import { PCA } from 'ml-pca';
import { UMAP } from 'umap-js';
import type { MapAnswer, MapRequest } from './text-map-messages.js';

/** Number of texts that determine the axes; more take seconds and change little. */
const FITTED = 1000;

/** Number of texts that UMAP arranges. */
const ARRANGED = 1000;

declare const self: {
  onmessage: ((event: MessageEvent<MapRequest>) => void) | null;
  postMessage(answer: MapAnswer, transfer?: readonly Transferable[]): void;
};

self.onmessage = ({ data: { method, data, rows, dim } }) => {
  const row = (i: number) => Array.from(data.subarray(i * dim, (i + 1) * dim));
  if (method === 'pca') {
    const pca = new PCA(evenly(rows, FITTED).map(row), { method: 'NIPALS', nCompNIPALS: 2 });
    const all = Array.from({ length: rows }, (_, i) => i);
    const points = Float32Array.from(pca.predict(all.map(row), { nComponents: 2 }).to1DArray());
    answer(points, Uint32Array.from(all));
    return;
  }
  const chosen = evenly(rows, ARRANGED);
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: 12,
    minDist: 0.12,
    nEpochs: 220,
    random: mulberry32(7),
  });
  self.postMessage({ progress: 0.05 });
  const epochs = umap.initializeFit(chosen.map(row));
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 10 === 0) self.postMessage({ progress: 0.3 + (0.7 * epoch) / epochs });
  }
  answer(Float32Array.from(umap.getEmbedding().flat()), Uint32Array.from(chosen));
};

function answer(points: Float32Array<ArrayBuffer>, indices: Uint32Array<ArrayBuffer>): void {
  self.postMessage({ points, indices }, [points.buffer, indices.buffer]);
}

/** Returns at most `count` indices below `total`, evenly spread. */
function evenly(total: number, count: number): number[] {
  const length = Math.min(total, count);
  return Array.from({ length }, (_, i) => Math.floor((i * total) / length));
}

/** Seeded random numbers, so that the same texts give the same map. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
