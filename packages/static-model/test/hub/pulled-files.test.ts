import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { pullFiles, pullModel } from '../../src/hub-cache.js';
import { repositoryFiles } from './hub-model.js';
import { HubServer } from './hub-server.js';

const ID = 'org/teacher';
const WANTED = ['config.json', 'onnx/model.onnx'];
const choose = (paths: readonly string[]): string[] => paths.filter((path) => WANTED.includes(path));

const hub = new HubServer();
let cache: string;

beforeAll(() => hub.start());
afterAll(() => hub.stop());
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'hub-cache-'));
  for (const name of Object.keys(process.env)) {
    if (/^(?:HF_|HUGGING|TRANSFORMERS_|XDG_CACHE)|_PROXY$/i.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'no-token'));
  hub.repositories.clear();
  hub.seen.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

const access = (): { endpoint: string; cacheDir: string } => ({ endpoint: hub.url, cacheDir: cache });

it('downloads the chosen files only, and uses them without a request afterwards', async () => {
  const files = repositoryFiles();
  hub.commit(ID, files);
  const { path } = await pullFiles(ID, choose, access());
  for (const file of WANTED) {
    expect(new Uint8Array(readFileSync(join(path, file)))).toEqual(files[file]!.bytes);
  }
  expect(existsSync(join(path, 'model.safetensors'))).toBe(false);
  const requests = hub.seen.length;
  expect(await pullFiles(ID, choose, access())).toMatchObject({ path });
  expect(await pullFiles(ID, choose, { ...access(), localFilesOnly: true })).toMatchObject({ path });
  expect(hub.seen.length).toBe(requests);
});

it('downloads the files that an already cached model lacks, and keeps the model', async () => {
  hub.commit(ID, repositoryFiles());
  const model = await pullModel(ID, access());
  expect(existsSync(join(model.path, 'onnx/model.onnx'))).toBe(false);
  await expect(pullFiles(ID, choose, { ...access(), localFilesOnly: true })).rejects.toMatchObject({
    code: 'model-not-found',
    remedy: { code: 'allow-requests', setBy: 'localFilesOnly' },
  });
  expect(await pullFiles(ID, choose, access())).toEqual(model);
  expect(existsSync(join(model.path, 'onnx/model.onnx'))).toBe(true);
  expect(existsSync(join(model.path, 'model.safetensors'))).toBe(true);
});

it('downloads the files of a new commit on demand only', async () => {
  hub.commit(ID, repositoryFiles());
  const { commit } = await pullFiles(ID, choose, access());
  const next = hub.commit(ID, repositoryFiles('int8'));
  expect(await pullFiles(ID, choose, access())).toMatchObject({ commit });
  expect(await pullFiles(ID, choose, { ...access(), forceDownload: true })).toMatchObject({ commit: next });
});

it('refuses an invalid Hub id', async () => {
  await expect(pullFiles('no-org', choose, access())).rejects.toMatchObject({ code: 'invalid-argument' });
});
