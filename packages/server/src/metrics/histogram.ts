import { header, keyOf, type LabelValues, type Metric, sampleName } from './metric.js';

interface Series {
  readonly values: LabelValues;
  /** Observations per bucket, and above the last bound. */
  readonly counts: number[];
  sum: number;
}

/** The distribution of observations, for each combination of labels. */
export class Histogram implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #bounds: readonly number[];
  readonly #series: Map<string, Series> = new Map();

  /** @param bounds - upper bounds of the buckets, ascending */
  constructor(name: string, help: string, bounds: readonly number[], labels: readonly string[] = []) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
    this.#labels = labels;
  }

  observe(value: number, ...values: LabelValues): void {
    const key = keyOf(values);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { values, counts: new Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
      this.#series.set(key, series);
    }
    let bucket = 0;
    while (bucket < this.#bounds.length && value > this.#bounds[bucket]!) bucket++;
    series.counts[bucket]!++;
    series.sum += value;
  }

  render(): string {
    let lines = header(this.#name, 'histogram', this.#help);
    for (const { values, counts, sum } of this.#series.values()) {
      let total = 0;
      [...this.#bounds, '+Inf'].forEach((bound, i) => {
        total += counts[i]!;
        const sample = sampleName(
          `${this.#name}_bucket`,
          [...this.#labels, 'le'],
          [...values, String(bound)],
        );
        lines += `${sample} ${total}\n`;
      });
      lines += `${sampleName(`${this.#name}_sum`, this.#labels, values)} ${sum}\n`;
      lines += `${sampleName(`${this.#name}_count`, this.#labels, values)} ${total}\n`;
    }
    return lines;
  }
}
