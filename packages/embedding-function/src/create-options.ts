import type { KernelChoice } from '@model2vec-ts/pooling-kernels';
import type { LoadStaticModelOptions, ModelConfig, ModelSource } from '@model2vec-ts/static-model';
import { type EncodeSettings, encodeSettings } from './encode-options.js';

/** The default model, which is also the one of Python's `Model2VecEmbeddingFunction`. */
export const DEFAULT_MODEL = 'minishlab/potion-base-8M';

/**
 * Options of `Model2VecEmbeddingFunction.create`: the model, and the defaults of later calls. `signal` and `onProgress`, which
 * counts bytes, apply to loading only.
 */
export interface CreateOptions extends LoadStaticModelOptions {
  /**
   * A folder, the URL of one, a Hugging Face Hub id, or the files themselves.
   *
   * @defaultValue `'minishlab/potion-base-8M'`
   */
  readonly modelSource?: ModelSource;
  /**
   * Name of the kernel that pools, `auto` for the best one that accepts the model and gets enough memory, or a kernel of
   * your own.
   *
   * @defaultValue `'auto'`
   */
  readonly kernel?: KernelChoice;
  /**
   * Whether to scale embeddings to unit length.
   *
   * @defaultValue `normalize` of the model's `config.json`, else `false`
   */
  readonly normalize?: boolean;
  /**
   * Most tokens of a text, unknown tokens counted; `null` for all.
   *
   * @defaultValue `max_length` of the model's `config.json`, in which `null` means all, else `512`
   */
  readonly maxLength?: number | null;
  /**
   * Number of texts that are tokenized and pooled at once.
   *
   * @defaultValue `1024`
   */
  readonly batchSize?: number;
  /**
   * Most threads of a call, the calling one included. `auto` is one per core, at most 8, and starts them with the first call
   * of 4 million characters; from then on it measures whether they embed faster than the calling thread alone, and
   * chooses the faster way. A number starts them with the first call that they help, and always uses them. Calls of fewer than 65,536
   * characters, and `encodeSync`, stay on the calling thread. Threads share the model, and each has its own tokenizer.
   * Results do not depend on this option.
   *
   * @defaultValue `'auto'`
   */
  readonly threads?: 'auto' | number;
}

/** The defaults of calls. */
export function defaultSettings(options: CreateOptions, config: ModelConfig): EncodeSettings {
  return encodeSettings(options, {
    normalize: config.normalize ?? false,
    maxLength: config.max_length === undefined ? 512 : config.max_length,
    batchSize: 1024,
  });
}
