/** A small generator of pseudo-random numbers (mulberry32), the same in every engine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rounds of random signs and Hadamard transforms; three act like a random rotation. */
const ROUNDS = 3;

/**
 * Rotates vectors at random, so that the share of differing signs of two of them is their angle / π, whatever the
 * directions of the data. Costs 3 × n × log₂ n additions for n values.
 */
export class RandomRotation {
  /** Values of a rotated vector: the next power of two. */
  readonly size: number;
  readonly #signs: readonly Float32Array[];

  constructor(dim: number, least: number) {
    this.size = 2 ** Math.ceil(Math.log2(Math.max(dim, least)));
    const random = seededRandom(1);
    this.#signs = Array.from({ length: ROUNDS }, () =>
      Float32Array.from({ length: this.size }, () => (random() < 0.5 ? -1 : 1)),
    );
  }

  /** Rotates `values`, of `size` values, in place; the length grows by a constant factor. */
  rotate(values: Float32Array): void {
    for (const signs of this.#signs) {
      for (let i = 0; i < values.length; i++) values[i]! *= signs[i]!;
      for (let half = 1; half < values.length; half *= 2) {
        for (let start = 0; start < values.length; start += half * 2) {
          for (let i = start; i < start + half; i++) {
            const a = values[i]!;
            const b = values[i + half]!;
            values[i] = a + b;
            values[i + half] = a - b;
          }
        }
      }
    }
  }
}
