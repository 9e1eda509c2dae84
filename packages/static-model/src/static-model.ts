import type { EmbeddingTable } from './table/embedding-table.js';

/** A `model.safetensors` that is read by range requests; made by `rangedFile`. */
export interface RangedFile {
  readonly url: URL;
}

/** A file of a model: its bytes, or where to read them. */
export type ModelFile = Uint8Array | URL | RangedFile;

/**
 * The files of a model by their path inside its folder, such as `model.safetensors`, `config.json`,
 * `tokenizer.json` or `0_StaticEmbedding/model.safetensors`.
 */
export type ModelFiles = Readonly<Record<string, ModelFile>>;

/**
 * Source of a model: a folder on disk, the URL of a folder, a Hugging Face Hub id `org/name`, or files in memory. A URL
 * has any scheme that `fetch` takes, also `chrome-extension:` or `capacitor:`, or `file:`. A string is a folder if that
 * exists, else a URL, else a Hub id.
 */
export type ModelSource = string | URL | ModelFiles;

/** Known keys of `config.json`; unknown keys are kept. */
export interface ModelConfig {
  /** Whether embeddings get unit length. The reference's default is `false`. */
  readonly normalize?: boolean;
  /** Most tokens per text; `null` for no limit. The reference's default is 512. */
  readonly max_length?: number | null;
  readonly [key: string]: unknown;
}

/** A model that has been read and checked. */
export interface StaticModel {
  /** The vectors. */
  readonly table: EmbeddingTable;
  /** `tokenizer.json`, unparsed. */
  readonly tokenizerJson: Uint8Array;
  /** `config.json`, or `config_sentence_transformers.json` in the layouts of sentence-transformers. */
  readonly config: ModelConfig;
  /** Folder layout of the files. */
  readonly layout: 'model2vec' | 'sentence-transformers' | 'static-embedding';
  /** Where the model was found, for messages. */
  readonly origin: string;
  /**
   * SHA-256 in hexadecimal over everything that determines the vectors: table, mapping, weights, tokenizer. Computed on
   * first use.
   */
  readonly fingerprint: string;
}
