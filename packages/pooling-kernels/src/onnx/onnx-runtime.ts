/** What of ONNX Runtime's JavaScript packages the kernels use; each of them fits. */
export interface OnnxRuntime {
  /** Settings of all sessions. */
  readonly env: {
    /** Of the WebAssembly back end; unset until the first session where nobody sets it. */
    readonly wasm: { numThreads?: number | undefined };
  };
  readonly InferenceSession: {
    create(model: Uint8Array, options?: OnnxSessionOptions): Promise<OnnxSession>;
  };
  readonly Tensor: {
    new (type: 'int32', data: Int32Array, dims: readonly number[]): OnnxTensor;
    new (type: 'int64', data: BigInt64Array, dims: readonly number[]): OnnxTensor;
    new (type: 'float32', data: Float32Array, dims: readonly number[]): OnnxTensor;
    new (type: 'float64', data: Float64Array, dims: readonly number[]): OnnxTensor;
    new (type: 'bool', data: Uint8Array, dims: readonly number[]): OnnxTensor;
  };
}

/** Settings of a session that the kernels use. */
export interface OnnxSessionOptions {
  /** Where to compute, the preferred first, such as `['webgpu', 'wasm']`. */
  readonly executionProviders?: readonly string[];
  /** Threads for one operation. */
  readonly intraOpNumThreads?: number;
  /** Least severity of messages that are written to the console: 3 is errors. */
  readonly logSeverityLevel?: 3;
}

/** A loaded graph. */
export interface OnnxSession {
  run(inputs: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** Numbers with a shape. */
export interface OnnxTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}
