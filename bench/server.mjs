#!/usr/bin/env node
// Requests a second of the embeddings server, beside an echo route of the same framework, JSON.stringify and a server in
// Python, which is installed into .cache; what it answers to four times as much work as it can queue; and its memory under
// load. Rates depend on what else the machine does, so the processor time of the server is shown as well. Bounded in time and
// on loopback. Needs a build.
// Cases take turns in several rounds, and the best round of each counts.
//   node bench/server.mjs [--seconds 1] [--rounds 5] [--memory-seconds 180]
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { preparePythonEnvironment } from '../scripts/python-environment.mjs';
import { zipfTexts } from './zipf-texts.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    'memory-seconds': { type: 'string', default: '180' },
    serve: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const FEW = ['a short text of some words'];
/** Texts of a large request, their mean number of words, and the number of different requests. */
const LARGE = 512;
const WORDS = 13;
const REQUESTS = 16;
/** Connections that send 512 texts each: enough to keep the server busy while the client reads. */
const LARGE_CONNECTIONS = 4;
/** Texts that may wait, and texts of a request, when there is too much work. */
const QUEUE = 2048;
const TEXTS = 32;

if (values.serve) await serve();
else await measure();

/** The process that is measured: the server, an echo route, and a route that writes with JSON.stringify. */
async function serve() {
  const { Model2VecEmbeddingFunction } = await import('../packages/embedding-function/dist/node/index.js');
  const { minilmL6 } = await import('../packages/model-minilm-l6/dist/index.js');
  const { createEmbeddingServer } = await import('../packages/server/dist/index.js');
  const { listen } = await import('../packages/server/dist/node.js');
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, threads: 1 });
  const server = createEmbeddingServer({ models: [{ name: 'minilm', embedder }] });
  const small = createEmbeddingServer({
    models: [{ name: 'minilm', embedder }],
    limits: { queuedTexts: QUEUE },
  });
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
  const startShutdown = () => undefined;
  const running = await listen({ fetch, startShutdown }, { port: 0 });
  const bounded = await listen({ fetch: (call) => small.fetch(call), startShutdown }, { port: 0 });
  const { about } = zipfTexts(embedder.tokenizer);
  const batches = Array.from({ length: REQUESTS }, () => Array.from({ length: LARGE }, () => about(WORDS)));
  for (let i = 0; i < 200; i++) await embedder.encode(batches[i % REQUESTS]);
  process.on('message', async (message) => {
    if (message === 'usage') process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() });
    else process.send(await library(embedder, batches));
  });
  process.send({ url: running.url, bounded: bounded.url, batches });
}

/** The library alone: requests of {@link LARGE} texts a second, and processor microseconds of each. */
async function library(embedder, batches) {
  const before = process.cpuUsage();
  const began = performance.now();
  let calls = 0;
  for (; performance.now() - began < seconds * 1000; calls++)
    await embedder.encode(batches[calls % REQUESTS]);
  const rate = (calls * 1000) / (performance.now() - began);
  return { rate, cpu: microseconds(process.cpuUsage(before)) / calls };
}

async function measure() {
  const child = fork(new URL(import.meta.url), ['--serve']);
  const next = () => new Promise((resolve) => child.once('message', resolve));
  const { url, bounded, batches } = await next();
  const ask = (question) => {
    child.send(question);
    return next();
  };
  const usage = () => ask('usage');
  const peer = await startPeer();
  await checkPeer(peer.url, url, batches[0]);
  print(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}`);
  print(`best of ${rounds} rounds of ${seconds} s`);
  const base64 = (input) => JSON.stringify({ model: 'minilm', input, encoding_format: 'base64' });

  print('\none text, base64              connections  requests/s    p50 ms    p99 ms   server µs');
  for (const connections of [1, 16, 256]) {
    const few = { bodies: [base64(FEW)], connections };
    const { echo, embed, python } = await best({
      echo: () => load(usage, { ...few, url: `${url}/echo` }),
      embed: () => load(usage, { ...few, url: `${url}/v1/embeddings` }),
      python: () => load(peer.usage, { ...few, url: `${peer.url}/v1/embeddings` }),
    });
    row('echo of the same bytes', connections, echo);
    row(
      `embeddings (${percent(embed.rate, echo.rate)}, ${percent(echo.cpu, embed.cpu)})`,
      connections,
      embed,
    );
    row(`Python (${percent(python.rate, embed.rate)})`, connections, python);
  }
  print(
    '(in parentheses: rate of the echo reached, and that by processor time; for Python: of the embeddings)',
  );

  print(
    `\n${LARGE} texts, ${LARGE_CONNECTIONS} connections         texts/s  server µs a text  of the library, by processor time`,
  );
  const many = {
    bodies: batches.map((inputs) => JSON.stringify({ inputs })),
    connections: LARGE_CONNECTIONS,
  };
  const results = await best({
    'the library alone': () => ask('library'),
    raw: () => load(usage, { ...many, url: `${url}/embed`, accept: 'application/octet-stream' }),
    'base64 (OpenAI)': () =>
      load(usage, { ...many, url: `${url}/v1/embeddings`, bodies: batches.map(base64) }),
    'JSON (TEI)': () => load(usage, { ...many, url: `${url}/embed` }),
    'base64, Python': () =>
      load(peer.usage, { ...many, url: `${peer.url}/v1/embeddings`, bodies: batches.map(base64) }),
    'JSON, Python': () => load(peer.usage, { ...many, url: `${peer.url}/embed` }),
    'JSON.stringify': () => load(usage, { ...many, url: `${url}/stringify` }),
  });
  const alone = results['the library alone'];
  for (const [name, { rate, cpu }] of Object.entries(results)) {
    const shares = `${percent(rate, alone.rate).padStart(14)}${percent(alone.cpu, cpu).padStart(8)}`;
    print(`${name.padEnd(24)}${cell(rate * LARGE, 16)}${cell(cpu / LARGE, 18, 2)}${shares}`);
  }
  const { 'JSON (TEI)': floats, 'JSON.stringify': stringified } = results;
  print(
    `JSON beside JSON.stringify: ${(floats.rate / stringified.rate).toFixed(2)}×, ` +
      `${(stringified.cpu / floats.cpu).toFixed(2)}× by processor time`,
  );

  peer.stop();

  const rows = batches.map((texts) => JSON.stringify({ inputs: texts.slice(0, TEXTS) }));
  print(
    `\n${TEXTS} texts a request, queue of ${QUEUE} texts    answered with 200   with 429    p50 ms    p99 ms of 200`,
  );
  for (const times of [1, 4]) {
    const connections = (times * QUEUE) / TEXTS;
    const result = await load(usage, { url: `${bounded}/embed`, bodies: rows, connections, refusals: true });
    const { statuses, sent, p50, p99 } = result;
    const counts = [cell(statuses.get(200) ?? 0, 18), cell(statuses.get(429) ?? 0, 11)];
    print(
      `${`${times}× as many as fit (${connections})`.padEnd(40)}${counts.join('')}${cell(p50, 10, 1)}${cell(p99, 10, 1)}`,
    );
    const answered = [...statuses.values()].reduce((a, b) => a + b, 0);
    if (answered !== sent || [...statuses.keys()].some((status) => status !== 200 && status !== 429)) {
      print(`FAIL: ${sent} requests, answers: ${JSON.stringify([...statuses])}`);
      process.exitCode = 1;
    }
  }

  const duration = Number(values['memory-seconds']);
  print(`\nmemory of the server over ${duration} s, requests of 512 and of 1 text, raw, base64 and JSON`);
  const samples = await memory(usage, url, batches[0], duration);
  const quarter = Math.floor(samples.length / 4);
  const mean = (part) => part.reduce((sum, rss) => sum + rss, 0) / part.length / 2 ** 20;
  const parts = [0, 1, 2, 3].map(
    (i) => `${mean(samples.slice(i * quarter, (i + 1) * quarter)).toFixed(1)} MiB`,
  );
  print(`mean of each quarter: ${parts.join(', ')}; most ${(Math.max(...samples) / 2 ** 20).toFixed(1)} MiB`);
  child.kill();
}

/** Starts Python's model2vec behind FastAPI. */
async function startPeer() {
  const path = (name) => fileURLToPath(new URL(name, import.meta.url));
  const python = preparePythonEnvironment({
    directory: path('../.cache/server-peer-venv'),
    requirements: path('server-peer.txt'),
  });
  const program = [path('server-peer.py'), path('../packages/model-minilm-l6/model')];
  const child = spawn(python, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`server-peer.py ended with code ${code}`);
  });
  const [port] = await Promise.race([once(child.stdout, 'data'), ended]);
  const url = `http://127.0.0.1:${Number(port)}`;
  const usage = async () => (await fetch(`${url}/usage`)).json();
  return { url, usage, stop: () => child.kill() };
}

/** Compares the vectors of both servers. */
async function checkPeer(peer, url, inputs) {
  const ask = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs }),
  };
  const [theirs, ours] = await Promise.all(
    [peer, url].map(async (server) => (await (await fetch(`${server}/embed`, ask)).json()).flat()),
  );
  const worst = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i])), 0);
  if (theirs.length !== ours.length || !(worst < 1e-6))
    throw new Error(`the servers' vectors differ by ${worst}`);
}

/** Runs all cases in turn, several times, and keeps the highest rate and the least times of each. */
async function best(cases) {
  const found = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(cases)) {
      const result = await run();
      found[name] ??= result;
      const known = found[name];
      known.rate = Math.max(known.rate, result.rate);
      for (const time of ['cpu', 'p50', 'p99']) known[time] = Math.min(known[time], result[time]);
    }
  }
  return found;
}

/** Samples the server's memory each second while clients send a mix of requests. */
async function memory(usage, url, many, duration) {
  const end = performance.now() + duration * 1000;
  const bodies = [many, FEW].flatMap((texts) => [
    { url: `${url}/embed`, body: JSON.stringify({ inputs: texts }) },
    { url: `${url}/embed`, body: JSON.stringify({ inputs: texts }), accept: 'application/octet-stream' },
    { url: `${url}/v1/embeddings`, body: JSON.stringify({ input: texts, encoding_format: 'base64' }) },
  ]);
  const agent = new Agent({ keepAlive: true });
  const clients = bodies.map(async (call) => {
    while (performance.now() < end) await send(agent, call);
  });
  const samples = [];
  while (performance.now() < end) {
    samples.push((await usage()).rss);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await Promise.all(clients);
  agent.destroy();
  return samples;
}

function row(name, connections, { rate, p50, p99, cpu }) {
  const cells = [cell(connections, 13), cell(rate, 12), cell(p50, 10, 2), cell(p99, 10, 2), cell(cpu, 12)];
  print(`${name.padEnd(28)}${cells.join('')}`);
}

function cell(value, width, digits = 0) {
  return value.toFixed(digits).padStart(width);
}

function percent(a, b) {
  return `${Math.round((100 * a) / b)} %`;
}

function microseconds({ user, system }) {
  return user + system;
}

/** Sends a request, reads the answer and returns its status. */
function send(agent, { url, body, accept = '*/*' }) {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), accept };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Sends one request after another on each connection. */
async function load(usage, { bodies, connections, refusals = false, ...call }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times = [];
  const statuses = new Map();
  let sent = 0;
  const once = async () => {
    const started = performance.now();
    const body = bodies[sent++ % bodies.length];
    const status = await send(agent, { ...call, body });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 200) times.push(performance.now() - started);
    else if (!refusals) throw new Error(`${call.url}: ${status}`);
  };
  for (let i = 0; i < 50; i++) await once();
  times.length = 0;
  statuses.clear();
  sent = 0;
  const before = await usage();
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) await once();
    }),
  );
  const took = performance.now() - began;
  const after = await usage();
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  const cpu = (microseconds(after.cpu) - microseconds(before.cpu)) / times.length;
  return { rate: (times.length * 1000) / took, p50: at(0.5), p99: at(0.99), cpu, statuses, sent };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
