import { pullModel } from '@model2vec-ts/static-model/hub-cache';
import { StreamSink } from '../../output/stream-sink.js';
import { createBar } from '../../terminal/bar.js';
import { cacheOptions, type ModelSpec, type PullFlags, shownSpec } from './models-flags.js';
import { shownBytes } from './models-size.js';

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
      const what = progress.total === 0 ? 'is up to date' : `downloaded, ${shownBytes(progress.total)}`;
      process.stderr.write(`${shownSpec(model)} ${what} (commit ${commit})\n`);
    }
    await new StreamSink(process.stdout).write(Buffer.from(`${path}\n`));
  } finally {
    progress.stop();
  }
}

/** Shows the bytes of several files in one bar. */
class DownloadProgress {
  readonly #files: Map<string, { readonly loaded: number; readonly total: number }> = new Map();
  readonly #bar: ReturnType<typeof createBar> | undefined;
  readonly #begun: number = performance.now();

  constructor(shown: boolean) {
    if (!shown) return;
    this.#bar = createBar('{bar} {percentage}% | {loaded} of {size} | {rate}/s');
    this.#bar.start(1, 0, { loaded: shownBytes(0), size: '…', rate: shownBytes(0) });
  }

  /** Bytes of all files to download. */
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
