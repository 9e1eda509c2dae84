import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./lite-user.mjs', import.meta.url));

/** A user program's report about its server, or the error. */
export interface LiteUserReport {
  readonly address: string;
  readonly pid: number;
  readonly shared: boolean;
  readonly code?: string;
  readonly message?: string;
}

/** A separate program that uses Milvus Lite; see lite-user.mjs. */
export class LiteUser {
  /** Report about its server. */
  readonly report: Promise<LiteUserReport>;
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly #lines: AsyncIterator<string>;

  constructor(...args: readonly string[]) {
    this.process = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.stdin!.on('error', () => {});
    this.exited = new Promise((resolve) => this.process.once('close', resolve));
    this.#lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
    this.report = this.#nextLine() as Promise<LiteUserReport>;
    // If the program is killed before its report, nothing awaits this promise.
    this.report.catch(() => {});
  }

  /** Makes it release the server, and waits for that. */
  async stop(): Promise<void> {
    await this.report;
    this.process.stdin!.write('stop\n');
    await this.#nextLine();
  }

  /** Makes it end in the given way. */
  tell(word: 'end' | 'exit'): void {
    this.process.stdin!.write(`${word}\n`);
  }

  /** Ends it at the end of a test, if it has not ended. */
  async dispose(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  async #nextLine(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the program ended without an answer');
    return JSON.parse(value);
  }
}
