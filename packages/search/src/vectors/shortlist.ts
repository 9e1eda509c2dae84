/** Rows of a ranking, best first. */
export interface RankedRows {
  readonly rows: readonly number[];
  readonly scores: readonly number[];
}

/**
 * Collects rows that may be among the best `k`, given scores that are accurate within `margin / 2`. Offer rows in
 * order; among equal scores the first row wins. Costs one comparison per offered row, and a sort each time the buffer
 * fills or {@link Shortlist.tighten} is called.
 */
export class Shortlist {
  /** Rows with a lower score cannot be among the best; it grows with the offers. */
  threshold: number = Number.NEGATIVE_INFINITY;
  readonly #k: number;
  readonly #margin: number;
  #rows: Uint32Array;
  #scores: Float64Array;
  #length = 0;
  /** Rows added since the threshold was set. */
  #added = 0;

  constructor(k: number, margin: number) {
    this.#k = k;
    this.#margin = margin;
    const capacity = k + Math.max(k, 256);
    this.#rows = new Uint32Array(capacity);
    this.#scores = new Float64Array(capacity);
  }

  /** Adds a row whose score is not below {@link Shortlist.threshold}. */
  add(row: number, score: number): void {
    if (this.#length === this.#rows.length) this.#shrink();
    this.#rows[this.#length] = row;
    this.#scores[this.#length++] = score;
    this.#added++;
  }

  /** Raises the threshold if enough rows were added since the last time to be worth a sort. */
  tighten(): void {
    if (this.#added >= this.#k) this.#shrink();
  }

  /** Ranks the candidates by their exact scores; without `exactScore`, by the offered ones. */
  ranked(exactScore?: (row: number) => number): RankedRows {
    this.#shrink();
    const scored = Array.from({ length: this.#length }, (_, i) => {
      const row = this.#rows[i]!;
      return { row, score: exactScore?.(row) ?? this.#scores[i]! };
    });
    scored.sort((a, b) => b.score - a.score || a.row - b.row);
    scored.length = Math.min(scored.length, this.#k);
    return { rows: scored.map(({ row }) => row), scores: scored.map(({ score }) => score) };
  }

  /** Drops rows that can no longer be among the best; grows if ties or the margin keep the buffer full. */
  #shrink(): void {
    if (this.#length <= this.#k) return;
    this.#added = 0;
    const sorted = this.#scores.slice(0, this.#length).sort();
    this.threshold = sorted[this.#length - this.#k]! - this.#margin;
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      if (this.#scores[i]! < this.threshold) continue;
      this.#rows[kept] = this.#rows[i]!;
      this.#scores[kept++] = this.#scores[i]!;
    }
    this.#length = kept;
    if (kept < this.#rows.length * 0.75) return;
    const rows = new Uint32Array(this.#rows.length * 2);
    const scores = new Float64Array(this.#rows.length * 2);
    rows.set(this.#rows);
    scores.set(this.#scores);
    this.#rows = rows;
    this.#scores = scores;
  }
}
