/** How the hidden states of a text's tokens become one vector. */
export type TokenPooling = 'mean' | 'first' | 'last' | 'max' | 'pooler';

/** Progress of encoding with the teacher. */
export interface TeacherProgress {
  /** Encoded texts or tokens. */
  readonly done: number;
  readonly total: number;
}

/** Options for encoding with the teacher. */
export interface TeacherPassOptions {
  /** Stops the pass after the current batch; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch. */
  readonly onProgress?: ((progress: TeacherProgress) => void) | undefined;
}

/** Options for embedding texts with a teacher. */
export interface TeacherEncodeOptions extends TeacherPassOptions {
  /**
   * Name of a prompt of the teacher's `config_sentence_transformers.json`, put before each text; `null` for none.
   * @defaultValue the teacher's `default_prompt_name`, if it has one
   */
  readonly prompt?: string | null | undefined;
}

/** A sentence transformer that runs in ONNX Runtime. */
export interface Teacher {
  /** The source it was loaded from, or the name that was given. */
  readonly name: string;
  /** Values per vector. */
  readonly dim: number;
  /** SHA-256 in hexadecimal of the files that determine the vectors. */
  readonly fingerprint: string;
  /** Most tokens of a text, including special ones; longer texts are cut. */
  readonly maxTokens: number;
  /** Prompts by name. */
  readonly prompts: Readonly<Record<string, string>>;
  /** `tokenizer.json`. */
  readonly tokenizerJson: Uint8Array;
  /** Special tokens that `tokenizer_config.json` names. */
  readonly specialTokens: SpecialTokens;
  /**
   * Embeds texts: unit-length vectors, row by row, texts × {@link Teacher.dim}.
   *
   * @throws {@link DistillError} with the code `unusable-vectors` if the teacher gives a text no finite vector
   */
  encode(texts: readonly string[], options?: TeacherEncodeOptions): Promise<Float32Array>;
  /**
   * Pools the hidden states of sequences of token ids, row by row, without normalising. Non-finite values are kept.
   *
   * @param sequences - ids of each sequence with its special tokens
   * @param pooling - how the hidden states become one vector
   */
  encodeTokens(
    sequences: readonly (readonly number[])[],
    pooling: TokenPooling,
    options?: TeacherPassOptions,
  ): Promise<Float32Array>;
  /** Frees the memory of ONNX Runtime. */
  close(): Promise<void>;
}

/** Special tokens by their role. */
export interface SpecialTokens {
  readonly unknown?: string;
  readonly padding?: string;
}
