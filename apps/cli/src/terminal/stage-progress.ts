import type { TerminalStream } from './terminal.js';

/** Shows on one line what a program is at. */
export interface StageProgress {
  show(text: string): void;
  /** Clears the line. */
  stop(): void;
}

const MOST_OFTEN = 100;

/** A line on standard error where that is a terminal and the user wants it, and nothing where it is not. */
export function startStages(shown: boolean): StageProgress {
  const stream: NodeJS.WriteStream & TerminalStream = process.stderr;
  if (!shown || stream.isTTY !== true) return { show: () => undefined, stop: () => undefined };
  let last = 0;
  return {
    show: (text) => {
      if (performance.now() - last < MOST_OFTEN) return;
      last = performance.now();
      stream.write(`\r\u001b[K${text}`);
    },
    stop: () => {
      stream.write('\r\u001b[K');
    },
  };
}
