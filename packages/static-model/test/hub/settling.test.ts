import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LoadStaticModelOptions, loadStaticModel } from '../../src/load-static-model.js';
import { modelFiles } from '../model-fixture.js';
import { repositoryFiles } from './hub-model.js';
import { type HubContent, HubServer } from './hub-server.js';

// A load ends whatever the server does, and whenever it is aborted. Each case runs RUNS times, because the outcome
// depends on which of two events comes first.
const RUNS = Number(process.env.SETTLING_RUNS ?? 10);
const ID = 'org/name';
/** Far more than any of these loads takes. */
const NEVER_MILLISECONDS = 20_000;

const hub = new HubServer();
let cache: string;

beforeAll(() => hub.start());
afterAll(() => hub.stop());
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'settling-'));
  for (const name of Object.keys(process.env)) {
    if (/^(?:HF_|HUGGING|TRANSFORMERS_|XDG_CACHE)|_PROXY$/i.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'no-token'));
  vi.stubEnv('HF_ENDPOINT', hub.url);
  hub.repositories.clear();
  hub.commit(ID, repositoryFiles());
  hub.fault = () => false;
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

/** How a load ends: with a model, with an error's name, or not at all. */
async function ending(source: string | URL, options: LoadStaticModelOptions): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const never = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, NEVER_MILLISECONDS, 'never');
  });
  const load = loadStaticModel(source, options).then(
    () => 'loaded',
    (error: Error) => error.name,
  );
  try {
    return await Promise.race([load, never]);
  } finally {
    clearTimeout(timer);
  }
}

function unfinished(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(?:incomplete|tmp)$/.test(path),
  );
}

const FAILURES: Readonly<Record<string, (response: ServerResponse, content: HubContent) => void>> = {
  '304': (response) => response.writeHead(304).end(),
  '401': (response) => response.writeHead(401).end(),
  '403': (response) => response.writeHead(403).end('no'),
  '404': (response) => response.writeHead(404).end(),
  '410': (response) => response.writeHead(410).end(),
  'a body that is too long': (response, { bytes }) => response.end(new Uint8Array(bytes.length + 5)),
  'a redirect to a file': (response) => response.writeHead(302, { location: 'file:///x' }).end(),
  'other bytes': (response, { bytes }) => response.end(new Uint8Array(bytes.length)),
};

describe('a load settles', () => {
  for (const [failure, answer] of Object.entries(FAILURES)) {
    for (const [victim, others] of [
      ['config.json', 'tokenizer.json'],
      ['model.safetensors', 'config.json'],
    ] as const) {
      it(`if ${victim} is answered with ${failure} while ${others} arrives`, async () => {
        const endings: string[] = [];
        for (let run = 0; run < RUNS; run++) {
          hub.fault = ({ path, host }, response, content) => {
            if (!content || host !== 'hub' || !path.endsWith(`/${victim}`)) return false;
            // Sometimes before, sometimes after and sometimes together with the others.
            setTimeout(answer, run % 4, response, content);
            return true;
          };
          const cacheDir = join(cache, String(run));
          endings.push(await ending(ID, { cacheDir }));
          expect(unfinished(cacheDir)).toEqual([]);
        }
        expect(endings).not.toContain('never');
        expect(endings).not.toContain('loaded');
      }, 120_000);
    }
  }

  it.each(['hub', 'url', 'files'] as const)(
    'if it is aborted as the last byte of a file arrives (%s)',
    async (kind) => {
      const endings: string[] = [];
      for (let run = 0; run < 2 * RUNS; run++) {
        const controller = new AbortController();
        const abort = (): void => controller.abort(new RangeError('enough'));
        const commit = [...hub.repositories.get(ID)!.commits.keys()][0]!;
        const base = `${hub.url}/${ID}/resolve/${commit}`;
        const options: LoadStaticModelOptions = {
          cacheDir: join(cache, String(run)),
          signal: controller.signal,
          onProgress: ({ from, loadedBytes, totalBytes }) => {
            if (from !== 'network' || loadedBytes !== totalBytes || run % 3 === 2) return;
            if (run % 3 === 0) abort();
            else setImmediate(abort);
          },
        };
        const source = {
          hub: ID,
          url: new URL(base),
          files: {
            ...modelFiles('float32'),
            'tokenizer.json': new URL(`${base}/tokenizer.json`),
          },
        }[kind];
        endings.push(await ending(source as string, options));
      }
      expect(endings).not.toContain('never');
      expect(endings).toContain('RangeError');
    },
    120_000,
  );

  it.each(['a revision', 'a listing', 'a file'])(
    'if %s is answered by a fetch that ignores its signal',
    async (what) => {
      const controller = new AbortController();
      const pattern = { 'a revision': /\/revision\//, 'a listing': /\/tree\//, 'a file': /config\.json$/ }[
        what
      ]!;
      const deaf: typeof fetch = (input, init) => {
        if (!pattern.test(String(input).split('?')[0]!)) return fetch(input, init);
        setTimeout(() => controller.abort(new RangeError('enough')), 20);
        return new Promise(() => undefined);
      };
      expect(await ending(ID, { cacheDir: cache, signal: controller.signal, fetch: deaf })).toBe(
        'RangeError',
      );
    },
  );

  it('if a body never ends, and its stream can neither be read nor cancelled', async () => {
    const stuck: typeof fetch = (input, init) =>
      String(input).endsWith('config.json')
        ? Promise.resolve(
            new Response(
              new ReadableStream({
                pull: () => new Promise(() => undefined),
                cancel: () => new Promise(() => undefined),
              }),
            ),
          )
        : fetch(input, init);
    const url = new URL(`${hub.url}/${ID}/resolve/main`);
    expect(await ending(url, { fetch: stuck, stallTimeout: 100 })).toBe('ModelUnreachableError');
  });

  it('if every byte of a Hub file takes a while', async () => {
    hub.fault = ({ path }, response, content) => {
      if (!content || !path.endsWith('/tokenizer.json')) return false;
      response.writeHead(200, { 'content-length': content.bytes.length });
      let sent = 0;
      const timer = setInterval(() => {
        if (response.destroyed) clearInterval(timer);
        else response.write(content.bytes.subarray(sent, ++sent));
      }, 20);
      return true;
    };
    const started = Date.now();
    expect(await ending(ID, { cacheDir: cache, stallTimeout: 200 })).toBe('ModelUnreachableError');
    expect(Date.now() - started).toBeLessThan(NEVER_MILLISECONDS);
    expect(unfinished(cache)).toEqual([]);
  }, 60_000);
});

describe('JSON of a server', () => {
  const DEEP = new Uint8Array(10 << 20).fill('['.charCodeAt(0));
  const WIDE = new TextEncoder().encode(`[${'{},'.repeat(3_000_000)}{}]`);

  it.each([
    ['a deeply nested revision', /\/revision\//, DEEP],
    ['a deeply nested listing', /\/tree\//, DEEP],
    ['a listing of three million objects', /\/tree\//, WIDE],
  ] as const)('is refused with little time and memory if it is %s', async (_, pattern, body) => {
    hub.fault = ({ path }, response) => {
      if (!pattern.test(path)) return false;
      response.end(body);
      return true;
    };
    const heap = process.memoryUsage().heapUsed;
    const started = Date.now();
    expect(await ending(ID, { cacheDir: cache })).toBe('MalformedModelError');
    expect(Date.now() - started).toBeLessThan(2000);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(100e6);
  });

  it('is refused if it is the config or the header of a model', async () => {
    const config = await loadStaticModel({ ...modelFiles('float32'), 'config.json': DEEP }).catch(
      (error: unknown) => error,
    );
    expect(config).toMatchObject({ code: 'malformed-model', file: 'config.json' });
    const header = new TextEncoder().encode('{"embeddings":');
    const table = new Uint8Array(8 + header.length + DEEP.length);
    new DataView(table.buffer).setUint32(0, table.length - 8, true);
    table.set(header, 8);
    table.set(DEEP, 8 + header.length);
    const model = await loadStaticModel({ ...modelFiles('float32'), 'model.safetensors': table }).catch(
      (error: unknown) => error,
    );
    expect(model).toMatchObject({ code: 'malformed-model', file: 'model.safetensors' });
  });
});
