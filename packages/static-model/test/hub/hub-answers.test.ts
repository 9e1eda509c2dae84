import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HubAccess } from '../../src/hub/hub-access.js';
import { modelSelection } from '../../src/hub/node/file-selection.js';
import { openSnapshot } from '../../src/hub/node/node-hub.js';
import { type LoadStaticModelOptions, loadStaticModel } from '../../src/load-static-model.js';
import type { LoadProgress } from '../../src/source/load-progress.js';
import type { StaticModel } from '../../src/static-model.js';
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

const hub = new HubServer();
let cache: string;

beforeAll(() => hub.start());
afterAll(() => hub.stop());
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'hub-cache-'));
  for (const name of Object.keys(process.env)) {
    if (/^(?:HF_|HUGGING|TRANSFORMERS_|XDG_CACHE)|_PROXY$/i.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HF_HUB_CACHE', cache);
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'no-token'));
  vi.stubEnv('HF_ENDPOINT', hub.url);
  hub.repositories.clear();
  hub.seen.length = 0;
  hub.fault = () => false;
  hub.pageSize = 1000;
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

async function rejectionOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new RangeError('it loaded');
}

/** Finds a model with pauses that a test can wait for. */
function open(access: HubAccess = {}, options: { fetch?: typeof fetch; signal?: AbortSignal } = {}) {
  const { signal = new AbortController().signal } = options;
  return openSnapshot(ID, access, modelSelection(''), {
    signal,
    onProgress: () => undefined,
    retry: FAST,
    fetch: options.fetch,
  });
}

function load(options: LoadStaticModelOptions = {}): Promise<StaticModel> {
  return loadStaticModel(ID, options);
}

/** Whether no incomplete file is left. */
function isClean(): boolean {
  return readdirSync(cache, { recursive: true, encoding: 'utf8' }).every(
    (path) => !path.endsWith('.incomplete') && !path.endsWith('.tmp'),
  );
}

describe('a Hub id', () => {
  it('is fetched once, and then read without a request', async () => {
    hub.commit(ID, repositoryFiles());
    const expected = await loadStaticModel(modelFiles('float32'));
    const model = await load();
    expect(model.fingerprint).toBe(expected.fingerprint);
    expect(model.origin).toBe(ID);
    expect(hub.seen.length).toBeGreaterThan(0);
    hub.seen.length = 0;
    hub.commit(ID, repositoryFiles('int8'));
    expect((await load()).fingerprint).toBe(expected.fingerprint);
    expect(hub.seen).toEqual([]);
  });

  it('requests only what a model needs', async () => {
    hub.commit(ID, repositoryFiles());
    await load();
    const paths = hub.seen.map(({ path }) => path.replace(/[0-9a-f]{40,}/, '…').split('?')[0]);
    expect(paths.sort()).toEqual([
      '/api/models/org/name/revision/main',
      '/api/models/org/name/tree/…',
      '/files/…',
      '/org/name/resolve/…/README.md',
      '/org/name/resolve/…/config.json',
      '/org/name/resolve/…/model.safetensors',
      '/org/name/resolve/…/tokenizer.json',
    ]);
  });

  it('is looked up again on request, and only new files are fetched', async () => {
    hub.commit(ID, repositoryFiles('float32'));
    await load();
    hub.commit(ID, repositoryFiles('weights-float32'));
    hub.seen.length = 0;
    const model = await load({ forceDownload: true });
    expect(model.fingerprint).toBe((await loadStaticModel(modelFiles('weights-float32'))).fingerprint);
    const fetched = hub.seen
      .filter(({ path }) => path.includes('resolve'))
      .map(({ path }) => path.split('/').at(-1));
    expect(fetched).toContain('model.safetensors');
    expect(fetched).not.toContain('tokenizer.json');
    hub.seen.length = 0;
    expect((await load()).fingerprint).toBe(model.fingerprint);
    expect(hub.seen).toEqual([]);
  });

  it.each([
    ['a branch', 'dev'],
    ['a tag', 'v1.0'],
    ['a pull request', 'refs/pr/12'],
    ['a branch with slashes', 'feature/a/b'],
  ])('is found at %s', async (_, revision) => {
    hub.commit(ID, repositoryFiles('int8'));
    hub.commit(ID, repositoryFiles('float32'), { ref: revision });
    const model = await load({ revision });
    expect(model.origin).toBe(`${ID}@${revision}`);
    expect(model.table.dtype).toBe('float32');
    hub.seen.length = 0;
    expect((await load({ revision })).table.dtype).toBe('float32');
    expect(hub.seen).toEqual([]);
    expect((await load()).table.dtype).toBe('int8');
  });

  it('is found at a commit, with one request less', async () => {
    const commit = hub.commit(ID, repositoryFiles('float32'));
    hub.commit(ID, repositoryFiles('int8'));
    expect((await load({ revision: commit })).table.dtype).toBe('float32');
    expect(hub.seen.some(({ path }) => path.includes('/revision/'))).toBe(false);
    hub.seen.length = 0;
    expect((await load({ revision: commit })).table.dtype).toBe('float32');
    expect(hub.seen).toEqual([]);
  });

  it('can have its model in a folder, and several of them', async () => {
    const files = Object.entries(repositoryFiles('float32')).map(([path, file]) => [
      `small/ü b/${path}`,
      file,
    ]);
    hub.commit(ID, { ...repositoryFiles('int8'), ...Object.fromEntries(files) });
    expect((await load({ subfolder: 'small/ü b' })).table.dtype).toBe('float32');
    expect(hub.seen.some(({ path }) => path.endsWith('/config.json') && !path.includes('small'))).toBe(false);
    expect((await load()).table.dtype).toBe('int8');
    hub.seen.length = 0;
    expect((await load({ subfolder: '/small/ü b/' })).table.dtype).toBe('float32');
    expect(hub.seen).toEqual([]);
    const error = await rejectionOf(load({ subfolder: 'other' }));
    expect(error).toMatchObject({
      code: 'model-not-found',
      remedy: { code: 'use-subfolder', subfolders: ['small/ü b'] },
    });
    expect(error.message).toContain('org/name: there is no model in other/, but there is one in small/ü b.');
  });

  it('is found in a listing of many pages, even through a mirror that passes on other addresses', async () => {
    hub.commit(ID, repositoryFiles());
    hub.pageSize = 2;
    expect((await load()).table.rows).toBeGreaterThan(0);
    expect(hub.seen.filter(({ path }) => path.includes('cursor=')).length).toBeGreaterThan(1);
  });

  it('may be below a path, like mirrors in a company', async () => {
    hub.commit(ID, repositoryFiles());
    const proxy = createServer((request, response) => {
      const path = request.url!.replace(/^\/api\/huggingface/, '');
      response.writeHead(307, { location: `${hub.url}${path}` }).end();
    });
    const url = await listen(proxy);
    expect((await load({ endpoint: `${url}/api/huggingface/` })).table.dtype).toBe('float32');
    await close(proxy);
  });

  it('is found by its hash if `fetch` follows redirects by itself', async () => {
    hub.commit(ID, repositoryFiles());
    await open({}, { fetch: (url, init) => fetch(url, { ...init, redirect: 'follow' }) });
    const blobs = readdirSync(join(cache, 'models--org--name/blobs'));
    expect(blobs.filter((name) => !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name))).toEqual([]);
    expect((await load({ localFilesOnly: true })).table.dtype).toBe('float32');
  });

  it('that was renamed follows the new name with its token, and sends it nowhere else', async () => {
    hub.commit('new/name', repositoryFiles(), { token: TOKEN });
    hub.fault = ({ host, path }, response) => {
      if (host !== 'hub' || !path.includes('org/name')) return false;
      response.writeHead(307, { location: path.replace('org/name', 'new/name') }).end();
      return true;
    };
    expect((await load({ token: TOKEN })).table.dtype).toBe('float32');
    const hosts = new Map(hub.seen.map(({ host, authorization }) => [host, authorization]));
    expect(Object.fromEntries(hosts)).toEqual({ hub: `Bearer ${TOKEN}`, cdn: undefined });
  });

  it('reports progress while it is fetched, and then while it is read', async () => {
    hub.commit(ID, repositoryFiles());
    const reports: LoadProgress[] = [];
    await load({ onProgress: (progress) => reports.push(progress) });
    const file = 'model.safetensors';
    const size = (modelFiles('float32')[file] as Uint8Array).length;
    for (const from of ['network', 'disk']) {
      const last = reports.filter((report) => report.from === from && report.file === file).at(-1);
      expect(last).toEqual({ from, file, loadedBytes: size, totalBytes: size });
    }
    reports.length = 0;
    await load({ onProgress: (progress) => reports.push(progress) });
    expect(new Set(reports.map(({ from }) => from))).toEqual(new Set(['disk']));
  });

  it('is completed first if an earlier layout than the cached one exists', async () => {
    hub.commit(ID, { ...repositoryFiles('sentence-transformers'), ...repositoryFiles('float32') });
    await load();
    const [commit] = readdirSync(join(cache, 'models--org--name/snapshots'));
    const config = join(cache, 'models--org--name/snapshots', commit!, 'config.json');
    rmSync(config);
    expect((await load()).layout).toBe('model2vec');
    rmSync(config);
    expect(await rejectionOf(load({ localFilesOnly: true }))).toMatchObject({ code: 'model-not-found' });
    rmSync(join(cache, 'models--org--name/trees'), { recursive: true });
    // Then the cache cannot know better, and Python loads it too.
    expect((await load({ localFilesOnly: true })).layout).toBe('sentence-transformers');
    expect((await load()).layout).toBe('model2vec');
  });
});

describe('without the Hub', () => {
  it.each([
    ['localFilesOnly', { localFilesOnly: true }, {}],
    ['HF_HUB_OFFLINE', {}, { HF_HUB_OFFLINE: '1' }],
    ['HF_HUB_OFFLINE', { localFilesOnly: false }, { HF_HUB_OFFLINE: 'yes' }],
    ['TRANSFORMERS_OFFLINE', {}, { TRANSFORMERS_OFFLINE: 'true' }],
  ])('%s makes no request %j %j', async (name, options, environment) => {
    hub.commit(ID, repositoryFiles());
    for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
    const error = await rejectionOf(load(options));
    expect(error).toMatchObject({ code: 'model-not-found' });
    expect(error.message).toContain(`${ID} is not in the cache ${cache}, and ${name} forbids`);
    expect(await rejectionOf(load({ ...options, forceDownload: true }))).toMatchObject({
      code: 'invalid-argument',
    });
    for (const variable of Object.keys(environment)) vi.stubEnv(variable, '0');
    expect(hub.seen).toEqual([]);
    await load();
    hub.seen.length = 0;
    for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
    expect((await load(options)).table.dtype).toBe('float32');
    expect(hub.seen).toEqual([]);
  });

  it('a cached model is loaded, and a newest one is refused', async () => {
    hub.commit(ID, repositoryFiles());
    await load();
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
    expect((await load()).table.dtype).toBe('float32');
    expect(await rejectionOf(open({ forceDownload: true }))).toMatchObject({ code: 'model-unreachable' });
  });
});

describe('an answer of the Hub', () => {
  it.each([
    [401, 'RepoNotFound', 'model-refused', 'private or does not exist, and no folder has that name'],
    [401, 'GatedRepo', 'model-refused', 'is gated; accept its terms'],
    [403, 'GatedRepo', 'model-refused', 'is gated; accept its terms'],
    [403, undefined, 'model-refused', 'check the token and what it may read'],
    [404, 'RepoNotFound', 'model-not-found', 'the Hub has no such model'],
    [404, 'RevisionNotFound', 'model-not-found', 'no revision "v9"'],
    [404, undefined, 'model-not-found', 'nothing found at'],
    [502, undefined, 'model-unreachable', 'HTTP 502'],
    [418, undefined, 'model-unreachable', 'HTTP 418'],
  ])('%d %s fails with %s', async (status, hubCode, code, message) => {
    hub.fault = (_, response) => {
      response.writeHead(status, hubCode === undefined ? {} : { 'x-error-code': hubCode }).end();
      return true;
    };
    const error = await rejectionOf(open({ revision: 'v9', token: TOKEN }));
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain(TOKEN);
    expect(isClean()).toBe(true);
    // Temporary failures are retried, permanent ones are not.
    expect(hub.seen.length).toBe(status === 502 ? 1 + FAST.retries : 1);
  });

  it('about a private model depends on the token, and about a gated one on its account', async () => {
    hub.commit(ID, repositoryFiles(), { token: TOKEN });
    expect(await rejectionOf(open())).toMatchObject({ code: 'model-refused', status: 401 });
    expect(await rejectionOf(open({ token: 'hf_other' }))).toMatchObject({ code: 'model-not-found' });
    expect((await load({ token: TOKEN })).table.dtype).toBe('float32');
    hub.repositories.clear();
    hub.commit(ID, repositoryFiles('int8'), { token: TOKEN, gated: true });
    const error = await rejectionOf(open({ token: 'hf_other', forceDownload: true }));
    expect(error).toMatchObject({ code: 'model-refused', status: 403 });
    expect(error.message).toContain('gated');
    expect(isClean()).toBe(true);
  });

  it.each([
    ['a web page', '<!doctype html><title>Log in</title>', 'an HTML page'],
    ['no commit', '{"sha":"main"}', 'without the hash of a commit'],
    ['nothing', '', 'other than JSON'],
  ])('that is %s is reported as that', async (_, body, message) => {
    hub.fault = (_request, response) => response.end(body) && true;
    const error = await rejectionOf(open());
    expect(error).toMatchObject({ code: 'malformed-model' });
    expect(error.message).toContain(message);
  });

  it.each([
    '../evil',
    'a/../../evil',
    '/etc/passwd',
    'a\\..\\..\\evil',
    'C:\\evil',
    'C:evil',
    'x/D:evil',
    '\\\\host\\share',
    'a//b',
    './a',
    'nul\0',
  ])('that lists a file %j is refused as a whole', async (path) => {
    hub.commit(ID, { ...repositoryFiles(), [path]: { bytes: new Uint8Array(1) } });
    const error = await rejectionOf(open());
    expect(error).toMatchObject({ code: 'malformed-model' });
    expect(error.message).toContain('outside of its folder');
    expect(hub.seen.some(({ path }) => path.includes('resolve'))).toBe(false);
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each([
    ['no list', { a: 1 }],
    ['no size', [{ type: 'file', path: 'config.json', oid: 'a'.repeat(40) }]],
    ['a size below zero', [{ type: 'file', path: 'config.json', oid: 'a'.repeat(40), size: -1 }]],
    ['no hash', [{ type: 'file', path: 'config.json', oid: '../../x', size: 1 }]],
    [
      'a hash of another kind',
      [{ type: 'file', path: 'config.json', oid: 'a'.repeat(40), size: 1, lfs: { oid: 'x', size: 1 } }],
    ],
    ['no path', [{ type: 'file', oid: 'a'.repeat(40), size: 1 }]],
    ['something else', [null]],
  ])('with %s in its listing is malformed', async (_, listing) => {
    hub.commit(ID, repositoryFiles());
    hub.fault = ({ path }, response) =>
      path.includes('/tree/') && Boolean(response.end(JSON.stringify(listing)));
    expect(await rejectionOf(open())).toMatchObject({ code: 'malformed-model' });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('without a model lists what was looked for', async () => {
    hub.commit(ID, {
      'README.md': { bytes: new Uint8Array(3) },
      'config.json': { bytes: new Uint8Array(3) },
    });
    const error = await rejectionOf(load());
    expect(error).toMatchObject({ code: 'model-not-found' });
    expect(error.message).toContain('there is no model. Looked for config.json + model.safetensors');
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each(['http://other.invalid\\@evil', 'file:///etc/passwd', 'http://u:p@127.0.0.1:1/x', ''])(
    'that redirects to %j is not followed',
    async (location) => {
      hub.fault = (_, response) => Boolean(response.writeHead(302, { location }).end());
      const error = await rejectionOf(open({ token: TOKEN }));
      expect(error).toMatchObject({ code: 'model-unreachable' });
      expect(`${error.message}`).not.toMatch(/u:p|secret/);
    },
  );

  it('that redirects in a circle ends', async () => {
    hub.fault = ({ path }, response) => Boolean(response.writeHead(302, { location: path }).end());
    expect((await rejectionOf(open())).message).toContain('redirects in a row');
    expect(hub.seen.length).toBeLessThan(20);
  });

  it('with an endless listing stops', async () => {
    hub.commit(ID, repositoryFiles());
    hub.fault = ({ path }, response) => {
      if (!path.includes('/tree/')) return false;
      response.writeHead(200, { link: `<${hub.url}${path}>; rel="next"` }).end('[]');
      return true;
    };
    expect((await rejectionOf(open())).message).toContain('more than 100 pages');
  });
});

describe('a token', () => {
  it.each([
    ['HF_TOKEN', { HF_TOKEN: ` ${TOKEN}\n` }],
    ['HUGGING_FACE_HUB_TOKEN', { HUGGING_FACE_HUB_TOKEN: TOKEN }],
  ])('comes from %s, and is named after it', async (name, environment) => {
    hub.commit(ID, repositoryFiles(), { token: TOKEN });
    for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
    expect((await load()).table.dtype).toBe('float32');
    hub.fault = (_, response) => Boolean(response.writeHead(401).end());
    const error = await rejectionOf(open({ forceDownload: true }));
    expect(error.message).toContain(`check the token in ${name}`);
    expect(error.message).not.toContain(TOKEN);
  });

  it('that is passed takes precedence over the environment, which can be ignored', async () => {
    hub.commit(ID, repositoryFiles());
    vi.stubEnv('HF_TOKEN', 'hf_environment');
    await load({ token: TOKEN });
    expect(new Set(hub.seen.filter(({ host }) => host === 'hub').map((seen) => seen.authorization))).toEqual(
      new Set([`Bearer ${TOKEN}`]),
    );
    hub.seen.length = 0;
    vi.stubEnv('HF_HUB_DISABLE_IMPLICIT_TOKEN', '1');
    await load({ forceDownload: true });
    expect(new Set(hub.seen.map((seen) => seen.authorization))).toEqual(new Set([undefined]));
  });

  it('is removed from the message of a failing `fetch`', async () => {
    const failing = (): Promise<Response> => Promise.reject(new TypeError(`cannot send ${TOKEN}`));
    const error = await rejectionOf(open({ token: TOKEN }, { fetch: failing }));
    expect(error).toMatchObject({ code: 'model-unreachable' });
    expect(error.message).toMatch(/cannot send …/);
  });
});

describe('an argument', () => {
  it.each(['', '..', 'a/../b', '/a', 'a//b', 'a\\b', 'a b', 'a:b', '.a', 'a.lock', 'a@{b', 'x'.repeat(300)])(
    'revision %j is refused before any request',
    async (revision) => {
      expect(await rejectionOf(open({ revision }))).toMatchObject({ code: 'invalid-argument' });
      expect(hub.seen).toEqual([]);
    },
  );

  it.each([
    ['HF_ENDPOINT', {}, { HF_ENDPOINT: 'ftp://user:pass@host' }],
    ['HF_ENDPOINT', {}, { HF_ENDPOINT: 'https://user:pass@host' }],
    ['endpoint', { endpoint: 'huggingface.co' }, {}],
    ['cacheDir', { cacheDir: '' }, {}],
    ['HF_HUB_ETAG_TIMEOUT', {}, { HF_HUB_ETAG_TIMEOUT: 'soon' }],
  ])('%s %j %j is refused by name', async (name, access, environment) => {
    for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
    const error = await rejectionOf(open(access));
    expect(error).toMatchObject({ code: 'invalid-argument' });
    expect(error.message).toContain(name);
    expect(error.message).not.toContain('pass@');
  });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
