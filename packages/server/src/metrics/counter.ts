import { header, type LabelValues, type Metric, sampleName } from './metric.js';

/** A count that only grows, for each combination of labels. */
export class Counter implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #counts: Map<string, number> = new Map();

  constructor(name: string, help: string, labels: readonly string[] = []) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
    if (labels.length === 0) this.#counts.set(name, 0);
  }

  add(count: number, ...values: LabelValues): void {
    const sample = sampleName(this.#name, this.#labels, values);
    this.#counts.set(sample, (this.#counts.get(sample) ?? 0) + count);
  }

  render(): string {
    const lines = [...this.#counts].map(([sample, count]) => `${sample} ${count}\n`);
    return header(this.#name, 'counter', this.#help) + lines.join('');
  }
}
