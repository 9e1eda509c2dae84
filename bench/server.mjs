#!/usr/bin/env node
// Requests a second of the embeddings server, beside an echo route of the same framework and beside JSON.stringify.
// Bounded in time and on loopback. Needs a build.
//   node bench/server.mjs [--seconds 3]
import { fork } from 'node:child_process';
import { Agent, request } from 'node:http';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, serve: { type: 'boolean', default: false } },
});
const seconds = Number(values.seconds);
const FEW = ['a short text of some words'];
const MANY = Array.from(
  { length: 512 },
  (_, i) => `text ${i}: a gloss of about as many words as WordNet has`,
);

if (values.serve) await serve();
else await measure();

/** The process that is measured: the server, an echo route, and a route that writes with JSON.stringify. */
async function serve() {
  const { Model2VecEmbeddingFunction } = await import('../packages/embedding-function/dist/node/index.js');
  const { minilmL6 } = await import('../packages/model-minilm-l6/dist/index.js');
  const { createEmbeddingServer } = await import('../packages/server/dist/index.js');
  const { listen } = await import('../packages/server/dist/node.js');
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
  const server = createEmbeddingServer({ models: [{ name: 'minilm', embedder }] });
  const replies = new Map();
  const json = (body) => new Response(body, { headers: { 'content-type': 'application/json' } });
  const fetch = async (call) => {
    const { pathname } = new URL(call.url);
    if (pathname === '/echo') {
      const body = await call.text();
      let reply = replies.get(body.length);
      if (reply === undefined) {
        const full = { method: 'POST', body };
        reply = await (await server.fetch(new Request('http://localhost/v1/embeddings', full))).text();
        replies.set(body.length, reply);
      }
      return json(reply);
    }
    if (pathname === '/stringify') {
      const { inputs } = JSON.parse(await call.text());
      return json(JSON.stringify(Array.from(await embedder.encode(inputs), (row) => Array.from(row))));
    }
    return server.fetch(call);
  };
  const running = await listen({ fetch, startShutdown: () => undefined }, { port: 0 });
  const began = performance.now();
  let rounds = 0;
  for (; performance.now() - began < 1000; rounds++) await embedder.encode(MANY);
  process.send({ url: running.url, rate: (rounds * MANY.length * 1000) / (performance.now() - began) });
}

async function measure() {
  const child = fork(new URL(import.meta.url), ['--serve']);
  const { url, rate } = await new Promise((resolve) => child.once('message', resolve));
  print(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}; ${seconds} s each`);
  const base64 = (input) => JSON.stringify({ model: 'minilm', input, encoding_format: 'base64' });
  print('\none text, base64          connections  requests/s    p50 ms    p99 ms');
  for (const connections of [1, 16, 256]) {
    const echo = await load(`${url}/echo`, base64(FEW), connections);
    const embed = await load(`${url}/v1/embeddings`, base64(FEW), connections);
    row('echo of the same bytes', connections, echo);
    row(`embeddings (${percent(embed, echo)} of it)`, connections, embed);
  }
  print(`\n512 texts (the library alone: ${Math.round(rate)} texts/s)`);
  const floats = await load(`${url}/embed`, JSON.stringify({ inputs: MANY }), 1);
  const stringified = await load(`${url}/stringify`, JSON.stringify({ inputs: MANY }), 1);
  const encoded = await load(`${url}/v1/embeddings`, base64(MANY), 1);
  const raw = await load(`${url}/embed`, JSON.stringify({ inputs: MANY }), 1, 'application/octet-stream');
  for (const [name, result] of Object.entries({
    raw,
    'base64 (OpenAI)': encoded,
    'JSON (TEI)': floats,
    'JSON.stringify': stringified,
  })) {
    const texts = result.rate * MANY.length;
    print(
      `${name.padEnd(24)} ${String(Math.round(texts)).padStart(8)} texts/s, ${Math.round((100 * texts) / rate)} % of the library`,
    );
  }
  print(`JSON beside JSON.stringify: ${(floats.rate / stringified.rate).toFixed(2)}×`);
  child.kill();
}

function row(name, connections, { rate, p50, p99 }) {
  const cells = [String(connections), String(Math.round(rate)), p50.toFixed(2), p99.toFixed(2)];
  print(`${name.padEnd(26)}${cells.map((cell) => cell.padStart(11)).join('')}`);
}

function percent(a, b) {
  return `${Math.round((100 * a.rate) / b.rate)} %`;
}

/** Sends one request after another on each connection. */
async function load(url, body, connections, accept = '*/*') {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times = [];
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), accept };
  const send = () =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const call = request(url, { method: 'POST', agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
        response.resume();
        response.on('end', () => resolve(performance.now() - started));
      });
      call.on('error', reject);
      call.end(body);
    });
  for (let i = 0; i < 20; i++) await send();
  const end = performance.now() + seconds * 1000;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) times.push(await send());
    }),
  );
  const took = performance.now() - began;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { rate: (times.length * 1000) / took, p50: at(0.5), p99: at(0.99) };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
