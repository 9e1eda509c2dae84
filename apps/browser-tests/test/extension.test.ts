import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { type BrowserContext, chromium } from 'playwright-core';
import { type Browser as FirefoxBrowser, launch } from 'puppeteer-core';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { SWITCHES } from './chromium.js';
import { inNode, worstDifference } from './node-embeddings.js';
import { MANY, TEXTS } from './texts.js';

const executablePath = inject('browser');
const site = inject('site');

const BROWSER_FILE = fileURLToPath(import.meta.resolve('@model2vec-ts/embedding-function/browser'));
const MODEL = fileURLToPath(new URL('.', minilmL6['config.json'] as URL));

/** The site as an extension, whose pages are isolated so that they may share memory. */
const MANIFEST = {
  manifest_version: 3,
  name: 'model2vec-ts',
  version: '1',
  cross_origin_opener_policy: { value: 'same-origin' },
  cross_origin_embedder_policy: { value: 'require-corp' },
};

/** Id of an unpacked extension: the first half of the hash of its path, with letters as digits. */
function extensionId(folder: string): string {
  const digits = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return [...digits].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
}

// One skipped test represents all: the setup prints one line with the reason.
if (executablePath === undefined) it('an extension', ({ skip }) => skip());
else
  describe('in an extension of Chromium', () => {
    let folder: string;
    let browser: BrowserContext;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'model2vec-extension-'));
      await cp(site, folder, { recursive: true });
    });
    afterEach(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it.each([
      ['allows', { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" }, 'wasm'],
      ['forbids', undefined, 'js'],
    ] as const)(
      'the bundled model loads and embeds on threads if the manifest %s WebAssembly',
      async (_, content_security_policy, kernel) => {
        await writeFile(
          join(folder, 'manifest.json'),
          JSON.stringify({ ...MANIFEST, content_security_policy }),
        );
        browser = await chromium.launchPersistentContext('', {
          executablePath,
          args: [
            ...SWITCHES,
            '--disable-gpu',
            `--disable-extensions-except=${folder}`,
            `--load-extension=${folder}`,
          ],
        });
        const tab = await browser.newPage();
        await tab.goto(`chrome-extension://${extensionId(folder)}/index.html`);
        await tab.waitForFunction(() => globalThis.page !== undefined);
        const answer = await tab.evaluate((request) => globalThis.page.embed(request), {
          texts: TEXTS,
          kernel: 'auto' as const,
        });
        expect(answer.kernel).toBe(kernel);
        expect(worstDifference(answer.embeddings, (await inNode('js')).embeddings)).toBe(0);
        const threaded = await tab.evaluate((texts) => globalThis.page.embedOnThreads(texts, 'auto'), MANY);
        expect(threaded).toMatchObject({ threads: 2, difference: -1, streamed: MANY.length });
        await tab.evaluate((texts) => globalThis.page.closeThreads(texts), MANY);
      },
    );
  });

const firefox = inject('firefox');
// One skipped test represents all: the setup prints one line with the reason.
if (firefox === undefined) it('an extension in Firefox', ({ skip }) => skip());
else
  describe('in an extension of Firefox', () => {
    it.each([
      ['allows', { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" }, 'wasm'],
      ['forbids', { extension_pages: "script-src 'self'; object-src 'self'" }, 'js'],
    ] as const)(
      'the bundled model loads in its background if the manifest %s WebAssembly',
      async (_, content_security_policy, kernel) => {
        const folder = await mkdtemp(join(tmpdir(), 'model2vec-extension-'));
        const answers = await receiveAnswer();
        let browser: FirefoxBrowser | undefined;
        try {
          await cp(BROWSER_FILE, join(folder, 'browser.js'));
          await cp(MODEL, join(folder, 'model'), { recursive: true });
          await writeFile(
            join(folder, 'manifest.json'),
            JSON.stringify({
              ...MANIFEST,
              content_security_policy,
              background: { scripts: ['background.js'], type: 'module' },
              browser_specific_settings: { gecko: { id: 'tests@model2vec-ts.example' } },
            }),
          );
          // WebDriver cannot open a page of an extension, so the extension sends its answer.
          await writeFile(join(folder, 'background.js'), backgroundProgram(answers.address));
          browser = await launch({ browser: 'firefox', executablePath: firefox, headless: true });
          await browser.installExtension(folder);
          const answer = await answers.first;
          expect(answer.error).toBeUndefined();
          expect(answer.kernel).toBe(kernel);
          const expected = (await inNode('js')).embeddings.map((row) => Array.from(row));
          expect(answer.embeddings).toEqual(expected);
        } finally {
          await browser?.close();
          await answers.close();
          await rm(folder, { recursive: true, force: true });
        }
      },
    );
  });

interface Answer {
  readonly kernel: string;
  readonly embeddings: readonly (readonly number[])[];
  readonly error?: string;
}

const backgroundProgram = (address: string): string => `
  import { Model2VecEmbeddingFunction } from './browser.js';
  const answer = async () => {
    const modelSource = new URL('./model/', import.meta.url);
    const embedder = await Model2VecEmbeddingFunction.create({ modelSource });
    const embeddings = await embedder.encodeDocuments(${JSON.stringify(TEXTS)});
    return { kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) };
  };
  const body = JSON.stringify(await answer().catch((error) => ({ error: String(error) })));
  await fetch(${JSON.stringify(address)}, { method: 'POST', body });`;

/** Starts a server that receives one answer from a page of any origin. */
async function receiveAnswer(): Promise<{
  address: string;
  first: Promise<Answer>;
  close: () => Promise<void>;
}> {
  let resolve: (answer: Answer) => void = () => {};
  const first = new Promise<Answer>((done) => {
    resolve = done;
  });
  const server = createServer(async (request, response) => {
    const body = await json(request);
    response.writeHead(204, { 'access-control-allow-origin': '*' }).end();
    resolve(body as Answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    first,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
