#!/usr/bin/env node
// Rows per second of precomputed vectors, this package against the official SDK and pymilvus, on one server:
//   node bench/milvus-insert.mjs --address http://127.0.0.1:19530 [--python /path/to/python] [--rounds 5]
// Needs the built package. Every client writes into collections that this program makes, all alike: an int64 key, a
// short text, and 256 floats. Rounds alternate between the clients; medians count, since servers have their moods.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectMilvus, TextCollection } from '@model2vec-ts/milvus-adapter';

const { values: flags } = parseArgs({
  options: {
    address: { type: 'string', default: 'http://127.0.0.1:19530' },
    python: { type: 'string', default: process.env.M2V_PYTHON ?? 'python3' },
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '20000' },
    batch: { type: 'string', default: '2000' },
    'without-sdk': { type: 'boolean', default: false },
  },
});
const DIM = 256;
const ROWS = Number(flags.rows);
const BATCH = Number(flags.batch);
const ROUNDS = Number(flags.rounds);

/** Numbers that look random and are the same in every run. */
function* numbers(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32 - 0.5;
  }
}

const random = numbers(7);
const rows = Array.from({ length: ROWS }, (_, i) => ({
  id: i,
  text: `row number ${i} of a short text`,
  vector: Float32Array.from({ length: DIM }, () => random.next().value),
}));
const sdkRows = rows.map(({ id, text, vector }) => ({ id, text, vector: Array.from(vector) }));

const embedder = {
  dim: DIM,
  fingerprint: 'bench',
  encodeDocuments: async (texts) => texts.map(() => new Float32Array(DIM)),
  encodeQueries: async (texts) => texts.map(() => new Float32Array(DIM)),
};

const milvus = await connectMilvus(flags.address);
const python = startPython();

const clients = {
  ours: async (collection, method) => {
    const result = await collection[method](rows, { batchRows: BATCH });
    if (result.stored !== ROWS) fail('ours', result);
  },
  'ours, one request at a time': async (collection, method) => {
    const result = await collection[method](rows, { batchRows: BATCH, concurrency: 1 });
    if (result.stored !== ROWS) fail('ours', result);
  },
  ...(flags['without-sdk']
    ? {}
    : {
        sdk: async (collection, method) => {
          for (let start = 0; start < ROWS; start += BATCH) {
            const data = sdkRows.slice(start, start + BATCH);
            const result = await milvus.client[method]({ collection_name: collection.name, data });
            if (result.status.error_code !== 'Success') fail('sdk', result.status);
          }
        },
      }),
  pymilvus: (collection, method) => python.run(collection.name, method),
};

const seconds = new Map();
try {
  for (let round = -1; round < ROUNDS; round++) {
    const names = Object.keys(clients);
    // A round before the first warms up, and each round begins with another client.
    const turn = ((round % names.length) + names.length) % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) await measure(name, round);
  }
  report();
} finally {
  python.end();
  await milvus.close();
}

async function measure(name, round) {
  const collectionName = `bench_${process.pid}_${name.replace(/\W+/g, '_')}`;
  const collection = await TextCollection.create(milvus, {
    name: collectionName,
    embedder,
    key: { field: 'id', type: 'int64' },
    dynamic: false,
    bm25: false,
    maxTextLength: 256,
  });
  for (const method of ['insert', 'upsert']) {
    const start = performance.now();
    // pymilvus times itself: what it takes to tell it what to do is not its time.
    const own = await clients[name](collection, method);
    const taken = own ?? (performance.now() - start) / 1000;
    if (round < 0) continue;
    const key = `${method}/${name}`;
    seconds.set(key, [...(seconds.get(key) ?? []), taken]);
  }
  const count = await collection.count();
  await collection.drop();
  if (count !== ROWS) fail(name, { count, expected: ROWS });
}

function report() {
  const rate = (key) => {
    const sorted = [...seconds.get(key)].sort((a, b) => a - b);
    return ROWS / sorted[sorted.length >> 1];
  };
  print(
    `${milvus.server.version}: ${ROWS} rows of ${DIM} floats in batches of ${BATCH}, median of ${ROUNDS} rounds`,
  );
  for (const method of ['insert', 'upsert']) {
    for (const name of Object.keys(clients)) {
      const here = rate(`${method}/${name}`);
      const ratios = ['pymilvus', 'sdk']
        .filter((other) => other !== name && other in clients && name.startsWith('ours'))
        .map((other) => `${(here / rate(`${method}/${other}`)).toFixed(2)}x ${other}`);
      print(
        `${method.padEnd(7)} ${name.padEnd(28)} ${Math.round(here).toString().padStart(8)} rows/s  ${ratios.join(', ')}`,
      );
    }
  }
}

function startPython() {
  const program = fileURLToPath(new URL('./pymilvus-insert.py', import.meta.url));
  const child = spawn(flags.python, [program, milvus.address, String(ROWS), String(BATCH), String(DIM)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(name, method) {
      child.stdin.write(`${method} ${name}\n`);
      const { value } = await lines.next();
      if (value === undefined) fail('pymilvus', 'its process ended');
      return Number(value);
    },
    end: () => child.stdin.end(),
  };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function fail(name, found) {
  throw new Error(`${name}: ${JSON.stringify(found)}`);
}
