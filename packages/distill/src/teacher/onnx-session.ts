import { DistillError } from '../distill-error.js';

/** The part of onnxruntime-node that a teacher uses. */
interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array | string, options: object): Promise<OnnxSession>;
  };
  readonly Tensor: new (
    type: 'int32' | 'int64' | 'float32',
    data: Int32Array | BigInt64Array | Float32Array,
    dims: readonly number[],
  ) => OnnxTensor;
}

/** Numbers with a shape. */
export interface OnnxTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A loaded graph. */
interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    inputs: Readonly<Record<string, OnnxTensor>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** A session, and a constructor of its inputs. */
export interface OnnxGraph {
  readonly session: OnnxSession;
  tensor(
    type: 'int32' | 'int64' | 'float32',
    data: Int32Array | Float32Array,
    dims: readonly number[],
  ): OnnxTensor;
}

/**
 * Loads a graph into ONNX Runtime.
 *
 * @param model - bytes or path of an ONNX file; a path also finds weights in a separate file
 * @param threads - number of threads per operation
 * @throws {@link DistillError} with the code `missing-runtime` if onnxruntime-node is not installed
 */
export async function openGraph(
  model: Uint8Array | string,
  threads: number,
  teacher: string,
): Promise<OnnxGraph> {
  const { InferenceSession, Tensor } = await runtime();
  try {
    const session = await InferenceSession.create(model, {
      intraOpNumThreads: threads,
      logSeverityLevel: 3,
    });
    return {
      session,
      tensor: (type, data, dims) =>
        new Tensor(type, type === 'int64' ? BigInt64Array.from(data as Int32Array, BigInt) : data, dims),
    };
  } catch (cause) {
    throw new DistillError(
      'teacher-failed',
      `ONNX Runtime cannot load ${teacher}: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

async function runtime(): Promise<Runtime> {
  try {
    const loaded = (await import('onnxruntime-node')) as unknown as Runtime & { readonly default?: Runtime };
    return loaded.InferenceSession === undefined ? loaded.default! : loaded;
  } catch (cause) {
    throw new DistillError('missing-runtime', 'a teacher runs in ONNX Runtime, which is not installed', {
      cause,
      remedy: { code: 'install-package', packageName: 'onnxruntime-node' },
    });
  }
}
