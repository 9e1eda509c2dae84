import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommitServer } from '../../test/commit-server.js';
import { modelFiles } from '../../test/model-fixture.js';
import { loadStaticModel } from '../load-static-model.js';
import type { StaticModel } from '../static-model.js';
import { type PushedModel, type PushProgress, type PushToHubOptions, pushPatiently } from './push-to-hub.js';
import { modelFilesOf } from './save-static-model.js';

const QUICK = {
  retries: 3,
  firstDelayMilliseconds: 1,
  longestDelayMilliseconds: 5,
  longestRetryAfterSeconds: 1,
};
const TOKEN = 'hf_right';

let hub: CommitServer;
let model: StaticModel;

beforeEach(async () => {
  hub = await new CommitServer().start();
  model = await loadStaticModel(modelFiles('mapped-int32'));
  vi.stubEnv('HF_TOKEN', '');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
});

function push(options: Partial<PushToHubOptions> = {}): Promise<PushedModel> {
  const all = { repo: 'me/small', token: TOKEN, endpoint: hub.url, ...options };
  return pushPatiently(model, all, QUICK);
}

function pushedFiles(branch = 'main'): Readonly<Record<string, Uint8Array>> {
  const files = hub.repositories.get('me/small')!.branches.get(branch)!.files;
  return Object.fromEntries(Array.from(files, ([path, bytes]) => [path, new Uint8Array(bytes)]));
}

async function failure(options: Partial<PushToHubOptions>): Promise<Error & { readonly code?: string }> {
  try {
    await push(options);
  } catch (error) {
    return error as Error;
  }
  expect.unreachable('the push did not fail');
}

/** Everything that could be printed of an error. */
function allOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack}\n${JSON.stringify(error)}\n${error.cause === undefined ? '' : allOf(error.cause)}`;
}

describe('pushToHub', () => {
  it('creates a private repository and commits a model that loads with the same fingerprint', async () => {
    const progress: PushProgress[] = [];
    const pushed = await push({ private: true, message: 'First', onProgress: (each) => progress.push(each) });
    expect(pushed.created).toBe(true);
    expect(pushed.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(pushed.url).toContain(pushed.commit);
    const made = hub.repositories.get('me/small')!;
    expect([made.visibility, made.branches.get('main')!.title]).toEqual(['private', 'First']);
    expect((await loadStaticModel(pushedFiles())).fingerprint).toBe(model.fingerprint);
    expect(new TextDecoder().decode(pushedFiles()['README.md'])).toContain('\nmodel_name: me/small\n');
    expect(progress).toContainEqual({ file: 'model.safetensors', fraction: 1 });
  });

  it('adds a commit to an existing repository, on its own branch, in a subfolder', async () => {
    await push({ private: false });
    const second = await push({ revision: 'v2', subfolder: 'int8', private: true });
    expect(second.created).toBe(false);
    expect(hub.repositories.get('me/small')!.visibility).toBe('public');
    expect(pushedFiles()['int8/config.json']).toBeUndefined();
    const again = await loadStaticModel(pushedFiles('v2'), { subfolder: 'int8' });
    expect(again.fingerprint).toBe(model.fingerprint);
  });

  it('uploads files unchanged, with the token of the environment', async () => {
    vi.stubEnv('HF_TOKEN', TOKEN);
    const files = { ...modelFilesOf(model), 'NOTICE.txt': new TextEncoder().encode('mine') };
    await pushPatiently(files, { repo: 'me/small', endpoint: hub.url }, QUICK);
    expect(pushedFiles()).toEqual(files);
  });

  it('sends the token to the Hub and not to its storage', async () => {
    await push();
    const stored = hub.seen.filter(({ method }) => method === 'PUT');
    expect(stored.map(({ authorization }) => authorization)).toEqual([undefined]);
    for (const { method, authorization } of hub.seen) {
      if (method !== 'PUT') expect(authorization).toBe(`Bearer ${TOKEN}`);
    }
  });

  it('retries any temporary failure', async () => {
    const failed = new Map<string, number>();
    hub.fault = ({ method, path }, response) => {
      const key = `${method} ${path.replace(/\?.*$/, '')}`;
      const times = failed.get(key) ?? 0;
      failed.set(key, times + 1);
      if (times === 0) response.writeHead(503).end();
      if (times === 1) response.writeHead(429, { 'Retry-After': '0' }).end();
      if (times === 2) response.destroy();
      return times < 3;
    };
    await push({ revision: 'v2' });
    expect((await loadStaticModel(pushedFiles('v2'))).fingerprint).toBe(model.fingerprint);
    // repoExists, create, branch, preupload, LFS batch, storage, commit.
    expect(failed.size).toBe(7);
    expect([...failed.values()]).toEqual(Array.from(failed, () => 4));
  });

  it('reports a repository as created even if the answer was lost', async () => {
    let lost = 0;
    const repositories = hub.repositories;
    hub.fault = ({ path }, response) => {
      if (!path.startsWith('/api/repos/create') || lost++ > 0) return false;
      repositories.set('me/small', {
        visibility: undefined,
        branches: new Map([['main', { title: '', files: new Map() }]]),
      });
      response.destroy();
      return true;
    };
    expect((await push()).commit).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each([
    ['model-refused', { token: 'hf_wrong' }, 'check that the token may write to me/small'],
    ['model-unreachable', { endpoint: 'http://127.0.0.1:9' }, 'cannot be reached'],
    ['invalid-argument', { token: 'secret-without-its-beginning' }, 'hf_'],
    ['invalid-argument', { token: 'hf_a b' }, 'the token is'],
    ['invalid-argument', { repo: 'small' }, 'org/name'],
    ['invalid-argument', { repo: 'me/../x' }, 'org/name'],
    ['invalid-argument', { revision: '' }, 'revision is empty'],
    ['invalid-argument', { subfolder: '../x' }, 'subfolder'],
    ['invalid-argument', { endpoint: 'ftp://x' }, 'endpoint'],
  ] as const)('fails with %s for %j and never reveals the token', async (code, options, text) => {
    const error = await failure(options);
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(text);
    const token = 'token' in options ? options.token : TOKEN;
    expect(allOf(error)).not.toContain(token);
  });

  it('asks for a missing token, and respects HF_HUB_OFFLINE', async () => {
    await expect(pushPatiently(model, { repo: 'me/small' }, QUICK)).rejects.toThrow(
      'writing to the Hub needs a token; pass token',
    );
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(push()).rejects.toThrow('HF_HUB_OFFLINE');
    expect(hub.seen).toEqual([]);
  });

  it.each([
    ['/commit/', 412, 'model-not-saved'],
    ['/commit/', 500, 'model-unreachable'],
    ['/preupload/', 403, 'model-refused'],
    ['/preupload/', 404, 'model-not-found'],
    ['X-Signature', 403, 'model-refused'],
  ] as const)(
    'reports %s that ends in %i as %s, without secrets that a server repeats',
    async (part, status, code) => {
      hub.fault = ({ path, authorization }, response) => {
        if (!path.includes(part)) return false;
        const error = `no: ${authorization ?? TOKEN} ${path}`;
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error }));
        return true;
      };
      const error = await failure({});
      expect(error).toMatchObject({ code });
      expect(error.message).toContain('me/small');
      expect(error.message).toContain(String(status));
      expect(allOf(error)).not.toMatch(/hf_right|secret/);
    },
  );

  it('commits nothing when it is stopped', async () => {
    const stop = new AbortController();
    hub.fault = ({ method }) => {
      if (method !== 'PUT') return false;
      stop.abort(new Error('enough'));
      return true;
    };
    await expect(push({ signal: stop.signal })).rejects.toThrow('enough');
    expect(Object.keys(pushedFiles())).toEqual([]);
    const seen = hub.seen.length;
    await expect(push({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    expect(hub.seen.length).toBe(seen);
  });
});

describe('pushToHub without the Hub’s client', () => {
  it('names the missing package', async () => {
    // As in Node if the package is not installed.
    vi.resetModules();
    vi.doMock('@huggingface/hub', () => {
      throw Object.assign(new Error("Cannot find package '@huggingface/hub'"), {
        code: 'ERR_MODULE_NOT_FOUND',
      });
    });
    try {
      const { pushPatiently: fresh } = await import('./push-to-hub.js');
      const pushing = fresh(model, { repo: 'me/small', token: TOKEN, endpoint: hub.url }, QUICK);
      await expect(pushing).rejects.toMatchObject({ code: 'unsupported-model' });
      await expect(pushing).rejects.toThrow('npm install @huggingface/hub');
    } finally {
      vi.doUnmock('@huggingface/hub');
      vi.resetModules();
    }
  });
});
