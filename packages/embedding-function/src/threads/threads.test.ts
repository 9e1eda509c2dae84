import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { jsKernel } from '@model2vec-ts/pooling-kernels/js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixture, floats, MODELS, type ModelName, modelFolder } from '../fixtures/model.js';
import { type WorkerTraffic, watchWorkers } from '../fixtures/worker-traffic.js';
import {
  type CreateOptions,
  EmbeddingFunctionError,
  type EmbeddingMatrix,
  Model2VecEmbeddingFunction,
} from '../index.js';

let traffic: WorkerTraffic;
const open: Model2VecEmbeddingFunction[] = [];

beforeEach(() => {
  traffic = watchWorkers();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((embedder) => embedder.close()));
  expect(traffic.alive).toBe(0);
  traffic.restore();
});

async function create(name: ModelName, options: CreateOptions = {}): Promise<Model2VecEmbeddingFunction> {
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: modelFolder(name),
    threads: 3,
    ...options,
  });
  open.push(embedder);
  return embedder;
}

/** Returns `count` different texts of about 60 characters. */
function manyTexts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const text = fixture.texts[i % fixture.texts.length]!.slice(0, 60);
    return `${i} ${text} ${(i * 7919) % 1009} the quick brown fox ${i % 13}`;
  });
}
const texts = manyTexts(6000);

function bits(data: Float32Array): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.length);
}

/** Encodes until the threads have started and take part. */
async function warm(embedder: Model2VecEmbeddingFunction): Promise<void> {
  const before = traffic.batches;
  while (traffic.batches === before) await embedder.encode(texts);
}

async function failure(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}

async function collect(stream: AsyncIterable<EmbeddingMatrix>): Promise<Float32Array> {
  const parts: number[] = [];
  for await (const { data } of stream) for (const value of data) parts.push(value);
  return Float32Array.from(parts);
}

describe('several threads', () => {
  describe.each(MODELS)('with %s', (name) => {
    const cases = fixture.cases.filter((each) => each.model === name && !each.sequence);
    const repeats = Math.ceil(70_000 / fixture.texts.reduce((sum, { length }) => sum + length, 0));

    const creates = new Map(cases.map((each) => [JSON.stringify(each.create), each.create]));
    it.each([...creates])('give what Python gives: %s', async (key, options) => {
      const embedder = await create(name, options);
      await warm(embedder);
      const repeated = Array.from({ length: repeats }, () => fixture.texts).flat();
      for (const { call, values } of cases.filter((each) => JSON.stringify(each.create) === key)) {
        const before = traffic.texts;
        const { data } = await embedder.encode(repeated, call);
        expect(traffic.texts).toBeGreaterThan(before);
        const expected = floats(values);
        // Python rounds results of float16 tables to float16.
        const isRounded = name === 'unigram-float16' && options.quantizeTo !== 'int8';
        for (let i = 0; i < repeats; i++) {
          const part = data.subarray(i * expected.length, (i + 1) * expected.length);
          if (!isRounded) expect(bits(part)).toEqual(bits(expected));
          else expect(part.every((value, j) => Math.abs(value - expected[j]!) < 1e-3)).toBe(true);
        }
      }
    });

    it.each(['wasm', 'js'] as const)(
      'give the bits of one thread with the %s kernel, in calls and streams',
      async (kernel) => {
        const embedder = await create(name, { kernel });
        expect(embedder.threads).toBe(3);
        const expected = bits(embedder.encodeSync(texts).data);
        await warm(embedder);
        expect(bits((await embedder.encode(texts)).data)).toEqual(expected);
        const before = traffic.batches;
        const streamed = await collect(embedder.encodeStream(texts, { batchSize: 100 }));
        expect(traffic.batches).toBeGreaterThan(before);
        expect(bits(streamed)).toEqual(expected);
      },
    );
  });

  it('cut long texts like one thread', async () => {
    const long = Array.from({ length: 64 }, (_, i) => `${'word 𝒜 '.repeat(i * 100)}${i}`);
    const alone = await create('word-piece-float32', { threads: 1, maxLength: 20 });
    const embedder = await create('word-piece-float32', { maxLength: 20 });
    await warm(embedder);
    expect(bits((await embedder.encode(long)).data)).toEqual(bits(alone.encodeSync(long).data));
  });

  it('serve several calls at once', async () => {
    const embedder = await create('word-piece-float32');
    const expected = bits(embedder.encodeSync(texts).data);
    for (let round = 0; round < 3; round++) {
      const results = await Promise.all([
        ...[0, 1, 2].map(async () => (await embedder.encode(texts)).data),
        collect(embedder.encodeStream(texts, { batchSize: 64 })),
      ]);
      for (const data of results) expect(bits(data)).toEqual(expected);
    }
    expect(traffic.batches).toBeGreaterThan(0);
  });

  it('report ascending progress that ends at all texts', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    const seen: number[] = [];
    await embedder.encode(texts, { onProgress: ({ done }) => seen.push(done) });
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.every((done, i) => done > (seen[i - 1] ?? 0))).toBe(true);
    expect(seen.at(-1)).toBe(texts.length);
  });

  it('fail a call with the error of its progress callback', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    const problem = new RangeError('enough');
    const onProgress = () => {
      throw problem;
    };
    expect(await failure(() => embedder.encode(texts, { onProgress }))).toBe(problem);
    expect(await failure(() => collect(embedder.encodeStream(texts, { onProgress })))).toBe(problem);
    expect((await embedder.encode(texts)).rows).toBe(texts.length);
  });
});

describe('threads are not used', () => {
  it('for small calls and by encodeSync', async () => {
    const embedder = await create('word-piece-float32');
    await embedder.encode(texts.slice(0, 500));
    embedder.encodeSync(texts);
    await collect(embedder.encodeStream(texts.slice(0, 500)));
    expect(traffic.workers).toEqual([]);
  });

  it('by default, until a call is worth their start', async () => {
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: modelFolder('word-piece-float32'),
    });
    open.push(embedder);
    await embedder.encode(texts);
    await collect(embedder.encodeStream(texts));
    expect(traffic.workers).toEqual([]);
  });

  it('beyond the work of a call', async () => {
    const embedder = await create('word-piece-float32', { threads: 16 });
    while (traffic.workers.length === 0) await embedder.encode(texts);
    const units = texts.reduce((sum, { length }) => sum + length, 0);
    expect(traffic.workers.length).toBeLessThan(units / 65_536);
  });

  it('if one is requested', async () => {
    const embedder = await create('word-piece-float32', { threads: 1 });
    await embedder.encode(texts);
    expect([embedder.threads, embedder.threadLimit]).toEqual([1, undefined]);
    expect(traffic.workers).toEqual([]);
  });

  it('with a kernel that cannot share its table, and threadLimit names it', async () => {
    const kernel = {
      ...jsKernel,
      name: 'mine',
      async load(table: Parameters<typeof jsKernel.load>[0]) {
        const loaded = await jsKernel.load(table);
        return {
          pool: loaded.pool.bind(loaded),
          dispose: () => loaded.dispose(),
        };
      },
    };
    const embedder = await create('word-piece-float32', { kernel, threads: 4 });
    expect(embedder.threads).toBe(1);
    expect(embedder.threadLimit).toEqual({ code: 'kernel', kernel: 'mine' });
    expect((await embedder.encode(texts)).rows).toBe(texts.length);
    expect(traffic.workers).toEqual([]);
  });

  it.each([0, -1, 1.5, 65, Number.NaN, '2', null])('for an invalid number: %s', async (threads) => {
    const modelSource = new URL('file:///nowhere/');
    const error = await failure(() =>
      Model2VecEmbeddingFunction.create({ modelSource, threads: threads as number }),
    );
    expect(EmbeddingFunctionError.isInstance(error) && [error.code, error.message.split(';')[0]]).toEqual([
      'invalid-argument',
      "threads must be 'auto' or a whole number from 1 to 64",
    ]);
  });
});

describe('an abort', () => {
  it('ends a call at once, and leaves the threads for the next', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    const expected = bits(embedder.encodeSync(texts).data);
    const started = traffic.workers.length;
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController();
      const reason = new RangeError('no more');
      let after = 0;
      const onProgress = () => {
        if (controller.signal.aborted) after++;
        else controller.abort(reason);
      };
      expect(await failure(() => embedder.encode(texts, { signal: controller.signal, onProgress }))).toBe(
        reason,
      );
      expect(after).toBe(0);
      const later = new AbortController();
      setTimeout(() => later.abort(reason), round);
      const error = await failure(() => embedder.encode(manyTexts(40_000), { signal: later.signal }));
      expect(error).toBe(reason);
      expect(bits((await embedder.encode(texts)).data)).toEqual(expected);
    }
    expect(traffic.workers.length).toBe(started);
  });

  it('ends a stream and closes its source', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    const controller = new AbortController();
    let isEnded = false;
    async function* source(): AsyncGenerator<string> {
      try {
        yield* texts;
        await new Promise(() => undefined);
      } finally {
        isEnded = true;
      }
    }
    const stream = embedder.encodeStream(source(), { batchSize: 100, signal: controller.signal });
    const reason = new RangeError('no more');
    let rows = 0;
    const error = await failure(async () => {
      for await (const matrix of stream) {
        rows += matrix.rows;
        if (rows === 2000) controller.abort(reason);
      }
    });
    expect(error).toBe(reason);
    await delay(0);
    expect(isEnded).toBe(true);
  });
});

describe('a thread that dies', () => {
  let warnings: string[];
  const note = (warning: Error) => {
    if (warning.name === 'Model2VecWarning') warnings.push(warning.message);
  };
  beforeEach(() => {
    warnings = [];
    process.on('warning', note);
  });
  afterEach(() => {
    process.off('warning', note);
  });

  it('loses no text, is reported, and is replaced by the next call', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    const expected = bits(embedder.encodeSync(texts).data);
    for (let round = 1; round <= 4; round++) {
      const known = traffic.workers.length;
      const victim = traffic.workers.findLast(({ threadId }) => threadId !== -1)!;
      let isKilled = false;
      const onProgress = () => {
        if (isKilled) return;
        isKilled = true;
        void victim.terminate();
      };
      expect(bits((await embedder.encode(texts, { onProgress })).data)).toEqual(expected);
      while (victim.threadId !== -1) await delay(1);
      await delay(1);
      expect(warnings.length).toBe(round);
      expect(warnings.at(-1)).toContain('An embedding thread ended unexpectedly (it exited with code ');
      await warm(embedder);
      expect(traffic.workers.length).toBeGreaterThan(known);
      expect(embedder.threads).toBe(3);
    }
  });

  it('loses no text in a stream either', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    const expected = bits(embedder.encodeSync(texts).data);
    const parts: number[] = [];
    const killed = traffic.workers;
    for await (const { data } of embedder.encodeStream(texts, { batchSize: 100 })) {
      if (parts.length === 0) await Promise.all(killed.map((worker) => worker.terminate()));
      for (const value of data) parts.push(value);
    }
    expect(bits(Float32Array.from(parts))).toEqual(expected);
    await delay(1);
    expect(warnings.length).toBe(killed.length);
  });
});

describe('an error', () => {
  /** A model whose tokenizer lacks a token for unknown words. */
  function wordModel(): Record<string, Uint8Array> {
    const words = ['good', 'better', 'best'];
    const header = JSON.stringify({
      embeddings: { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] },
    });
    const file = new Uint8Array(8 + header.length + 24);
    new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
    file.set(new TextEncoder().encode(header), 8);
    file.set(new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer), 8 + header.length);
    const tokenizer = {
      version: '1.0',
      pre_tokenizer: { type: 'Whitespace' },
      model: {
        type: 'WordLevel',
        vocab: Object.fromEntries(words.map((word, i) => [word, i])),
        unk_token: '[UNK]',
      },
    };
    const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    return { 'model.safetensors': file, 'tokenizer.json': encode(tokenizer), 'config.json': encode({}) };
  }
  const good = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 'good better' : 'best good'));

  it('comes from the first text with an error, as with one thread', async () => {
    const modelSource = wordModel();
    const alone = await create('word-piece-float32', { modelSource, threads: 1 });
    const embedder = await create('word-piece-float32', { modelSource });
    while (traffic.batches === 0) await embedder.encode(good);
    for (const places of [[10, 19_000], [19_999], [0], [7000, 7001, 15_000], [12_345]]) {
      const bad = good.map((text, i) => (places.includes(i) ? `good unknown${i}` : text));
      const [first, second, streamed] = await Promise.all([
        failure(() => alone.encode(bad)),
        failure(() => embedder.encode(bad)),
        failure(() => collect(embedder.encodeStream(bad, { batchSize: 1000 }))),
      ]);
      expect(first).toBeInstanceOf(Error);
      for (const error of [second, streamed]) {
        expect(error).toBeInstanceOf((first as Error).constructor);
        expect({ ...(error as Error) }).toEqual({ ...(first as Error) });
        expect((error as Error).message).toBe((first as Error).message);
      }
    }
    expect((await embedder.encode(good)).rows).toBe(good.length);
  });

  it('of a stream comes after all earlier results', async () => {
    const embedder = await create('word-piece-float32', { modelSource: wordModel() });
    while (traffic.batches === 0) await embedder.encode(good);
    const bad = good.map((text, i) => (i === 9500 ? 'unknown' : text));
    for (const size of [500, 1000]) {
      let rows = 0;
      const error = await failure(async () => {
        for await (const matrix of embedder.encodeStream(bad, { batchSize: size })) rows += matrix.rows;
      });
      expect(error).toMatchObject({ code: 'no-unknown-token' });
      expect(rows).toBe(9500 - (9500 % size));
    }
  });
});

describe('a stream on several threads', () => {
  it('reads only a few batches ahead of a slow reader', async () => {
    const embedder = await create('word-piece-float32', { threads: 2 });
    await warm(embedder);
    let read = 0;
    let given = 0;
    function* source(): Generator<string> {
      for (const text of texts) {
        read++;
        yield text;
      }
    }
    let most = 0;
    for await (const { rows } of embedder.encodeStream(source(), { batchSize: 100 })) {
      given += rows;
      if (given % 1000 === 0) await delay(5);
      most = Math.max(most, read - given);
    }
    expect(given).toBe(texts.length);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(400);
  });

  it('allocates memory for a few results, however many there are, and returns each in its own memory', async () => {
    const embedder = await create('word-piece-float32');
    const expected = bits(embedder.encodeSync(texts).data);
    await warm(embedder);
    for (let pass = 0; pass < 3; pass++) {
      const { batches, newResults } = traffic;
      const matrices: EmbeddingMatrix[] = [];
      for await (const matrix of embedder.encodeStream(texts, { batchSize: 100 })) matrices.push(matrix);
      expect(traffic.batches - batches).toBeGreaterThan(10);
      expect(traffic.newResults - newResults).toBeLessThanOrEqual(4);
      // None was written to after it was yielded.
      expect(bits(Float32Array.from(matrices.flatMap(({ data }) => [...data])))).toEqual(expected);
    }
    expect(traffic.workers.map(({ resourceLimits }) => resourceLimits?.maxYoungGenerationSizeMb)).toEqual([
      3, 3,
    ]);
  });

  it('loses no line of a file, even if threads start slowly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'threads-'));
    const file = join(folder, 'lines.txt');
    await writeFile(file, texts.map((text) => text.replaceAll(/\s+/g, ' ')).join('\n'));
    const embedder = await create('word-piece-float32');
    for (let pass = 0; pass < 3; pass++) {
      let rows = 0;
      const lines = createInterface({ input: createReadStream(file) });
      for await (const matrix of embedder.encodeStream(lines, { batchSize: 100 })) rows += matrix.rows;
      expect(rows).toBe(texts.length);
    }
    await rm(folder, { recursive: true });
  });

  it('yields finished results while its source is slow', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    let isAskedAgain = false;
    async function* source(): AsyncGenerator<string> {
      yield* texts.slice(0, 400);
      await new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          if (!isAskedAgain) return;
          clearInterval(timer);
          resolve();
        }, 1);
      });
      yield* texts.slice(400, 800);
    }
    const stream = embedder.encodeStream(source(), { batchSize: 200 });
    expect((await stream.next()).value?.rows).toBe(200);
    expect((await stream.next()).value?.rows).toBe(200);
    isAskedAgain = true;
    expect((await stream.next()).value?.rows).toBe(200);
    await stream.return();
  });

  it('closes its source if the reader stops, even a silent one', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    let isEnded = false;
    function* lively(): Generator<string> {
      try {
        yield* texts;
      } finally {
        isEnded = true;
      }
    }
    for await (const _ of embedder.encodeStream(lively(), { batchSize: 100 })) break;
    expect(isEnded).toBe(true);
    async function* silent(): AsyncGenerator<string> {
      yield* texts.slice(0, 200);
      await new Promise(() => undefined);
    }
    for await (const _ of embedder.encodeStream(silent(), { batchSize: 100 })) break;
  });

  it('passes on its source’s error after all earlier results', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    const problem = new RangeError('the disk is gone');
    function* source(): Generator<string> {
      yield* texts.slice(0, 1500);
      throw problem;
    }
    let rows = 0;
    const error = await failure(async () => {
      for await (const matrix of embedder.encodeStream(source(), { batchSize: 100 })) rows += matrix.rows;
    });
    expect(error).toBe(problem);
    expect(rows).toBe(1500);
  });
});

describe('closing', () => {
  it('ends running calls and streams, and every thread', async () => {
    const embedder = await create('word-piece-float32');
    await warm(embedder);
    const calls = [
      failure(() => embedder.encode(manyTexts(30_000))),
      failure(() => collect(embedder.encodeStream(manyTexts(30_000)))),
    ];
    await delay(2);
    await embedder.close();
    expect(traffic.alive).toBe(0);
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'closed' });
  });

  it('waits for threads that are starting', async () => {
    const embedder = await create('word-piece-float32');
    await embedder.encode(texts);
    await embedder.close();
    expect(traffic.alive).toBe(0);
  });

  it('leaves nothing behind, fifty times over', async () => {
    // The test runner has timers of its own.
    const resources = () => process.getActiveResourcesInfo().filter((name) => name !== 'Timeout');
    const before = resources();
    for (let i = 0; i < 50; i++) {
      const embedder = await create('word-piece-float32', { threads: 2 });
      await embedder.encode(texts);
      if (i % 10 === 0) await warm(embedder);
      await embedder.close();
      expect(traffic.alive).toBe(0);
    }
    expect(traffic.workers.length).toBeGreaterThanOrEqual(50);
    // A thread's handles are released slightly after it ends.
    await expect.poll(resources).toEqual(before);
  });

  it('happens on garbage collection if it was forgotten', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    await (async () => {
      const forgotten = await Model2VecEmbeddingFunction.create({
        modelSource: modelFolder('word-piece-float32'),
        threads: 2,
      });
      await warm(forgotten);
    })();
    expect(traffic.alive).toBe(1);
    while (traffic.alive > 0) {
      collectGarbage();
      await delay(10);
    }
  });
});
