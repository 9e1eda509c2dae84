import { invalidArgument } from '../search-error.js';
import type { EmbeddingFunction } from '../store/embedding-function.js';
import { embedded } from '../text-index/query-vectors.js';
import { SignatureTable } from '../vectors/signature-table.js';
import { RandomRotation } from './random-signs.js';
import { cosine, quickProduct } from './similarity.js';
import { matrixOf, requireMatrix, type VectorMatrix } from './vector-matrix.js';

/** A row or text that is too similar to an earlier one. */
export interface Duplicate {
  /** Its position. */
  readonly index: number;
  /** Position of the kept one that it is most similar to. */
  readonly of: number;
  /** Their cosine. */
  readonly score: number;
}

/** Outcome of removing duplicates. */
export interface Deduplication {
  /** Positions of what is kept, ascending. */
  readonly kept: readonly number[];
  /** What is not kept and why, by position. */
  readonly duplicates: readonly Duplicate[];
}

/** Bits per signature. More bits give fewer false candidates but take longer to compare. */
const BITS = 256;
/**
 * Standard deviations by which the signature of a true duplicate may differ from the expectation: one in 10⁹ differs
 * more.
 */
const DEVIATIONS = 6;
/** More than a cosine in float64 is off by, up to a million dimensions. */
const ROUNDING = 1e-9;
/** Rows whose signatures are compared at a time. */
const BLOCK = 128;

/**
 * Finds rows of a matrix whose cosine with an earlier kept row is at least `threshold`; the first of similar rows is
 * kept. Zero rows are kept.
 *
 * Signatures of 256 random signs choose the pairs whose cosines are computed in float64: every reported pair is exact,
 * and a pair is missed with a probability below 10⁻⁹. Costs rows × kept / 2 comparisons of 32 bytes, about 1.5 ns each.
 *
 * @param threshold - from -1 to 1; a lower one computes more cosines
 *
 * @example
 * ```ts
 * import { duplicateRows } from '@model2vec-ts/search';
 *
 * const matrix = { data: Float32Array.of(1, 0, 0, 1, 2, 0), rows: 3, dim: 2 };
 * const { kept, duplicates } = await duplicateRows(matrix, 0.9);
 * console.log(kept); // [0, 1]
 * console.log(duplicates); // [{ index: 2, of: 0, score: 1 }]
 * ```
 */
export async function duplicateRows(matrix: VectorMatrix, threshold: number): Promise<Deduplication> {
  requireMatrix('matrix', matrix);
  if (!(threshold >= -1 && threshold <= 1)) throw invalidArgument('threshold', 'from -1 to 1', threshold);
  const rotation = new RandomRotation(matrix.dim, BITS);
  const table = await SignatureTable.create(rotation.size);
  const search = new DuplicateSearch(matrix, threshold, table, rotation);
  for (let first = 0; first < matrix.rows; first += BLOCK) {
    search.addBlock(first, Math.min(BLOCK, matrix.rows - first));
  }
  return { kept: search.kept, duplicates: search.duplicates };
}

/**
 * Finds near-duplicate texts: those whose embeddings have a cosine of at least `threshold` with an earlier text. The
 * first of similar texts is kept. See {@link duplicateRows} for the cost.
 *
 * @example
 * ```ts
 * import { type EmbeddingFunction, semanticDeduplicate } from '@model2vec-ts/search';
 *
 * async function distinct(texts: readonly string[], embedder: EmbeddingFunction): Promise<string[]> {
 *   const { kept, duplicates } = await semanticDeduplicate(texts, { embedder, threshold: 0.9 });
 *   for (const { index, of, score } of duplicates) console.log(texts[index], '=', texts[of], score);
 *   return kept.map((index) => texts[index]!);
 * }
 * ```
 */
export async function semanticDeduplicate(
  texts: readonly string[],
  options: {
    readonly embedder: EmbeddingFunction;
    /**
     * Lowest cosine of duplicates.
     *
     * @defaultValue 0.9
     */
    readonly threshold?: number;
    readonly signal?: AbortSignal;
  },
): Promise<Deduplication> {
  const { embedder, threshold = 0.9, signal } = options;
  const vectors = await embedded(embedder, 'encodeDocuments', texts, signal);
  return await duplicateRows(matrixOf(vectors, embedder.dim), threshold);
}

class DuplicateSearch {
  readonly kept: number[] = [];
  readonly duplicates: Duplicate[] = [];
  readonly #matrix: VectorMatrix;
  readonly #threshold: number;
  /** Signatures of the kept rows. */
  readonly #table: SignatureTable;
  readonly #rotation: RandomRotation;
  readonly #limit: number;
  /** Euclidean length of each row. */
  readonly #lengths: Float64Array;
  readonly #rotated: Float32Array;

  constructor(matrix: VectorMatrix, threshold: number, table: SignatureTable, rotation: RandomRotation) {
    this.#matrix = matrix;
    this.#threshold = threshold;
    this.#table = table;
    this.#rotation = rotation;
    this.#rotated = new Float32Array(rotation.size);
    const { data, dim } = matrix;
    this.#lengths = Float64Array.from({ length: matrix.rows }, (_, row) =>
      Math.sqrt(quickProduct(data, row * dim, data, row * dim, dim)),
    );
    const share = Math.acos(threshold) / Math.PI;
    const deviation = Math.sqrt(share * (1 - share) * rotation.size);
    this.#limit = Math.min(rotation.size, Math.ceil(share * rotation.size + DEVIATIONS * deviation));
  }

  addBlock(first: number, count: number): void {
    const signatures = Array.from({ length: count }, (_, i) => this.#signature(first + i));
    const before = this.kept.length;
    const candidates = this.#table.within(signatures, this.#limit);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      if (signatures[i] === undefined) {
        this.#keep(row, new Uint8Array(this.#table.stride));
        continue;
      }
      let best: Duplicate | undefined;
      const consider = (other: number): void => {
        const { data, dim } = this.#matrix;
        const of = this.kept[other]!;
        // Most candidates are far below the threshold.
        const least = (this.#threshold - ROUNDING) * this.#lengths[row]! * this.#lengths[of]!;
        if (quickProduct(data, row * dim, data, of * dim, dim) < least) return;
        const score = cosine(data, row * dim, data, of * dim, dim);
        if (score >= this.#threshold && !(best !== undefined && best.score >= score)) {
          best = { index: row, of, score };
        }
      };
      candidates[i]!.forEach(consider);
      // The table does not contain rows kept from this block yet.
      for (let other = before; other < this.kept.length; other++) consider(other);
      if (best === undefined) this.#keep(row, signatures[i]!);
      else this.duplicates.push(best);
    }
  }

  #keep(row: number, signature: Uint8Array): void {
    this.kept.push(row);
    this.#table.append(signature);
  }

  /** Signs of the rotated row; `undefined` for a zero row, which has no duplicates. */
  #signature(row: number): Uint8Array | undefined {
    const { data, dim } = this.#matrix;
    const values = this.#rotated.fill(0);
    values.set(data.subarray(row * dim, (row + 1) * dim));
    if (values.every((value) => value === 0)) return undefined;
    this.#rotation.rotate(values);
    const bytes = new Uint8Array(this.#table.stride);
    for (let i = 0; i < values.length; i++) if (values[i]! > 0) bytes[i >> 3]! |= 1 << (i & 7);
    return bytes;
  }
}
