import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, test } from 'vitest';
import { writeBulkFiles } from '../src/bulk/index.js';
import { connectMilvus, type EmbeddingFunction, TextCollection, type TextRow } from '../src/index.js';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { collectionName } from './support/collection-name.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const ROWS = 100_000;
const EVERY = 2000;
const embedder: EmbeddingFunction = {
  dim: 16,
  fingerprint: 'constant',
  encodeDocuments: async (texts) => texts.map((text) => new Float32Array(16).fill(text.length)),
  encodeQueries: async (texts) => texts.map(() => new Float32Array(16)),
};

/** Generated rows, and the bytes in use each time after some of them were read. */
function measuredRows(): { rows: Generator<TextRow>; held: number[] } {
  const held: number[] = [];
  function* rows(): Generator<TextRow> {
    for (let i = 0; i < ROWS; i++) {
      if (i % EVERY === 0) {
        collectGarbage();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        held.push(heapUsed + arrayBuffers);
      }
      yield { text: `generated text number ${i}`, number: i };
    }
  }
  return { rows: rows(), held };
}

/** Heap growth in bytes per row. The first rows do not count, because they fill memory that is allocated once. */
function growth(held: readonly number[]): number {
  // The minimum of many, because up to four batches in flight come and go, of some hundred kilobytes each.
  const early = Math.min(...held.slice(10, 25));
  const late = Math.min(...held.slice(-15));
  return (late - early) / ((held.length - 25) * EVERY);
}

await describeOn(
  'memory',
  () => sharedServer('milvus'),
  (server) => {
    test(`does not grow during an ingest of ${ROWS} rows`, async () => {
      const milvus = await connectMilvus(server.connect);
      const collection = await TextCollection.create(milvus, { name: collectionName(), embedder });
      const { rows, held } = measuredRows();
      const { stored } = await collection.upsert(rows);
      await collection.drop();
      await milvus.close();
      expect(stored).toBe(ROWS);
      // A row left behind would take some hundred bytes.
      expect(growth(held)).toBeLessThan(20);
    }, 120_000);
  },
);

describe('memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'm2v-memory-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test(`does not grow while import files of ${ROWS} rows are written`, async () => {
    const milvus = { name: 'notes', embedder };
    const { rows, held } = measuredRows();
    const { rows: written } = await writeBulkFiles({ ...milvus, layout: plainLayout() }, rows, {
      ...{ folder, groupBytes: 1 << 20, fileBytes: 8 << 20, uniqueIds: true },
    });
    expect(written).toBe(ROWS);
    expect(growth(held)).toBeLessThan(20);
  }, 60_000);
});

function plainLayout(): TextCollection['layout'] {
  const plain = {
    ...{ isKey: false, autoId: false, isFunctionOutput: false, nullable: false, hasDefault: false },
    ...{ maxLength: 1000, maxCapacity: undefined, elementType: undefined, dim: undefined },
  };
  const key = { ...plain, name: 'id', type: 'varchar', kind: 'scalar', dataType: 21, isKey: true } as const;
  const text = { ...plain, name: 'text', type: 'varchar', kind: 'scalar', dataType: 21 } as const;
  const vector = {
    ...plain,
    name: 'vector',
    type: 'float32',
    kind: 'vector',
    dataType: 101,
    dim: 16,
  } as const;
  const schema = { fields: [key, text, vector], dynamic: true };
  return { key, text, vector, sparse: undefined, metadata: [], schema };
}
