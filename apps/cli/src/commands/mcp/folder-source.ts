import { readFile } from 'node:fs/promises';
import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import type { Hit } from '@model2vec-ts/search';
import { PassageIndex, type PassageOptions } from '../../passages/passage-index.js';
import type { PassageSource, SourceHit, SourceSearch } from './passage-source.js';

/** Milliseconds during which files are assumed unchanged, because agents ask several questions at once. */
const FRESH = 250;

/** Searches folders. Every call first updates the index. */
export class FolderSource implements PassageSource {
  readonly title: string;
  readonly #named: readonly string[];
  readonly #embedder: Model2VecEmbeddingFunction;
  readonly #passages: PassageIndex;
  #syncing: Promise<void> | undefined;
  #synced = Number.NEGATIVE_INFINITY;

  private constructor(
    named: readonly string[],
    embedder: Model2VecEmbeddingFunction,
    passages: PassageIndex,
  ) {
    this.title = `the files in ${named.join(', ')}`;
    this.#named = named;
    this.#embedder = embedder;
    this.#passages = passages;
  }

  /** Starts reading the folders; calls wait until it is finished. */
  static async open(
    named: readonly string[],
    embedder: Model2VecEmbeddingFunction,
    options: PassageOptions,
  ): Promise<FolderSource> {
    const source = new FolderSource(named, embedder, await PassageIndex.create(embedder, options));
    await source.#sync();
    return source;
  }

  async search(question: string, { limit, mode, filter }: SourceSearch): Promise<readonly SourceHit[]> {
    await this.#sync();
    const { hits } = await this.#passages.search(question, {
      limit,
      ...(mode !== undefined && { mode }),
      ...(filter !== undefined && { filter }),
    });
    return hits.map(sourceHit);
  }

  async read(place: string, lines: number): Promise<string | undefined> {
    await this.#sync();
    const { path, line } = parsedPlace(place);
    // Only indexed files: an agent must not read others through this tool.
    if (!this.#passages.hasFile(path)) return undefined;
    const all = (await readFile(path, 'utf8')).split('\n');
    const first = line === undefined ? 0 : Math.max(0, line - 1 - Math.floor(lines / 4));
    const part = all.slice(first, first + lines);
    return `${path}, lines ${first + 1} to ${first + part.length} of ${all.length}\n\n${part.join('\n')}`;
  }

  async similar(
    to: { readonly place: string } | { readonly text: string },
    limit: number,
  ): Promise<readonly SourceHit[]> {
    await this.#sync();
    if ('text' in to)
      return (await this.#passages.search(to.text, { limit, mode: 'dense' })).hits.map(sourceHit);
    const { path, line = 1 } = parsedPlace(to.place);
    const passage = await this.#passages.passageAt(path, line);
    if (passage === undefined) throw new RangeError(`no passage at ${to.place}; take a place from search`);
    const { hits } = await this.#passages.search(passage.text, { limit: limit + 1, mode: 'dense' });
    return hits
      .filter(({ id }) => id !== passage.id)
      .map(sourceHit)
      .slice(0, limit);
  }

  async close(): Promise<void> {
    await this.#embedder.close();
  }

  async #sync(): Promise<void> {
    if (performance.now() - this.#synced < FRESH) return;
    this.#syncing ??= this.#passages
      .sync(this.#named)
      .then(() => {
        this.#synced = performance.now();
      })
      .finally(() => {
        this.#syncing = undefined;
      });
    await this.#syncing;
  }
}

function sourceHit({ score, text, fields }: Hit): SourceHit {
  return { place: `${String(fields.path)}:${String(fields.line)}`, score, text };
}

function parsedPlace(place: string): { readonly path: string; readonly line: number | undefined } {
  const found = /^(.*?):(\d+)(?:-\d+)?$/s.exec(place);
  return found === null ? { path: place, line: undefined } : { path: found[1]!, line: Number(found[2]) };
}
