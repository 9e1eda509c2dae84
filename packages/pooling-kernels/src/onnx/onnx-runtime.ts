/** The part of ONNX Runtime's JavaScript packages that the kernels use. */
export interface OnnxRuntime {
  /** Settings of all sessions. */
  readonly env: {
    /** Settings of the WebAssembly back end; unset until the first session by default. */
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
  /** Where to compute, in order of preference, such as `['webgpu', 'wasm']`. */
  readonly executionProviders?: readonly string[];
  /** Threads for one operation. */
  readonly intraOpNumThreads?: number;
  /** Least severity of messages on the console: 3 is errors. */
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
