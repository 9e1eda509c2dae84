import { setTimeout as delay } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { fixture, modelFolder } from '../fixtures/model.js';
import { type EmbeddingMatrix, type EncodeOptions, Model2VecEmbeddingFunction } from '../index.js';

const texts = Array.from(
  { length: 6000 },
  (_, i) => `${i} ${fixture.texts[i % fixture.texts.length]!.slice(0, 60)} ${(i * 7919) % 1009}`,
);
const few = texts.slice(0, 300);
const CANARY = 77;

const open: Model2VecEmbeddingFunction[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((embedder) => embedder.close()));
});

async function create(threads = 1): Promise<Model2VecEmbeddingFunction> {
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: modelFolder('word-piece-float32'),
    threads,
  });
  open.push(embedder);
  // The threads have started and take part.
  for (let i = 0; threads > 1 && i < 3; i++) await embedder.encode(texts);
  return embedder;
}

function expectSame(data: Float32Array, expected: Float32Array): void {
  const bytes = (array: Float32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  expect(bytes(data).equals(bytes(expected))).toBe(true);
}

const MEMORIES = {
  'an ArrayBuffer': (values: number) => new Float32Array(values).fill(CANARY),
  'a SharedArrayBuffer': (values: number) => new Float32Array(new SharedArrayBuffer(4 * values)).fill(CANARY),
  'a resizable ArrayBuffer': (values: number) =>
    new Float32Array(resizable(4 * values), 0, values).fill(CANARY),
  'a growable SharedArrayBuffer': (values: number) =>
    new Float32Array(
      Reflect.construct(SharedArrayBuffer, [4 * values, { maxByteLength: 8 * values }]) as SharedArrayBuffer,
    ).fill(CANARY),
};

type Resizable = ArrayBuffer & { resize(bytes: number): void };

function resizable(bytes: number): Resizable {
  return Reflect.construct(ArrayBuffer, [bytes, { maxByteLength: 2 * bytes }]) as Resizable;
}

function detach(array: Float32Array): void {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] });
}

describe.each([1, 3])('memory of the caller, with %d threads', (threads) => {
  describe.each(Object.entries(MEMORIES))('over %s', (_, memory) => {
    it('receives the rows of a call, and nothing around them', async () => {
      const embedder = await create(threads);
      const expected = embedder.encodeSync(texts);
      const whole = memory(expected.data.length + 2 * embedder.dim);
      const out = whole.subarray(embedder.dim);
      for (let i = 0; i < 3; i++) {
        out.fill(CANARY);
        const matrix = await embedder.encode(texts, { out });
        expect([matrix.rows, matrix.dim]).toEqual([expected.rows, expected.dim]);
        expect(matrix.data.buffer).toBe(whole.buffer);
        expect(matrix.data.byteOffset).toBe(4 * embedder.dim);
        expectSame(matrix.data, expected.data);
        const around = [...whole.subarray(0, embedder.dim), ...whole.subarray(-embedder.dim)];
        expect(new Set(around)).toEqual(new Set([CANARY]));
      }
    });

    it('receives each batch of a stream', async () => {
      const embedder = await create(threads);
      const expected = embedder.encodeSync(texts).data;
      const out = memory(500 * embedder.dim);
      let row = 0;
      for await (const matrix of embedder.encodeStream(texts.slice(0, 5700), { out, batchSize: 500 })) {
        expect(matrix.data.buffer).toBe(out.buffer);
        const end = row + matrix.rows;
        expectSame(matrix.data, expected.subarray(row * matrix.dim, end * matrix.dim));
        row = end;
      }
      expect(row).toBe(5700);
    });

    it('receives the rows of a synchronous call', async () => {
      const embedder = await create(threads);
      const expected = embedder.encodeSync(few);
      const matrix = embedder.encodeSync(few, { out: memory(expected.data.length) });
      expectSame(matrix.data, expected.data);
    });
  });

  it('is not written after an abort', async () => {
    const embedder = await create(threads);
    const out = MEMORIES['a SharedArrayBuffer'](texts.length * embedder.dim);
    for (let limit = 1; limit < 6; limit++) {
      const controller = new AbortController();
      let calls = 0;
      const onProgress = () => void (++calls === limit && controller.abort('enough'));
      const call = embedder.encode(texts, { out, signal: controller.signal, onProgress, batchSize: 64 });
      await expect(call).rejects.toBe('enough');
      out.fill(CANARY);
      await delay(20);
      expect(out.every((value) => value === CANARY)).toBe(true);
    }
    expectSame((await embedder.encode(texts, { out })).data, embedder.encodeSync(texts).data);
  });

  it('is not written after a close', async () => {
    const embedder = await create(threads);
    const out = MEMORIES['a SharedArrayBuffer'](texts.length * embedder.dim);
    const call = embedder.encode(texts, {
      out,
      batchSize: 64,
      onProgress: () => void embedder.close(),
    });
    await expect(call).rejects.toMatchObject({ code: 'closed' });
    out.fill(CANARY);
    await delay(20);
    expect(out.every((value) => value === CANARY)).toBe(true);
  });

  it.each(['detached', 'shrunk'] as const)('ends the call if it is %s meanwhile', async (kind) => {
    const embedder = await create(threads);
    const size = texts.length * embedder.dim;
    for (const at of [1, 3, Number.POSITIVE_INFINITY]) {
      const buffer = kind === 'shrunk' ? resizable(4 * size) : new ArrayBuffer(4 * size);
      const out = new Float32Array(buffer);
      let calls = 0;
      const onProgress: EncodeOptions['onProgress'] = ({ done, total }) => {
        if (++calls !== at && done !== total) return;
        if (kind === 'detached') detach(out);
        else (buffer as Resizable).resize(4 * size - 4);
      };
      await expect(embedder.encode(texts, { out, onProgress, batchSize: 64 })).rejects.toThrow(
        /out must be a Float32Array of \d+ values or more until the call ends; found/,
      );
    }
  });

  it('keeps every row if it is shrunk and enlarged meanwhile', async () => {
    const embedder = await create(threads);
    const expected = embedder.encodeSync(texts);
    const buffer = resizable(expected.data.byteLength);
    const onProgress = () => {
      buffer.resize(0);
      buffer.resize(expected.data.byteLength);
    };
    const matrix = await embedder.encode(texts, { out: new Float32Array(buffer), onProgress });
    expectSame(matrix.data, expected.data);
  });

  it('serves one call at a time, unless the rows are apart', async () => {
    const embedder = await create(threads);
    const size = texts.length * embedder.dim;
    const out = new Float32Array(2 * size);
    const taken = /out must be memory that no unfinished call writes to/;
    // Each check waits at most a moment, so that the call is unfinished.
    const call = embedder.encode(texts, { out, batchSize: 64 });
    expect(() => embedder.encodeSync(['a'], { out: out.subarray(size - 1) })).toThrow(taken);
    const refused = [
      embedder.encode(few, { out: out.subarray(size - 1) }),
      embedder.encodeStream(few, { out, batchSize: 100 }).next(),
    ];
    const apart = embedder.encode(texts, { out: out.subarray(size) });
    for (const each of refused) await expect(each).rejects.toThrow(taken);
    expectSame((await call).data, (await apart).data);
    await embedder.encode(few, { out: out.subarray(size - 1) });

    const stream = embedder.encodeStream(texts, { out, batchSize: 100 });
    await stream.next();
    await expect(embedder.encode(few, { out })).rejects.toThrow(taken);
    await stream.return();
    await embedder.encode(few, { out });
    const onProgress = () => void embedder.encodeSync(['a'], { out });
    expect(() => embedder.encodeSync(few, { out, onProgress })).toThrow(taken);
    await embedder.encode(few, { out });
  });
});

describe('memory of the caller', () => {
  it.each([
    ['too small', (dim: number) => new Float32Array(few.length * dim - 1), /found \d+$/],
    ['detached', (dim: number) => detached(few.length * dim), /found 0$/],
    ['of another type', (dim: number) => new Float64Array(few.length * dim), /found object$/],
    ['an array', (dim: number) => Array.from({ length: few.length * dim }, () => 0), /found an array$/],
    ['a number', () => 100_000, /found 100000$/],
    ['null', () => null, /found null$/],
  ])('is refused by each call if it is %s', async (_, make, message) => {
    const embedder = await create();
    const out = make(embedder.dim) as Float32Array;
    const call = embedder.encode(few, { out });
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(() => embedder.encodeSync(few, { out })).toThrow(message);
    expect(() => embedder.encodeStream(few, { out, batchSize: few.length })).toThrow(message);
  });

  it('may come from another realm', async () => {
    const embedder = await create();
    const out = runInNewContext(`new Float32Array(${embedder.dim})`) as Float32Array;
    expect(embedder.encodeSync(['a'], { out }).data).toBe(out);
  });

  it('may be empty if there are no texts', async () => {
    const embedder = await create();
    const matrices: EmbeddingMatrix[] = [
      await embedder.encode([], { out: new Float32Array() }),
      embedder.encodeSync([], { out: new Float32Array() }),
    ];
    expect(matrices.map(({ rows }) => rows)).toEqual([0, 0]);
  });
});

function detached(values: number): Float32Array {
  const array = new Float32Array(values);
  detach(array);
  return array;
}
