/**
 * What every kernel must do, as cases for any test runner.
 * @module
 */
import type { TableDtype } from '@model2vec-ts/static-model';
import { KernelError } from './kernel-error.js';
import type { LoadedKernel, PoolingKernel } from './pooling-kernel.js';
import {
  batchOf,
  exactEmbedding,
  mean,
  PARTS,
  type Reduce,
  type Sample,
  sample,
  TOKENS,
} from './testing/sample.js';

/** One thing that a kernel must do. */
export interface KernelCase {
  /** What it is: continues a sentence that the kernel begins. */
  readonly name: string;
  /** Rejects with a {@link KernelError} `not-conforming` where the kernel does not. */
  run(): Promise<void>;
}

/** What to compare with, and how. */
export interface KernelTestOptions {
  /**
   * Largest difference from the exact result for values of at most 1; larger values allow more in proportion.
   * @default 1e-6
   */
  readonly tolerance?: number;
  /**
   * What a kernel that declares a {@link PoolingKernel.reduction} of its own makes of one dimension of a text: gets its
   * tokens' values times their weights, in order, at least one. A text without tokens gives zeros whatever it is.
   * @default the mean
   */
  readonly reduce?: (values: readonly number[]) => number;
  /**
   * Work that the kernel has done so far, such as calls of the engine that it is made on: a number that must grow as it
   * pools, so that nothing else passes for it.
   * @default not asked
   */
  readonly work?: () => number;
}

const DTYPES: readonly TableDtype[] = ['float64', 'float32', 'float16', 'bfloat16', 'int8'];
/** Around the widths of SIMD registers and of blocks. */
const DIMS: readonly number[] = [1, 2, 3, 4, 7, 8, 16, 33, 130];

/** Texts with no, one, all, repeated and many tokens. */
const MIXED: readonly (readonly number[])[] = [
  [3],
  [],
  Array.from({ length: TOKENS }, (_, i) => i),
  [7, 7, 7],
  Array.from({ length: 150 }, (_, i) => (i * i) % TOKENS),
  [10, 0],
];

/**
 * The conformance suite of kernels. Expected values are computed in float64 from the definition.
 *
 * A dtype that the kernel does not declare is tested for just one thing: that `load` refuses it.
 *
 * @param factory - gives the kernel; called once for each case
 * @example
 * ```ts
 * import { jsKernel } from '@model2vec-ts/pooling-kernels/js';
 * import { testPoolingKernel } from '@model2vec-ts/pooling-kernels/testing';
 *
 * for (const { name, run } of testPoolingKernel(() => jsKernel)) {
 *   await run(); // or, in a test runner: it(name, run)
 *   name satisfies string;
 * }
 * ```
 */
export function testPoolingKernel(
  factory: () => PoolingKernel | Promise<PoolingKernel>,
  { tolerance = 1e-6, reduce = mean, work }: KernelTestOptions = {},
): readonly KernelCase[] {
  const comparison: Comparison = { tolerance, reduce };
  const agrees = (name: string, of: Sample, texts: readonly (readonly number[])[]): KernelCase => ({
    name,
    async run() {
      const kernel = await factory();
      if (!kernel.capabilities.dtypes.includes(of.table.dtype)) {
        await mustFail(
          () => kernel.load(of.table),
          `a table of ${of.table.dtype}, which it does not declare`,
        );
        return;
      }
      const loaded = await kernel.load(of.table);
      await poolAndCompare(loaded, of, texts, comparison);
      loaded.dispose();
    },
  });
  const holds = (name: string, of: Sample, check: (loaded: LoadedKernel) => Promise<void>): KernelCase => ({
    name,
    async run() {
      const loaded = await (await factory()).load(of.table);
      await check(loaded);
      loaded.dispose();
    },
  });
  const four = sample('float32', 4);

  return [
    ...DTYPES.flatMap((dtype) => [
      ...DIMS.map((dim) => agrees(`pools ${dtype} tables of ${dim} dimensions`, sample(dtype, dim), MIXED)),
      ...Object.entries(PARTS).map(([name, parts]) =>
        agrees(`pools ${dtype} tables with ${name}`, sample(dtype, 5, parts), MIXED),
      ),
    ]),
    agrees('writes nothing for an empty batch', four, []),
    agrees('gives zeros, and not NaN, for texts without tokens', four, [[], [], []]),
    agrees(
      'pools a large batch',
      sample('float32', 6),
      Array.from({ length: 3000 }, (_, i) => Array.from({ length: i % 40 }, (_, j) => (i + j) % TOKENS)),
    ),
    agrees('pools one text of many tokens', sample('float32', 3), [
      Array.from({ length: 20_000 }, (_, i) => i % TOKENS),
    ]),
    // Enough of both for a kernel that divides its work among threads to do so.
    agrees('pools long texts of many dimensions', sample('float32', 256), [
      Array.from({ length: 12_000 }, (_, i) => i % TOKENS),
      Array.from({ length: 3000 }, (_, i) => (i * 5) % TOKENS),
    ]),
    holds('gives a text the same bits alone and in a batch', sample('float32', 9), async (loaded) => {
      const whole = await pooled(loaded, MIXED, 9, true);
      for (const [text, ids] of MIXED.entries()) {
        const alone = await pooled(loaded, [ids], 9, true);
        mustHold(
          alone.every((x, j) => x === whole[text * 9 + j]),
          `text ${text} alone differs from the batch`,
        );
      }
    }),
    holds('gives the same bits however often it pools', sample('float32', 9), async (loaded) => {
      const first = await pooled(loaded, MIXED, 9, true);
      for (let i = 0; i < 50; i++) {
        const again = await pooled(loaded, MIXED, 9, true);
        mustHold(
          again.every((x, j) => x === first[j]),
          `call ${i + 2} differs from the first`,
        );
      }
    }),
    holds('pools batches that it is given before the last one is done', four, async (loaded) => {
      const calls = MIXED.map((_, i) => MIXED.slice(i));
      const results = await Promise.all(calls.map((texts) => pooled(loaded, texts, 4, true)));
      for (const [i, out] of results.entries()) compare(out, four, calls[i]!, true, comparison);
    }),
    holds('leaves output beyond the last text as it is', four, async (loaded) => {
      const out = new Float32Array(12).fill(7);
      await loaded.pool(batchOf([[1], [2]]), out, { normalize: false });
      mustHold(isUntouched(out.subarray(8)), 'output beyond the last text was changed');
    }),
    holds('refuses an id that has no row, and leaves the output as it is', four, async (loaded) => {
      for (const id of [TOKENS, 2 ** 32 - 1]) {
        const out = new Float32Array(8).fill(7);
        await mustFail(() => loaded.pool(batchOf([[1], [2, id]]), out, { normalize: false }), `id ${id}`);
        mustHold(isUntouched(out), `output was changed although id ${id} has no row`);
      }
    }),
    holds('refuses output that is too small', four, async (loaded) => {
      const out = new Float32Array(7);
      await mustFail(() => loaded.pool(batchOf([[1], [2]]), out, { normalize: false }), '7 values for 8');
    }),
    holds('refuses to pool once disposed, and to dispose again does nothing', four, async (loaded) => {
      loaded.dispose();
      loaded.dispose();
      await mustFail(() => loaded.pool(batchOf([[1]]), new Float32Array(4), { normalize: false }), 'a call');
    }),
    {
      name: 'keeps two loaded tables apart, also when one is disposed',
      async run() {
        const kernel = await factory();
        const first = await kernel.load(four.table);
        const other = sample('float32', 7);
        const second = await kernel.load(other.table);
        await poolAndCompare(first, four, MIXED, comparison);
        first.dispose();
        await poolAndCompare(second, other, MIXED, comparison);
        second.dispose();
      },
    },
    {
      name: 'does not change the table',
      async run() {
        const kernel = await factory();
        const { table } = sample('float32', 4, PARTS['mapping and weights']);
        const content = () => [...table.data, ...(table.mapping ?? []), ...(table.weights ?? [])];
        const before = content();
        const loaded = await kernel.load(table);
        await pooled(loaded, MIXED, 4, true);
        loaded.dispose();
        mustHold(
          content().every((x, i) => x === before[i]),
          'the table was changed',
        );
      },
    },
    {
      name: 'can run here, and declares a reduction where it does not pool the mean, and only there',
      async run() {
        const { capabilities, reduction = 'mean' } = await factory();
        mustHold(capabilities.unavailable === undefined, `it cannot run here: ${capabilities.unavailable}`);
        mustHold(
          (reduction === 'mean') === (reduce === mean),
          `its reduction is ${reduction}, but it is tested ${reduce === mean ? 'without' : 'with'} one of its own`,
        );
      },
    },
    ...(work === undefined
      ? []
      : [
          holds('does the work itself', four, async (loaded) => {
            const before = work();
            await pooled(loaded, MIXED, 4, true);
            mustHold(work() > before, `it pooled, but its work stayed at ${before}`);
          }),
        ]),
    {
      name: 'returns a promise only where it does not declare to be synchronous',
      async run() {
        const kernel = await factory();
        const loaded = await kernel.load(four.table);
        const result = loaded.pool(batchOf([[1]]), new Float32Array(4), { normalize: false });
        await result;
        loaded.dispose();
        mustHold(
          kernel.capabilities.synchronous === (result === undefined),
          `synchronous is ${kernel.capabilities.synchronous}, but pool returned ${typeof result}`,
        );
      },
    },
  ];
}

/** What of the options decides whether a result is right. */
interface Comparison {
  readonly tolerance: number;
  readonly reduce: Reduce;
}

async function pooled(
  loaded: LoadedKernel,
  texts: readonly (readonly number[])[],
  dim: number,
  normalize: boolean,
): Promise<Float32Array> {
  const out = new Float32Array(texts.length * dim).fill(Number.NaN);
  await loaded.pool(batchOf(texts), out, { normalize });
  return out;
}

async function poolAndCompare(
  loaded: LoadedKernel,
  of: Sample,
  texts: readonly (readonly number[])[],
  comparison: Comparison,
): Promise<void> {
  const { dim } = of.table;
  for (const normalize of [false, true]) {
    const out = await pooled(loaded, texts, dim, normalize);
    compare(out, of, texts, normalize, comparison);
  }
}

function compare(
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

function isUntouched(values: Float32Array): boolean {
  return values.every((x) => x === 7);
}

function mustHold(condition: boolean, problem: string): void {
  if (!condition) throw new KernelError('not-conforming', problem);
}

async function mustFail(work: () => unknown, what: string): Promise<void> {
  try {
    await work();
  } catch (error) {
    mustHold(error instanceof Error, `${what} was refused with something that is no Error`);
    return;
  }
  mustHold(false, `${what} was accepted`);
}
