/**
 * An embedding function for Chroma.
 * @module
 */
import { type CreateOptions, Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';

/** Configuration that Chroma stores with a collection, in the form of its other embedding functions. */
export interface ChromaConfig {
  /** A Hub id, a folder or a URL. */
  readonly model_name: string;
  readonly revision?: string;
  readonly dimensionality?: number;
  readonly normalize?: boolean;
}

/** Distances of Chroma that fit the embeddings. */
type Space = 'cosine' | 'l2' | 'ip';

/** Name in Chroma's registry and in stored configurations. */
const NAME = 'model2vec';

/**
 * Chroma's `EmbeddingFunction` over Model2Vec. The model is loaded on the first call. Chroma stores the configuration
 * with the collection, so that later clients embed with the same model.
 *
 * @example
 * ```ts
 * import { Model2VecChromaFunction } from '@model2vec-ts/integrations/chroma';
 *
 * // registerEmbeddingFunction('model2vec', Model2VecChromaFunction) lets getCollection find it.
 * const embeddingFunction = new Model2VecChromaFunction({ model_name: 'minishlab/potion-base-8M' });
 * // await client.createCollection({ name: 'docs', embeddingFunction });
 * console.log(embeddingFunction.getConfig());
 * ```
 */
export class Model2VecChromaFunction {
  readonly name: string = NAME;
  readonly #config: ChromaConfig;
  #embedder: Promise<Model2VecEmbeddingFunction> | undefined;

  /** @param embedder - loaded model of the configuration; if missing, it is loaded on the first call */
  constructor(config: ChromaConfig, embedder?: Model2VecEmbeddingFunction) {
    this.validateConfig(config);
    this.#config = config;
    this.#embedder = embedder === undefined ? undefined : Promise.resolve(embedder);
  }

  /** Recreates the function from the result of {@link Model2VecChromaFunction.getConfig}. */
  static buildFromConfig(config: Readonly<Record<string, unknown>>): Model2VecChromaFunction {
    return new Model2VecChromaFunction(config as unknown as ChromaConfig);
  }

  buildFromConfig(config: Readonly<Record<string, unknown>>): Model2VecChromaFunction {
    return Model2VecChromaFunction.buildFromConfig(config);
  }

  /** Embeds documents. Chroma's client sends numbers as JSON, which drops the last digit of stored values. */
  async generate(texts: string[]): Promise<number[][]> {
    const embedder = await this.#load();
    return (await embedder.encodeDocuments(texts)).map((vector) => Array.from(vector));
  }

  /** Embeds queries, in the same way as documents. */
  generateForQueries(texts: string[]): Promise<number[][]> {
    return this.generate(texts);
  }

  defaultSpace(): Space {
    return 'cosine';
  }

  supportedSpaces(): Space[] {
    return ['cosine', 'l2', 'ip'];
  }

  getConfig(): Record<string, unknown> {
    return { ...this.#config };
  }

  /** @throws Error if the configuration is wrong */
  validateConfig(config: Readonly<Record<string, unknown>> | ChromaConfig): void {
    const { model_name, revision, dimensionality, normalize } = config;
    if (typeof model_name !== 'string' || model_name === '')
      throw wrong('model_name', 'a Hub id, folder or URL');
    if (revision !== undefined && typeof revision !== 'string') throw wrong('revision', 'a string');
    if (dimensionality !== undefined && !(Number.isInteger(dimensionality) && Number(dimensionality) > 0)) {
      throw wrong('dimensionality', 'a whole number from 1 on');
    }
    if (normalize !== undefined && typeof normalize !== 'boolean') throw wrong('normalize', 'true or false');
  }

  /**
   * @throws Error if the new configuration gives other vectors, which could not be compared with those of the
   * collection
   */
  validateConfigUpdate(newConfig: Readonly<Record<string, unknown>>): void {
    for (const key of ['model_name', 'revision', 'dimensionality', 'normalize'] as const) {
      if (key in newConfig && newConfig[key] !== this.#config[key]) {
        throw new Error(`${key} of a collection cannot change; create a new collection`);
      }
    }
  }

  /** Releases the model. */
  async close(): Promise<void> {
    const embedder = await this.#embedder;
    await embedder?.close();
  }

  #load(): Promise<Model2VecEmbeddingFunction> {
    if (this.#embedder === undefined) {
      const { model_name, ...rest } = this.#config;
      const options: CreateOptions = { modelSource: model_name, ...rest };
      this.#embedder = Model2VecEmbeddingFunction.create(options);
      // After a failed download the next call tries again.
      this.#embedder.catch(() => {
        this.#embedder = undefined;
      });
    }
    return this.#embedder;
  }
}

function wrong(key: string, rule: string): Error {
  return new Error(`${key} of the embedding function's configuration must be ${rule}`);
}
