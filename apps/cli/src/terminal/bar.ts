import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';

/** Columns of the bar itself; with the numbers after it a line fits an 80-column terminal. */
const BAR_COLUMNS = 20;

/** Creates a progress bar on standard error. */
export function createBar(format: string): SingleBar {
  // Loaded only here because most calls show no bar.
  const cliProgress = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
  return new cliProgress.SingleBar({
    stream: process.stderr,
    format,
    barsize: BAR_COLUMNS,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    // The program handles signals itself; the bar must neither hide the cursor nor change the terminal's wrapping.
    gracefulExit: false,
    hideCursor: null,
    linewrap: null,
  });
}

/** Formats seconds as `0:07`, `12:34` or `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
