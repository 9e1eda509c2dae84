import { Document } from '@langchain/core/documents';
import { BaseRetriever, type BaseRetrieverInput } from '@langchain/core/retrievers';
import type { Key, SearchOptions, TextStore } from '@model2vec-ts/search';

/** Options of {@link TextStoreRetriever}. */
export interface TextStoreRetrieverFields extends BaseRetrieverInput, Omit<SearchOptions, 'signal'> {
  /** A `TextIndex` of `@model2vec-ts/search`, or a Milvus collection of `@model2vec-ts/milvus-adapter`. */
  readonly store: TextStore;
}

/** Metadata of a document: the row's fields, its id and its score. */
interface FoundMetadata {
  readonly id: Key;
  readonly score: number;
  readonly [field: string]: unknown;
}

/**
 * Retrieves documents from a text store by meaning and by full text.
 *
 * @example
 * ```ts
 * import type { TextStore } from '@model2vec-ts/search';
 * import { TextStoreRetriever } from '@model2vec-ts/integrations/langchain';
 *
 * async function find(store: TextStore): Promise<void> {
 *   const retriever = new TextStoreRetriever({ store, limit: 4 });
 *   for (const { pageContent, metadata } of await retriever.invoke('a question')) console.log(metadata.score, pageContent);
 * }
 * ```
 */
export class TextStoreRetriever extends BaseRetriever<FoundMetadata> {
  lc_namespace: string[] = ['model2vec-ts', 'retrievers'];
  readonly #store: TextStore;
  readonly #options: SearchOptions;

  constructor(fields: TextStoreRetrieverFields) {
    const { store, callbacks, tags, metadata, verbose, ...options } = fields;
    super({
      ...(callbacks !== undefined && { callbacks }),
      ...(tags !== undefined && { tags }),
      ...(metadata !== undefined && { metadata }),
      ...(verbose !== undefined && { verbose }),
    });
    this.#store = store;
    this.#options = options;
  }

  static override lc_name(): string {
    return 'TextStoreRetriever';
  }

  /** Called by `invoke`. */
  override async _getRelevantDocuments(query: string): Promise<Document<FoundMetadata>[]> {
    const { hits } = await this.#store.search(query, this.#options);
    return hits.map(
      ({ id, text, score, fields }) =>
        new Document({ id: String(id), pageContent: text, metadata: { ...fields, id, score } }),
    );
  }
}
