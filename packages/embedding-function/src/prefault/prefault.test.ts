import { pbkdf2 } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fixture, modelFolder } from '../fixtures/model.js';
import { Model2VecEmbeddingFunction } from '../index.js';
import { startPrefault } from './zero-reader.js';

const MEGABYTE = 1 << 18;

function elements(count: number): Float32Array {
  return new Float32Array(count).fill(1);
}

/** Number of zero files open in this process. */
function openZeros(): number {
  const targets = readdirSync('/proc/self/fd').map((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target === '/dev/zero').length;
}

/** Keeps all file threads busy for some time. */
function keepThreads(): Promise<unknown> {
  const work = () => new Promise((resolve) => pbkdf2('password', 'salt', 800_000, 64, 'sha512', resolve));
  return Promise.all(Array.from({ length: 2 * Number(process.env.UV_THREADPOOL_SIZE ?? 4) }, work));
}

const runs = process.platform === 'linux' && availableParallelism() > 1;
if (!runs) process.stdout.write('SKIPPED pages of new memory taken ahead: needs Linux and two processors\n');

describe.runIf(runs)('pages of new memory', () => {
  it('are mapped in order, except at the start', async () => {
    const memory = elements(70 * MEGABYTE);
    const prefault = startPrefault(memory)!;
    for (const reached of [9, 30, 50, 70]) {
      expect(await prefault.reach(reached * MEGABYTE)).toBe(true);
      const start = memory.subarray(0, 8 * MEGABYTE);
      expect(start.every((value) => value === 1)).toBe(true);
      expect(memory.subarray(8 * MEGABYTE, reached * MEGABYTE).every((value) => value === 0)).toBe(true);
    }
  });

  it('are not awaited at the start', async () => {
    const prefault = startPrefault(elements(40 * MEGABYTE))!;
    let isReached = false;
    void prefault.reach(8 * MEGABYTE).then(() => {
      isReached = true;
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(isReached).toBe(true);
    prefault.stop();
  });

  it('are not mapped far ahead of the writer', async () => {
    const memory = elements(120 * MEGABYTE);
    const prefault = startPrefault(memory)!;
    await expect.poll(() => memory[40 * MEGABYTE - 1]).toBe(0);
    await delay(50);
    expect(memory[40 * MEGABYTE]).toBe(1);
    expect(await prefault.reach(20 * MEGABYTE)).toBe(true);
    await expect.poll(() => memory[56 * MEGABYTE - 1]).toBe(0);
    await delay(50);
    expect(memory[56 * MEGABYTE]).toBe(1);
    prefault.stop();
    await expect.poll(openZeros).toBe(0);
  });

  it('are left to the writer if there are few', () => {
    expect(startPrefault(elements(31 * MEGABYTE))).toBeUndefined();
  });

  it('are not mapped after a stop', async () => {
    const memory = elements(70 * MEGABYTE);
    startPrefault(memory)!.stop();
    await expect.poll(openZeros).toBe(0);
    expect(memory.subarray(24 * MEGABYTE).every((value) => value === 1)).toBe(true);
  });

  it('leave no file open', async () => {
    const prefault = startPrefault(elements(40 * MEGABYTE))!;
    expect(openZeros()).toBe(1);
    expect(await prefault.reach(40 * MEGABYTE)).toBe(true);
    await expect.poll(openZeros).toBe(0);
  });

  it('are not awaited for long if the threads are busy', async () => {
    const work = keepThreads();
    const prefault = startPrefault(elements(40 * MEGABYTE))!;
    expect(await prefault.reach(40 * MEGABYTE)).toBe(false);
    prefault.stop();
    await work;
    await expect.poll(openZeros).toBe(0);
  });
});

describe.each([1, 2])(
  'a matrix that is large enough for its pages to be mapped ahead, with %d threads',
  (threads) => {
    const texts = Array.from({ length: 1 << 20 }, (_, i) => `${i} ${fixture.texts[i % 20]!.slice(0, 20)}`);

    async function expectSameRows(keep: () => Promise<unknown>): Promise<void> {
      const embedder = await Model2VecEmbeddingFunction.create({
        modelSource: modelFolder('word-piece-float32'),
        threads,
      });
      const work = keep();
      const matrix = await embedder.encode(texts);
      expect(matrix.data.byteLength).toBeGreaterThan(32 << 20);
      let row = 0;
      for await (const part of embedder.encodeStream(texts, { batchSize: 4096 })) {
        const rows = matrix.data.subarray(row * matrix.dim, (row + part.rows) * matrix.dim);
        expect(
          Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength).equals(Buffer.from(part.data.buffer)),
        ).toBe(true);
        row += part.rows;
      }
      expect(row).toBe(texts.length);
      await work;
      await embedder.close();
    }

    it('contains the rows of a stream', () => expectSameRows(async () => undefined));

    it('contains them even if no page can be mapped ahead', () => expectSameRows(keepThreads));
  },
);
