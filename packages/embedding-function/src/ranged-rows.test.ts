import { createReadStream, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { rangedKernel } from '@model2vec-ts/pooling-kernels/ranged';
import { rangedFile } from '@model2vec-ts/static-model/ranged-file';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture, MODELS, type ModelName, modelFolder } from './fixtures/model.js';
import { type CreateOptions, Model2VecEmbeddingFunction } from './index.js';

const MODELS_FOLDER = new URL('..', modelFolder('word-piece-float32'));

let server: Server;
let address: string;
let ranges = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    const file = fileURLToPath(new URL(`.${request.url!}`, MODELS_FOLDER));
    const { size } = statSync(file);
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (range === null) {
      createReadStream(file).pipe(response);
      return;
    }
    ranges++;
    const start = Number(range[1]);
    const end = Math.min(Number(range[2]), size - 1);
    response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${size}` });
    createReadStream(file, { start, end }).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function create(name: ModelName, options: CreateOptions = {}): Promise<Model2VecEmbeddingFunction> {
  const folder = new URL(`${name}/`, address);
  return Model2VecEmbeddingFunction.create({
    modelSource: {
      'config.json': new URL('config.json', folder),
      'tokenizer.json': new URL('tokenizer.json', folder),
      'model.safetensors': rangedFile(new URL('model.safetensors', folder)),
    },
    kernel: rangedKernel,
    ...options,
  });
}

describe.each(MODELS)('rows that are fetched as needed, with %s', (name) => {
  it.each<CreateOptions>([{}, { quantizeTo: 'int8' }, { dimensionality: 2 }, { kernel: 'wasm' }])(
    'give the same vectors: %o',
    async (options) => {
      const ranged = await create(name, options);
      const whole = await Model2VecEmbeddingFunction.create({
        modelSource: modelFolder(name),
        ...{ ...options, kernel: 'wasm' as const },
      });
      const expected = whole.encodeSync(fixture.texts).data;
      for (let pass = 0; pass < 2; pass++) {
        expect((await ranged.encode(fixture.texts)).data).toEqual(expected);
      }
      const calls = fixture.texts.slice(0, 10).map((text) => ranged.encode([text]));
      for (const [i, { data }] of (await Promise.all(calls)).entries()) {
        expect(data).toEqual(expected.subarray(i * ranged.dim, (i + 1) * ranged.dim));
      }
      await Promise.all([ranged.close(), whole.close()]);
    },
  );
});

describe('an embedder whose rows are fetched as needed', () => {
  it('fetches no row twice', async () => {
    const embedder = await create('word-piece-float32');
    await embedder.encode(fixture.texts);
    const before = ranges;
    await embedder.encode(fixture.texts);
    expect(ranges).toBe(before);
    await embedder.close();
  });

  it('has no synchronous calls and no fingerprint', async () => {
    const embedder = await create('word-piece-float32');
    expect(() => embedder.encodeSync(['a'])).toThrow(/asynchronous/);
    expect(() => embedder.fingerprint).toThrow(/load the model without kernel ranged/);
    await embedder.close();
  });
});
