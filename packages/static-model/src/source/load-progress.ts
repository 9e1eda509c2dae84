/** Progress of one file of a model. */
export interface LoadProgress {
  /** Source of the bytes: an uncached Hub model is first downloaded, then read from disk. */
  readonly from: 'network' | 'disk';
  /** Path inside the model's folder, such as `model.safetensors`. */
  readonly file: string;
  /** Bytes so far; can decrease if a download restarts. */
  readonly loadedBytes: number;
  /** Size of the file in bytes; absent if the server does not announce it. */
  readonly totalBytes?: number;
}
