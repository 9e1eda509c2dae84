import { header, keyOf, type LabelValues, type Metric, sampleName } from './metric.js';

interface Count {
  readonly values: LabelValues;
  count: number;
}

/** A count that only grows, for each combination of labels. */
export class Counter implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #counts: Map<string, Count> = new Map();

  constructor(name: string, help: string, labels: readonly string[] = []) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
    if (labels.length === 0) this.add(0);
  }

  add(count: number, ...values: LabelValues): void {
    const key = keyOf(values);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { values, count });
    else known.count += count;
  }

  render(): string {
    const lines = [...this.#counts.values()].map(
      ({ values, count }) => `${sampleName(this.#name, this.#labels, values)} ${count}\n`,
    );
    return header(this.#name, 'counter', this.#help) + lines.join('');
  }
}
