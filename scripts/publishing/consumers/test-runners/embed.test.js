import { readFileSync, writeFileSync } from 'node:fs';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';

// The sources and the file of the answer come from the program that starts the runner.
const { sources, answer } = JSON.parse(process.env.TRIAL);
const texts = JSON.parse(readFileSync('texts.json', 'utf8'));

async function embeddingsOf(modelSource, options = {}) {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource, ...options });
  const rows = await embedder.encodeDocuments(texts);
  const result = { kernel: embedder.kernel, embeddings: rows.map((row) => [...row]) };
  await embedder.close();
  return result;
}

test('every kind of source gives the same vectors', async () => {
  const expected = await embeddingsOf(minilmL6);
  writeFileSync(answer, JSON.stringify(expected));
  const bytes = Object.fromEntries(
    Object.entries(sources.files).map(([name, path]) => [name, readFileSync(path)]),
  );
  const { cacheDir } = sources;
  const tried = {
    'a Hub id': await embeddingsOf('org/model', { cacheDir }),
    'a Hub id from the cache': await embeddingsOf('org/model', { cacheDir, localFilesOnly: true }),
    'a folder': await embeddingsOf(sources.folder),
    'a folder of the second layout': await embeddingsOf(sources.secondLayout),
    'a file URL': await embeddingsOf(new URL(sources.folderUrl)),
    'an http URL': await embeddingsOf(new URL(sources.httpUrl)),
    bytes: await embeddingsOf(bytes),
  };
  for (const [source, found] of Object.entries(tried)) expect([source, found]).toEqual([source, expected]);
}, 120_000);

test('errors keep their codes', async () => {
  const codeOf = (call) =>
    call.then(
      () => 'none',
      (error) => error.code,
    );
  const load = (modelSource, options) =>
    codeOf(Model2VecEmbeddingFunction.create({ modelSource, ...options }));
  expect(await load(`${sources.folder}/nothing-here`)).toBe('model-not-found');
  expect(await load('org/missing', { cacheDir: sources.cacheDir })).toBe('model-not-found');
  expect(await load('org/model', { cacheDir: `${sources.cacheDir}-2`, localFilesOnly: true })).toBe(
    'model-not-found',
  );
  const aborted = { cacheDir: `${sources.cacheDir}-3`, signal: AbortSignal.abort(new RangeError('enough')) };
  await expect(Model2VecEmbeddingFunction.create({ modelSource: 'org/model', ...aborted })).rejects.toThrow(
    'enough',
  );
}, 60_000);

test('threads and views give vectors of this realm', async () => {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, threads: 2 });
  const many = await embedder.encode(Array.from({ length: 20_000 }, (_, i) => texts[i % texts.length]));
  expect(many.row(0)).toBeInstanceOf(Float32Array);
  expect([...many.row(19_999)]).toEqual([...many.row(19_999 % texts.length)]);
  await embedder.close();
}, 60_000);
