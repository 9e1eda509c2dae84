/** Milliseconds of work that are measured on the calling thread alone. */
const ALONE = 15;
/** Milliseconds of work that are measured on all threads, whose results arrive in larger steps. */
const TOGETHER = 30;
/**
 * Milliseconds of work until the first repetition; doubled as long as the outcome stays. A repetition runs the slower
 * way for at most {@link TOGETHER} milliseconds.
 */
const FIRST_REST = 300;
const LONGEST_REST = 20_000;
/** A longer step was not work: the program waited for something else. */
const LONGEST_STEP = 100;
/** Share of the newest measurement in the gain, because a busy machine makes single ones unreliable. */
const NEWEST = 0.6;

/** Progress of a call between two looks at the clock. */
export interface GaugeStep {
  /** UTF-16 units that were embedded since the last step. */
  readonly units: number;
  /** Batches that other threads have. */
  readonly away: number;
  /** Whether other threads could take batches. */
  readonly isReady: boolean;
}

/**
 * Measures whether several threads embed faster than the calling one, by trying both for a moment, and again from time
 * to time, because the first pass over a corpus gains more or less than the next one. The measured work may be spread over
 * several calls.
 */
export class ThreadGauge {
  readonly #now: () => number;
  #phase: 'alone' | 'together' | 'rest' = 'alone';
  #units = 0;
  #milliseconds = 0;
  #alone: number | undefined;
  #together: number | undefined;
  #gain: number | undefined;
  #rest = FIRST_REST;
  #last = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Rate of several threads divided by that of one; `undefined` until it is measured. */
  get gain(): number | undefined {
    return this.#gain;
  }

  /** Whether other threads should get batches now. */
  get usesThreads(): boolean {
    if (this.#phase === 'rest') return this.#gain! > 1;
    return this.#phase === 'together';
  }

  /** Starts the clock of a call. */
  begin(): void {
    this.#last = this.#now();
  }

  /** Counts work. Call it after each batch and whenever results arrive. */
  note({ units, away, isReady }: GaugeStep): void {
    const now = this.#now();
    const step = now - this.#last;
    this.#last = now;
    if (!isReady || step > LONGEST_STEP) return;
    // Late results of other threads are no work of this one.
    if (this.#phase === 'alone' && away > 0) return;
    this.#units += units;
    this.#milliseconds += step;
    if (this.#phase === 'rest') {
      if (this.#milliseconds >= this.#rest) this.#enter(this.#gain! > 1 ? 'alone' : 'together');
    } else if (this.#phase === 'alone' && this.#milliseconds >= ALONE) {
      this.#alone = this.#units / this.#milliseconds;
      this.#next('together');
    } else if (this.#phase === 'together' && this.#milliseconds >= TOGETHER) {
      this.#together = this.#units / this.#milliseconds;
      this.#next('alone');
    }
  }

  /** Measures the other way, or ends the trial if both are measured. */
  #next(other: 'alone' | 'together'): void {
    if (this.#alone === undefined || this.#together === undefined) {
      this.#enter(other);
      return;
    }
    const gain = this.#together / this.#alone;
    const before = this.#gain;
    this.#gain = before === undefined ? gain : before ** (1 - NEWEST) * gain ** NEWEST;
    const isSame = before !== undefined && before > 1 === this.#gain > 1;
    this.#rest = isSame ? Math.min(2 * this.#rest, LONGEST_REST) : FIRST_REST;
    this.#alone = this.#together = undefined;
    this.#enter('rest');
  }

  #enter(phase: 'alone' | 'together' | 'rest'): void {
    this.#phase = phase;
    this.#units = 0;
    this.#milliseconds = 0;
  }
}
