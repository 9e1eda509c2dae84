import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { connectMilvus, type Hit, type MilvusConnection, TextCollection } from '@model2vec-ts/milvus-adapter';
import { type ConnectionFlags, connectionOptions } from '../../flags/milvus-flags.js';
import { shownFields } from '../search/shown-fields.js';
import type { PassageSource, SourceHit, SourceSearch } from './passage-source.js';

/** A Milvus collection as a source. */
export class CollectionSource implements PassageSource {
  readonly title: string;
  readonly #milvus: MilvusConnection;
  readonly #collection: TextCollection;
  readonly #embedder: Model2VecEmbeddingFunction;

  private constructor(
    milvus: MilvusConnection,
    collection: TextCollection,
    embedder: Model2VecEmbeddingFunction,
  ) {
    this.title = `the collection ${collection.name}`;
    this.#milvus = milvus;
    this.#collection = collection;
    this.#embedder = embedder;
  }

  static async open(
    flags: ConnectionFlags,
    name: string,
    embedder: Model2VecEmbeddingFunction,
  ): Promise<CollectionSource> {
    const milvus = await connectMilvus(connectionOptions(flags));
    return new CollectionSource(milvus, await TextCollection.open(milvus, { name, embedder }), embedder);
  }

  async search(question: string, { limit, mode, filter }: SourceSearch): Promise<readonly SourceHit[]> {
    const { hits } = await this.#collection.search(question, {
      limit,
      ...(mode !== undefined && { mode }),
      ...(filter !== undefined && { filter }),
    });
    return hits.map(sourceHit);
  }

  async read(place: string): Promise<string | undefined> {
    const row = await this.#collection.get(this.#key(place));
    return row && `${row.text}\n\n${JSON.stringify(shownFields(row.fields))}`;
  }

  async similar(
    to: { readonly place: string } | { readonly text: string },
    limit: number,
  ): Promise<readonly SourceHit[]> {
    const row = 'place' in to ? await this.#collection.get(this.#key(to.place)) : undefined;
    if ('place' in to && row === undefined)
      throw new RangeError(`no row ${to.place}; take a place from search`);
    const text = 'text' in to ? to.text : row!.text;
    const { hits } = await this.#collection.search(text, { limit: limit + 1, mode: 'dense' });
    return hits
      .filter(({ id }) => id !== row?.id)
      .map(sourceHit)
      .slice(0, limit);
  }

  async close(): Promise<void> {
    await this.#milvus.close();
    await this.#embedder.close();
  }

  #key(place: string): string | number {
    return this.#collection.layout.key.type === 'int64' ? Number(place) : place;
  }
}

function sourceHit({ id, score, text }: Hit): SourceHit {
  return { place: String(id), score, text };
}
