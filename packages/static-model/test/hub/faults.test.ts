import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HubAccess } from '../../src/hub/hub-access.js';
import type { CachedSnapshot } from '../../src/hub/node/cached-snapshot.js';
import { modelSelection } from '../../src/hub/node/file-selection.js';
import { openSnapshot } from '../../src/hub/node/node-hub.js';
import { loadStaticModel } from '../../src/load-static-model.js';
import type { LoadProgress } from '../../src/source/load-progress.js';
import { emitSources } from './emitted-sources.js';
import { repositoryFiles, tableFile } from './hub-model.js';
import { HubServer, sha256 } from './hub-server.js';
import { startUser } from './hub-user.js';

const ID = 'org/name';
const TABLE = tableFile(20_000);
const FAST = {
  retries: 3,
  firstDelayMilliseconds: 1,
  longestDelayMilliseconds: 2,
  longestRetryAfterSeconds: 5,
};

const hub = new HubServer();
/** Called with the client's progress. */
const watchers = new Set<(progress: LoadProgress) => void>();
let cache: string;
let sources: Awaited<ReturnType<typeof emitSources>>;

beforeAll(async () => {
  await hub.start();
  sources = await emitSources('faults');
});
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
  vi.stubEnv('HF_HUB_DOWNLOAD_TIMEOUT', '5');
  hub.repositories.clear();
  hub.seen.length = 0;
  hub.fault = () => false;
  hub.commit(ID, repositoryFiles('float32', TABLE));
});
afterEach(() => {
  vi.unstubAllEnvs();
  watchers.clear();
  rmSync(cache, { recursive: true, force: true });
});

function open(
  access: HubAccess = {},
  signal = new AbortController().signal,
): Promise<CachedSnapshot | undefined> {
  const onProgress = (progress: LoadProgress): void => {
    for (const watch of watchers) watch(progress);
  };
  const context = { signal, onProgress, retry: FAST };
  return openSnapshot(ID, { endpoint: hub.url, cacheDir: cache, ...access }, modelSelection(''), context);
}

async function rejectionOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new RangeError('it was found');
}

/** Every file of the cache that is not a link. */
function files(folder = cache): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    lstatSync(join(folder, path)).isFile(),
  );
}

/** Checks that a load gives the right bytes, and that every blob's content matches its name. */
async function expectWhole(): Promise<void> {
  const snapshot = await open();
  expect(Buffer.compare(readFileSync(join(snapshot!.path, 'model.safetensors')), TABLE)).toBe(0);
  expectSound();
  expect(files().filter((path) => /\.(incomplete|tmp)$/.test(path))).toEqual([]);
  const requests = hub.seen.length;
  await open({ localFilesOnly: true });
  expect(hub.seen.length).toBe(requests);
}

function expectSound(): void {
  for (const path of files()) {
    const name = /blobs\/([0-9a-f]{64})$/.exec(path)?.[1];
    if (name !== undefined) expect(sha256(readFileSync(join(cache, path)))).toBe(name);
  }
}

/** Checks that a failed load left nothing that could be mistaken for a model. */
async function expectNothing(): Promise<void> {
  expectSound();
  expect(files().filter((path) => /\.(incomplete|tmp)$/.test(path))).toEqual([]);
  expect(await rejectionOf(open({ localFilesOnly: true }))).toMatchObject({ code: 'model-not-found' });
}

/** Answers requests for the table, the first `times` of them. */
function faultOnTable(
  answer: (response: ServerResponse, range: string | undefined) => void,
  times = Number.POSITIVE_INFINITY,
): void {
  let count = 0;
  hub.fault = ({ host, range }, response) => {
    if (host !== 'cdn' || count++ >= times) return false;
    answer(response, range);
    return true;
  };
}

function tableRanges(): (string | undefined)[] {
  return hub.seen.filter(({ host }) => host === 'cdn').map(({ range }) => range);
}

function partOf(fraction: number): Uint8Array {
  return TABLE.subarray(0, Math.floor(TABLE.length * fraction));
}

/** The requested range when a part of the table exists. */
function rangeAfter(fraction: number): string | undefined {
  return fraction === 0 ? undefined : `bytes=${partOf(fraction).length}-`;
}

/**
 * Sends a part of a file that is not its end, and cuts the connection when the client has counted the file up to there,
 * because data in flight may be lost. A connection that delivered everything it announced must not be cut, as it may
 * already serve another request.
 */
function sendAndCut(response: ServerResponse, file: string, bytes: Uint8Array, end: number): void {
  const watch = (progress: LoadProgress): void => {
    if (progress.file !== file || progress.loadedBytes < end) return;
    watchers.delete(watch);
    response.destroy();
  };
  watchers.add(watch);
  response.write(bytes);
}

/** Sends a part from the start and cuts the connection. */
function cut(
  response: ServerResponse,
  fraction: number,
  headers: Record<string, string> = {},
  part: Uint8Array = partOf(fraction),
): void {
  response.writeHead(200, {
    'content-length': TABLE.length,
    etag: `"stored-${sha256(TABLE).slice(0, 12)}"`,
    ...headers,
  });
  response.flushHeaders();
  // If nothing is sent, nothing can be lost.
  if (part.length === 0) setTimeout(() => response.destroy(), 20);
  else sendAndCut(response, 'model.safetensors', part, part.length);
}

describe('a broken connection', () => {
  it.each([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.999])(
    'after %d of a file resumes there',
    async (fraction) => {
      faultOnTable((response) => cut(response, fraction), 1);
      await expectWhole();
      expect(tableRanges()).toEqual([undefined, rangeAfter(fraction)]);
    },
  );

  it('in a file that git holds itself resumes there as well', async () => {
    const text = new TextEncoder().encode(`{"normalize": true, "filler": "${'x'.repeat(300_000)}"}`);
    hub.commit(ID, { ...repositoryFiles('float32', TABLE), 'config.json': { bytes: text } });
    const ranges: (string | undefined)[] = [];
    hub.fault = ({ path, range }, response, content) => {
      if (!path.endsWith('config.json') || ranges.push(range) > 1) return false;
      response.writeHead(200, { 'content-length': content!.bytes.length });
      sendAndCut(response, 'config.json', content!.bytes.subarray(0, 100_000), 100_000);
      return true;
    };
    await expectWhole();
    expect(ranges).toEqual([undefined, 'bytes=100000-']);
  });

  it('is resumed again and again as long as bytes arrive', async () => {
    const step = Math.ceil(TABLE.length / (FAST.retries * 4));
    const starts: number[] = [];
    for (let start = 0; start < TABLE.length; start += step) starts.push(start);
    hub.fault = ({ host, range }, response) => {
      if (host !== 'cdn') return false;
      const start = Number(/\d+/.exec(range ?? '0')?.[0]);
      const end = start + step;
      response.writeHead(start > 0 ? 206 : 200, {
        'content-length': TABLE.length - start,
        'content-range': `bytes ${start}-${TABLE.length - 1}/${TABLE.length}`,
      });
      if (end >= TABLE.length) response.end(TABLE.subarray(start));
      else sendAndCut(response, 'model.safetensors', TABLE.subarray(start, end), end);
      return true;
    };
    await expectWhole();
    expect(tableRanges()).toEqual(starts.map((start) => (start === 0 ? undefined : `bytes=${start}-`)));
  });

  it('always at the same position ends in an error', async () => {
    faultOnTable((response) => cut(response, 0.5));
    const error = await rejectionOf(open());
    expect(error).toMatchObject({ code: 'model-unreachable' });
    expect(tableRanges().length).toBe(1 + FAST.retries);
    await expectNothing();
  });

  it('restarts if the server cannot resume files', async () => {
    hub.fault = ({ host }, response) => {
      if (host !== 'cdn') return false;
      if (tableRanges().length === 1) cut(response, 0.7);
      else response.writeHead(200, { 'content-length': TABLE.length }).end(TABLE);
      return true;
    };
    await expectWhole();
    expect(tableRanges()).toEqual([undefined, rangeAfter(0.7)]);
  });

  it('restarts if the server has another file meanwhile', async () => {
    const part = new Uint8Array(partOf(0.7).length);
    faultOnTable((response) => cut(response, 0.7, { etag: '"another"' }, part), 1);
    await expectWhole();
    expect(tableRanges()).toEqual([undefined, rangeAfter(0.7)]);
  });

  it('restarts if the server resumes elsewhere', async () => {
    let count = 0;
    faultOnTable((response) => {
      if (count++ === 0) cut(response, 0.7);
      else
        response
          .writeHead(206, { 'content-range': `bytes 5-${TABLE.length - 1}/${TABLE.length}` })
          // Its announced range counts, although these bytes would be right.
          .end(TABLE.subarray(partOf(0.7).length));
    }, 2);
    await expectWhole();
    expect(tableRanges()).toEqual([undefined, rangeAfter(0.7), undefined]);
  });

  it('resumes with wrong bytes, which are detected and fetched again', async () => {
    let count = 0;
    faultOnTable((response, range) => {
      if (count++ === 0) return cut(response, 0.5);
      const start = Number(/\d+/.exec(range!)![0]);
      response.writeHead(206, { 'content-range': `bytes ${start}-${TABLE.length - 1}/${TABLE.length}` });
      response.end(new Uint8Array(TABLE.length - start));
    }, 2);
    await expectWhole();
    expect(tableRanges()).toEqual([undefined, rangeAfter(0.5), undefined]);
  });
});

describe('a status', () => {
  it.each([408, 429, 500, 502, 503, 504])('%d that is temporary is retried', async (status) => {
    const failed = new Set<string>();
    hub.fault = ({ host, path }, response) => {
      const address = `${host} ${path}`;
      if (failed.has(address)) return false;
      failed.add(address);
      response.writeHead(status).end();
      return true;
    };
    await expectWhole();
    expect(failed.size).toBeGreaterThan(5);
  });

  it.each([500, 503, 429])('%d that persists is an error', async (status) => {
    faultOnTable((response) => response.writeHead(status).end());
    const error = await rejectionOf(open());
    expect(error).toMatchObject({ code: 'model-unreachable', status });
    expect(tableRanges().length).toBe(1 + FAST.retries);
    expect(error.message).not.toContain('signature');
    await expectNothing();
  });

  it('429 is retried when the server says', async () => {
    let first = 0;
    faultOnTable((response) => {
      first = Date.now();
      response.writeHead(429, { 'retry-after': '1' }).end();
    }, 1);
    await expectWhole();
    expect(Date.now() - first).toBeGreaterThanOrEqual(1000);
  });

  it('429 with a long wait is reported at once, with the time', async () => {
    for (const after of ['3600', new Date(Date.now() + 3_600_000).toUTCString()]) {
      hub.seen.length = 0;
      faultOnTable((response) => response.writeHead(429, { 'retry-after': after }).end());
      const error = await rejectionOf(open());
      expect(error).toMatchObject({ code: 'model-unreachable', status: 429 });
      expect((error as unknown as { retryAfter: number }).retryAfter).toBeGreaterThan(3500);
      expect(error.message).toMatch(/try again in 3\d\d\d s/);
      expect(tableRanges().length).toBe(1);
    }
    await expectNothing();
  });

  it('416 restarts, and fails if it persists', async () => {
    let count = 0;
    faultOnTable((response) => (count++ === 0 ? cut(response, 0.5) : response.writeHead(416).end()), 2);
    await expectWhole();
    rmSync(cache, { recursive: true });
    faultOnTable((response) => response.writeHead(416).end());
    expect(await rejectionOf(open())).toMatchObject({ code: 'model-unreachable' });
    await expectNothing();
  });

  it('403 of an expired signed address is an error', async () => {
    faultOnTable((response) => response.writeHead(403).end());
    const error = await rejectionOf(open());
    expect(error).toMatchObject({ code: 'model-refused', status: 403 });
    expect(error.message).not.toContain('signature');
    await expectNothing();
  });
});

describe('a file of the wrong', () => {
  it.each([
    [
      'length, announced and longer',
      (response: ServerResponse) =>
        response
          .writeHead(200, { 'content-length': TABLE.length + 7 })
          .end(Buffer.concat([TABLE, new Uint8Array(7)])),
      'corrupt-download',
    ],
    [
      'length, not announced and longer',
      (response: ServerResponse) => response.write(TABLE, () => response.end('more')),
      'corrupt-download',
    ],
    [
      'length, announced and shorter',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-length': TABLE.length - 7 }).end(TABLE.subarray(7)),
      'model-unreachable',
    ],
    [
      'length, not announced and shorter',
      (response: ServerResponse) => response.write(TABLE.subarray(7), () => response.end()),
      'model-unreachable',
    ],
    ['length, empty', (response: ServerResponse) => response.end(), 'model-unreachable'],
    [
      'content',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-length': TABLE.length }).end(new Uint8Array(TABLE.length)),
      'corrupt-download',
    ],
    [
      'kind',
      (response: ServerResponse) => response.end('<!doctype html><p>Log in to the network</p>'),
      'model-unreachable',
    ],
  ])('%s is fetched again, and refused if it persists', async (_, answer, code) => {
    faultOnTable((response) => void answer(response), 1);
    await expectWhole();
    rmSync(cache, { recursive: true });
    faultOnTable((response) => void answer(response));
    const error = await rejectionOf(open());
    expect(error).toMatchObject({ code });
    expect(error.message).toContain('model.safetensors');
    await expectNothing();
  });

  it('encoding is decoded', async () => {
    faultOnTable((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(TABLE)));
    await expectWhole();
  });

  it('content in the cache is replaced when the Hub is asked', async () => {
    const snapshot = await open();
    const blob = realpathSync(join(snapshot!.path, 'model.safetensors'));
    for (const damage of [new Uint8Array(3), new Uint8Array(TABLE.length)]) {
      writeFileSync(blob, damage);
      await open({ forceDownload: true });
      await expectWhole();
    }
    rmSync(blob);
    await expectWhole();
  });

  it('listing in the cache is fetched again', async () => {
    await open();
    const [name] = readdirSync(join(cache, 'models--org--name/trees'));
    const listing = join(cache, 'models--org--name/trees', name!);
    for (const damage of [
      '',
      '{',
      '{"format_version":2,"files":{}}',
      `{"format_version":1,"files":{"../x":{"size":1,"blob_id":"${'a'.repeat(40)}"}}}`,
    ]) {
      writeFileSync(listing, damage);
      await open({ forceDownload: true });
      expect(JSON.parse(readFileSync(listing, 'utf8')).format_version).toBe(1);
      expect(Object.keys(JSON.parse(readFileSync(listing, 'utf8')).files)).toContain('config.json');
    }
  });
});

describe('silence', () => {
  it.each(['before the answer', 'in the middle'])('%s times out and is retried', async (when) => {
    vi.stubEnv('HF_HUB_DOWNLOAD_TIMEOUT', '0.15');
    vi.stubEnv('HF_HUB_ETAG_TIMEOUT', '0.15');
    const fall = (response: ServerResponse): void => {
      if (when === 'before the answer') return;
      response.writeHead(200, { 'content-length': TABLE.length }).write(partOf(0.3));
    };
    faultOnTable(fall, 1);
    await expectWhole();
    rmSync(cache, { recursive: true });
    faultOnTable(fall);
    const error = await rejectionOf(open());
    expect(error).toMatchObject({ code: 'model-unreachable' });
    expect(error.message).toContain('the server sent nothing for 0.15 s');
    await expectNothing();
    hub.fault = () => true;
    expect((await rejectionOf(open())).message).toContain('the server sent nothing for 0.15 s');
  });

  it("ends with the signal's reason after an abort, in a download and in a pause", async () => {
    for (const [fault, retries] of [
      [(response: ServerResponse) => void response.writeHead(200).write(partOf(0.3)), 1],
      [(response: ServerResponse) => void response.writeHead(429, { 'retry-after': '4' }).end(), 1],
    ] as const) {
      const controller = new AbortController();
      const reason = new RangeError('enough');
      faultOnTable((response) => {
        fault(response);
        setTimeout(() => controller.abort(reason), 50);
      }, retries);
      expect(await rejectionOf(open({}, controller.signal))).toBe(reason);
      await expectNothing();
    }
  });
});

describe('a process that is killed', () => {
  it('at any of 20 points leaves a cache that the next one completes', async () => {
    const settings = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache };
    const expected = (
      await loadStaticModel(ID, { endpoint: hub.url, cacheDir: mkdtempSync(join(cache, 'other-')) })
    ).fingerprint;
    const points = 20;
    for (let point = 0; point < points; point++) {
      rmSync(join(cache, 'models--org--name'), { recursive: true, force: true });
      const slow = new Set<ServerResponse>();
      let kill: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => {
        kill = resolve;
      });
      // Points 0 and 1 are during the requests, the last one after everything was sent.
      hub.fault = ({ host, path }, response, content) => {
        if ((point === 0 && path.includes('/revision/')) || (point === 1 && path.includes('/tree/'))) {
          kill();
          return true;
        }
        if (host !== 'cdn') return false;
        slow.add(response);
        const part = content!.bytes.subarray(
          0,
          Math.ceil((content!.bytes.length * (point - 1)) / (points - 2)),
        );
        response.writeHead(200, { 'content-length': content!.bytes.length });
        response.write(part, () => setTimeout(kill, 5));
        return true;
      };
      const { child, result } = startUser(sources.index, ID, settings);
      await arrived;
      child.kill('SIGKILL');
      await result;
      for (const response of slow) response.destroy();
      hub.fault = () => false;
      expectSound();
      const model = await loadStaticModel(ID, { endpoint: hub.url, cacheDir: cache });
      expect(model.fingerprint).toBe(expected);
      expectSound();
    }
  });

  it('leaves files that are removed after an hour, and not before', async () => {
    const blobs = join(cache, 'models--org--name/blobs');
    mkdirSync(blobs, { recursive: true });
    const old = join(blobs, `${sha256(TABLE)}.0000aaaa.incomplete`);
    const young = join(blobs, `${sha256(TABLE)}.0000bbbb.incomplete`);
    for (const path of [old, young]) writeFileSync(path, 'left');
    utimesSync(old, new Date(0), new Date(Date.now() - 3_700_000));
    await open();
    expect(readdirSync(blobs).filter((name) => name.endsWith('.incomplete'))).toEqual([
      `${sha256(TABLE)}.0000bbbb.incomplete`,
    ]);
  });

  it('by its own signal handler leaves nothing', async () => {
    faultOnTable((response) => void response.writeHead(200).write(partOf(0.3)));
    const settings = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache };
    const { result } = startUser(sources.index, ID, settings, {
      onProgress: "({ file, from }) => from === 'network' && file === 'model.safetensors' && process.exit(7)",
    });
    expect(await result).toEqual({ code: '7' });
    await expectNothing();
  });
});

describe('a disk', () => {
  it('that is full is reported, and existing files stay', async (test) => {
    const small = join(cache, 'small');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      test.skip('a disk that is full: this user may not mount a small one');
    }
    try {
      const error = await rejectionOf(open({ cacheDir: small }));
      expect(error).toMatchObject({ code: 'cache-failure', cause: { code: 'ENOSPC' } });
      expect(error.message).toContain('the disk is full; free some space');
      expect(files(small).filter((path) => /\.(incomplete|tmp)$/.test(path))).toEqual([]);
      expect(await rejectionOf(open({ cacheDir: small, localFilesOnly: true }))).toMatchObject({
        code: 'model-not-found',
      });
      hub.commit(ID, repositoryFiles('int8'));
      await open({ cacheDir: small });
      execFileSync('mount', ['-o', 'remount,ro', small], { stdio: 'ignore' });
      // A read-only cache serves its contents, and reports what it cannot store.
      await open({ cacheDir: small });
      await open({ cacheDir: small, forceDownload: true });
      execFileSync('mount', ['-o', 'remount,rw', small], { stdio: 'ignore' });
      for (const notes of ['.no_exist', 'trees', 'refs']) {
        rmSync(join(small, 'models--org--name', notes), { recursive: true });
      }
      execFileSync('mount', ['-o', 'remount,ro', small], { stdio: 'ignore' });
      await open({ cacheDir: small, forceDownload: true });
      await open({ cacheDir: small, revision: hub.repositories.get(ID)!.refs.get('main')! });
      hub.commit(ID, repositoryFiles('weights-float32'));
      const readOnly = await rejectionOf(open({ cacheDir: small, forceDownload: true }));
      expect(readOnly).toMatchObject({ code: 'cache-failure', cause: { code: 'EROFS' } });
    } finally {
      execFileSync('umount', [small]);
    }
  });

  it('with a file in place of the cache is reported', async () => {
    const path = join(cache, 'file');
    writeFileSync(path, '');
    const error = await rejectionOf(open({ cacheDir: path }));
    expect(error).toMatchObject({ code: 'cache-failure' });
    expect(error.message).toContain(path);
  });
});
