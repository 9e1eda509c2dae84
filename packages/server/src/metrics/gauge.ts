import { header, type LabelValues, type Metric, sampleName } from './metric.js';

/** A value read at each scrape. */
export class Gauge implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #read: () => Iterable<readonly [LabelValues, number]>;

  constructor(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Iterable<readonly [LabelValues, number]>,
  ) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
    this.#read = read;
  }

  render(): string {
    let lines = header(this.#name, 'gauge', this.#help);
    for (const [values, value] of this.#read()) {
      lines += `${sampleName(this.#name, this.#labels, values)} ${value}\n`;
    }
    return lines;
  }
}
