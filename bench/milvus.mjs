#!/usr/bin/env node
// Rows and searches per second of the Milvus adapter, the official SDK and pymilvus, on one server in one run:
//   node bench/milvus.mjs [--servers milvus,lite] [--cases vectors,glosses,search] [--rounds 5]
//                         [--corpus TEXTS.txt[.gz]] [--model FOLDER] [--address http://HOST:PORT]
// Needs the built packages; starts the servers and creates the Python environment, as the tests do.
// - vectors: 20,000 precomputed vectors of 256 floats in batches of 2,000, insert against insert, upsert against upsert.
// - glosses: every line of the corpus embedded and inserted, against Python's model2vec and pymilvus.
// - search: one query embedded and searched at a time, 300 of them, on what was ingested last.
// Every client's rows are read back and compared before anything is timed. Rounds alternate, each on its own collection and
// starting with another client; the benchmark reports medians because servers are noisy.
import './typescript-sources.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const here = (path) => new URL(`../packages/${path}`, import.meta.url);
const say = (line) => process.stdout.write(`${line}\n`);

const { values: flags } = parseArgs({
  options: {
    servers: { type: 'string', default: 'milvus,lite' },
    address: { type: 'string' },
    cases: { type: 'string', default: 'vectors,glosses,search' },
    corpus: { type: 'string', default: process.env.M2V_CORPUS },
    model: { type: 'string', default: fileURLToPath(here('model-minilm-l6/model')) },
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '20000' },
    batch: { type: 'string', default: '2000' },
    queries: { type: 'string', default: '300' },
  },
});
const DIM = 256;
const [ROWS, BATCH, ROUNDS, QUERIES] = [flags.rows, flags.batch, flags.rounds, flags.queries].map(Number);
const wanted = new Set(flags.cases.split(','));
if (!flags.corpus && (wanted.has('glosses') || wanted.has('search'))) {
  say(
    'cases glosses and search need texts, one a line: --corpus FILE or M2V_CORPUS; only vectors are measured',
  );
  wanted.delete('glosses');
  wanted.delete('search');
}

const { connectMilvus, TextCollection } = await import(here('milvus-adapter/dist/index.js'));
const { Model2VecEmbeddingFunction } = await import(here('embedding-function/dist/node/index.js'));
const { startMilvusServer } = await import(here('milvus-adapter/test/servers/milvus-server.ts'));
const { startLiteServer } = await import(here('milvus-adapter/test/servers/lite-server.ts'));
const { pythonEnvironment } = await import(here('milvus-adapter/test/servers/python-environment.ts'));

let collections = 0;

class Timings {
  #values = new Map();

  add(name, value) {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  median(name) {
    return this.quantile(name, 0.5);
  }

  quantile(name, q) {
    const sorted = [...this.#values.get(name)].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
  }
}

const precomputed = {
  dim: DIM,
  fingerprint: 'bench',
  encodeDocuments: async (texts) => texts.map(() => new Float32Array(DIM)),
  encodeQueries: async (texts) => texts.map(() => new Float32Array(DIM)),
};
const vectorRows = makeRows();
/** The rows in the form that the SDK accepts. */
const sdkRows = vectorRows.map(({ id, text, vector }) => ({ id, text, vector: Array.from(vector) }));

const scratch = mkdtempSync(join(tmpdir(), 'm2v-bench-'));
const texts = wanted.has('glosses') || wanted.has('search') ? readTexts() : [];
const corpusFile = join(scratch, 'texts.txt');
if (texts.length > 0) writeFileSync(corpusFile, texts.join('\n'));

try {
  await printMachine();
  if (flags.address) await measureServer({ name: flags.address, connect: { address: flags.address } });
  else {
    for (const kind of flags.servers.split(',')) {
      const server = await (kind === 'lite' ? startLiteServer : startMilvusServer)();
      try {
        await measureServer(server);
      } finally {
        await server.stop();
      }
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function measureServer(server) {
  const milvus = await connectMilvus(server.connect);
  const python = await startPython(milvus.address);
  const embedder =
    texts.length === 0
      ? undefined
      : await Model2VecEmbeddingFunction.create({ modelSource: resolve(flags.model) });
  try {
    say(`\n${server.name} (${milvus.server.version}); ${(await python.ask('versions')).versions.join(', ')}`);
    if (wanted.has('vectors')) await measureVectors(milvus, python, server.folder);
    if (texts.length > 0) await measureTexts(milvus, python, embedder, server.folder);
  } finally {
    await embedder?.close();
    python.end();
    await milvus.close();
  }
}

async function measureVectors(milvus, python, folder) {
  const ours = (options) => async (collection, method) => {
    const result = await collection[method](vectorRows, { batchRows: BATCH, ...options });
    if (result.stored !== ROWS) fail('this package', result);
  };
  const clients = {
    'this package': ours({}),
    'this package, one request at a time': ours({ concurrency: 1 }),
    'the SDK': async (collection, method) => {
      for (let start = 0; start < ROWS; start += BATCH) {
        const data = sdkRows.slice(start, start + BATCH);
        const result = await milvus.client[method]({ collection_name: collection.name, data });
        if (result.status.error_code !== 'Success') fail('the SDK', result.status);
      }
    },
    pymilvus: async (collection, method) => (await python.ask('store', method, collection.name)).seconds,
  };
  // Milvus Lite's upsert reads and merges every row; this package's upsert is an insert there.
  const methods = milvus.server.kind === 'lite' ? ['insert'] : ['insert', 'upsert'];
  const timings = new Timings();
  await rounds(Object.keys(clients), async (name, round) => {
    const collection = await newCollection(milvus, precomputed);
    for (const method of methods) {
      const spent = process.cpuUsage();
      const worked = serverSeconds(folder);
      const start = performance.now();
      const own = await clients[name](collection, method);
      const seconds = own ?? (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(spent);
      if (round < 0) continue;
      timings.add(`${method}/${name}`, seconds);
      timings.add(`cpu/${method}/${name}`, (user + system) / 1e6);
      timings.add(`server/${method}/${name}`, serverSeconds(folder) - worked);
    }
    const count = await collection.count(undefined, { consistency: 'strong' });
    if (count !== ROWS) fail(name, { count, expected: ROWS });
    // Compares before the first round, so that only equal work is timed.
    if (round < 0) await requireSameRows(collection, vectorRows, 0);
    await collection.drop();
  });
  say(`${ROWS} vectors of ${DIM} floats in batches of ${BATCH}, read back equal; median of ${ROUNDS} rounds`);
  for (const method of methods) {
    for (const name of Object.keys(clients)) {
      const rate = (client) => ROWS / timings.median(`${method}/${client}`);
      const ratios = ['pymilvus', 'the SDK'].filter((other) => name.startsWith('this') && other !== name);
      const spent = (who) => timings.median(`${who}/${method}/${name}`).toFixed(2);
      // A client gains nothing by not waiting: the server's part is included for all.
      const client = name === 'pymilvus' ? '' : `client ${spent('cpu')} s, `;
      say(
        `  ${method} ${name.padEnd(36)}${String(Math.round(rate(name))).padStart(8)} rows/s in ${timings
          .median(`${method}/${name}`)
          .toFixed(2)} s (busy: ${client}server ${spent('server')} s)  ${ratios
          .map((other) => `${(rate(name) / rate(other)).toFixed(2)}x ${other}`)
          .join(', ')}`,
      );
    }
  }
}

async function measureTexts(milvus, python, embedder, folder) {
  const timings = new Timings();
  let last;
  const clients = {
    'this package': async (collection) => {
      const start = performance.now();
      const { stored } = await collection.insert(rowsOf(texts), { batchRows: BATCH });
      if (stored !== texts.length) fail('this package', { stored });
      return (performance.now() - start) / 1000;
    },
    'model2vec + pymilvus': async (collection) => (await python.ask('ingest', collection.name)).seconds,
  };
  const times = wanted.has('glosses') ? ROUNDS : 0;
  await rounds(
    Object.keys(clients),
    async (name, round) => {
      const collection = await newCollection(milvus, embedder);
      const spent = process.cpuUsage();
      const worked = serverSeconds(folder);
      const seconds = await clients[name](collection);
      const { user, system } = process.cpuUsage(spent);
      if (round >= 0) {
        timings.add(name, seconds);
        timings.add(`cpu/${name}`, (user + system) / 1e6);
        timings.add(`server/${name}`, serverSeconds(folder) - worked);
      }
      const count = await collection.count(undefined, { consistency: 'strong' });
      if (count !== texts.length) fail(name, { count, expected: texts.length });
      if (round < 0) await requireSameTexts(collection, embedder);
      await last?.drop();
      last = collection;
    },
    times,
  );
  if (times > 0) {
    const start = performance.now();
    for (let i = 0; i < texts.length; i += BATCH) await embedder.encodeDocuments(texts.slice(i, i + BATCH));
    const embedding = (performance.now() - start) / 1000;
    const python_ = (await python.ask('embed')).seconds;
    say(`${texts.length} texts embedded and inserted, read back equal; median of ${ROUNDS} rounds`);
    for (const name of Object.keys(clients)) {
      const rate = texts.length / timings.median(name);
      const alone = name === 'this package' ? embedding : python_;
      const spent = (who) => timings.median(`${who}/${name}`).toFixed(2);
      const client = name === 'this package' ? `client ${spent('cpu')} s, ` : '';
      say(
        `  ${name.padEnd(22)}${String(Math.round(rate)).padStart(8)} texts/s in ${timings.median(name).toFixed(2)} s, of which ` +
          `embedding alone takes ${alone.toFixed(2)} s (busy: ${client}server ${spent('server')} s)`,
      );
    }
    const [ours, theirs] = Object.keys(clients).map((name) => timings.median(name));
    say(`  ${(theirs / ours).toFixed(2)}x Python`);
  }
  if (wanted.has('search')) await measureSearch(last, python);
  await last?.drop();
}

async function measureSearch(collection, python) {
  const timings = new Timings();
  // Five words from the middle of a text resemble a question.
  const step = Math.max(1, Math.floor(texts.length / QUERIES));
  const queries = Array.from({ length: QUERIES }, (_, i) =>
    texts[(i * step) % texts.length].split(' ').slice(1, 6).join(' '),
  );
  await untilIndexed(collection);
  let same = 0;
  for (let i = -30; i < queries.length; i++) {
    const query = queries[(i + queries.length) % queries.length];
    const turns = {
      ours: async () => {
        const start = performance.now();
        const { hits } = await collection.search(query, { mode: 'dense', limit: 10 });
        return {
          seconds: (performance.now() - start) / 1000,
          hits: hits.map(({ id, score }) => [id, score]),
        };
      },
      python: () => python.ask('search', collection.name, query),
    };
    const found = {};
    for (const name of i % 2 === 0 ? ['ours', 'python'] : ['python', 'ours']) {
      found[name] = await turns[name]();
      if (i >= 0) timings.add(name, found[name].seconds);
    }
    if (i < 0) continue;
    const scores = (name) => found[name].hits.map(([, score]) => score);
    // Ties may be in any order.
    const isSame = () => scores('ours').every((score, at) => Math.abs(score - scores('python')[at]) < 1e-5);
    // The server's approximate index sometimes changes its answer to the same query, so both clients then ask again.
    for (let again = 0; again < 5 && !isSame(); again++) {
      for (const name of Object.keys(turns)) found[name] = await turns[name]();
    }
    if (isSame()) same++;
  }
  say(`${QUERIES} searches of 10 hits, embedding included, ${same} with the same scores`);
  if (same < QUERIES * 0.98) fail('search', { same, of: QUERIES });
  for (const [name, label] of [
    ['ours', 'this package'],
    ['python', 'model2vec + pymilvus'],
  ]) {
    say(
      `  ${label.padEnd(22)} median ${(timings.median(name) * 1000).toFixed(2)} ms, p95 ${(timings.quantile(name, 0.95) * 1000).toFixed(2)} ms`,
    );
  }
  const ratio = (q) => (timings.quantile('python', q) / timings.quantile('ours', q)).toFixed(2);
  say(`  ${ratio(0.5)}x Python at the median, ${ratio(0.95)}x at p95`);
}

/** Waits until the server has indexed and loaded all rows; results change until then. */
async function untilIndexed(collection) {
  const { channel } = collection.connection;
  await collection.flush();
  for (let i = 0; i < 120; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { index_descriptions: indexes } = await channel.call(
      'DescribeIndex',
      { collection_name: collection.name },
      { what: 'asking whether all is indexed' },
    );
    if (indexes.every((index) => Number(index.pending_index_rows ?? 0) === 0)) break;
  }
  await new Promise((resolve) => setTimeout(resolve, 15_000));
}

async function requireSameRows(collection, rows, tolerance) {
  const sample = rows.filter((_, i) => i % Math.ceil(rows.length / 200) === 0);
  const found = await collection.get(
    sample.map(({ id }) => id),
    { fields: [collection.layout.vector.name], consistency: 'strong' },
  );
  for (const [i, { id, text, vector }] of sample.entries()) {
    const stored = found[i];
    const isSame =
      stored?.text === text &&
      vector.every((value, at) => Math.abs(value - stored.fields.vector[at]) <= tolerance);
    if (!isSame) fail(`row ${id}`, { expected: text, found: stored?.text });
  }
}

async function requireSameTexts(collection, embedder) {
  const ids = Array.from({ length: 200 }, (_, i) => Math.floor((i * texts.length) / 200));
  const vectors = await embedder.encodeDocuments(ids.map((id) => texts[id]));
  // Depending on numpy, Python may add in another order.
  await requireSameRows(
    collection,
    ids.map((id, i) => ({ id, text: texts[id], vector: vectors[i] })),
    1e-6,
  );
}

/** Returns the processor seconds of the server's processes, if the system reports them. */
function serverSeconds(folder) {
  if (folder === undefined || process.platform !== 'linux') return Number.NaN;
  let ticks = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) continue;
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // The process has ended in the meantime.
    }
  }
  return ticks / 100;
}

/** Runs every client once to warm up, then `times` rounds, each starting with another client. */
async function rounds(names, run, times = ROUNDS) {
  for (let round = -1; round < times; round++) {
    const turn = (round + names.length) % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) await run(name, round);
  }
}

function newCollection(milvus, embedder) {
  return TextCollection.create(milvus, {
    name: `bench_${process.pid}_${++collections}`,
    embedder,
    key: { field: 'id', type: 'int64' },
    dynamic: false,
    fullText: false,
    maxTextLength: 8192,
  });
}

function* rowsOf(all) {
  for (let id = 0; id < all.length; id++) yield { id, text: all[id] };
}

/** Pseudo-random numbers, equal in every run and in the peer. */
function makeRows() {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: ROWS }, (_, i) => ({
    id: i,
    text: `row number ${i} of a short text`,
    vector: Float32Array.from({ length: DIM }, next),
  }));
}

function readTexts() {
  const bytes = readFileSync(flags.corpus);
  const text = (flags.corpus.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.trimEnd().split('\n');
}

async function startPython(address) {
  const interpreter = await pythonEnvironment('milvus-peer');
  const program = fileURLToPath(new URL('./milvus-peer.py', import.meta.url));
  const more = texts.length === 0 ? [] : [resolve(flags.model), corpusFile];
  const child = spawn(interpreter, [program, address, String(ROWS), String(BATCH), String(DIM), ...more], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(...command) {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const { value } = await lines.next();
      if (value === undefined) fail('Python', 'its process ended');
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

async function printMachine() {
  const adapter = createRequire(here('milvus-adapter/package.json'));
  const sdk = adapter('@zilliz/milvus2-sdk-node/package.json').version;
  const [{ model } = {}] = cpus();
  say(
    `${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}; Node ${process.version}, @zilliz/milvus2-sdk-node ${sdk}`,
  );
}

function fail(name, found) {
  throw new Error(`${name}: ${JSON.stringify(found)}`);
}
