import { describe, expect, it } from 'vitest';
import { AlgebraThreads } from '../algebra/algebra-threads.js';
import { recorded } from '../fixtures/recorded.js';
import { type RidgeProblem, RidgeSolver } from './ridge-solver.js';
import { TokenCounter } from './token-counts.js';
import { MemoryVectors } from './vector-store.js';

const tensor = (name: string): Float32Array => recorded('adaptation.safetensors', name);

/** |found − expected| / |expected|. Signs of principal axes are free: columns are compared with the sign that fits. */
function relativeError(found: Float32Array, expected: Float32Array, columns: number): number {
  let difference = 0;
  let size = 0;
  for (let column = 0; column < columns; column++) {
    let dot = 0;
    for (let i = column; i < found.length; i += columns) dot += found[i]! * expected[i]!;
    for (let i = column; i < found.length; i += columns) {
      difference += (found[i]! * Math.sign(dot) - expected[i]!) ** 2;
      size += expected[i]! ** 2;
    }
  }
  return Math.sqrt(difference / size);
}

describe('RidgeSolver', () => {
  const lengths = tensor('lengths');
  const ids = Uint32Array.from(tensor('ids'));
  const counter = new TokenCounter();
  let at = 0;
  for (const length of lengths) {
    counter.add(ids.subarray(at, at + length));
    at += length;
  }
  const vectors = new MemoryVectors(38);
  for (let row = 0; row < lengths.length; row += 200) {
    vectors.append(tensor('vectors').subarray(row * 38, (row + 200) * 38));
  }
  const problem: RidgeProblem = {
    counts: counter.counts(),
    vectors,
    table: tensor('table'),
    tableDim: 36,
    dimensionality: 34,
  };

  it.each([
    ['plain', 1],
    ['weighted', 3],
  ])('gives what numpy gives in float64: %s, %i threads', async (name, threads) => {
    const algebra = await AlgebraThreads.start(threads);
    const weighted = name === 'weighted' ? { ...problem, weights: tensor('weights') } : problem;
    const solver = await RidgeSolver.prepare(algebra, weighted);
    const start = await solver.fit({ lambda: 0.03, rounds: 0 });
    expect(relativeError(start, tensor(`${name}.start`), 34)).toBeLessThan(1e-4);
    const result = await solver.fit({ lambda: 0.03 });
    expect(relativeError(result, tensor(`${name}.result`), 34)).toBeLessThan(1e-4);
    await algebra.close();
  });

  it('gives the same bits on any number of threads', async () => {
    const fits = [];
    for (const threads of [1, 2, 5]) {
      const algebra = await AlgebraThreads.start(threads);
      fits.push(await (await RidgeSolver.prepare(algebra, problem)).fit({ lambda: 0.1 }));
      await algebra.close();
    }
    expect(fits[1]).toEqual(fits[0]);
    expect(fits[2]).toEqual(fits[0]);
  });

  it('ignores a text that is held out', async () => {
    const algebra = await AlgebraThreads.start(2);
    const heldOut = new Uint8Array(lengths.length).fill(1, 0, 1999);
    const solver = await RidgeSolver.prepare(algebra, problem);
    const start = await solver.fit({ lambda: 0.1, rounds: 0 });
    const fit = await solver.fit({ lambda: 0.1, heldOut });
    const changed = new Set<number>();
    fit.forEach((value, i) => {
      if (value !== start[i]) changed.add(Math.floor(i / 34));
    });
    expect([...changed].sort()).toEqual([...new Set(ids.subarray(-lengths[1999]!))].sort());
    await algebra.close();
  });
});
