/** A seeded generator of numbers from 0 to 1: a linear congruential generator, good enough for samples and layouts. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A uniform random sample of a stream of unknown length, in the stream's order. */
export class RandomSample<T> {
  readonly #size: number;
  readonly #random: () => number;
  readonly #kept: { readonly index: number; readonly element: T }[] = [];
  #seen = 0;

  constructor(size: number, random: () => number) {
    this.#size = size;
    this.#random = random;
  }

  /** Number of offered elements. */
  get seen(): number {
    return this.#seen;
  }

  offer(element: T): void {
    const index = this.#seen++;
    if (index < this.#size) {
      this.#kept.push({ index, element });
      return;
    }
    // Vitter's algorithm R.
    const place = Math.floor(this.#random() * this.#seen);
    if (place < this.#size) this.#kept[place] = { index, element };
  }

  elements(): readonly T[] {
    return this.#kept.toSorted((a, b) => a.index - b.index).map(({ element }) => element);
  }
}
