/** A trial measures all threads, then the calling one alone. */
type Phase = 'settling' | 'together' | 'alone' | 'rest';

/** Milliseconds of work of the measured phases. Results of other threads arrive in larger steps. */
const ALONE = 15;
const TOGETHER = 40;
/**
 * Milliseconds of work on all threads before they are measured: the first results are still on their way. In the first
 * trial, the other threads also know no words, and engines have not compiled their code.
 */
const SETTLING = 15;
const FIRST_SETTLING = 80;
/**
 * The first trial finds this share of the gain or less: the calling thread is measured last, when its first pass has
 * become faster, and other threads still know fewer words.
 */
const FIRST_SHARE = 0.9;
/**
 * Milliseconds of work until the next trial, after an outcome for one thread and for several; doubled as long as it stays.
 * A gain hardly shrinks again, while one thread may only have been ahead because the others knew fewer words.
 */
const FIRST_REST = 400;
const FIRST_REST_TOGETHER = 1600;
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
  #phase: Phase = 'settling';
  #units = 0;
  #milliseconds = 0;
  /** Units per millisecond on all threads. */
  #together = 0;
  #gain: number | undefined;
  #rest = 0;
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
    return this.#phase === 'settling' || this.#phase === 'together';
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
    if (this.#milliseconds >= this.#duration) this.#next(this.#units / this.#milliseconds);
  }

  get #duration(): number {
    if (this.#phase === 'rest') return this.#rest;
    if (this.#phase === 'alone') return ALONE;
    if (this.#phase === 'together') return TOGETHER;
    return this.#gain === undefined ? FIRST_SETTLING : SETTLING;
  }

  /** @param rate - units per millisecond of the phase that ends */
  #next(rate: number): void {
    switch (this.#phase) {
      case 'settling':
        this.#enter('together');
        break;
      case 'together':
        this.#together = rate;
        this.#enter('alone');
        break;
      case 'alone':
        this.#decide(this.#together / rate);
        this.#enter('rest');
        break;
      case 'rest':
        this.#enter('settling');
        break;
    }
  }

  #decide(gain: number): void {
    const earlier = this.#gain;
    this.#gain = earlier === undefined ? gain / FIRST_SHARE : earlier ** (1 - NEWEST) * gain ** NEWEST;
    const hasGained = this.#gain > 1;
    const isSame = earlier !== undefined && earlier > 1 === hasGained;
    if (isSame) this.#rest = Math.min(2 * this.#rest, LONGEST_REST);
    else this.#rest = hasGained ? FIRST_REST_TOGETHER : FIRST_REST;
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#units = 0;
    this.#milliseconds = 0;
  }
}
