import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./guarded-process.py', import.meta.url));

/** A process that ends with this one, however this one ends; see guarded-process.py. */
export class GuardedProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #output = '';
  #running = true;
  #changed: () => void = () => {};

  /**
   * @param folder - removed if this process dies before it has ended the other
   * @param command - the program and its arguments
   */
  constructor(
    python: string,
    folder: string,
    command: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.#child = spawn(python, [PROGRAM, folder, ...command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C goes to the terminal's whole process group; the tests handle it.
      detached: true,
      env: { ...process.env, PYTHONUNBUFFERED: '1', ...environment },
    });
    const take = (text: string): void => {
      this.#output = (this.#output + text).slice(-20_000);
      this.#changed();
    };
    this.#child.stdout?.setEncoding('utf8').on('data', take);
    this.#child.stderr?.setEncoding('utf8').on('data', take);
    this.#child.stdin?.on('error', () => {});
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#running = false;
        this.#changed();
        resolve();
      });
    });
  }

  get running(): boolean {
    return this.#running;
  }

  /** The last part of its output. */
  get output(): string {
    return this.#output;
  }

  /** Whether its output matches before it ends or the time is over. */
  async prints(pattern: RegExp, milliseconds: number): Promise<boolean> {
    const end = Date.now() + milliseconds;
    while (this.#running && Date.now() < end && !pattern.test(this.#output)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, end - Date.now());
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return pattern.test(this.#output);
  }

  /** Asks it to end, and kills it if it does not within 15 seconds. */
  async stop(): Promise<void> {
    await this.#tell('stop');
  }

  /** Kills it as `kill -9` does. */
  async kill(): Promise<void> {
    await this.#tell('kill');
  }

  async #tell(word: string): Promise<void> {
    if (this.#running) this.#child.stdin?.write(`${word}\n`);
    await this.#exited;
  }
}
