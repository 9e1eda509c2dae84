/**
 * Conformance suite of kernels, for any test runner.
 * @module
 */
import type { TableDtype } from '@model2vec-ts/static-model';
import type { LoadedKernel, PoolingKernel } from './pooling-kernel.js';
import {
  type Comparison,
  compare,
  mustFail,
  mustHold,
  poolAndCompare,
  pooled,
} from './testing/comparison.js';
import { batchOf, mean, PARTS, type Sample, sample, TOKENS } from './testing/sample.js';
import { checkSharing } from './testing/sharing.js';

/** One rule that a kernel must follow. */
export interface KernelCase {
  /** The rule, as the rest of a sentence that begins with "the kernel". */
  readonly name: string;
  /** Rejects with a `KernelError` `not-conforming` if the kernel breaks the rule. */
  run(): Promise<void>;
}

/** Options of the suite. */
export interface KernelTestOptions {
  /**
   * Largest difference from the exact result for values of at most 1, in proportion for larger ones.
   *
   * @defaultValue `1e-6`
   */
  readonly tolerance?: number;
  /**
   * Reduces one dimension of a text: gets the values of its tokens times their weights, in order, at least one. Pass it
   * for a kernel that declares a `reduction`. A text without tokens must give zeros with every reduction.
   *
   * @defaultValue the mean
   */
  readonly reduce?: (values: readonly number[]) => number;
  /**
   * Returns how much work the kernel's engine has done, such as its number of calls. The number must grow while the
   * kernel pools, which proves that nothing else did the work.
   *
   * @defaultValue not checked
   */
  readonly work?: () => number;
}

const DTYPES: readonly TableDtype[] = ['float64', 'float32', 'float16', 'bfloat16', 'int8'];
/** Just below, at and above the widths of SIMD registers and blocks. */
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
 * Returns the cases of the conformance suite. Expected values are computed in float64 from the definition. For a dtype
 * that the kernel does not declare, `load` must throw.
 *
 * @param factory - returns the kernel; called once for each case
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
    // Large enough that a kernel which divides its work among threads does so.
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
    holds('pools batches that arrive before the last one is done', four, async (loaded) => {
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
    holds('refuses to pool after dispose, and ignores a second dispose', four, async (loaded) => {
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
      name: 'pools from a table that threads share, if it runs on threads',
      async run() {
        // Only a page that is cross-origin isolated may share memory.
        if (globalThis.crossOriginIsolated === false) return;
        await checkSharing(await factory(), four, MIXED, comparison);
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
      name: 'can run here, and declares a reduction only if it does not pool the mean',
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
      name: 'returns a promise unless it declares to be synchronous',
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

function isUntouched(values: Float32Array): boolean {
  return values.every((x) => x === 7);
}
