import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { environmentToken, hubCacheFolder, offlineVariable } from '../../src/hub/node/environment.js';
import { type LoadStaticModelOptions, loadStaticModel } from '../../src/load-static-model.js';
import type { StaticModel } from '../../src/static-model.js';
import { modelFiles } from '../model-fixture.js';
import { emitSources } from './emitted-sources.js';
import { repositoryFiles, tableFile } from './hub-model.js';
import { answerBytes, HubServer, sha256 } from './hub-server.js';
import { startUser } from './hub-user.js';
import { type PythonRequest, preparePython, python, startPython } from './python-client.js';

const ID = 'org/na-me_1.x';
const FOLDER = 'models--org--na-me_1.x';
/** The files that Python's model2vec requests. */
const PATTERNS = [
  '0_StaticEmbedding/model.safetensors',
  '0_StaticEmbedding/tokenizer.json',
  'README.md',
  'config.json',
  'config_sentence_transformers.json',
  'model.safetensors',
  'tokenizer.json',
];

const hub = new HubServer();
let executable: string;
let sources: Awaited<ReturnType<typeof emitSources>>;
let cache: string;

beforeAll(async () => {
  [executable, sources] = await Promise.all([preparePython(), emitSources('shared-cache'), hub.start()]);
}, 600_000);
afterAll(async () => {
  await hub.stop();
  await sources.remove();
});
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'hub-cache-'));
  for (const name of Object.keys(process.env)) {
    if (/^(?:HF_|HUGGING|TRANSFORMERS_|XDG_CACHE)|_PROXY$/i.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'no-token'));
  hub.repositories.clear();
  hub.seen.length = 0;
  hub.fault = () => false;
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

function ours(options: LoadStaticModelOptions = {}): Promise<StaticModel> {
  return loadStaticModel(ID, { endpoint: hub.url, cacheDir: cache, ...options });
}

async function theirs(
  request: PythonRequest,
  settings: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const environment = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, ...settings };
  return (await python(executable, { id: ID, ...request }, environment)) as Record<string, unknown>;
}

/** Describes a repository's folder in a cache: link targets, blob sizes, and the content of all other files. */
function drawn(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(join(folder, FOLDER), { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, FOLDER, entry);
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) found[entry] = `-> ${readlinkSync(path)}`;
    else if (!stats.isFile()) continue;
    else found[entry] = entry.startsWith('blobs') ? String(stats.size) : readFileSync(path, 'utf8');
  }
  return found;
}

/** Runs `work`, during which the Hub must receive no request. */
async function withoutRequests<T>(work: () => Promise<T>): Promise<T> {
  hub.seen.length = 0;
  hub.fault = (_, response) => Boolean(response.writeHead(500).end());
  const result = await work();
  expect(hub.seen).toEqual([]);
  hub.fault = () => false;
  return result;
}

async function fingerprintOf(name: string): Promise<string> {
  return (await loadStaticModel(modelFiles(name))).fingerprint;
}

const REVISIONS = ['main', 'v1.0', 'refs/pr/3', 'feature/x'];

function publish(): readonly string[] {
  return [
    hub.commit(ID, repositoryFiles('float32')),
    hub.commit(ID, repositoryFiles('static-embedding'), { ref: 'v1.0' }),
    hub.commit(ID, repositoryFiles('sentence-transformers'), { ref: 'refs/pr/3' }),
    hub.commit(
      ID,
      { ...repositoryFiles('int8'), ...repositoryFiles('static-embedding') },
      { ref: 'feature/x' },
    ),
  ];
}

describe("a cache that this package has filled, and Python's own", () => {
  it.each([
    ['links', {}],
    ['files, where links are not wanted', { HF_HUB_DISABLE_SYMLINKS: '1' }],
  ])('are the same to the byte with %s', async (_, settings) => {
    const commits = publish();
    const revisions = [...REVISIONS, commits[0]!];
    for (const revision of revisions) {
      // On one thread: without links the client moves what it has fetched to its place, and where two files have the same
      // content, another of its threads may then look for it where it was.
      const answer = await theirs({ do: 'snapshot', revision, patterns: PATTERNS, threads: 1 }, settings);
      expect(answer).toHaveProperty('path');
    }
    const expected = drawn(cache);
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    const own = mkdtempSync(join(cache, 'own-'));
    for (const revision of revisions) await ours({ revision, cacheDir: own });
    const found = drawn(own);
    // Files that the Hub lacks are recorded as Python does for single files.
    const noted = Object.keys(found).filter((path) => path.startsWith('.no_exist/'));
    expect(noted.length).toBeGreaterThan(0);
    for (const path of noted) {
      delete found[path];
      const [, commit, ...file] = path.split('/');
      const { path: cached, absent } = await pythonSees(own, file.join('/'), commit!, noted.indexOf(path));
      expect([cached, absent]).toEqual([null, true]);
    }
    expect(found).toEqual(expected);
    expect(readFileSync(join(own, 'CACHEDIR.TAG'), 'utf8')).toMatch(
      /^Signature: 8a477f597d28d172789f06886806bc55\n/,
    );
  });

  /** Asks Python only about the first of them, because each question is a process. */
  async function pythonSees(
    folder: string,
    file: string,
    revision: string,
    index: number,
  ): Promise<Record<string, unknown>> {
    if (index > 0) return { path: null, absent: true };
    return theirs({ do: 'cached-file', file, revision }, { HF_HUB_CACHE: folder });
  }
});

describe('what this package has fetched', () => {
  it('Python finds without the Hub, with each of its methods', async () => {
    const [commit, tagged] = publish();
    await ours();
    await ours({ revision: 'v1.0' });
    const offline = { HF_HUB_OFFLINE: '1' };
    const texts = ['alpha beta', 'gamma'];
    await withoutRequests(async () => {
      const [snapshot, whole, file, cached, scan, model] = await Promise.all([
        theirs({ do: 'snapshot', patterns: PATTERNS }, offline),
        theirs({ do: 'snapshot' }, offline),
        theirs({ do: 'file', file: '0_StaticEmbedding/model.safetensors', revision: 'v1.0' }, offline),
        theirs({ do: 'cached-file', file: 'config.json' }, offline),
        theirs({ do: 'scan' }, offline),
        theirs({ do: 'model', texts }, offline),
      ]);
      expect(snapshot).toEqual({ path: join(cache, FOLDER, 'snapshots', commit!) });
      // With the listing, Python knows that a model is not the whole repository.
      expect(whole).toMatchObject({ error: 'IncompleteSnapshotError' });
      const nested = join(cache, FOLDER, 'snapshots', tagged!, '0_StaticEmbedding/model.safetensors');
      expect(file).toEqual({ path: nested });
      expect(cached).toEqual({ path: join(cache, FOLDER, 'snapshots', commit!, 'config.json') });
      expect(scan).toMatchObject({ warnings: [], incomplete: 0 });
      const revisions = (
        scan.repos as Record<string, { revisions: Record<string, { refs: string[]; files: string[] }> }>
      )[ID]!.revisions;
      expect(revisions[commit!]).toMatchObject({
        refs: ['main'],
        files: ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json'],
      });
      expect(Object.keys(revisions)).toHaveLength(2);
      expect(model).toMatchObject({ shape: expect.any(Array) });
    });
    expect(await theirs({ do: 'verify' })).toEqual({ checked: expect.any(Number), mismatches: 0 });
  });

  it('Python does not fetch again with the Hub', async () => {
    publish();
    await ours();
    hub.seen.length = 0;
    const answer = await theirs({ do: 'snapshot', patterns: PATTERNS });
    expect(answer).toHaveProperty('path');
    expect(hub.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /api/models/${ID}/revision/main`,
    ]);
  });
});

describe('what Python has fetched', () => {
  it.each(['snapshot', 'file'] as const)('this package finds without the Hub (%s)', async (how) => {
    publish();
    for (const revision of ['main', 'feature/x']) {
      if (how === 'snapshot') await theirs({ do: how, revision, patterns: PATTERNS });
      else {
        for (const file of ['config.json', 'model.safetensors', 'tokenizer.json']) {
          await theirs({ do: how, revision, file });
        }
      }
    }
    await withoutRequests(async () => {
      expect((await ours({ localFilesOnly: true })).fingerprint).toBe(await fingerprintOf('float32'));
      expect((await ours({ revision: 'feature/x' })).fingerprint).toBe(await fingerprintOf('int8'));
    });
  });

  it('of another layout this package trusts if Python recorded what the Hub lacks', async () => {
    publish();
    await theirs({ do: 'file', revision: 'refs/pr/3', file: 'config.json' });
    for (const file of ['config_sentence_transformers.json', 'model.safetensors', 'tokenizer.json']) {
      await theirs({ do: 'file', revision: 'refs/pr/3', file });
    }
    await withoutRequests(async () => {
      expect((await ours({ revision: 'refs/pr/3' })).layout).toBe('sentence-transformers');
    });
  });

  it('in part this package completes, and fetches only what is missing', async () => {
    publish();
    await theirs({ do: 'file', file: 'model.safetensors' });
    hub.seen.length = 0;
    expect((await ours()).fingerprint).toBe(await fingerprintOf('float32'));
    expect(hub.seen.filter(({ host }) => host === 'cdn')).toEqual([]);
    expect(await theirs({ do: 'scan' })).toMatchObject({ warnings: [] });
  });

  it('and updated is followed by both', async () => {
    publish();
    await theirs({ do: 'snapshot', patterns: PATTERNS });
    const moved = hub.commit(ID, repositoryFiles('weights-float32'));
    expect((await ours({ forceDownload: true })).fingerprint).toBe(await fingerprintOf('weights-float32'));
    const answer = await theirs({ do: 'snapshot', patterns: PATTERNS }, { HF_HUB_OFFLINE: '1' });
    expect(answer).toEqual({ path: join(cache, FOLDER, 'snapshots', moved) });
    expect(await theirs({ do: 'scan' })).toMatchObject({ warnings: [], incomplete: 0 });
  });
});

describe('eight processes at once', () => {
  it('four of Python and four of Node, end with one good copy', async () => {
    const table = tableFile(100_000);
    const commit = hub.commit(ID, repositoryFiles('float32', table));
    // Slow enough for all of them to overlap.
    let together = 0;
    let most = 0;
    hub.fault = ({ host, method }, response) => {
      if (host !== 'cdn' || method !== 'GET') return false;
      most = Math.max(most, ++together);
      response.on('close', () => together--);
      setTimeout(() => answerBytes(response.req, response, table), 1500);
      return true;
    };
    const settings = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache };
    const node = Array.from({ length: 4 }, () => startUser(sources.index, ID, settings).result);
    const pythons = Array.from({ length: 4 }, () => theirs({ do: 'snapshot', patterns: PATTERNS }));
    const path = join(cache, FOLDER, 'snapshots', commit);
    for (const answer of await Promise.all(pythons)) expect(answer).toEqual({ path });
    const results = await Promise.all(node);
    const expected = await loadStaticModel({ ...modelFiles('float32'), 'model.safetensors': table });
    for (const result of results) expect(result).toEqual({ fingerprint: expected.fingerprint });
    expect(most).toBeGreaterThan(1);
    expect(sha256(readFileSync(join(path, 'model.safetensors')))).toBe(sha256(table));
    expect(readdirSync(join(cache, FOLDER, 'blobs')).filter((name) => name.includes('.'))).toEqual([]);
    expect(await theirs({ do: 'scan' })).toMatchObject({ warnings: [], incomplete: 0 });
    await withoutRequests(() => ours());
  });

  it('with two of each language killed, leave one good copy for the others', async () => {
    const table = tableFile(100_000);
    const commit = hub.commit(ID, repositoryFiles('float32', table));
    const expected = await loadStaticModel({ ...modelFiles('float32'), 'model.safetensors': table });
    const settings = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache };
    // Each process gets a half, and the rest once the killed ones are dead.
    const waiting: (() => void)[] = [];
    hub.fault = ({ host, method }, response, content) => {
      if (host !== 'cdn' || method !== 'GET') return false;
      const { bytes } = content!;
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2));
      waiting.push(() => response.end(bytes.subarray(bytes.length / 2)));
      return true;
    };
    const request = { do: 'snapshot', id: ID, patterns: PATTERNS } as const;
    const node = Array.from({ length: 4 }, () => startUser(sources.index, ID, settings));
    const pythons = Array.from({ length: 4 }, () => startPython(executable, request, settings));
    const locks = join(cache, '.locks', FOLDER);
    // Node's four, and the one of Python that holds the lock of the table.
    await vi.waitUntil(() => waiting.length >= 5 && existsSync(locks), 30_000);
    for (const { child } of [...node.slice(0, 2), ...pythons.slice(0, 2)]) child.kill('SIGKILL');
    for (const { result } of [...node.slice(0, 2), ...pythons.slice(0, 2)]) {
      expect(await result).toEqual({ code: 'SIGKILL' });
    }
    hub.fault = () => false;
    for (const finish of waiting) finish();
    for (const { result } of node.slice(2)) {
      expect(await result).toEqual({ fingerprint: expected.fingerprint });
    }
    const path = join(cache, FOLDER, 'snapshots', commit);
    for (const { result } of pythons.slice(2)) expect(await result).toEqual({ path });
    expect(sha256(readFileSync(join(path, 'model.safetensors')))).toBe(sha256(table));
    const blobs = readdirSync(join(cache, FOLDER, 'blobs'));
    const left = blobs.filter((name) => name.includes('.'));
    expect(left.length).toBeGreaterThanOrEqual(2);
    expect(left.every((name) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})\.[0-9a-f]{8}\.incomplete$/.test(name))).toBe(
      true,
    );
    await withoutRequests(async () => {
      expect((await ours()).fingerprint).toBe(expected.fingerprint);
      expect(await theirs(request, { HF_HUB_OFFLINE: '1' })).toEqual({ path });
    });
  });
});

describe('while Python holds its lock', () => {
  it('this package neither waits for it nor breaks it', async () => {
    const commit = hub.commit(ID, repositoryFiles('float32'));
    let finish: (() => void) | undefined;
    hub.fault = ({ host, method }, response, content) => {
      if (host !== 'cdn' || method !== 'GET' || finish !== undefined) return false;
      finish = () => void response.writeHead(200).end(content!.bytes);
      return true;
    };
    const slow = theirs({ do: 'snapshot', patterns: PATTERNS });
    await vi.waitUntil(() => finish !== undefined, 30_000);
    const locks = join(cache, '.locks', FOLDER);
    expect(readdirSync(locks)).toContain(
      `${sha256(repositoryFiles('float32')['model.safetensors']!.bytes)}.lock`,
    );
    expect((await ours()).fingerprint).toBe(await fingerprintOf('float32'));
    finish!();
    expect(await slow).toEqual({ path: join(cache, FOLDER, 'snapshots', commit) });
    expect(await theirs({ do: 'scan' })).toMatchObject({ warnings: [], incomplete: 0 });
    await withoutRequests(() => ours());
  });
});

describe('the environment', () => {
  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['HF_HOME', { HF_HOME: ['/some/$NAME/$', '{OTHER}/$UNKNOWN'].join(''), NAME: 'na me', OTHER: 'x' }],
    ['a home', { HF_HOME: '~/models', HF_TOKEN: '  hf_a \n' }],
    ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '~/.other' }],
    ['an old name', { HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/new', HUGGING_FACE_HUB_TOKEN: 'hf_old' }],
    ['HF_HUB_CACHE', { HF_HUB_CACHE: '~/a/../b', HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_OFFLINE: 'On' }],
    ['offline twice', { HF_HUB_OFFLINE: '0', TRANSFORMERS_OFFLINE: '1' }],
    ['offline by another', { TRANSFORMERS_OFFLINE: 'True', HF_HUB_OFFLINE: '' }],
  ])('with %s is read as Python reads it', async (_, settings) => {
    const found = await python(
      executable,
      { do: 'constants' },
      { HF_TOKEN_PATH: join(cache, 'none'), ...settings },
    );
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    const {
      cache: folder,
      token,
      offline,
    } = found as { cache: string; token: string | null; offline: boolean };
    expect(hubCacheFolder()).toBe(join(folder));
    expect(hubCacheFolder().startsWith(homedir()) || hubCacheFolder().startsWith('/')).toBe(true);
    expect((await environmentToken())?.token ?? null).toBe(token);
    expect(offlineVariable() !== undefined).toBe(offline);
  });
});
