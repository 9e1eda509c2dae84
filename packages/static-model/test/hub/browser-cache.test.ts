import { caches, install } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HubAccess } from '../../src/hub/hub-access.js';
import { openHubFolder } from '../../src/hub/web/hub-folder.js';
import type { LoadProgress } from '../../src/source/load-progress.js';
import type { ModelFolder } from '../../src/source/model-folder.js';
import { modelFiles } from '../model-fixture.js';
import { repositoryFiles } from './hub-model.js';
import { HubServer } from './hub-server.js';

const ID = 'org/name';
const TOKEN = 'hf_secretSECRETsecret';
const FAST = {
  retries: 2,
  firstDelayMilliseconds: 1,
  longestDelayMilliseconds: 2,
  longestRetryAfterSeconds: 2,
};
const PATHS = ['config.json', 'model.safetensors', 'tokenizer.json'];

const hub = new HubServer();

beforeAll(async () => {
  await hub.start();
  // A browser's environment: a cache, and matching `fetch` and `Response`.
  for (const name of ['fetch', 'Headers', 'Request', 'Response', 'FormData'] as const) {
    vi.stubGlobal(name, globalThis[name]);
  }
  install();
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await hub.stop();
});
beforeEach(() => {
  vi.stubGlobal('caches', caches);
  hub.repositories.clear();
  hub.seen.length = 0;
  hub.fault = () => false;
  hub.commit(ID, repositoryFiles());
});
afterEach(async () => {
  for (const name of await caches.keys()) await caches.delete(name);
});

function open(
  access: HubAccess = {},
  {
    onProgress = () => undefined,
    signal = new AbortController().signal,
  }: {
    readonly onProgress?: (progress: LoadProgress) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<ModelFolder> {
  return openHubFolder(ID, { endpoint: hub.url, ...access }, '', { signal, onProgress, retry: FAST });
}

async function contents(access: HubAccess = {}): Promise<Record<string, Uint8Array | undefined>> {
  const folder = await open(access);
  return Object.fromEntries(
    await Promise.all(PATHS.map(async (path) => [path, await folder.read(path)] as const)),
  );
}

async function rejectionOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new RangeError('it was found');
}

/** Answers requests for the table, the first `times` of them. */
function faultOnTable(answer: (response: Parameters<typeof hub.fault>[1]) => void, times = 99): void {
  let count = 0;
  hub.fault = ({ host }, response) => {
    if (host !== 'cdn' || count++ >= times) return false;
    answer(response);
    return true;
  };
}

describe('a Hub model in a browser', () => {
  it('is fetched once, and then read from the Cache API without a request', async () => {
    expect(await contents()).toEqual(modelFiles('float32'));
    hub.seen.length = 0;
    hub.commit(ID, repositoryFiles('int8'));
    expect(await contents()).toEqual(modelFiles('float32'));
    expect(await contents({ localFilesOnly: true })).toEqual(modelFiles('float32'));
    expect(hub.seen).toEqual([]);
    expect(await contents({ forceDownload: true })).toEqual(modelFiles('int8'));
    expect(await contents({ localFilesOnly: true })).toEqual(modelFiles('int8'));
  });

  it('is cached by revision', async () => {
    hub.commit(ID, repositoryFiles('int8'), { ref: 'refs/pr/1' });
    expect(await contents({ revision: 'refs/pr/1' })).toEqual(modelFiles('int8'));
    expect(await contents()).toEqual(modelFiles('float32'));
    expect((await open({ revision: 'refs/pr/1' })).origin).toBe(`${ID}@refs/pr/1`);
  });

  it('requests only its own files', async () => {
    const folder = await open();
    expect(await folder.read('config_sentence_transformers.json')).toBeUndefined();
    expect(hub.seen.filter(({ path }) => path.includes('resolve'))).toEqual([]);
  });

  it('reports progress in bytes while it is fetched', async () => {
    const reports: LoadProgress[] = [];
    const file = 'model.safetensors';
    await (await open({}, { onProgress: (progress) => reports.push(progress) })).read(file);
    const size = (modelFiles('float32')[file] as Uint8Array).length;
    expect(reports.at(-1)).toEqual({ from: 'network', file, loadedBytes: size, totalBytes: size });
  });

  it.each([
    ['has no cache', () => vi.stubGlobal('caches', undefined)],
    [
      'refuses its cache',
      () => vi.stubGlobal('caches', { open: () => Promise.reject(new TypeError('denied')) }),
    ],
    [
      'has a full cache',
      () =>
        vi.stubGlobal('caches', {
          open: async () => ({
            match: async () => undefined,
            put: async () => Promise.reject(new RangeError('quota')),
          }),
        }),
    ],
  ])('is fetched each time if the platform %s', async (_, arrange) => {
    arrange();
    for (let i = 0; i < 2; i++) {
      hub.seen.length = 0;
      expect(await contents()).toEqual(modelFiles('float32'));
      expect(hub.seen.length).toBeGreaterThan(3);
    }
    expect(await rejectionOf(contents({ localFilesOnly: true }))).toMatchObject({ code: 'model-not-found' });
  });

  it.each([
    ['the wrong content', (size: number) => new Uint8Array(size), 'corrupt-download'],
    ['too much', (size: number) => new Uint8Array(size + 1), 'corrupt-download'],
    ['too little', (size: number) => new Uint8Array(size - 1), 'model-unreachable'],
  ])('with %s is fetched again, refused if that persists, and never cached', async (_, body, code) => {
    const size = (modelFiles('float32')['model.safetensors'] as Uint8Array).length;
    const secure = globalThis.crypto;
    for (const crypto of [secure, {}]) {
      vi.stubGlobal('crypto', crypto);
      faultOnTable((response) => response.end(body(size)));
      const error = await rejectionOf(contents());
      expect(error).toMatchObject({ code });
      expect(error.message).not.toContain('signature');
      expect(await rejectionOf(contents({ localFilesOnly: true }))).toMatchObject({
        code: 'model-not-found',
      });
    }
    vi.stubGlobal('crypto', secure);
    faultOnTable((response) => response.end(body(size)), 1);
    expect(await contents()).toEqual(modelFiles('float32'));
  });

  it('is checked even if git holds the file itself', async () => {
    hub.fault = ({ path }, response, content) => {
      if (!path.endsWith('config.json')) return false;
      response.end(new Uint8Array(content!.bytes.length));
      return true;
    };
    expect(await rejectionOf(contents())).toMatchObject({ code: 'corrupt-download', file: 'config.json' });
  });

  it('is fetched again if a cached file has another length, or on request another content', async () => {
    const size = (modelFiles('float32')['model.safetensors'] as Uint8Array).length;
    await contents();
    const [name] = await caches.keys();
    const cache = await caches.open(name!);
    for (const [length, access] of [
      [5, {}],
      [size, { forceDownload: true }],
    ] as const) {
      for (const request of await cache.keys()) {
        if (!request.url.endsWith('model.safetensors')) continue;
        await cache.put(request, new Response(new Uint8Array(length)) as never);
      }
      expect(await contents(access)).toEqual(modelFiles('float32'));
      expect(await contents({ localFilesOnly: true })).toEqual(modelFiles('float32'));
    }
  });

  it('is loaded after a temporary failure, and not after a permanent one', async () => {
    faultOnTable((response) => response.writeHead(503).end(), 2);
    expect(await contents()).toEqual(modelFiles('float32'));
    hub.commit(ID, repositoryFiles('int8'));
    faultOnTable((response) => response.writeHead(503).end());
    expect(await rejectionOf(contents({ forceDownload: true }))).toMatchObject({
      code: 'model-unreachable',
      status: 503,
    });
    expect(await rejectionOf(open({ revision: 'none' }))).toMatchObject({ code: 'model-not-found' });
  });

  it('sends its token to no other host, and stops on request', async () => {
    hub.repositories.clear();
    hub.commit(ID, repositoryFiles(), { token: TOKEN });
    expect(await contents({ token: TOKEN })).toEqual(modelFiles('float32'));
    expect(new Set(hub.seen.map(({ host, authorization }) => `${host} ${authorization}`))).toEqual(
      new Set([`hub Bearer ${TOKEN}`, 'cdn undefined']),
    );
    const controller = new AbortController();
    const reason = new RangeError('enough');
    hub.commit(ID, repositoryFiles('int8'));
    const folder = await open({ token: TOKEN, forceDownload: true }, { signal: controller.signal });
    controller.abort(reason);
    expect(await rejectionOf(folder.read('model.safetensors'))).toBe(reason);
  });

  it.each<HubAccess>([{ forceDownload: true, localFilesOnly: true }, { revision: '..' }, { token: 'a b' }])(
    '%j is refused before any request',
    async (access) => {
      expect(await rejectionOf(open(access))).toMatchObject({ code: 'invalid-argument' });
      expect(hub.seen).toEqual([]);
    },
  );
});
