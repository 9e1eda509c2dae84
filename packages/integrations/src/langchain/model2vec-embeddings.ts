import { Embeddings } from '@langchain/core/embeddings';
import type { EmbeddingFunction } from '@model2vec-ts/embedding-function';

/**
 * LangChain's `Embeddings` over an embedding function, for its vector stores.
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { Model2VecEmbeddings } from '@model2vec-ts/integrations/langchain';
 *
 * const embeddings = new Model2VecEmbeddings(await Model2VecEmbeddingFunction.create());
 * console.log(await embeddings.embedQuery('a text'));
 * ```
 */
export class Model2VecEmbeddings extends Embeddings {
  readonly #embedder: EmbeddingFunction;

  constructor(embedder: EmbeddingFunction) {
    super({});
    this.#embedder = embedder;
  }

  /** Embeds documents, in order. */
  async embedDocuments(documents: string[]): Promise<number[][]> {
    return (await this.#embedder.encodeDocuments(documents)).map((vector) => Array.from(vector));
  }

  /** Embeds a query. */
  async embedQuery(query: string): Promise<number[]> {
    const [vector] = await this.#embedder.encodeQueries([query]);
    return Array.from(vector ?? []);
  }
}
