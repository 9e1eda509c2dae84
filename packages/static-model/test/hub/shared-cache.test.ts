import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LoadStaticModelOptions, loadStaticModel } from '../../src/load-static-model.js';
import type { StaticModel } from '../../src/static-model.js';
import { modelFiles } from '../model-fixture.js';
import { repositoryFiles } from './hub-model.js';
import { HubServer } from './hub-server.js';
import { type PythonRequest, preparePython, python } from './python-client.js';

const ID = 'org/na-me_1.x';
/** What Python's model2vec asks for. */
const PATTERNS = [
  'config.json',
  'model.safetensors',
  'tokenizer.json',
  'config_sentence_transformers.json',
  '0_StaticEmbedding/model.safetensors',
  '0_StaticEmbedding/tokenizer.json',
  'README.md',
];

const hub = new HubServer();
let executable: string;
let cache: string;

beforeAll(async () => {
  [executable] = await Promise.all([preparePython(), hub.start()]);
}, 600_000);
afterAll(() => hub.stop());
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'hub-cache-'));
  hub.repositories.clear();
  hub.seen.length = 0;
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

function ours(id: string, options: LoadStaticModelOptions = {}): Promise<StaticModel> {
  return loadStaticModel(id, { endpoint: hub.url, cacheDir: cache, ...options });
}

async function pythons(request: PythonRequest, offline = false): Promise<Record<string, unknown>> {
  const settings = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, ...(offline && { HF_HUB_OFFLINE: '1' }) };
  return (await python(executable, request, settings)) as Record<string, unknown>;
}

/** Everything in a repository's folder: hashes of links and content of small files. */
function tree(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, entry);
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) found[entry] = `-> ${readlinkSync(path)}`;
    else if (stats.isFile())
      found[entry] = entry.startsWith('blobs') ? String(stats.size) : readFileSync(path, 'utf8');
  }
  return found;
}

describe('the cache that Python shares', () => {
  it('is laid out as Python lays it out, byte for byte', async () => {
    hub.commit(ID, repositoryFiles('float32'));
    hub.commit(ID, repositoryFiles('static-embedding'), { ref: 'v1.0' });
    hub.commit(ID, repositoryFiles('sentence-transformers'), { ref: 'refs/pr/3' });
    const theirs = cache;
    for (const revision of ['main', 'v1.0', 'refs/pr/3']) {
      await pythons({ do: 'snapshot', id: ID, revision, patterns: PATTERNS });
    }
    cache = mkdtempSync(join(tmpdir(), 'hub-cache-'));
    for (const revision of ['main', 'v1.0', 'refs/pr/3']) await ours(ID, { revision });
    const [python, node] = [theirs, cache].map((folder) => tree(join(folder, 'models--org--na-me_1.x')));
    const noted = Object.keys(node!).filter((path) => path.startsWith('.no_exist'));
    for (const path of noted) delete node![path];
    expect(node).toEqual(python);
    expect(noted.map((path) => path.split('/').slice(2).join('/')).sort()).toMatchSnapshot();
    rmSync(theirs, { recursive: true });
  });
});
