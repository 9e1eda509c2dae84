import { UnsupportedModelError } from './model-error.js';
import type { ModelSource, StaticModel } from './static-model.js';

/** How far a file of a model has been read. */
export interface LoadProgress {
  /** Path inside the model's folder, such as `model.safetensors`. */
  readonly file: string;
  /** Bytes read so far. */
  readonly loadedBytes: number;
  /** Size of the file in bytes; absent where the server does not say. */
  readonly totalBytes?: number;
}

/** How {@link loadStaticModel} reads a model. */
export interface LoadStaticModelOptions {
  /** Folder of the model inside the source, with `/` between its parts. Default: the source's own folder. */
  readonly subfolder?: string;
  /** Keep only the first columns, after `quantizeTo`, as the reference does. Default: all of them. */
  readonly dimensionality?: number;
  /** Element type to convert the table to, as the reference's `quantize_to`. Default: the file's own. */
  readonly quantizeTo?: 'float16' | 'float32' | 'float64' | 'int8';
  /** Branch, tag or commit of a Hub model. Default: `main`. */
  readonly revision?: string;
  /** Token for private and gated Hub models. It is sent to the Hub's own host only. Default: none. */
  readonly token?: string;
  /** Stops the load, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told as bytes arrive from disk or network. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Replaces the platform's `fetch`, for a proxy or a cache. */
  readonly fetch?: typeof fetch;
}

/** Reads and checks a model. */
export async function loadStaticModel(
  source: ModelSource,
  options: LoadStaticModelOptions = {},
): Promise<StaticModel> {
  options.signal?.throwIfAborted();
  throw new UnsupportedModelError(`loading from ${typeof source} sources is not written yet`);
}
