import type { RequestRecord } from '@model2vec-ts/server';

/** Longest delay of a line in milliseconds, so that a busy server writes many at once. */
const DELAY_MS = 50;

/** Writes records of requests as lines of JSON, without texts or keys. */
export class RequestLog {
  readonly #write: (lines: string) => void;
  readonly #verbose: boolean;
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param verbose - adds the stack of server errors, whose message may quote a text */
  constructor(write: (lines: string) => void, verbose: boolean) {
    this.#write = write;
    this.#verbose = verbose;
  }

  /** Adds a line. */
  add({ fault, durationMs, ...record }: RequestRecord): void {
    const stack = this.#verbose && fault instanceof Error ? { stack: fault.stack } : {};
    this.#lines += `${JSON.stringify({ ...record, durationMs: Number(durationMs.toFixed(3)), ...stack })}\n`;
    this.#timer ??= setTimeout(() => this.flush(), DELAY_MS);
  }

  /** Writes the pending lines. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines !== '') this.#write(this.#lines);
    this.#lines = '';
  }
}
