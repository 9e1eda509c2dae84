const POSITIONS_A_PAGE = 256;

/** Remembers which splits were tried at which positions, and where the matching ones ended. */
export class FailureMemo {
  readonly #splits: number;
  /** One bit per split and position, in pages that are allocated when first reached. */
  readonly #pages: (Uint32Array | undefined)[] = [];
  readonly #ends = new Map<number, number>();

  constructor(splits: number) {
    this.#splits = splits;
  }

  /** Marks a visit, and returns whether it is the first one. */
  visit(split: number, position: number): boolean {
    const number = position >>> 8;
    let page = this.#pages[number];
    if (page === undefined) {
      page = new Uint32Array((POSITIONS_A_PAGE / 32) * this.#splits);
      this.#pages[number] = page;
    }
    const bit = (position & (POSITIONS_A_PAGE - 1)) * this.#splits + split;
    const word = page[bit >>> 5]!;
    const mask = 1 << (bit & 31);
    if ((word & mask) !== 0) return false;
    page[bit >>> 5] = word | mask;
    return true;
  }

  /** Forgets the visits of all splits below `splits` at one position. */
  forget(position: number, splits: number): void {
    const page = this.#pages[position >>> 8];
    if (page === undefined) return;
    const start = (position & (POSITIONS_A_PAGE - 1)) * this.#splits;
    for (let bit = start; bit < start + splits; bit++) page[bit >>> 5]! &= ~(1 << (bit & 31));
  }

  keyOf(split: number, position: number): number {
    return position * this.#splits + split;
  }

  rememberMatch(keys: readonly number[], end: number): void {
    for (const key of keys) this.#ends.set(key, end);
  }

  /** Returns the end of the body's match from this split on, or −1 if it failed. */
  matchFrom(split: number, position: number): number {
    return this.#ends.get(this.keyOf(split, position)) ?? -1;
  }
}
