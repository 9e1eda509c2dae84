import { createBar, duration } from './bar.js';
import { grouped } from './terminal.js';

/** Milliseconds between two lines in the log of a batch job, which has no terminal. */
const LINE_INTERVAL = 30_000;

/** Shows the progress of an index run: a bar on a terminal, a line now and then elsewhere. */
export class IndexProgress {
  readonly #size: number | undefined;
  readonly #from: number;
  readonly #bar: ReturnType<typeof createBar> | undefined;
  readonly #shown: boolean;
  readonly #begun: number = performance.now();
  #position: number;
  #printedAt: number = performance.now();
  #stopped = false;

  /**
   * @param size - bytes of the input; `undefined` if unknown in advance
   * @param from - bytes that an earlier run stored
   * @param shown - whether the user wants it
   */
  constructor(size: number | undefined, from: number, shown: boolean) {
    this.#size = size;
    this.#from = from;
    this.#position = from;
    this.#shown = shown;
    if (!shown || process.stderr.isTTY !== true) return;
    this.#bar = createBar(
      size === undefined
        ? '{rows} rows | {rate} rows/s | {elapsed}'
        : '{bar} {percentage}% | {rows} rows | {rate} rows/s | {left} left',
    );
    this.#bar.start(size ?? 0, from, this.#payload(0));
  }

  /** Reports that the rows up to a position of the input are stored or failed. */
  reach(position: number): void {
    this.#position = position;
  }

  /** Shows the number of stored rows. */
  update(rows: number): void {
    if (this.#stopped) return;
    this.#bar?.update(this.#position, this.#payload(rows));
    if (this.#bar !== undefined || !this.#shown) return;
    if (performance.now() - this.#printedAt < LINE_INTERVAL) return;
    this.#printedAt = performance.now();
    const { rate, elapsed, left } = this.#payload(rows);
    const end = this.#size === undefined ? elapsed : `${left} left`;
    process.stderr.write(
      `m2v: ${grouped(rows)} rows${this.shareOf(this.#position)}, ${rate} rows/s, ${end}\n`,
    );
  }

  /** Clears the line. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#bar?.stop();
  }

  /** Returns ` (41%)`, or an empty text if the size is unknown. */
  shareOf(position: number): string {
    return this.#size ? ` (${Math.floor((100 * position) / this.#size)}%)` : '';
  }

  #payload(rows: number): { rows: string; rate: string; elapsed: string; left: string } {
    const seconds = (performance.now() - this.#begun) / 1000;
    const done = this.#position - this.#from;
    const left = this.#size && done > 0 ? (seconds * (this.#size - this.#position)) / done : undefined;
    return {
      rows: grouped(rows),
      rate: seconds > 0 ? grouped(Math.round(rows / seconds)) : '…',
      elapsed: duration(seconds),
      left: left === undefined ? '…' : duration(left),
    };
  }
}
