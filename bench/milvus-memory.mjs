#!/usr/bin/env node
// Memory of this process over an ingest of generated rows, embedded with a real model:
//   node bench/milvus-memory.mjs [--rows 2000000] [--minutes 9] [--to milvus|lite|files] [--model FOLDER]
// Needs the built packages; starts the server itself. Prints resident, heap and buffer megabytes as rows go in, and how
// much they grew over the second half. Rows that do not fit into the minutes are skipped and reported.
import './typescript-sources.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (path) => new URL(`../packages/${path}`, import.meta.url);
const say = (line) => process.stdout.write(`${line}\n`);
const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' },
    minutes: { type: 'string', default: '9' },
    to: { type: 'string', default: 'milvus' },
    model: { type: 'string', default: fileURLToPath(here('model-minilm-l6/model')) },
  },
});
const { connectMilvus, TextCollection } = await import(here('milvus-adapter/dist/index.js'));
const { writeBulkFiles } = await import(here('milvus-adapter/dist/bulk/index.js'));
const { Model2VecEmbeddingFunction } = await import(here('embedding-function/dist/node/index.js'));
const { startMilvusServer } = await import(here('milvus-adapter/test/servers/milvus-server.ts'));
const { startLiteServer } = await import(here('milvus-adapter/test/servers/lite-server.ts'));

const ROWS = Number(flags.rows);
const WORDS = 'the of and a to in is was river house small old made with people light water stone'.split(' ');
const samples = [];
const started = performance.now();
const until = started + Number(flags.minutes) * 60_000;
let taken = 0;

function* generated() {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  for (; taken < ROWS && performance.now() < until; taken++) {
    if (taken % 50_000 === 0) sample();
    const words = Array.from({ length: 8 }, () => WORDS[(next() >>> 16) % WORDS.length]);
    yield { text: `${words.join(' ')} ${taken}`, number: taken };
  }
  sample();
}

function sample() {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const seconds = (performance.now() - started) / 1000;
  samples.push({ taken, rss });
  const megabytes = (bytes) => String(Math.round(bytes / 2 ** 20)).padStart(6);
  say(
    `${String(taken).padStart(9)} rows ${seconds.toFixed(0).padStart(5)} s  resident${megabytes(rss)} MB  heap${megabytes(heapUsed)} MB  buffers${megabytes(arrayBuffers)} MB`,
  );
}

const server = await (flags.to === 'lite' ? startLiteServer : startMilvusServer)();
const folder = mkdtempSync(join(tmpdir(), 'm2v-memory-'));
try {
  const milvus = await connectMilvus(server.connect);
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: resolve(flags.model) });
  const collection = await TextCollection.create(milvus, { name: 'memory', embedder, fullText: false });
  say(`${ROWS} rows of ${embedder.dim} floats to ${flags.to === 'files' ? 'Parquet files' : server.name}`);
  if (flags.to === 'files') {
    await writeBulkFiles(collection, generated(), { folder, uniqueIds: true });
  } else {
    const { stored, failed } = await collection.upsert(generated());
    say(`${stored} stored, ${failed.length} failed`);
  }
  if (taken < ROWS) say(`ended after ${flags.minutes} minutes with ${taken} of ${ROWS} rows`);
  const half = samples.filter((found) => found.taken >= taken / 2);
  const most = Math.max(...half.map(({ rss }) => rss)) - half[0].rss;
  say(`second half: resident memory ${Math.round(most / 2 ** 20)} MB above its beginning at most`);
  await embedder.close();
  await milvus.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
}
