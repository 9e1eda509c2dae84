import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { WHOLE_FILE } from '../input/found-row.js';
import { type InputFile, inputName } from '../input/input-file.js';
import { fileError } from '../terminal/file-error.js';
import { excerpt, oneLine } from '../terminal/terminal.js';

/** A failed row. */
export interface Reject {
  readonly file: number;
  readonly line: number;
  readonly id: string | undefined;
  readonly code: string;
  readonly reason: string;
}

/** Most failed rows on standard error; more would push the summary off the screen. */
const MOST_SHOWN = 10;

/** Collects failed rows: the first few for standard error, all of them in a file if the user named one. */
export class RejectLog {
  readonly #files: readonly InputFile[];
  readonly #path: string | undefined;
  readonly #handle: number | undefined;
  readonly #shown: string[] = [];
  #bytes: number;
  #count = 0;

  /**
   * @param keep - bytes of the file that an interrupted run wrote and this one continues
   * @throws FailureError if the file cannot be written
   */
  constructor(files: readonly InputFile[], path: string | undefined, keep: number) {
    this.#files = files;
    this.#path = path;
    this.#bytes = 0;
    if (path === undefined) return;
    try {
      // Rows after the last entry of the journal will be read again, so their lines are cut off.
      this.#handle = openSync(path, 'a');
      const stats = fstatSync(this.#handle);
      if (stats.isFile()) {
        this.#bytes = Math.min(keep, stats.size);
        ftruncateSync(this.#handle, this.#bytes);
      }
    } catch (cause) {
      throw fileError('write', path, cause);
    }
  }

  /** Number of failed rows in this run. */
  get count(): number {
    return this.#count;
  }

  /** Length of the file in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  add(rejects: readonly Reject[]): void {
    if (rejects.length === 0) return;
    this.#count += rejects.length;
    for (const reject of rejects) {
      if (this.#shown.length >= MOST_SHOWN) break;
      const id = reject.id === undefined ? '' : ` (id ${excerpt(reject.id, 40)})`;
      const line = reject.line === WHOLE_FILE ? '' : `:${reject.line}`;
      this.#shown.push(`${oneLine(this.#sourceOf(reject))}${line}${id}: ${oneLine(reject.reason)}`);
    }
    if (this.#handle === undefined) return;
    const lines = rejects.map((reject) => {
      const { id, code, reason } = reject;
      const line = reject.line === WHOLE_FILE ? undefined : reject.line;
      return `${JSON.stringify({ source: this.#sourceOf(reject), line, id, code, reason })}\n`;
    });
    const bytes = Buffer.from(lines.join(''));
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#handle, bytes, done);
    } catch (cause) {
      throw fileError('write', this.#path!, cause);
    }
    this.#bytes += bytes.length;
  }

  /** Returns lines for the user about the failed rows. */
  lines(): readonly string[] {
    const rest = this.#count - this.#shown.length;
    if (rest === 0) return this.#shown;
    const where = this.#path === undefined ? '--rejects FILE lists them all' : `all are in ${this.#path}`;
    return [...this.#shown, `… and ${rest.toLocaleString('en-US')} more; ${where}`];
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
  }

  #sourceOf({ file }: Reject): string {
    return inputName(this.#files[file]?.path ?? '');
  }
}
