import { exactScore, lengthOf } from './exact-score.js';
import { jsScoring } from './js-scoring.js';
import { BLOCK_ROWS, type ScoringKernel } from './scoring-kernel.js';
import { compileScoring } from './scoring-module.js';
import { type RankedRows, Shortlist } from './shortlist.js';
import { type Metric, packVector, rowStride, unpackVector, type VectorType } from './vector-type.js';
import { wasmScoring } from './wasm-scoring.js';

/** Rows grow by a 32nd, so that little memory is unused. WebAssembly grows in place, so only the factors are copied. */
const GROWTH = 32;
const FLOAT32_UNIT = 2 ** -24;

/** Contents of a {@link VectorTable}. */
export interface VectorTableShape {
  readonly type: VectorType;
  readonly dim: number;
  readonly metric: Metric;
}

/**
 * Packed vectors with exact nearest-neighbour search: SIMD scores select candidates within the error of float32, and
 * float64 ranks those, so that results do not depend on the kernel.
 */
export class VectorTable {
  readonly type: VectorType;
  readonly dim: number;
  readonly metric: Metric;
  /** Bytes per row. */
  readonly stride: number;
  readonly #kernel: ScoringKernel;
  /** 1 / length of each row, 0 for zero vectors; 1 for other metrics than COSINE. */
  #factors = new Float32Array(0);
  #largestLength = 0;
  #rows = 0;

  private constructor(shape: VectorTableShape, module: WebAssembly.Module | undefined) {
    this.type = shape.type;
    this.dim = shape.dim;
    this.metric = shape.metric;
    this.stride = rowStride(shape.type, shape.dim);
    this.#kernel =
      module === undefined ? jsScoring(this.type, this.stride) : wasmScoring(module, this.type, this.stride);
  }

  /** Creates an empty table on the given kernel, or on the fastest one that runs here. */
  static async create(shape: VectorTableShape, kernel?: 'wasm' | 'js'): Promise<VectorTable> {
    return new VectorTable(shape, kernel === 'js' ? undefined : await compileScoring());
  }

  get kernel(): 'wasm' | 'js' {
    return this.#kernel.name;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Returns the packed rows: a view that is valid until the table changes, or a copy. */
  packedRows(): Uint8Array<ArrayBuffer> {
    return this.#kernel.readAll(this.#rows);
  }

  /** Appends vectors of `dim` finite values. */
  append(vectors: Iterable<Float32Array>, count: number): void {
    this.#reserve(this.#rows + count);
    const packed = new Uint8Array(this.stride);
    for (const vector of vectors) {
      packVector(this.type, vector, packed.fill(0));
      this.#push(packed);
    }
  }

  /** Appends already packed rows. */
  appendPacked(bytes: Uint8Array): void {
    const count = bytes.length / this.stride;
    this.#reserve(this.#rows + count);
    for (let at = 0; at < bytes.length; at += this.stride) this.#push(bytes.slice(at, at + this.stride));
  }

  /** Keeps the rows listed by `keep` in ascending order, and renumbers them from 0. */
  compact(keep: Uint32Array): void {
    for (let to = 0; to < keep.length; to++) {
      const from = keep[to]!;
      this.#kernel.write(to, this.#kernel.read(from));
      this.#factors[to] = this.#factors[from]!;
    }
    this.#rows = keep.length;
  }

  /** Returns the values of one row: float32 as given, int8 as integers, binary as 1 and −1. */
  vector(row: number): Float32Array {
    return unpackVector(this.type, this.dim, this.#kernel.read(row));
  }

  /**
   * Returns the nearest `k` rows of each query, best first. Linear in rows × dimensions; blocks of rows stay in the
   * cache for all queries.
   *
   * @param accepts - whether a row counts; called only for rows that would be among the best
   */
  nearest(
    queries: readonly Float32Array[],
    k: number,
    accepts?: (row: number) => boolean,
    firstRow = 0,
  ): RankedRows[] {
    const packed = queries.map((query) => {
      const bytes = new Uint8Array(this.stride);
      packVector(this.type, query, bytes);
      return bytes;
    });
    const lengths = packed.map((bytes) => this.#length(bytes));
    const factorOf = lengths.map((length) => this.#queryFactor(length));
    const lists = lengths.map((length) => new Shortlist(k, this.#margin(length)));
    let current = -1;
    for (let first = firstRow, end = 0; first < this.#rows; first = end) {
      end = Math.min(first - (first % BLOCK_ROWS) + BLOCK_ROWS, this.#rows);
      const factors = this.#factors.subarray(first, end);
      for (let q = 0; q < packed.length; q++) {
        const list = lists[q]!;
        if (q !== current) this.#kernel.setQuery(packed[q]!);
        current = q;
        const number = this.#kernel.select(first, factors, factorOf[q]!, list.threshold);
        const { found, scores } = this.#kernel;
        for (let i = 0; i < number; i++) {
          const at = found[i]!;
          // The threshold grows with the offers.
          if (!(scores[at]! >= list.threshold) || accepts?.(first + at) === false) continue;
          list.add(first + at, scores[at]!);
        }
        list.tighten();
      }
    }
    return lists.map((list, q) => {
      const exact = this.#exactScorer(packed[q]!, lengths[q]!);
      const { rows, scores } = list.ranked(exact);
      return this.metric === 'HAMMING'
        ? { rows, scores: scores.map((score) => 0 - score) }
        : { rows, scores };
    });
  }

  #reserve(rows: number): void {
    if (rows <= this.#factors.length) return;
    const capacity = Math.max(rows, this.#factors.length + Math.ceil(this.#factors.length / GROWTH));
    this.#kernel.reserve(capacity);
    const factors = new Float32Array(capacity);
    factors.set(this.#factors);
    this.#factors = factors;
  }

  #push(packed: Uint8Array): void {
    const row = this.#rows++;
    this.#kernel.write(row, packed);
    const length = this.#length(packed);
    this.#largestLength = Math.max(this.#largestLength, length);
    this.#factors[row] = this.metric !== 'COSINE' ? 1 : length === 0 ? 0 : 1 / length;
  }

  /** Euclidean length of a packed vector; 1 for binary ones, whose scores do not need it. */
  #length(bytes: Uint8Array): number {
    return this.type === 'binary' ? 1 : lengthOf(this.#values(bytes));
  }

  #values(bytes: Uint8Array): Float32Array | Int8Array {
    return this.type === 'float32'
      ? new Float32Array(bytes.buffer, bytes.byteOffset, this.stride / 4)
      : new Int8Array(bytes.buffer, bytes.byteOffset, this.stride);
  }

  #queryFactor(length: number): number {
    if (this.metric === 'HAMMING') return -1;
    return this.metric === 'IP' ? 1 : length === 0 ? 0 : 1 / length;
  }

  /**
   * Twice the largest error of a candidate's score. Float32 sums of n products are off by at most n units in the last
   * place of the product of lengths; int8 scores are off by a few units, binary ones are exact.
   */
  #margin(queryLength: number): number {
    if (this.metric === 'HAMMING') return 0;
    const units = this.type === 'float32' ? this.dim + 8 : 8;
    const scale = this.metric === 'COSINE' ? 1 : queryLength * this.#largestLength;
    return 2 * units * FLOAT32_UNIT * scale;
  }

  /** Computes scores in float64; `undefined` for binary vectors, whose scores are exact already. */
  #exactScorer(query: Uint8Array, queryLength: number): ((row: number) => number) | undefined {
    if (this.type === 'binary') return undefined;
    const values = this.#values(query);
    const length = this.metric === 'COSINE' ? queryLength : undefined;
    return (row) => exactScore(values, this.#values(this.#kernel.read(row)), length);
  }
}
