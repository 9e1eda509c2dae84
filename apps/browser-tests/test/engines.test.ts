import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { serveFolder } from '../../../scripts/static-server.mjs';
import { searchedTexts } from '../src/searched-texts.js';
import type { Engine, EngineTab } from './engine.js';
import { startFirefox } from './firefox.js';
import { inNode, MODEL_FOLDER } from './node-embeddings.js';
import { MANY, TEXTS } from './texts.js';
import { startWebKit } from './webkit.js';

const site = inject('site');
const firefox = inject('firefox');
const webKit = inject('webKit');

/** The policy of an extension's pages that asks for WebAssembly, and of those that do not. */
const EXTENSION_WITH_WASM = "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'";
const STRICT = "default-src 'self'; img-src data:";

/** Texts to search with WebAssembly, and without. */
const SEARCHED = 20_000;
const SEARCHED_WITHOUT_WASM = 1000;

const ENGINES: readonly (readonly [name: string, start: (() => Promise<Engine>) | undefined])[] = [
  ['Firefox', firefox === undefined ? undefined : () => startFirefox(firefox)],
  ['WebKit', webKit === undefined ? undefined : () => startWebKit(webKit)],
];

/** Embeds in the page and returns the vectors' bits. */
function embed(tab: EngineTab, texts: readonly string[], kernel: 'auto' | 'js' | 'wasm') {
  return tab.evaluate(
    async (request) => {
      const { embeddings, ...answer } = await globalThis.page.embed(request);
      const bits = embeddings.map((embedding) => [...new Uint32Array(Float32Array.from(embedding).buffer)]);
      return { ...answer, bits };
    },
    { texts, kernel },
  );
}

async function bitsInNode(): Promise<number[][]> {
  const { embeddings } = await inNode('js');
  return embeddings.map((embedding) => [...new Uint32Array(embedding.slice().buffer)]);
}

describe.each(ENGINES)('in %s', (name, start) => {
  // One skipped test represents all: the setup prints one line with the reason.
  if (start === undefined) {
    it('every kernel', ({ skip }) => skip());
    return;
  }
  let engine: Engine;
  let expected: number[][];
  beforeAll(async () => {
    [engine, expected] = await Promise.all([start(), bitsInNode()]);
  });
  afterAll(() => engine?.close());

  describe('a page', () => {
    let tab: EngineTab;
    beforeAll(async () => {
      tab = await engine.open(site);
    });
    afterAll(() => tab?.close());

    it.each([
      ['auto', 'wasm'],
      ['js', 'js'],
    ] as const)('with kernel %s gives the vectors of Node, bit for bit', async (choice, kernel) => {
      const answer = await embed(tab, TEXTS, choice);
      expect(answer.kernel).toBe(kernel);
      expect(answer.bits).toEqual(expected);
    });

    it.each(['js', 'wasm'] as const)('has a kernel %s that conforms', async (kernel) => {
      const answer = await tab.evaluate((name) => globalThis.page.conformance(name), kernel);
      expect(answer.failed).toEqual([]);
      expect(answer.cases).toBeGreaterThan(20);
    });

    it('indexes 20,000 texts and finds what Node finds, with equal scores, also after loading', async () => {
      const found = await tab.evaluate((count) => globalThis.page.search(count), SEARCHED);
      expect(found).toMatchObject({ kernel: 'wasm', rows: SEARCHED, isSameAfterLoading: true });
      expect(found.hits).toEqual((await searchedTexts(SEARCHED)).hits);
    });

    it('fetches rows by range from another origin, and gives the vectors of Node, bit for bit', async () => {
      const server = await serveFolder(MODEL_FOLDER, { anyOrigin: true, ranges: true });
      try {
        const [bits, bytes] = await tab.evaluate(
          async ([folder, texts]) => {
            const answer = await globalThis.page.embedByRange(folder, texts);
            const found = answer.embeddings.map((each) => [
              ...new Uint32Array(Float32Array.from(each).buffer),
            ]);
            return [found, answer.bytes] as const;
          },
          [server.address, TEXTS.slice(0, 4)] as const,
        );
        expect(bits).toEqual(expected.slice(0, 4));
        // Of 7.6 MB.
        expect(bytes).toBeGreaterThan(1000);
        expect(bytes).toBeLessThan(1_500_000);
      } finally {
        await server.close();
      }
    });

    it('without shared memory has one thread, and reports the reason', async () => {
      const answer = await tab.evaluate((texts) => globalThis.page.embedOnThreads(texts, 'auto'), MANY);
      expect(answer).toMatchObject({ threads: 1, difference: -1, limit: { code: 'not-isolated' } });
    });
  });

  it('a page with shared memory embeds on two threads, to the bits of one', async ({ skip }) => {
    const tab = await engine.open(site, { isolated: true });
    try {
      const answer = await tab.evaluate((texts) => globalThis.page.embedOnThreads(texts, 'auto'), MANY);
      if (name === 'WebKit' && answer.limit?.code === 'no-shared-memory') {
        expect(answer).toMatchObject({ threads: 1, difference: -1, streamed: MANY.length });
        process.stdout.write('SKIPPED threads in WebKit: WebKitGTK has no SharedArrayBuffer\n');
        return skip();
      }
      expect(answer).toMatchObject({ threads: 2, difference: -1, streamed: MANY.length });
      expect(answer.limit).toBeUndefined();
      expect(answer.batches).toBeGreaterThan(0);
      expect(await tab.evaluate((texts) => globalThis.page.closeThreads(texts), MANY)).toBe('closed');
    } finally {
      await tab.close();
    }
  });

  it.each([
    ['that forbids WebAssembly', STRICT, 'js'],
    ['of an extension that allows it', EXTENSION_WITH_WASM, 'wasm'],
  ] as const)('a policy %s leaves the vectors of Node', async (_, contentSecurityPolicy, kernel) => {
    const tab = await engine.open(site, { contentSecurityPolicy });
    try {
      const answer = await embed(tab, TEXTS, 'auto');
      expect(answer.kernel).toBe(kernel);
      expect(answer.bits).toEqual(expected);
    } finally {
      await tab.close();
    }
  });

  it('a policy that forbids WebAssembly leaves search and its results', async () => {
    const tab = await engine.open(site, { contentSecurityPolicy: STRICT });
    try {
      const found = await tab.evaluate((count) => globalThis.page.search(count), SEARCHED_WITHOUT_WASM);
      expect(found).toMatchObject({ kernel: 'js', rows: SEARCHED_WITHOUT_WASM, isSameAfterLoading: true });
      expect(found.hits).toEqual((await searchedTexts(SEARCHED_WITHOUT_WASM)).hits);
    } finally {
      await tab.close();
    }
  });

  it('an open embedder works without a network', async () => {
    const tab = await engine.open(site);
    try {
      const before = await tab.evaluate((texts) => globalThis.page.keep(texts), TEXTS);
      await tab.disconnect();
      // More text than the tokenizer reads before it imports its fast path, which is now out of reach.
      for (let i = 0; i < 3; i++) {
        expect(await tab.evaluate((texts) => globalThis.page.embedKept(texts), TEXTS)).toEqual(before);
      }
    } finally {
      await tab.close();
    }
  });
});
