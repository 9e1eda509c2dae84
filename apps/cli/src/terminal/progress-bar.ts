import cliProgress from 'cli-progress';
import type { TextSource } from '../input/text-source.js';
import { grouped, type TerminalStream } from './terminal.js';

/** Shows how far a stream of texts has come. */
export interface Progress {
  /** Tells that everything up to `position` of the source, `texts` texts, is done. */
  update(position: number, texts: number): void;
  /** Clears what is shown. */
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** Columns of the bar itself; with the numbers after it a line fits an 80-column terminal. */
const BAR_COLUMNS = 20;

/**
 * A progress bar on standard error where that is a terminal, and nothing where it is not.
 *
 * @param shown whether the user wants it and nothing else is printed on the terminal meanwhile
 */
export function startProgress(source: TextSource, shown: boolean): Progress {
  const stream: NodeJS.WriteStream & TerminalStream = process.stderr;
  if (!shown || stream.isTTY !== true || source.fromArguments) return SILENT;
  const total = source.size;
  const begun = performance.now();
  const bar = new cliProgress.SingleBar({
    stream,
    format:
      total === undefined
        ? '{texts} texts | {rate} texts/s | {elapsed}'
        : '{bar} {percentage}% | {texts} texts | {rate} texts/s | {left} left',
    barsize: BAR_COLUMNS,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    // The program handles signals itself; the bar must neither hide the cursor nor change the terminal's wrapping.
    gracefulExit: false,
    hideCursor: null,
    linewrap: null,
  });
  const payload = (position: number, texts: number): Record<string, string> => {
    const seconds = (performance.now() - begun) / 1000;
    const remaining = position > 0 && total ? (seconds * (total - position)) / position : undefined;
    return {
      texts: grouped(texts),
      rate: seconds > 0 ? grouped(Math.round(texts / seconds)) : '…',
      elapsed: duration(seconds),
      left: remaining === undefined ? '…' : duration(remaining),
    };
  };
  bar.start(total ?? 0, 0, payload(0, 0));
  return {
    update: (position, texts) => bar.update(position, payload(position, texts)),
    stop: () => bar.stop(),
  };
}

/** Seconds as `0:07`, `12:34` or `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
