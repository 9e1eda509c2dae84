import type { TerminalStream } from './terminal.js';

/** Shows the current stage of a program on one line. */
export interface StageProgress {
  show(text: string): void;
  /** Clears the line. */
  stop(): void;
}

const MOST_OFTEN = 100;

/** Creates a line on standard error if that is a terminal and the user wants it; otherwise shows nothing. */
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
