import { clusters, nearest, type VectorMatrix } from '@model2vec-ts/search';
import { wordsOf } from '@model2vec-ts/search/ranking';
import { ByteWriter } from '../format/byte-writer.js';
import { encodeVector } from '../format/vector-code.js';
import { type Passage, substance } from './passages.js';
import type { ShardFiles } from './shards.js';

/** Passages of a shard, on average: a query takes sixteen shards, whatever the size of the site. */
const CLUSTER_SIZE = 48;
/** On a site of many passages, those of fewer words have no vector: half of the vectors would be theirs. */
const FEW_WORDS = 8;
const MANY_PASSAGES = 1000;
/** Vectors that clusters are found in, at most; the others join the nearest. */
const SAMPLE = 4000;
const ROUNDS = 5;

/** Groups vectors of length 1 by direction, writes a shard per group, and returns the code of each group's direction. */
export async function writeVectorShards(
  passages: readonly Passage[],
  vectors: VectorMatrix,
  files: ShardFiles,
): Promise<Uint8Array> {
  const { data, dim } = vectors;
  const numbers = [...passages.keys()].filter(
    (number) => passages.length <= MANY_PASSAGES || wordsOf(passages[number]!.text).length >= FEW_WORDS,
  );
  const vectorOf = (row: number) => data.subarray(numbers[row]! * dim, (numbers[row]! + 1) * dim);
  const kept: VectorMatrix = { data: new Float32Array(numbers.length * dim), rows: numbers.length, dim };
  numbers.forEach((_, row) => {
    kept.data.set(vectorOf(row), row * dim);
  });
  const count = Math.ceil(kept.rows / CLUSTER_SIZE);
  if (count === 0) return new Uint8Array(0);
  const sample = sampled(kept, Math.max(SAMPLE, 8 * count));
  const { centroids } = await clusters(sample, { count, rounds: ROUNDS });
  const { rows: assignments } = await nearest({ data: centroids, rows: count, dim }, kept, 1);
  const members: number[][] = Array.from({ length: count }, () => []);
  assignments.forEach((cluster, row) => {
    members[cluster]!.push(row);
  });
  const directions = new ByteWriter();
  members
    .map((rows, cluster) => ({ rows, cluster }))
    .filter(({ rows }) => rows.length > 0)
    .forEach(({ rows, cluster }, shard) => {
      const writer = new ByteWriter();
      writer.varint(rows.length);
      rows.forEach((row, i) => {
        writer.varint(numbers[row]! - (numbers[rows[i - 1] ?? -1] ?? 0));
      });
      writer.bytes(rows.map((row) => Math.round(255 * substance(passages[numbers[row]!]!))));
      for (const row of rows) writer.bytes(encodeVector(vectorOf(row)));
      files.add('vectors', shard, writer.take());
      directions.bytes(encodeVector(centroids.subarray(cluster * dim, (cluster + 1) * dim)));
    });
  return directions.take();
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
