import { clusters, nearest, type VectorMatrix } from '@model2vec-ts/search';
import { ByteWriter } from '../format/byte-writer.js';
import { encodeVector } from '../format/vector-code.js';
import { type Passage, substance } from './passages.js';
import type { ShardFiles } from './shards.js';

/** Passages of a shard, on average. */
const CLUSTER_SIZE = 96;
/** Vectors that clusters are found in, at most; the others join the nearest. */
const SAMPLE = 4000;
const ROUNDS = 5;

/** Groups vectors of length 1 by direction, writes a shard per group, and returns the groups' directions as int8. */
export async function writeVectorShards(
  passages: readonly Passage[],
  vectors: VectorMatrix,
  files: ShardFiles,
): Promise<Int8Array> {
  const { rows, dim } = vectors;
  const count = Math.ceil(rows / CLUSTER_SIZE);
  const sample = sampled(vectors, Math.max(SAMPLE, 8 * count));
  const { centroids } = await clusters(sample, { count, rounds: ROUNDS });
  const { rows: assignments } = await nearest({ data: centroids, rows: count, dim }, vectors, 1);
  const members: number[][] = Array.from({ length: count }, () => []);
  assignments.forEach((cluster, row) => {
    members[cluster]!.push(row);
  });
  const used = members.flatMap((list, cluster) => (list.length === 0 ? [] : [{ list, cluster }]));
  const directions = new Int8Array(used.length * dim);
  used.forEach(({ list, cluster }, i) => {
    const writer = new ByteWriter();
    writer.varint(list.length);
    list.forEach((row, at) => {
      writer.varint(row - (list[at - 1] ?? 0));
    });
    writer.bytes(list.map((row) => Math.round(255 * substance(passages[row]!))));
    for (const row of list) writer.bytes(encodeVector(vectors.data.subarray(row * dim, (row + 1) * dim)));
    files.add('vectors', i, writer.take());
    const direction = centroids.subarray(cluster * dim, (cluster + 1) * dim);
    directions.set(int8(direction), i * dim);
  });
  return directions;
}

/** Every n-th row, so that all parts of the site are in the sample. */
function sampled(vectors: VectorMatrix, most: number): VectorMatrix {
  const { data, rows, dim } = vectors;
  if (rows <= most) return vectors;
  const sample = new Float32Array(most * dim);
  for (let i = 0; i < most; i++) {
    const row = Math.floor((i * rows) / most);
    sample.set(data.subarray(row * dim, (row + 1) * dim), i * dim);
  }
  return { data: sample, rows: most, dim };
}

function int8(vector: Float32Array): Int8Array {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return Int8Array.from(vector, (value) => Math.round((127 * value) / (largest || 1)));
}
