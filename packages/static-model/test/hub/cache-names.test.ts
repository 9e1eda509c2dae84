import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadStaticModel } from '../../src/load-static-model.js';
import { repositoryFiles } from './hub-model.js';
import { gitSha1, HubServer, sha256 } from './hub-server.js';

const ID = 'org/name';
const hub = new HubServer();
let cache: string;

beforeAll(() => hub.start());
afterAll(() => hub.stop());
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'cache-names-'));
  for (const name of Object.keys(process.env)) {
    if (/^(?:HF_|HUGGING|TRANSFORMERS_|XDG_CACHE)|_PROXY$/i.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HF_HUB_CACHE', cache);
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'no-token'));
  vi.stubEnv('HF_ENDPOINT', hub.url);
  hub.repositories.clear();
  hub.fault = () => false;
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

function blobs(): readonly string[] {
  return readdirSync(join(cache, 'models--org--name/blobs')).sort();
}

/** Answers each file of a commit with a custom tag. */
function answerWithTag(commit: string, tagOf: (path: string) => string): void {
  hub.fault = ({ path }, response, content) => {
    if (!content || !path.includes(commit)) return false;
    const tag = tagOf(path.split('/').at(-1)!);
    response.writeHead(200, { etag: `"${tag}"`, 'x-linked-etag': `"${tag}"` }).end(content.bytes);
    return true;
  };
}

describe('a blob of the cache', () => {
  it('keeps its content if a mirror gives its name to other content', async () => {
    const files = repositoryFiles('float32');
    const first = hub.commit(ID, files, { name: 'first' });
    const { fingerprint } = await loadStaticModel(ID, { revision: first });

    const others = repositoryFiles('weights-float32');
    const second = hub.commit(ID, others, { name: 'second' });
    answerWithTag(second, (name) =>
      name === 'model.safetensors' ? sha256(files[name]!.bytes) : gitSha1(files[name]!.bytes),
    );
    const other = await loadStaticModel(ID, { revision: second });
    expect(other.fingerprint).not.toBe(fingerprint);

    const again = await loadStaticModel(ID, { revision: first, localFilesOnly: true });
    expect(again.fingerprint).toBe(fingerprint);
    for (const name of blobs()) {
      const bytes = readFileSync(join(cache, 'models--org--name/blobs', name));
      expect(name.length === 64 ? sha256(bytes) : gitSha1(bytes)).toBe(name);
    }
  });

  it.each(['v1', 'x.deadbeef.incomplete', '../../../x', '..', 'a'.repeat(4000), ''])(
    'is named by the hash that the Hub lists, whatever the ETag is (%j)',
    async (tag) => {
      const files = repositoryFiles('float32');
      const commit = hub.commit(ID, files);
      answerWithTag(commit, () => tag);
      await loadStaticModel(ID);
      const wanted = ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json'].map((name) => {
        const { bytes, lfs } = files[name]!;
        return lfs ? sha256(bytes) : gitSha1(bytes);
      });
      expect(blobs()).toEqual(wanted.sort());
    },
  );
});

describe('a refusal', () => {
  it("of a disabled model quotes the Hub's message, without control characters", async () => {
    hub.commit(ID, repositoryFiles());
    hub.fault = (_, response) => {
      response.writeHead(403, { 'x-error-message': 'Access to this resource is disabled.' }).end();
      return true;
    };
    const error = await loadStaticModel(ID).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'model-refused',
      status: 403,
      message: `${ID}: the Hub refuses access (HTTP 403: "Access to this resource is disabled.")`,
      remedy: undefined,
    });
  });

  it('without a network lists the alternatives, and the code once', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://no-such-host.invalid');
    const resolved = await loadStaticModel(ID, {
      fetch: () =>
        Promise.reject(
          new TypeError('fetch failed', {
            cause: Object.assign(new Error('getaddrinfo ENOTFOUND no-such-host.invalid'), {
              code: 'ENOTFOUND',
            }),
          }),
        ),
    }).catch((thrown: unknown) => thrown as Error);
    expect(resolved).toMatchObject({
      code: 'model-unreachable',
      remedy: {
        code: 'use-local-model',
        bundledPackage: '@model2vec-ts/model-minilm-l6',
        guide: 'docs/guides/offline.md',
      },
    });
    expect((resolved as Error).message.match(/ENOTFOUND/g)).toHaveLength(1);
  }, 30_000);

  it.each([
    [
      [
        'config.json',
        'tokenizer.json',
        'model-00001-of-00002.safetensors',
        'model-00002-of-00002.safetensors',
      ],
      'but weights in several parts: model-00001-of-00002.safetensors, model-00002-of-00002.safetensors',
    ],
    [['config.json', 'tokenizer.json', 'pytorch_model.bin'], 'but pickled weights: pytorch_model.bin'],
    [['config.json', 'onnx/model.onnx'], 'but ONNX weights: onnx/model.onnx'],
    [['tokenizer.json', 'model.gguf'], 'but GGUF weights: model.gguf'],
  ])('of a repository with %j lists what it contains', async (paths, found) => {
    hub.commit(ID, Object.fromEntries(paths.map((path) => [path, { bytes: new Uint8Array(3) }])));
    const error = await loadStaticModel(ID).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'model-not-found', remedy: { code: 'save-as-safetensors' } });
    expect((error as Error).message).toContain(found);
  });
});
