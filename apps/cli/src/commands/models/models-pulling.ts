import { pullModel } from '@model2vec-ts/static-model/hub-cache';
import cliProgress from 'cli-progress';
import { StreamSink } from '../../output/stream-sink.js';
import { cacheOptions, type ModelSpec, type PullFlags, shownSpec } from './models-flags.js';
import { shownBytes } from './models-size.js';

/** Columns of the bar itself; with the numbers after it a line fits an 80-column terminal. */
const BAR_COLUMNS = 20;

/** `m2v models pull`. */
export async function pull(model: ModelSpec, flags: PullFlags): Promise<void> {
  const progress = new DownloadProgress(flags.quiet !== true && process.stderr.isTTY === true);
  try {
    const { commit, path } = await pullModel(model.id, {
      ...cacheOptions(flags),
      ...(model.revision !== undefined && { revision: model.revision }),
      ...(flags.subfolder !== undefined && { subfolder: flags.subfolder }),
      onProgress: ({ file, loadedBytes, totalBytes }) => progress.update(file, loadedBytes, totalBytes ?? 0),
    });
    progress.stop();
    if (flags.quiet !== true) {
      const what = progress.total === 0 ? 'is up to date' : `fetched, ${shownBytes(progress.total)}`;
      process.stderr.write(`${shownSpec(model)} ${what} (commit ${commit})\n`);
    }
    await new StreamSink(process.stdout).write(Buffer.from(`${path}\n`));
  } finally {
    progress.stop();
  }
}

/** Bytes of several files as one bar. */
class DownloadProgress {
  readonly #files: Map<string, { readonly loaded: number; readonly total: number }> = new Map();
  readonly #bar: cliProgress.SingleBar | undefined;
  readonly #begun: number = performance.now();

  constructor(shown: boolean) {
    if (!shown) return;
    this.#bar = new cliProgress.SingleBar({
      stream: process.stderr,
      format: '{bar} {percentage}% | {loaded} of {size} | {rate}/s',
      barsize: BAR_COLUMNS,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      clearOnComplete: true,
      // The program handles signals itself; the bar must neither hide the cursor nor change the terminal's wrapping.
      gracefulExit: false,
      hideCursor: null,
      linewrap: null,
    });
    this.#bar.start(1, 0, { loaded: shownBytes(0), size: '…', rate: shownBytes(0) });
  }

  /** Bytes of all files that have to be fetched. */
  get total(): number {
    return this.#sum(({ total }) => total);
  }

  update(file: string, loaded: number, total: number): void {
    this.#files.set(file, { loaded, total });
    if (this.#bar === undefined) return;
    const bytes = this.#sum((each) => each.loaded);
    const seconds = (performance.now() - this.#begun) / 1000;
    this.#bar.setTotal(Math.max(this.total, 1));
    this.#bar.update(bytes, {
      loaded: shownBytes(bytes),
      size: shownBytes(this.total),
      rate: shownBytes(bytes / seconds),
    });
  }

  stop(): void {
    this.#bar?.stop();
  }

  #sum(part: (file: { readonly loaded: number; readonly total: number }) => number): number {
    return [...this.#files.values()].reduce((sum, file) => sum + part(file), 0);
  }
}
