import type { AlgebraCall, AlgebraLane, AlgebraThreads } from '../algebra/algebra-threads.js';
import { solveSymmetric } from '../algebra/cholesky.js';
import { symmetricEigen } from '../algebra/eigen.js';
import { addProducts, addSquares, padded } from '../algebra/products.js';
import type { TokenCounts } from './token-counts.js';
import type { VectorStore } from './vector-store.js';

/** Columns solved together: 8 registers of 4. `assembly/` uses the same number. */
const BLOCK = 32;
const ROW_BYTES = BLOCK * 4;
/** Rows of dense matrices that are widened to float64 at once. */
const CHUNK = 1020;
/** Limit on the factor that stretches a text's row. */
const MAX_SCALE = 5;
const SMALLEST_NORM = 1e-6;
/** Keeps the map to the teacher's space solvable, as a share of the mean of the diagonal. */
const MAP_RIDGE = 1e-6;
const TINY = 1e-20;

/** Input of a fit. */
export interface RidgeProblem {
  readonly counts: TokenCounts;
  /** The teacher's vectors of the texts, unit length. */
  readonly vectors: VectorStore;
  /** Weight of each text. @defaultValue 1 for all */
  readonly weights?: Float32Array;
  /** Initial vectors of the tokens: tokens × tableDim. */
  readonly table: Float32Array;
  readonly tableDim: number;
  /** Columns of the result, at most the teacher's dimensions. */
  readonly dimensionality: number;
}

/** Options of one fit. */
export interface FitOptions {
  /** Weight of the start against the texts. */
  readonly lambda: number;
  /** Number of columns to fit, from the first. @defaultValue all columns */
  readonly columns?: number;
  /** 1 for each text to exclude. */
  readonly heldOut?: Uint8Array;
  /** Number of times that the lengths of texts are updated. */
  readonly rounds?: number;
  /** Conjugate gradient steps per round. */
  readonly iterations?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the finished fraction. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Addresses in the shared memory. */
interface Places {
  readonly starts: number;
  readonly ids: number;
  readonly values: number;
  readonly scales: number;
  readonly weights: number;
  readonly squares: number;
  readonly inverse: number;
  readonly targets: number;
  readonly start: number;
  readonly result: number;
  readonly scratch: readonly number[];
}

/**
 * Fits a table of tokens to the teacher's vectors of texts, in closed form:
 *
 * ```text
 * T = Y P, P the first principal axes of the teacher's vectors Y, not centred
 * E₀ = X W · median(1 / |aᵢ X W|), W = argmin |A X W − T|²
 * twice: sᵢ = min(5, 1 / |aᵢ E|), E = argmin Σ wᵢ |sᵢ aᵢ E − tᵢ|² + λ |E − E₀|²
 * ```
 *
 * Columns are independent, so each thread solves blocks of them by conjugate gradients from E₀. Results are equal to
 * the bit for any number of threads. Memory: 4 bytes per text and column, 12 per distinct token of each text, 8 per
 * token and column of the table, and 12 × 32 per token and thread.
 */
export class RidgeSolver {
  readonly #algebra: AlgebraThreads;
  readonly #problem: RidgeProblem;
  readonly #blocks: number;
  readonly #places: Places;
  /** Old ids in their new order: tokens that occur in texts come first. */
  readonly #order: Uint32Array;
  readonly #used: number;

  private constructor(
    algebra: AlgebraThreads,
    problem: RidgeProblem,
    places: Places,
    order: Uint32Array,
    used: number,
  ) {
    this.#algebra = algebra;
    this.#problem = problem;
    this.#blocks = Math.ceil(problem.dimensionality / BLOCK);
    this.#places = places;
    this.#order = order;
    this.#used = used;
  }

  /** Computes targets and start, which all fits share. */
  static async prepare(
    algebra: AlgebraThreads,
    problem: RidgeProblem,
    signal?: AbortSignal,
    onProgress?: (fraction: number) => void,
  ): Promise<RidgeSolver> {
    const { counts, table, tableDim } = problem;
    const tokens = table.length / tableDim;
    const { order, used } = usedFirst(counts, tokens);
    const places = allocate(algebra, problem, tokens, used);
    const solver = new RidgeSolver(algebra, problem, places, order, used);
    const newIds = new Uint32Array(tokens);
    order.forEach((old, id) => {
      newIds[old] = id;
    });
    algebra.u32(places.starts, counts.starts.length).set(counts.starts);
    const ids = algebra.u32(places.ids, counts.ids.length);
    for (let k = 0; k < ids.length; k++) ids[k] = newIds[counts.ids[k]!]!;
    algebra.f32(places.values, counts.values.length).set(counts.values);
    const mark = algebra.mark;
    await solver.#start(await solver.#axes(signal, (part) => onProgress?.(part * 0.4)), signal, (part) =>
      onProgress?.(0.4 + part * 0.6),
    );
    algebra.release(mark);
    await solver.#scaleStart();
    return solver;
  }

  /** The first columns of a text's target. */
  target(text: number, out: Float32Array): void {
    const { texts } = this.#problem.counts;
    for (let column = 0; column < out.length; column += BLOCK) {
      const block = column / BLOCK;
      const width = Math.min(BLOCK, out.length - column);
      out.set(this.#algebra.f32(this.#places.targets + (block * texts + text) * ROW_BYTES, width), column);
    }
  }

  /** Fits the table and returns it: tokens × columns, row-major. */
  async fit(options: FitOptions): Promise<Float32Array> {
    const { columns = this.#problem.dimensionality, rounds = 2, iterations = 14, signal } = options;
    const blocks = Math.ceil(columns / BLOCK);
    const { start, result } = this.#places;
    const blockLength = this.#tokens * BLOCK;
    const copy = (): void => {
      const length = blocks * blockLength;
      this.#algebra.f32(result, length).set(this.#algebra.f32(start, length));
    };
    copy();
    const lengths = blocks < this.#blocks ? this.#targetLengths(blocks) : undefined;
    for (let round = 0; round < rounds; round++) {
      await this.#weigh(result, blocks, options, lengths);
      copy();
      let done = 0;
      await this.#algebra.queue(blocks, async (block, lane) => {
        await this.#solveBlock(block, lane, options.lambda, iterations, () => {
          signal?.throwIfAborted();
          options.onProgress?.((round + ++done / (blocks * iterations)) / rounds);
        });
      });
    }
    return this.#rowMajor(result, columns);
  }

  get #tokens(): number {
    return this.#order.length;
  }

  /** Computes P: d × columns of float64, with zeros up to whole blocks. */
  async #axes(signal: AbortSignal | undefined, onProgress: (fraction: number) => void): Promise<number> {
    const algebra = this.#algebra;
    const { vectors, dimensionality } = this.#problem;
    const width = padded(vectors.dim);
    const columns = this.#blocks * BLOCK;
    const axes = algebra.alloc(width * columns * 8);
    const mark = algebra.mark;
    const narrow = algebra.alloc(CHUNK * width * 4);
    const wide = algebra.alloc(CHUNK * width * 8);
    const factors = algebra.alloc(CHUNK * 4);
    const products = zeros(algebra, width * width);
    for (let from = 0; from < vectors.rows; from += CHUNK) {
      signal?.throwIfAborted();
      const count = Math.min(CHUNK, vectors.rows - from);
      await vectors.read(from, count, algebra.f32(narrow, CHUNK * width), width);
      this.#roots(from, count, factors);
      await algebra.each((lane, lanes) => [
        ['widen', narrow, factors, wide, width, ...share(count, lane, lanes)],
      ]);
      await addSquares(algebra, wide, products, count, width);
      onProgress((from + count) / vectors.rows);
    }
    const { vectors: eigenvectors } = symmetricEigen(
      algebra.f64(products, width * width),
      vectors.dim,
      width,
    );
    algebra.release(mark);
    const view = algebra.f64(axes, width * columns).fill(0);
    for (let row = 0; row < vectors.dim; row++) {
      for (let column = 0; column < dimensionality; column++) {
        view[row * columns + column] = eigenvectors[row * vectors.dim + column]!;
      }
    }
    return axes;
  }

  /** Computes the targets, the map W, and E₀ without its scale. */
  async #start(
    axes: number,
    signal: AbortSignal | undefined,
    onProgress: (fraction: number) => void,
  ): Promise<void> {
    const algebra = this.#algebra;
    const { vectors, table, tableDim, counts } = this.#problem;
    const { starts, ids, values, scales } = this.#places;
    const width = padded(vectors.dim);
    const tableWidth = padded(tableDim);
    const columns = this.#blocks * BLOCK;
    const source = algebra.alloc(this.#tokens * tableWidth * 4);
    const rows = algebra.f32(source, this.#tokens * tableWidth).fill(0);
    this.#order.forEach((old, id) => {
      rows.set(table.subarray(old * tableDim, (old + 1) * tableDim), id * tableWidth);
    });
    const narrow = algebra.alloc(CHUNK * width * 4);
    const turned = algebra.alloc(CHUNK * Math.max(width, tableWidth) * 8);
    const targets = algebra.alloc(CHUNK * columns * 8);
    const pooled = algebra.alloc(CHUNK * tableWidth * 8);
    const gram = zeros(algebra, tableWidth * tableWidth);
    const map = zeros(algebra, tableWidth * columns);
    this.#roots(0, counts.texts, scales);
    for (let from = 0; from < counts.texts; from += CHUNK) {
      signal?.throwIfAborted();
      const count = Math.min(CHUNK, counts.texts - from);
      await vectors.read(from, count, algebra.f32(narrow, CHUNK * width), width);
      await algebra.each((lane, lanes) => {
        const [first, end] = share(count, lane, lanes);
        return [
          ['transposeWiden', narrow, turned, width, CHUNK, first, end],
          [
            'poolWide',
            starts,
            ids,
            values,
            scales,
            source,
            tableWidth,
            pooled,
            from + first,
            from + end,
            from,
          ],
        ];
      });
      algebra.f64(targets, CHUNK * columns).fill(0);
      await addProducts(algebra, turned, axes, targets, vectors.dim, CHUNK, columns);
      this.#keepTargets(targets, from, count);
      await addProducts(algebra, pooled, targets, map, count, tableWidth, columns);
      await addSquares(algebra, pooled, gram, count, tableWidth);
      onProgress((from + count) / counts.texts);
    }
    const g = algebra.f64(gram, tableWidth * tableWidth);
    let trace = 0;
    for (let i = 0; i < tableWidth; i++) trace += g[i * tableWidth + i]!;
    for (let i = 0; i < tableWidth; i++) g[i * tableWidth + i]! += (MAP_RIDGE * trace) / tableDim;
    solveSymmetric(g, algebra.f64(map, tableWidth * columns), tableWidth, columns);

    for (let from = 0; from < this.#tokens; from += CHUNK) {
      const count = Math.min(CHUNK, this.#tokens - from);
      await algebra.each((lane, lanes) => [
        [
          'transposeWiden',
          source + from * tableWidth * 4,
          turned,
          tableWidth,
          CHUNK,
          ...share(count, lane, lanes),
        ],
      ]);
      algebra.f64(targets, CHUNK * columns).fill(0);
      await addProducts(algebra, turned, map, targets, tableDim, CHUNK, columns);
      this.#toBlocks(algebra.f64(targets, CHUNK * columns), this.#places.start, this.#tokens, from, count);
    }
  }

  /** Square roots of the texts' weights. */
  #roots(from: number, count: number, address: number): void {
    const view = this.#algebra.f32(address, count);
    const { weights } = this.#problem;
    if (weights === undefined) view.fill(1);
    else for (let i = 0; i < count; i++) view[i] = Math.sqrt(weights[from + i]!);
  }

  /** Stores targets as float32, weighted like the pooled rows. */
  #keepTargets(address: number, from: number, count: number): void {
    const columns = this.#blocks * BLOCK;
    const view = this.#algebra.f64(address, count * columns);
    this.#toBlocks(view, this.#places.targets, this.#problem.counts.texts, from, count);
    const { weights } = this.#problem;
    if (weights === undefined) return;
    for (let row = 0; row < count; row++) {
      const root = Math.sqrt(weights[from + row]!);
      for (let i = row * columns; i < (row + 1) * columns; i++) view[i]! *= root;
    }
  }

  #toBlocks(view: Float64Array, address: number, rows: number, from: number, count: number): void {
    const columns = this.#blocks * BLOCK;
    const out = this.#algebra.f32(address, this.#blocks * rows * BLOCK);
    for (let block = 0; block < this.#blocks; block++) {
      for (let row = 0; row < count; row++) {
        const at = (block * rows + from + row) * BLOCK;
        const read = row * columns + block * BLOCK;
        for (let column = 0; column < BLOCK; column++) out[at + column] = view[read + column]!;
      }
    }
  }

  /** Scales E₀ so that half of the texts are too short. */
  async #scaleStart(): Promise<void> {
    const lengths = (await this.#lengths(this.#places.start, this.#blocks)).sort();
    const half = lengths.length >> 1;
    const inverse = (i: number): number => 1 / Math.max(lengths[i]!, SMALLEST_NORM);
    const median = lengths.length % 2 === 1 ? inverse(half) : (inverse(half - 1) + inverse(half)) / 2;
    const { start } = this.#places;
    await this.#algebra.queue(this.#blocks, async (block, lane) => {
      const address = start + block * this.#tokens * ROW_BYTES;
      await lane.run([['blockScale', address, address, this.#tokens, median]]);
    });
  }

  /** |aᵢ E| of each text. */
  async #lengths(table: number, blocks: number): Promise<Float64Array> {
    const { starts, ids, values, squares, scratch } = this.#places;
    const { texts } = this.#problem.counts;
    await this.#algebra.queue(blocks, async (block, lane) => {
      const address = table + block * this.#tokens * ROW_BYTES;
      await lane.run([
        [
          'blockSquares',
          starts,
          ids,
          values,
          texts,
          address,
          squares + block * texts * 8,
          scratch[lane.index]!,
        ],
      ]);
    });
    const sums = new Float64Array(texts);
    const view = this.#algebra.f64(squares, blocks * texts);
    for (let block = 0; block < blocks; block++) {
      for (let text = 0; text < texts; text++) sums[text]! += view[block * texts + text]!;
    }
    return sums.map(Math.sqrt);
  }

  /** Lengths of targets cut to the first columns; their texts need not reach length 1. */
  #targetLengths(blocks: number): Float64Array {
    const out = new Float32Array(blocks * BLOCK);
    return Float64Array.from({ length: this.#problem.counts.texts }, (_, text) => {
      this.target(text, out);
      return Math.sqrt(out.reduce((sum, value) => sum + value * value, 0));
    });
  }

  /** Computes the scales and weights of texts, and the diagonal of the normal equations. */
  async #weigh(
    table: number,
    blocks: number,
    { lambda, heldOut }: FitOptions,
    targets: Float64Array | undefined,
  ): Promise<void> {
    const lengths = await this.#lengths(table, blocks);
    const { counts, weights } = this.#problem;
    const scales = this.#algebra.f32(this.#places.scales, counts.texts);
    const squared = this.#algebra.f32(this.#places.weights, counts.texts);
    const diagonal = new Float64Array(this.#used).fill(lambda);
    const ids = this.#algebra.u32(this.#places.ids, counts.ids.length);
    for (let text = 0; text < counts.texts; text++) {
      const scale = Math.min(MAX_SCALE, (targets?.[text] ?? 1) / Math.max(lengths[text]!, SMALLEST_NORM));
      const weight = heldOut?.[text] === 1 ? 0 : (weights?.[text] ?? 1);
      scales[text] = weight * scale;
      const square = weight * scale * scale;
      squared[text] = square;
      for (let k = counts.starts[text]!; k < counts.starts[text + 1]!; k++) {
        diagonal[ids[k]!]! += square * counts.values[k]! ** 2;
      }
    }
    this.#algebra.f32(this.#places.inverse, this.#used).set(diagonal.map((value) => 1 / value));
  }

  async #solveBlock(
    block: number,
    lane: AlgebraLane,
    lambda: number,
    iterations: number,
    onIteration: () => void,
  ): Promise<void> {
    const algebra = this.#algebra;
    const { starts, ids, values, scales, weights, inverse, targets, result } = this.#places;
    const { texts } = this.#problem.counts;
    const used = this.#used;
    const y = this.#places.scratch[lane.index]!;
    const sums = y + ROW_BYTES;
    const factors = sums + ROW_BYTES * 2;
    const residual = factors + ROW_BYTES;
    const direction = residual + used * ROW_BYTES;
    const product = direction + used * ROW_BYTES;
    const table = result + block * this.#tokens * ROW_BYTES;
    const target = targets + block * texts * ROW_BYTES;
    algebra.f32(residual, used * BLOCK).fill(0);
    const calls: AlgebraCall[] = [
      ['blockResidual', starts, ids, values, scales, weights, texts, target, table, residual, y],
      ['blockStart', residual, inverse, direction, used, sums],
    ];
    await lane.run(calls);
    let old = algebra.f64(sums, BLOCK).slice();
    const quotients = (numerator: Float64Array, denominator: Float64Array): void => {
      algebra.f32(factors, BLOCK).set(numerator.map((value, i) => value / Math.max(denominator[i]!, TINY)));
    };
    for (let iteration = 0; iteration < iterations; iteration++) {
      await lane.run([
        ['blockScale', direction, product, used, lambda],
        ['blockStep', starts, ids, values, weights, texts, direction, product, y],
        ['blockDots', direction, product, used, sums],
      ]);
      quotients(old, algebra.f64(sums, BLOCK));
      await lane.run([['blockMove', table, residual, direction, product, factors, inverse, used, sums]]);
      const next = algebra.f64(sums, BLOCK).slice();
      quotients(next, old);
      await lane.run([['blockDirection', residual, direction, factors, inverse, used]]);
      old = next;
      onIteration();
    }
  }

  #rowMajor(address: number, columns: number): Float32Array {
    const view = this.#algebra.f32(address, Math.ceil(columns / BLOCK) * this.#tokens * BLOCK);
    const out = new Float32Array(this.#tokens * columns);
    this.#order.forEach((old, id) => {
      for (let column = 0; column < columns; column += BLOCK) {
        const at = ((column / BLOCK) * this.#tokens + id) * BLOCK;
        out.set(view.subarray(at, at + Math.min(BLOCK, columns - column)), old * columns + column);
      }
    });
    return out;
  }
}

/** Tokens that occur in texts, most frequent first, then the others. */
function usedFirst(
  { ids }: TokenCounts,
  tokens: number,
): { readonly order: Uint32Array; readonly used: number } {
  const frequency = new Uint32Array(tokens);
  for (const id of ids) frequency[id]!++;
  const order = Uint32Array.from({ length: tokens }, (_, i) => i).sort(
    (a, b) => frequency[b]! - frequency[a]! || a - b,
  );
  let used = 0;
  for (const count of frequency) if (count > 0) used++;
  return { order, used };
}

function allocate(algebra: AlgebraThreads, problem: RidgeProblem, tokens: number, used: number): Places {
  const { counts, dimensionality } = problem;
  const blocks = Math.ceil(dimensionality / BLOCK);
  return {
    starts: algebra.alloc((counts.texts + 1) * 4),
    ids: algebra.alloc(counts.ids.length * 4),
    values: algebra.alloc(counts.ids.length * 4),
    scales: algebra.alloc(counts.texts * 4),
    weights: algebra.alloc(counts.texts * 4),
    squares: algebra.alloc(blocks * counts.texts * 8),
    inverse: algebra.alloc(used * 4),
    targets: algebra.alloc(blocks * counts.texts * ROW_BYTES),
    start: algebra.alloc(blocks * tokens * ROW_BYTES),
    result: algebra.alloc(blocks * tokens * ROW_BYTES),
    scratch: algebra.lanes.map(() => algebra.alloc(ROW_BYTES * 4 + used * ROW_BYTES * 3)),
  };
}

function zeros(algebra: AlgebraThreads, length: number): number {
  const address = algebra.alloc(length * 8);
  algebra.f64(address, length).fill(0);
  return address;
}

/** The range of rows for one of several threads. */
function share(count: number, lane: number, lanes: number): [from: number, to: number] {
  return [Math.floor((count * lane) / lanes), Math.floor((count * (lane + 1)) / lanes)];
}
