import type { EmbeddingTable } from './table/embedding-table.js';

/** A file of a model: its bytes, or where to read them. */
export type ModelFile = Uint8Array | URL;

/**
 * The files of a model by their path inside its folder, such as `model.safetensors`, `config.json`,
 * `tokenizer.json` or `0_StaticEmbedding/model.safetensors`.
 */
export type ModelFiles = Readonly<Record<string, ModelFile>>;

/**
 * Where a model is: a folder on disk, a `file:`, `http:` or `https:` URL of a folder, a Hugging Face Hub id
 * `org/name`, or files in memory. A string names a folder if one exists there, else a URL, else a Hub id.
 */
export type ModelSource = string | URL | ModelFiles;

/** `config.json` as far as it is known; unknown keys are kept. */
export interface ModelConfig {
  /** Whether embeddings get unit length. The reference's default, where the key is absent, is `false`. */
  readonly normalize?: boolean;
  /** Most tokens of a text; `null` for all. The reference's default, where the key is absent, is 512. */
  readonly max_length?: number | null;
  readonly [key: string]: unknown;
}

/** A model that has been read and checked. */
export interface StaticModel {
  /** The vectors. */
  readonly table: EmbeddingTable;
  /** `tokenizer.json` as it was read. */
  readonly tokenizerJson: Uint8Array;
  /** `config.json`, or `config_sentence_transformers.json` in the layouts of sentence-transformers. */
  readonly config: ModelConfig;
  /** Which of the three folder layouts the files have. */
  readonly layout: 'model2vec' | 'sentence-transformers' | 'static-embedding';
  /** Where the model was found, for messages. */
  readonly origin: string;
  /** SHA-256 in hexadecimal over what determines the vectors: table, mapping, weights, tokenizer. Computed at first use. */
  readonly fingerprint: string;
}
