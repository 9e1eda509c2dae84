import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type StaticServer, serveFolder } from '../../../scripts/static-server.mjs';
import { startChromium } from './chromium-engine.js';
import type { Engine, EngineTab } from './engine.js';
import { startFirefox } from './firefox.js';
import { startWebKit } from './webkit.js';

/** Limit of the file in bytes after gzip. It has every tokenizer and both kernels. */
const MOST_BYTES = 95_000;

const FILE = fileURLToPath(import.meta.resolve('@model2vec-ts/embedding-function/browser'));
const MODEL = fileURLToPath(new URL('.', minilmL6['config.json'] as URL));
const TEXTS = Array.from({ length: 3000 }, (_, i) => `sentence number ${i} of many, ${(i * 7919) % 1000}`);

const chromium = inject('browser');
const firefox = inject('firefox');
const webKit = inject('webKit');
const ENGINES: readonly (readonly [name: string, start: (() => Promise<Engine>) | undefined])[] = [
  ['Chromium', chromium === undefined ? undefined : () => startChromium(chromium)],
  ['Firefox', firefox === undefined ? undefined : () => startFirefox(firefox)],
  ['WebKit', webKit === undefined ? undefined : () => startWebKit(webKit)],
];

interface Answer {
  readonly kernel: string;
  readonly threads: number;
  readonly limit?: string;
  /** Batches that other threads encoded. */
  readonly batches: number;
  /** Sum of the vectors' bits, each times its position: equal for equal vectors. */
  readonly digest: number;
}

/** Module that embeds the texts with the file at an address. */
const program = (file: string, model: string, threads: number): string => `
  import { Model2VecEmbeddingFunction } from ${JSON.stringify(file)};
  let batches = 0;
  if (globalThis.Worker) {
    globalThis.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        this.addEventListener('message', ({ data }) => data.type === 'encoded' && batches++);
      }
    };
  }
  export async function run() {
    const modelSource = new URL(${JSON.stringify(model)}, import.meta.url);
    const embedder = await Model2VecEmbeddingFunction.create({ modelSource, threads: ${threads} });
    const texts = ${JSON.stringify(TEXTS)};
    let data;
    const begun = Date.now();
    do ({ data } = await embedder.encode(texts));
    while (embedder.threads > 1 && batches === 0 && Date.now() - begun < 30_000);
    const digest = new Uint32Array(data.buffer, data.byteOffset, data.length)
      .reduce((sum, bits, i) => (sum + bits * (i % 97 + 1)) % 2 ** 40, 0);
    const { kernel, threads, threadLimit } = embedder;
    await embedder.close();
    return { kernel, threads, limit: threadLimit?.code, batches, digest };
  }`;

const page = (body: string): string =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module">${body}</script>`;

it(`the browser file has at most ${MOST_BYTES} bytes and no imports`, async () => {
  const code = await readFile(FILE, 'utf8');
  const bytes = gzipSync(code, { level: 9 }).length;
  process.stdout.write(`the browser file: ${bytes} bytes\n`);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(code).not.toMatch(/\bimport\s*[{*"'`]|\bfrom\s*["'`]|\bimport\(\s*["'`]/);
});

describe.each(ENGINES)('the browser file in %s', (name, start) => {
  // One skipped test represents all: the setup prints one line with the reason.
  if (start === undefined) {
    it('every kernel', ({ skip }) => skip());
    return;
  }
  let folder: string;
  let cdn: StaticServer;
  let engine: Engine;
  let expected: number;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model2vec-browser-file-'));
    await cp(FILE, join(folder, 'browser.js'));
    await cp(MODEL, join(folder, 'model'), { recursive: true });
    cdn = await serveFolder(folder, { anyOrigin: true });
    const { address } = cdn;
    const own = program('./browser.js', './model/', 2);
    const foreign = program(`${address}browser.js`, `${address}model/`, 2);
    await writeFile(join(folder, 'own.js'), own);
    await writeFile(join(folder, 'foreign.js'), foreign);
    await writeFile(join(folder, 'worker.js'), `import { run } from './own.js'; postMessage(await run());`);
    await writeFile(
      join(folder, 'frame.html'),
      page(`import { run } from '${address}foreign.js'; parent.postMessage(await run(), '*');`),
    );
    await writeFile(
      join(folder, 'index.html'),
      page(`
        globalThis.embedHere = async () => (await import('./own.js')).run();
        globalThis.embedForeign = async () => (await import('./foreign.js')).run();
        globalThis.embedInWorker = () => new Promise((resolve, reject) => {
          const worker = new Worker('./worker.js', { type: 'module' });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        });
        globalThis.embedInFrame = () => new Promise((resolve) => {
          addEventListener('message', ({ data }) => resolve(data), { once: true });
          const frame = document.createElement('iframe');
          frame.sandbox = 'allow-scripts';
          frame.src = './frame.html';
          document.body.append(frame);
        });
        globalThis.page = {};`),
    );
    engine = await start();
    const embedder = await Model2VecEmbeddingFunction.create({ modelSource: MODEL, threads: 1 });
    const { data } = await embedder.encode(TEXTS);
    await embedder.close();
    expected = new Uint32Array(data.buffer, data.byteOffset, data.length).reduce(
      (sum, bits, i) => (sum + bits * ((i % 97) + 1)) % 2 ** 40,
      0,
    );
  });
  afterAll(async () => {
    await engine?.close();
    await cdn?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('embeds in a page, in a worker and in a sandboxed frame', async () => {
    const tab = await engine.open(folder);
    try {
      for (const where of ['embedHere', 'embedForeign', 'embedInWorker', 'embedInFrame']) {
        expect(await run(tab, where), where).toMatchObject({ kernel: 'wasm', threads: 1, digest: expected });
      }
    } finally {
      await tab.close();
    }
  });

  it.each(['embedHere', 'embedForeign'])('embeds on threads in an isolated page: %s', async (where) => {
    const tab = await engine.open(folder, { isolated: true });
    try {
      const answer = await run(tab, where);
      const limit = name === 'WebKit' ? answer.limit : undefined;
      if (limit === 'no-shared-memory')
        process.stdout.write('SKIPPED threads in WebKit: no SharedArrayBuffer\n');
      expect(answer).toMatchObject({
        kernel: 'wasm',
        threads: limit === 'no-shared-memory' ? 1 : 2,
        digest: expected,
      });
      expect(answer.batches > 0).toBe(answer.threads > 1);
    } finally {
      await tab.close();
    }
  });
});

function run(tab: EngineTab, where: string): Promise<Answer> {
  return tab.evaluate(
    (name) => (globalThis as unknown as Record<string, () => Promise<Answer>>)[name]!(),
    where,
  );
}
