import cliProgress from 'cli-progress';
import { duration } from './progress-bar.js';
import { grouped } from './terminal.js';

/** Milliseconds between two lines where no terminal shows a bar: the log of a batch job. */
const LINE_INTERVAL = 30_000;

/** Columns of the bar itself; with the numbers after it a line fits an 80-column terminal. */
const BAR_COLUMNS = 20;

/** Shows how far an index run is: a bar on a terminal, a line now and then elsewhere. */
export class IndexProgress {
  readonly #size: number | undefined;
  readonly #from: number;
  readonly #bar: cliProgress.SingleBar | undefined;
  readonly #shown: boolean;
  readonly #begun: number = performance.now();
  #position: number;
  #toldAt: number = performance.now();
  #stopped = false;

  /**
   * @param size bytes of the input; `undefined` where only the end will tell
   * @param from bytes that an earlier run has done
   */
  constructor(size: number | undefined, from: number, shown: boolean) {
    this.#size = size;
    this.#from = from;
    this.#position = from;
    this.#shown = shown;
    if (!shown || process.stderr.isTTY !== true) return;
    this.#bar = new cliProgress.SingleBar({
      stream: process.stderr,
      format:
        size === undefined
          ? '{rows} rows | {rate} rows/s | {elapsed}'
          : '{bar} {percentage}% | {rows} rows | {rate} rows/s | {left} left',
      barsize: BAR_COLUMNS,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      clearOnComplete: true,
      // The program handles signals itself; the bar must neither hide the cursor nor change the terminal's wrapping.
      gracefulExit: false,
      hideCursor: null,
      linewrap: null,
    });
    this.#bar.start(size ?? 0, from, this.#payload(0));
  }

  /** Says that everything up to a position of the input is settled. */
  reach(position: number): void {
    this.#position = position;
  }

  /** Shows how many rows have been stored. */
  update(rows: number): void {
    if (this.#stopped) return;
    this.#bar?.update(this.#position, this.#payload(rows));
    if (this.#bar !== undefined || !this.#shown) return;
    if (performance.now() - this.#toldAt < LINE_INTERVAL) return;
    this.#toldAt = performance.now();
    const { rate, elapsed, left } = this.#payload(rows);
    const end = this.#size === undefined ? elapsed : `${left} left`;
    process.stderr.write(
      `m2v: ${grouped(rows)} rows${this.shareOf(this.#position)}, ${rate} rows/s, ${end}\n`,
    );
  }

  /** Clears what is shown. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#bar?.stop();
  }

  /** ` (41%)`, or nothing where the size is unknown. */
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
