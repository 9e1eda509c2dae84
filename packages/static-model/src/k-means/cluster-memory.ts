import { UnsupportedModelError } from '../model-error.js';
import { moduleBytes } from '../module-bytes.js';
import { messageOf } from '../thrown-value.js';
import type { ClusterExports } from './cluster-exports.js';
import { jsComparisons } from './js-comparisons.js';
import { MODULE } from './module.generated.js';

/** Columns are compared in registers of four, centroids in blocks of eight, points in groups of four. */
const LANES = 4;
const BLOCK = 8;
const POINTS = 4;
/** Number of leading columns, chosen so that few centroids need the others. */
const LEADING = 64;
const PAGE = 0x1_0000;
const SCRATCH = 0;
const SCRATCH_BYTES = 32;
const LARGEST_PAGES = 0x1_0000;

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** Points and centroids in one buffer, in WebAssembly's memory if it runs, and the comparisons between them. */
export class ClusterMemory {
  /** Columns of a row in memory: a multiple of four, the last ones zero. */
  readonly dim: number;
  /** Rows of {@link ClusterMemory.dim} columns. */
  readonly points: Float32Array;
  /** Cost to beat, per point. */
  readonly limits: Float32Array;
  /** Best cluster so far, per point. */
  readonly owners: Int32Array;
  /** Cluster to skip, per point. */
  readonly homes: Int32Array;
  readonly #count: number;
  readonly #head: number;
  readonly #list: Uint32Array;
  readonly #tails: Float32Array;
  readonly #squares: Float32Array;
  readonly #heads: Float32Array;
  readonly #rows: Float32Array;
  readonly #names: Int32Array;
  readonly #halves: Float32Array;
  readonly #rowTails: Float32Array;
  readonly #gains: Float32Array;
  readonly #exports: ClusterExports;
  #clusters = 0;

  private constructor(buffer: ArrayBuffer, exports: ClusterExports, size: ClusterSize) {
    const { count, clusters } = size;
    const dim = roundUp(size.dim, LANES);
    const head = dim > 2 * LEADING ? LEADING : dim;
    const most = roundUp(clusters, BLOCK);
    let end = SCRATCH_BYTES;
    const floats = (length: number): Float32Array => {
      const start = end;
      end += 4 * length;
      return new Float32Array(buffer, start, length);
    };
    this.dim = dim;
    this.#count = count;
    this.#head = head;
    this.#exports = exports;
    this.points = floats(count * dim);
    this.#heads = floats(most * head);
    this.#rows = floats(most * dim);
    this.#halves = floats(most);
    this.#rowTails = floats(most);
    this.#gains = floats(most);
    this.limits = floats(count);
    this.#tails = floats(count);
    this.#squares = floats(count);
    this.owners = new Int32Array(floats(count).buffer, end - 4 * count, count);
    this.homes = new Int32Array(floats(count).buffer, end - 4 * count, count);
    this.#names = new Int32Array(floats(most).buffer, end - 4 * most, most);
    const list = roundUp(count, POINTS);
    this.#list = new Uint32Array(floats(list).buffer, end - 4 * list, list);
    const arrays = [
      ...[this.points, this.#squares, this.#tails, this.limits, this.owners, this.homes],
      ...[this.#rows, this.#heads, this.#names, this.#halves, this.#rowTails, this.#gains],
    ];
    exports.configure(dim, head, ...arrays.map((array) => array.byteOffset), SCRATCH);
  }

  /**
   * @throws {@link UnsupportedModelError} if there is too little memory
   */
  static async create(size: ClusterSize): Promise<ClusterMemory> {
    const { count, clusters } = size;
    const dim = roundUp(size.dim, LANES);
    const most = roundUp(clusters, BLOCK);
    const elements = (count + POINTS) * (dim + 6) + most * (2 * dim + 4);
    const pages = Math.ceil((SCRATCH_BYTES + 4 * elements) / PAGE);
    try {
      if (pages > LARGEST_PAGES) throw new RangeError(`${pages} pages of 64 KB`);
      const { buffer, exports } = (await inWasm(pages)) ?? inJs(pages);
      return new ClusterMemory(buffer, exports, size);
    } catch (cause) {
      const megabytes = Math.ceil((pages * PAGE) / 1e6);
      throw new UnsupportedModelError(
        `quantising the vocabulary needs ${megabytes} MB of memory: ${messageOf(cause)}`,
        { cause },
      );
    }
  }

  /** Call after filling {@link ClusterMemory.points}. */
  measurePoints(): void {
    const { dim, points } = this;
    for (let i = 0; i < this.#count; i++) {
      const row = points.subarray(i * dim, (i + 1) * dim);
      const tail = squaredLength(row.subarray(this.#head));
      this.#tails[i] = Math.sqrt(tail);
      this.#squares[i] = squaredLength(row);
    }
  }

  /**
   * Sets the centroids to compare points with.
   *
   * @param rows - rows of {@link ClusterMemory.dim} columns
   * @param names - clusters to set
   * @param indices - row of each of these clusters
   * @param gain - divisor that turns a squared distance into a cost, for each of these clusters
   */
  setCentroids(
    rows: Float32Array,
    names: ArrayLike<number>,
    indices: ArrayLike<number>,
    gain: (name: number) => number,
  ): void {
    const { dim } = this;
    const head = this.#head;
    this.#clusters = roundUp(names.length, BLOCK);
    for (let i = 0; i < this.#clusters; i++) {
      const block = (i - (i % BLOCK)) * head + (i % BLOCK);
      if (i >= names.length) {
        this.#halves[i] = Number.POSITIVE_INFINITY;
        this.#rowTails[i] = 0;
        this.#gains[i] = 1;
        for (let column = 0; column < head; column++) this.#heads[block + column * BLOCK] = 0;
        continue;
      }
      const row = rows.subarray(indices[i]! * dim, (indices[i]! + 1) * dim);
      this.#rows.set(row, i * dim);
      for (let column = 0; column < head; column++) this.#heads[block + column * BLOCK] = row[column]!;
      this.#names[i] = names[i]!;
      this.#gains[i] = gain(names[i]!);
      this.#halves[i] = squaredLength(row) / 2;
      this.#rowTails[i] = Math.sqrt(squaredLength(row.subarray(head)));
    }
  }

  /** Compares points with the centroids, and updates limit and owner if another cluster costs less. */
  improve(points: Uint32Array): void {
    const count = roundUp(points.length, POINTS);
    if (count === 0 || this.#clusters === 0) return;
    this.#list.set(points);
    this.#list.fill(points[points.length - 1]!, points.length, count);
    this.#exports.improve(this.#list.byteOffset, count, this.#clusters);
  }
}

interface Comparisons {
  readonly buffer: ArrayBuffer;
  readonly exports: ClusterExports;
}

/** `undefined` if this engine or page refuses WebAssembly with SIMD or its memory. */
async function inWasm(pages: number): Promise<Comparisons | undefined> {
  try {
    const memory = new WebAssembly.Memory({ initial: pages });
    const { instance } = await WebAssembly.instantiate(moduleBytes(MODULE), { env: { memory } });
    // The module is ours, so its exports have the types that it was compiled from.
    return { buffer: memory.buffer, exports: instance.exports as unknown as ClusterExports };
  } catch {
    return undefined;
  }
}

function inJs(pages: number): Comparisons {
  const buffer = new ArrayBuffer(pages * PAGE);
  return { buffer, exports: jsComparisons(buffer) };
}

/** Sizes of the arrays. */
export interface ClusterSize {
  readonly count: number;
  readonly dim: number;
  readonly clusters: number;
}

function squaredLength(row: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i]! * row[i]!;
  return sum;
}
