import type { TextSource } from '../input/text-source.js';
import { createBar, duration } from './bar.js';
import { grouped } from './terminal.js';

/** Shows the progress of a stream of texts. */
export interface Progress {
  /** Reports that `texts` texts are done, up to `position` of the source. */
  update(position: number, texts: number): void;
  /** Clears the line. */
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/**
 * Starts a progress bar on standard error; shows nothing if that is not a terminal.
 *
 * @param shown - whether the user wants it and nothing else is printed meanwhile
 */
export function startProgress(source: TextSource, shown: boolean): Progress {
  if (!shown || process.stderr.isTTY !== true || source.fromArguments) return SILENT;
  const total = source.size;
  const begun = performance.now();
  const bar = createBar(
    total === undefined
      ? '{texts} texts | {rate} texts/s | {elapsed}'
      : '{bar} {percentage}% | {texts} texts | {rate} texts/s | {left} left',
  );
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
