import type { KernelChoice } from '@model2vec-ts/pooling-kernels';
import type { LoadStaticModelOptions, ModelConfig, ModelSource } from '@model2vec-ts/static-model';
import { type EncodeSettings, encodeSettings } from './encode-options.js';

/** Model that is loaded where none is named: the one of Python's `Model2VecEmbeddingFunction`. */
export const DEFAULT_MODEL = 'minishlab/potion-base-8M';

/**
 * What to load and how to encode by default. Of the loader's options, `signal` and `onProgress` (of bytes, not texts)
 * concern the loading alone.
 */
export interface CreateOptions extends LoadStaticModelOptions {
  /**
   * A folder, a `file:`, `http:` or `https:` URL of one, a Hugging Face Hub id, or the files themselves.
   * @default 'minishlab/potion-base-8M'
   */
  readonly modelSource?: ModelSource;
  /**
   * What pools: a kernel's name, `auto` for the best one that takes the model and gets the memory
   * that it needs, or a kernel of your own.
   * @default 'auto'
   */
  readonly kernel?: KernelChoice;
  /**
   * Whether embeddings get unit length.
   * @default `normalize` of the model's `config.json`, else `false`
   */
  readonly normalize?: boolean;
  /**
   * Most tokens of a text, unknown tokens counted; `null` for all.
   * @default `max_length` of the model's `config.json`, where `null` means all, else 512
   */
  readonly maxLength?: number | null;
  /**
   * Texts that are tokenized and pooled at once.
   * @default 1024
   */
  readonly batchSize?: number;
  /**
   * Most threads that a call runs on, the calling one included. `auto` is one for each core, at most 8; threads are
   * then started by the first call of 4 million characters, while a number starts them where they help at all. Calls
   * of less than 65,536 characters, and `encodeSync`, stay on the calling thread. Threads share the model; each has a
   * tokenizer of its own. Results do not depend on it.
   * @default 'auto'
   */
  readonly threads?: 'auto' | number;
}

/** What holds where a call says nothing. */
export function defaultSettings(options: CreateOptions, config: ModelConfig): EncodeSettings {
  return encodeSettings(options, {
    normalize: config.normalize ?? false,
    maxLength: config.max_length === undefined ? 512 : config.max_length,
    batchSize: 1024,
  });
}
