import { KernelError } from '../kernel-error.js';
import { messageOf } from '../message-of.js';
import type { LoadedKernel } from '../pooling-kernel.js';
import { batchOf, exactEmbedding, type Reduce, type Sample } from './sample.js';

/** Options that decide whether a result is right. */
export interface Comparison {
  readonly tolerance: number;
  readonly reduce: Reduce;
}

/** Pools texts into an output of NaN, so that values that were not written show. */
export async function pooled(
  loaded: LoadedKernel,
  texts: readonly (readonly number[])[],
  dim: number,
  normalize: boolean,
): Promise<Float32Array> {
  const out = new Float32Array(texts.length * dim).fill(Number.NaN);
  await loaded.pool(batchOf(texts), out, { normalize });
  return out;
}

/** Pools texts with and without `normalize` and compares both with the exact result. */
export async function poolAndCompare(
  loaded: LoadedKernel,
  of: Sample,
  texts: readonly (readonly number[])[],
  comparison: Comparison,
): Promise<void> {
  for (const normalize of [false, true]) {
    const out = await pooled(loaded, texts, of.table.dim, normalize);
    compare(out, of, texts, normalize, comparison);
  }
}

/** Compares output with the exact result. */
export function compare(
  out: Float32Array,
  of: Sample,
  texts: readonly (readonly number[])[],
  normalize: boolean,
  { tolerance, reduce }: Comparison,
): void {
  const { dim } = of.table;
  for (const [text, ids] of texts.entries()) {
    const expected = exactEmbedding(of, ids, normalize, reduce);
    for (const [j, value] of expected.entries()) {
      const found = out[text * dim + j]!;
      // Written so that NaN fails.
      mustHold(
        Math.abs(found - value) <= tolerance * Math.max(1, Math.abs(value)),
        `text ${text}, dimension ${j}: expected ${value}, found ${found} (normalize: ${normalize})`,
      );
    }
  }
}

/** @throws {@link KernelError} `not-conforming` unless the condition holds */
export function mustHold(condition: boolean, problem: string): void {
  if (!condition) throw new KernelError('not-conforming', problem);
}

/** Requires that work throws an error, of this realm or another. */
export async function mustFail(work: () => unknown, what: string): Promise<void> {
  try {
    await work();
  } catch (error) {
    mustHold(
      typeof error === 'object' && error !== null && 'message' in error,
      `${what} was refused with ${messageOf(error)}, which is no Error`,
    );
    return;
  }
  mustHold(false, `${what} was accepted`);
}
