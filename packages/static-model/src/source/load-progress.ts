/** How far a file of a model has been fetched or read. */
export interface LoadProgress {
  /** Where the bytes come from: a Hub model that is not cached is fetched first, and then read from disk. */
  readonly from: 'network' | 'disk';
  /** Path inside the model's folder, such as `model.safetensors`. */
  readonly file: string;
  /** Bytes so far; fewer than before where a download has to begin again. */
  readonly loadedBytes: number;
  /** Size of the file in bytes; absent where the server does not say. */
  readonly totalBytes?: number;
}
