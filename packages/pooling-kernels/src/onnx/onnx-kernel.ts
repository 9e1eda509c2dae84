import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import { disposedKernel, KernelError } from '../kernel-error.js';
import { checkBatch, checkTable } from '../kernel-input.js';
import { installPackage, setRuntimeThreads, useKernel } from '../kernel-remedy.js';
import { messageOf } from '../message-of.js';
import type { LoadedKernel, PoolingKernel, PoolOptions } from '../pooling-kernel.js';
import { hasWideWeights } from '../wide-weights.js';
import { narrowTable } from './narrow-table.js';
import { ONNX_CAPABILITIES, WEB_GPU_CAPABILITIES } from './onnx-capabilities.js';
import { type Graph, onnxModel } from './onnx-model.js';
import type { OnnxRuntime, OnnxSession, OnnxSessionOptions, OnnxTensor } from './onnx-runtime.js';
import { poolingGraph } from './pooling-graph.js';

/** Differences between the kernels of ONNX Runtime. */
export interface OnnxKernelSettings {
  readonly name: string;
  /** The npm package of the runtime. */
  readonly packageName: string;
  loadRuntime(): Promise<OnnxRuntime>;
  /** Where to compute, in order of preference. */
  readonly executionProviders: readonly string[];
}

/** Tokens per run: their rows stay in the caches, and the fixed cost of a run is small in comparison. */
const RUN_TOKENS = 4096;

/** A kernel that pools in ONNX Runtime. */
export function onnxKernel(settings: OnnxKernelSettings): PoolingKernel {
  const { name } = settings;
  const onWebGpu = settings.executionProviders.includes('webgpu');
  const capabilities = onWebGpu ? WEB_GPU_CAPABILITIES : ONNX_CAPABILITIES;
  const { dtypes } = capabilities;
  return {
    specificationVersion: 'v1',
    name,
    capabilities,
    async load(given: EmbeddingTable): Promise<LoadedKernel> {
      const idLimit = checkTable(given);
      if (!dtypes.includes(given.dtype)) {
        throw new KernelError(
          'unsupported-table',
          `kernel ${name} accepts tables of ${dtypes.join(', ')}; found ${given.dtype}`,
          useKernel('wasm', 'js'),
        );
      }
      const runtime = await settings.loadRuntime();
      const table = onWebGpu ? narrowTable(given) : given;
      const graph = poolingGraph(table, onWebGpu ? 'float32' : 'float64');
      const session = await sessionOf(runtime, table, graph, settings);
      const wide = table.dtype === 'float64' || hasWideWeights(table);
      return new OnnxLoadedKernel(name, runtime, session, table.dim, idLimit, wide);
    },
  };
}

/** The error for a runtime that is not installed or cannot be loaded. */
export function missingRuntime(name: string, packageName: string, cause: unknown): KernelError {
  return new KernelError(
    'unavailable-kernel',
    `kernel ${name} needs the package ${packageName}, which could not be loaded`,
    { cause, ...installPackage(packageName) },
  );
}

async function sessionOf(
  runtime: OnnxRuntime,
  table: EmbeddingTable,
  graph: Graph,
  { name, packageName, executionProviders }: OnnxKernelSettings,
): Promise<OnnxSession> {
  // Sums are correct on one thread only; see the graph. In browsers all sessions have the same number of threads.
  const { wasm } = runtime.env;
  if (wasm.numThreads === undefined || wasm.numThreads === 0) wasm.numThreads = 1;
  if (wasm.numThreads > 1 && executionProviders.includes('wasm')) {
    throw new KernelError(
      'unavailable-kernel',
      `kernel ${name} adds correctly on one thread only; ${packageName} is set to ${wasm.numThreads} threads`,
      setRuntimeThreads(1),
    );
  }
  const options: OnnxSessionOptions = { executionProviders, intraOpNumThreads: 1, logSeverityLevel: 3 };
  try {
    return await runtime.InferenceSession.create(onnxModel(graph), options);
  } catch (cause) {
    throw new KernelError(
      'unsupported-table',
      `${packageName} refused a table of ${table.rows} × ${table.dim} ${table.dtype} for kernel ${name}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/**
 * Bound by memory on one thread: the runtime writes each token's row to memory before adding, which moves three times
 * the data that pooling needs.
 */
class OnnxLoadedKernel implements LoadedKernel {
  readonly #name: string;
  readonly #runtime: OnnxRuntime;
  readonly #dim: number;
  readonly #idLimit: number;
  /** Whether sums are float64. */
  readonly #wide: boolean;
  #session: OnnxSession | undefined;
  /** Runs are queued, because some back ends refuse a second run at the same time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    name: string,
    runtime: OnnxRuntime,
    session: OnnxSession,
    dim: number,
    idLimit: number,
    wide: boolean,
  ) {
    this.#name = name;
    this.#runtime = runtime;
    this.#session = session;
    this.#dim = dim;
    this.#idLimit = idLimit;
    this.#wide = wide;
  }

  async pool(batch: TokenBatch, out: Float32Array, { normalize }: PoolOptions): Promise<void> {
    const session = this.#session;
    if (session === undefined) {
      throw disposedKernel(this.#name);
    }
    const texts = checkBatch(batch, out, this.#dim, this.#idLimit);
    const work = this.#last.then(async () => {
      // Kept until all runs are done, so that a failing run leaves the output unchanged.
      const results: { readonly at: number; readonly values: Float32Array }[] = [];
      for (let first = 0, next = 0; first < texts; first = next) {
        next = runEnd(batch.offsets, first, texts);
        const values = await this.#run(session, batch, first, next, normalize);
        results.push({ at: first * this.#dim, values });
      }
      for (const { at, values } of results) out.set(values, at);
    });
    this.#last = work.catch(() => undefined);
    await work;
  }

  dispose(): void {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) void this.#last.then(() => session.release());
  }

  async #run(
    session: OnnxSession,
    { ids, offsets }: TokenBatch,
    first: number,
    next: number,
    normalize: boolean,
  ): Promise<Float32Array> {
    const dim = this.#dim;
    const texts = next - first;
    const start = offsets[first]!;
    const tokens = offsets[next]! - start;
    // Without tokens there is nothing to look up, and not every back end accepts empty inputs.
    if (tokens === 0) return new Float32Array(texts * dim);
    const owners = new BigInt64Array(tokens);
    const counts = new Float64Array(texts);
    for (let text = 0; text < texts; text++) {
      const from = offsets[first + text]! - start;
      const to = offsets[first + text + 1]! - start;
      owners.fill(BigInt(text), from, to);
      counts[text] = Math.max(1, to - from);
    }
    const { Tensor } = this.#runtime;
    // Ids are below 2³¹, since a table has fewer rows.
    const signed = new Int32Array(ids.slice(start, start + tokens).buffer);
    const { embeddings } = await session.run({
      ids: new Tensor('int32', signed, [tokens]),
      texts: new Tensor('int64', owners, [tokens, 1]),
      zeros: this.#numbers(new Float64Array(texts * dim), [texts, dim]),
      counts: this.#numbers(counts, [texts, 1]),
      normalize: new Tensor('bool', Uint8Array.of(normalize ? 1 : 0), []),
    });
    return embeddings!.data as Float32Array;
  }

  #numbers(values: Float64Array, shape: readonly number[]): OnnxTensor {
    const { Tensor } = this.#runtime;
    return this.#wide
      ? new Tensor('float64', values, shape)
      : new Tensor('float32', Float32Array.from(values), shape);
  }
}

/**
 * Index after the last text of a run that begins with `first`: as many texts as fit in a run's tokens, at least one.
 */
function runEnd(offsets: Uint32Array, first: number, texts: number): number {
  const limit = offsets[first]! + RUN_TOKENS;
  let next = first + 1;
  while (next < texts && offsets[next + 1]! <= limit) next++;
  return next;
}
