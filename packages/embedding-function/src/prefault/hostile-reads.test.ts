import { readdirSync, readlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { fixture, modelFolder } from '../fixtures/model.js';
import { Model2VecEmbeddingFunction } from '../index.js';

type Callback = (error: Error | null, count: number) => void;
type Read = (
  fd: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  at: null,
  done: Callback,
) => void;

// Reads of /dev/zero as a system may do them at worst: late, short, failed, reported long after the data arrived, or
// arriving in two parts. The sizes are 512 times smaller than in use, so that every matrix is read ahead.
const { reads, random } = vi.hoisted(() => {
  const fs = process.getBuiltinModule('node:fs');
  const count = { all: 0, pending: 0 };
  let state = 20_260_101;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % n;
  };
  const real = fs.read as unknown as Read;
  const hostile: Read = (fd, buffer, offset, length, at, done) => {
    const isZero = fs.readlinkSync(`/proc/self/fd/${fd}`) === '/dev/zero';
    if (!isZero) return real(fd, buffer, offset, length, at, done);
    count.all++;
    count.pending++;
    const kind = below(10);
    const end = (error: Error | null, size: number, wait: number): void => {
      setTimeout(() => {
        count.pending--;
        done(error, size);
      }, wait);
    };
    const arrive = (): void => {
      if (kind === 7) {
        buffer.fill(0, offset, offset + below(length));
        end(Object.assign(new Error('EIO'), { code: 'EIO' }), 0, 0);
      } else if (kind === 8) {
        buffer.fill(0, offset, offset + (length >> 1));
        setTimeout(() => {
          buffer.fill(0, offset, offset + length);
          end(null, length, below(8));
        }, below(20));
      } else {
        const size = kind === 6 ? 1 + below(length) : length;
        buffer.fill(0, offset, offset + size);
        end(null, size, kind === 5 ? below(30) : 0);
      }
    };
    if (kind < 4) arrive();
    else setTimeout(arrive, below(30));
  };
  fs.read = hostile as unknown as typeof fs.read;
  return { reads: count, random: below };
});

vi.mock('./zero-reader.js', async (original) => {
  const { prefaultStarter } = await original<typeof import('./zero-reader.js')>();
  return { startPrefault: prefaultStarter({ least: 64 << 10, step: 32 << 10, headStart: 16 << 10 }) };
});

const runs = process.platform === 'linux' && availableParallelism() > 1;

it.runIf(runs)(
  'memory that is read ahead holds the right vectors, whatever the reads do',
  async () => {
    const modelSource = modelFolder('word-piece-float32');
    const embedders = await Promise.all(
      [{ kernel: 'js', threads: 1 } as const, { threads: 1 }, { threads: 2 }].map((options) =>
        Model2VecEmbeddingFunction.create({ modelSource, ...options }),
      ),
    );
    const expected = embedders[0]!.encodeSync(fixture.texts);
    const { dim, rows: period } = expected;
    const problem = (data: Float32Array, shift: number): string | undefined => {
      const at = data.findIndex((value, i) => {
        const row = (Math.floor(i / dim) + shift) % period;
        return !Object.is(value, expected.data[row * dim + (i % dim)]);
      });
      return at < 0 ? undefined : `value ${at} of ${data.length} is ${data[at]}`;
    };
    const kept: { data: Float32Array; shift: number }[] = [];
    for (let round = 0; round < 60; round++) {
      const embedder = embedders[round % embedders.length]!;
      const jobs = Array.from({ length: 1 + random(3) }, async () => {
        const shift = random(period);
        const rows = 4000 + random(12_000);
        const texts = Array.from({ length: rows }, (_, i) => fixture.texts[(i + shift) % period]!);
        const controller = new AbortController();
        if (random(12) === 0) setTimeout(() => controller.abort(new RangeError('enough')), random(15));
        const options = { batchSize: [1, 16, 64, 500, 1024][random(5)]!, signal: controller.signal };
        try {
          kept.push({ data: (await embedder.encode(texts, options)).data, shift });
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      });
      await Promise.all(jobs);
      // Also later, because a read may arrive after the call has ended.
      if (round % 10 === 9)
        for (const { data, shift } of kept.splice(0)) expect(problem(data, shift)).toBe(undefined);
    }
    expect(reads.all).toBeGreaterThan(100);
    await expect.poll(() => reads.pending, { timeout: 5000 }).toBe(0);
    await delay(50);
    const open = readdirSync('/proc/self/fd').filter((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`) === '/dev/zero';
      } catch {
        return false;
      }
    });
    expect(open).toEqual([]);
    for (const embedder of embedders) await embedder.close();
  },
  120_000,
);
