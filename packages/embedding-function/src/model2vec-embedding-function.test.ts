import { jsKernel } from '@model2vec-ts/pooling-kernels/js';
import { describe, expect, it } from 'vitest';
import { fixture, floats, MODELS, type ModelName, modelFolder } from './fixtures/model.js';
import {
  type CreateOptions,
  EmbeddingFunctionError,
  KernelError,
  Model2VecEmbeddingFunction,
  ModelError,
  type PoolingKernel,
} from './index.js';

function create(name: ModelName, options: CreateOptions = {}): Promise<Model2VecEmbeddingFunction> {
  return Model2VecEmbeddingFunction.create({ modelSource: modelFolder(name), ...options });
}

/** Makes the js kernel asynchronous. */
function asynchronousKernel(maxBatchTokens = Number.POSITIVE_INFINITY): PoolingKernel {
  return {
    ...jsKernel,
    name: 'later',
    capabilities: { ...jsKernel.capabilities, synchronous: false, maxBatchTokens },
    async load(table) {
      const loaded = await jsKernel.load(table);
      return {
        async pool(batch, out, options) {
          expect(batch.ids.length).toBeLessThanOrEqual(maxBatchTokens);
          await new Promise((resolve) => setTimeout(resolve, 1));
          await loaded.pool(batch, out, options);
        },
        dispose: () => loaded.dispose(),
      };
    },
  };
}

async function failure(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('against Python', () => {
  for (const name of MODELS) {
    const cases = fixture.cases.filter(({ model }) => model === name);
    // Python rounds results of float16 tables to float16.
    const close = name === 'unigram-float16';

    for (const { create: options, call, values } of cases.filter(({ sequence }) => !sequence)) {
      const exact = !close || options.quantizeTo === 'int8';
      const settings = JSON.stringify({ ...options, ...call });
      it(`gives ${exact ? 'the same bits' : 'the same to 1e-3'} for ${name} with ${settings}`, async () => {
        const embedder = await create(name, options);
        const matrix = await embedder.encode(fixture.texts, call);
        const expected = floats(values);
        expect(matrix.data.length).toBe(expected.length);
        if (exact) expect(matrix.data).toEqual(expected);
        else expect(largestDifference(matrix.data, expected)).toBeLessThanOrEqual(1e-3);
      });
    }

    it(`gives the same vectors of single tokens for ${name}`, async () => {
      const embedder = await create(name);
      const sequences = cases.filter(({ sequence }) => sequence);
      expect(sequences.length).toBe(2);
      for (const { call, texts = [], lengths, values } of sequences) {
        const matrices = await embedder.encodeAsSequence(texts, { ...call, batchSize: 5 });
        expect(matrices.map(({ rows }) => rows)).toEqual(lengths);
        expect(matrices.flatMap(({ data }) => [...data])).toEqual([...floats(values)]);
      }
    });
  }

  it('has cases that exercise the cut by code points, truncation and unknown tokens', () => {
    const of = (call: object) =>
      fixture.cases.find(
        (c) => c.model === 'word-piece-float32' && JSON.stringify(c.call) === JSON.stringify(call),
      );
    expect(of({ maxLength: 1 })?.values).not.toBe(of({})?.values);
    expect(of({ maxLength: null })?.values).not.toBe(of({})?.values);
    expect(floats(of({ maxLength: 0 })?.values ?? '').every((x) => x === 0)).toBe(true);
  });
});

describe('settings', () => {
  it.each([
    ['word-piece-float32', true, 512],
    ['word-piece-mapped', false, 5],
    ['word-level-float64', false, null],
    ['unigram-float16', true, 512],
    ['bpe-int8', true, 12],
  ] as const)(
    'of %s come from its config.json, else from the defaults',
    async (name, normalize, maxLength) => {
      expect(await create(name)).toMatchObject({ normalize, maxLength });
      expect(await create(name, { normalize: !normalize, maxLength: 7 })).toMatchObject({
        normalize: !normalize,
        maxLength: 7,
      });
    },
  );

  it('name the dimension and the kernel', async () => {
    expect(await create('word-piece-float32')).toMatchObject({ dim: 9, kernel: 'wasm' });
    expect(await create('word-piece-float32', { kernel: 'js' })).toMatchObject({ dim: 9, kernel: 'js' });
    expect(await create('word-piece-float32', { dimensionality: 4 })).toMatchObject({ dim: 4 });
  });

  it('and the model determine the fingerprint, and nothing else does', async () => {
    const [same, again, ...others] = await Promise.all([
      create('word-piece-float32'),
      create('word-piece-float32', {
        normalize: true,
        maxLength: 512,
        batchSize: 3,
        kernel: asynchronousKernel(),
      }),
      create('word-piece-float32', { normalize: false }),
      create('word-piece-float32', { maxLength: 511 }),
      create('word-piece-float32', { maxLength: null }),
      create('word-piece-float32', { dimensionality: 3 }),
      create('word-piece-float32', { quantizeTo: 'int8' }),
      create('word-piece-mapped'),
      create('word-piece-float32', { kernel: { ...asynchronousKernel(), reduction: 'max' } }),
    ]);
    expect(same?.fingerprint).toMatch(/^[0-9a-f]{64};normalize=true;max_length=512$/);
    expect(again?.fingerprint).toBe(same?.fingerprint);
    expect(new Set(others.map(({ fingerprint }) => fingerprint)).add(same?.fingerprint ?? '').size).toBe(8);
    expect(others.at(-1)?.fingerprint).toBe(`${same?.fingerprint};reduction=max`);
  });
});

describe('encoding', () => {
  const texts = ['the vector', '', 'alan turing', 'hello world'];

  it('returns documents and queries as views of one buffer', async () => {
    const embedder = await create('word-piece-float32');
    const { data } = await embedder.encode(texts);
    for (const rows of [await embedder.encodeDocuments(texts), await embedder.encodeQueries(texts)]) {
      expect(rows.map(({ length }) => length)).toEqual([9, 9, 9, 9]);
      expect(new Set(rows.map(({ buffer }) => buffer)).size).toBe(1);
      expect(rows.flatMap((row) => [...row])).toEqual([...data]);
    }
  });

  it('returns no rows for no texts', async () => {
    const embedder = await create('word-piece-float32');
    expect(await embedder.encode([])).toMatchObject({ rows: 0, dim: 9 });
    expect(embedder.encodeSync([]).data.length).toBe(0);
    expect(await embedder.encodeDocuments([])).toEqual([]);
    expect(await embedder.encodeAsSequence([])).toEqual([]);
    for await (const matrix of embedder.encodeStream([])) expect(matrix).toBeUndefined();
  });

  it('gives the same with an asynchronous kernel, whatever its limit', async () => {
    const [direct, later] = await Promise.all([
      create('word-piece-float32'),
      create('word-piece-float32', { kernel: asynchronousKernel(600) }),
    ]);
    expect(later.kernel).toBe('later');
    expect((await later.encode(fixture.texts)).data).toEqual((await direct.encode(fixture.texts)).data);
    const sequences = await later.encodeAsSequence(fixture.texts);
    expect(sequences).toEqual(await direct.encodeAsSequence(fixture.texts));
    await later.close();
  });

  it('synchronously is refused with an asynchronous kernel', async () => {
    const embedder = await create('word-piece-float32', { kernel: asynchronousKernel() });
    const error = await failure(() => embedder.encodeSync(['the']));
    expect(error).toMatchObject({ code: 'asynchronous-kernel', message: expect.stringContaining('later') });
  });

  it('reports progress after each batch', async () => {
    const embedder = await create('word-piece-float32', { batchSize: 3 });
    const seen: unknown[] = [];
    const onProgress = (progress: unknown) => seen.push(progress);
    await embedder.encode(texts, { onProgress });
    embedder.encodeSync(texts, { onProgress, batchSize: 4 });
    await embedder.encodeAsSequence(texts, { onProgress });
    for await (const _ of embedder.encodeStream(texts, { onProgress }));
    expect(seen).toEqual([
      { done: 3, total: 4 },
      { done: 4, total: 4 },
      { done: 4, total: 4 },
      { done: 3, total: 4 },
      { done: 4, total: 4 },
      { done: 3 },
      { done: 4 },
    ]);
  });

  it('fails with the error of a progress callback', async () => {
    const embedder = await create('word-piece-float32');
    const problem = new RangeError('full');
    const onProgress = () => {
      throw problem;
    };
    expect(await failure(() => embedder.encode(texts, { onProgress }))).toBe(problem);
  });
});

describe('aborting', () => {
  const many = Array.from({ length: 200_000 }, () => 'alan turing was born in london, southern england');

  it("rejects with the signal's reason before any work", async () => {
    const embedder = await create('word-piece-float32');
    const signal = AbortSignal.abort('no');
    let batches = 0;
    const options = { signal, onProgress: () => batches++ };
    expect(await failure(() => embedder.encode(['the'], options))).toBe('no');
    expect(await failure(() => embedder.encode([], options))).toBe('no');
    expect(await failure(() => embedder.encodeDocuments(['the'], options))).toBe('no');
    expect(await failure(() => embedder.encodeAsSequence(['the'], options))).toBe('no');
    expect(await failure(() => embedder.encodeStream(['the'], options).next())).toBe('no');
    expect(batches).toBe(0);
  });

  it('takes effect between batches, even if its timer runs on the same thread', async () => {
    const embedder = await create('word-piece-float32');
    const reason = new RangeError('too slow');
    for (const way of ['encode', 'encodeAsSequence'] as const) {
      const controller = new AbortController();
      let done = 0;
      const onProgress = (progress: { done: number }) => {
        if (done === 0) setTimeout(() => controller.abort(reason), 1);
        done = progress.done;
      };
      const options = { signal: controller.signal, onProgress, batchSize: 64 };
      expect(await failure(() => embedder[way](many, options))).toBe(reason);
      expect(done).toBeGreaterThan(0);
      expect(done).toBeLessThan(many.length);
    }
  });

  it('ends a stream, even if its reader never waits', async () => {
    const embedder = await create('word-piece-float32');
    const controller = new AbortController();
    let rows = 0;
    const error = await failure(async () => {
      const { signal } = controller;
      for await (const matrix of embedder.encodeStream(many, { signal, batchSize: 64 })) {
        if (rows === 0) setTimeout(() => controller.abort('enough'), 1);
        rows += matrix.rows;
      }
    });
    expect(error).toBe('enough');
    expect(rows).toBeLessThan(many.length);
  });

  it('ends the loading of a model', async () => {
    expect(await failure(() => create('word-piece-float32', { signal: AbortSignal.abort('no') }))).toBe('no');
  });
});

describe('wrong calls', () => {
  const ways = ['encode', 'encodeSync', 'encodeDocuments', 'encodeQueries', 'encodeAsSequence'] as const;

  it.each(ways)('of %s with one string are answered with a hint to pass a list', async (way) => {
    const embedder = await create('word-piece-float32');
    // @ts-expect-error a list is asked for
    const error = await failure(() => embedder[way]('the'));
    expect(EmbeddingFunctionError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('pass [text]'),
    });
  });

  it.each([
    [[3], 'texts[0] must be a string; found 3'],
    [['a', undefined], 'texts[1] must be a string; found undefined'],
    [['a', 'b', null], 'texts[2] must be a string; found null'],
    [new Array<string>(1), 'texts[0] must be a string; found undefined'],
    [new Set(['a']), 'texts must be an array of strings (encodeStream takes any iterable); found object'],
    [undefined, 'texts must be an array of strings (encodeStream takes any iterable); found undefined'],
  ])('with %j report the wrong argument', async (texts, message) => {
    const embedder = await create('word-piece-float32');
    for (const way of ways) {
      // @ts-expect-error not a list of strings
      expect(await failure(() => embedder[way](texts))).toMatchObject({ code: 'invalid-argument', message });
    }
  });

  it.each([
    ['maxLength', -1],
    ['maxLength', 1.5],
    ['maxLength', Number.NaN],
    ['maxLength', Number.POSITIVE_INFINITY],
    ['maxLength', '8'],
    ['normalize', 1],
    ['normalize', null],
    ['batchSize', 0],
    ['batchSize', -5],
    ['batchSize', Number.NaN],
    ['batchSize', null],
  ])('with %s %j state the rule, at creation and at each call', async (option, value) => {
    const embedder = await create('word-piece-float32');
    const refusal = {
      code: 'invalid-argument',
      message: expect.stringMatching(`^${option} must be .*; found `),
    };
    expect(await failure(() => create('word-piece-float32', { [option]: value }))).toMatchObject(refusal);
    expect(await failure(() => embedder.encode(['a'], { [option]: value }))).toMatchObject(refusal);
    expect(await failure(() => embedder.encodeSync(['a'], { [option]: value }))).toMatchObject(refusal);
    expect(await failure(() => embedder.encodeStream(['a'], { [option]: value }))).toMatchObject(refusal);
    if (option !== 'normalize') {
      expect(await failure(() => embedder.encodeAsSequence(['a'], { [option]: value }))).toMatchObject(
        refusal,
      );
    }
  });

  it('of create with a name instead of options do not load the default model', async () => {
    // @ts-expect-error options are asked for
    const error = await failure(() => Model2VecEmbeddingFunction.create('minishlab/potion-base-2M'));
    expect(error).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('modelSource'),
    });
  });

  it('that ask for too much memory suggest streaming', async () => {
    const embedder = await create('word-piece-float32');
    // A list of that length that takes no memory itself.
    const texts = new Proxy([] as string[], {
      get: (target, key) => (key === 'length' ? 2 ** 50 : Reflect.get(target, key)),
    });
    const error = await failure(() => embedder.encode(texts));
    expect(EmbeddingFunctionError.isInstance(error)).toBe(true);
  });

  it('for an unknown model or kernel fail with the error of that package', async () => {
    const missing = await failure(() =>
      Model2VecEmbeddingFunction.create({ modelSource: new URL('./nowhere/', import.meta.url) }),
    );
    expect(ModelError.isInstance(missing)).toBe(true);
    // @ts-expect-error no such kernel
    const unknown = await failure(() => create('word-piece-float32', { kernel: 'gpu' }));
    expect(KernelError.isInstance(unknown)).toBe(true);
  });

  it('that combine a table and a tokenizer of different models are refused', async () => {
    const files = {
      'config.json': new URL('config.json', modelFolder('bpe-int8')),
      'model.safetensors': new URL('model.safetensors', modelFolder('bpe-int8')),
      'tokenizer.json': new URL('tokenizer.json', modelFolder('word-piece-float32')),
    };
    const error = await failure(() => Model2VecEmbeddingFunction.create({ modelSource: files }));
    expect(error).toMatchObject({ code: 'model-mismatch' });
  });
});

describe('closing', () => {
  it('makes every later call fail with a typed error, and can be repeated', async () => {
    const embedder = await create('word-piece-float32');
    const stream = embedder.encodeStream(['a', 'b'], { batchSize: 1 });
    await stream.next();
    const { fingerprint } = embedder;
    await embedder.close();
    await embedder.close();
    for (const call of [
      () => embedder.encode(['a']),
      () => embedder.encode([]),
      () => embedder.encodeSync(['a']),
      () => embedder.encodeDocuments(['a']),
      () => embedder.encodeQueries(['a']),
      () => embedder.encodeAsSequence(['a']),
      () => embedder.encodeStream(['a']),
      () => stream.next(),
    ]) {
      expect(await failure(call)).toMatchObject({ name: 'EmbeddingFunctionError', code: 'closed' });
    }
    expect(embedder).toMatchObject({ dim: 9, kernel: 'wasm', fingerprint });
  });

  it('waits for pending calls of an asynchronous kernel', async () => {
    let [running, disposedWhileRunning] = [0, false];
    const kernel: PoolingKernel = {
      ...asynchronousKernel(),
      async load() {
        return {
          async pool() {
            running++;
            await new Promise((resolve) => setTimeout(resolve, 20));
            running--;
          },
          dispose() {
            disposedWhileRunning = running > 0;
          },
        };
      },
    };
    const embedder = await create('word-piece-float32', { kernel });
    const encoding = embedder.encode(['a']);
    expect(running).toBe(1);
    await embedder.close();
    expect(disposedWhileRunning).toBe(false);
    await encoding;
  });

  it('happens at the end of an await using block', async () => {
    const embedder = await create('word-piece-float32');
    {
      await using scoped = embedder;
      await scoped.encode(['a']);
    }
    expect(await failure(() => embedder.encode(['a']))).toMatchObject({ code: 'closed' });
  });
});

function largestDifference(found: Float32Array, expected: Float32Array): number {
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
}
