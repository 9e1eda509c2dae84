import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { abortedError } from '../milvus-error.js';

/** The end of a program. */
export interface ProcessResult {
  /** Exit code; `null` if a signal ended it or it could not be run. */
  readonly code: number | null;
  /** The last 200 lines of standard output and standard error. */
  readonly lines: readonly string[];
}

/**
 * Runs a program to its end and calls `onLine` for each line of its output.
 *
 * @throws {@link MilvusError} `aborted`, after the program has ended
 */
export function runProcess(
  program: string,
  args: readonly string[],
  options: {
    readonly what: string;
    readonly signal?: AbortSignal | undefined;
    readonly env?: NodeJS.ProcessEnv;
    onLine?(line: string): void;
  },
): Promise<ProcessResult> {
  const { what, signal, onLine, env = process.env } = options;
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const take = (line: string): void => {
      lines.push(line);
      if (lines.length > 200) lines.shift();
      onLine?.(line);
    };
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      env: { ...env, PYTHONUTF8: '1', PYTHONUNBUFFERED: '1' },
    });
    createInterface({ input: child.stdout }).on('line', take);
    createInterface({ input: child.stderr }).on('line', take);
    const abort = (): void => {
      child.kill('SIGKILL');
    };
    const end = (settle: () => void): void => {
      signal?.removeEventListener('abort', abort);
      settle();
    };
    child.on('error', (error) => end(() => resolve({ code: null, lines: [error.message] })));
    child.on('close', (code) => {
      end(() => (signal?.aborted ? reject(abortedError(signal, what)) : resolve({ code, lines })));
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
