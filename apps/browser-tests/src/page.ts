/** Functions that the tests call in the page. It bundles the published packages as a user's page would. */
import {
  EmbeddingFunctionError,
  Model2VecEmbeddingFunction,
  type ThreadLimit,
} from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { type PoolingKernel, selectKernel } from '@model2vec-ts/pooling-kernels';
import { onnxWebKernel } from '@model2vec-ts/pooling-kernels/onnx-web';
import { rangedKernel } from '@model2vec-ts/pooling-kernels/ranged';
import { testPoolingKernel } from '@model2vec-ts/pooling-kernels/testing';
import { rangedFile } from '@model2vec-ts/static-model/ranged-file';
import { type SearchedTexts, searchedTexts } from './searched-texts.js';

/** Kernels that run in a browser: the named ones, and ONNX Runtime's on each back end. */
export type BrowserKernel = 'js' | 'wasm' | 'onnx-web on wasm' | 'onnx-web on webgpu';

/** Texts to embed and the options. */
export interface EmbedRequest {
  readonly texts: readonly string[];
  readonly kernel: 'auto' | BrowserKernel;
}

/** Embeddings as plain numbers, which a page can return to a test. */
export interface EmbedAnswer {
  /** The kernel that pooled. */
  readonly kernel: string;
  readonly dim: number;
  readonly fingerprint: string;
  readonly embeddings: readonly (readonly number[])[];
}

/** Result of embedding the same texts on one thread and on several. */
export interface ThreadsAnswer {
  readonly threads: number;
  /** Reason for fewer threads than requested. */
  readonly limit: ThreadLimit | undefined;
  /** Batches that workers encoded. */
  readonly batches: number;
  /** Index of the first value that differs between one thread and several, in a call or a stream; -1 if none differs. */
  readonly difference: number;
  /** Number of texts returned by a stream. */
  readonly streamed: number;
}

/** A failed case of the conformance suite, with its message. */
export interface FailedCase {
  readonly name: string;
  readonly message: string;
}

/** A kernel's result in the conformance suite. */
export interface ConformanceAnswer {
  readonly kernel: string;
  readonly cases: number;
  readonly failed: readonly FailedCase[];
}

/** Embeddings whose rows were fetched by range. */
export interface RangedAnswer {
  readonly kernel: string;
  readonly embeddings: readonly (readonly number[])[];
  /** Bytes of `model.safetensors` that the server sent. */
  readonly bytes: number;
}

/** Functions that the page provides for the tests. */
export interface Page {
  embed(request: EmbedRequest): Promise<EmbedAnswer>;
  /** Embeds with a model folder on a server that sends ranges. */
  embedByRange(folder: string, texts: readonly string[]): Promise<RangedAnswer>;
  /** Embeds with two threads until a worker has taken part; the embedder stays open until {@link Page.closeThreads}. */
  embedOnThreads(texts: readonly string[], kernel: 'auto' | 'js' | 'wasm'): Promise<ThreadsAnswer>;
  /** Closes the embedder during a call and returns the call's outcome. */
  closeThreads(texts: readonly string[]): Promise<string>;
  conformance(kernel: BrowserKernel): Promise<ConformanceAnswer>;
  /** Embeds with an embedder that stays open, and returns the vectors. */
  keep(texts: readonly string[]): Promise<readonly number[]>;
  /** Embeds with the embedder of {@link Page.keep}. */
  embedKept(texts: readonly string[]): Promise<readonly number[]>;
  /** Indexes that many texts in memory and searches them. */
  search(count: number): Promise<SearchedTexts>;
  /** Reason why WebGPU is unavailable; absent if it is available. */
  missingWebGpu(): Promise<string | undefined>;
}

/** Milliseconds after which an unloaded worker counts as failed. */
const PATIENCE = 60_000;
/** Number of worker batches to compare. */
const ENOUGH_BATCHES = 4;
/** Texts per batch of a stream. */
const STREAM_BATCH = 200;

async function kernelOf(name: BrowserKernel): Promise<PoolingKernel> {
  switch (name) {
    case 'onnx-web on wasm':
      return onnxWebKernel();
    case 'onnx-web on webgpu':
      return onnxWebKernel({
        runtime: await import('onnxruntime-web/webgpu'),
        executionProviders: ['webgpu', 'wasm'],
      });
    default:
      return selectKernel(name, { dtype: 'float32' });
  }
}

/** Starts counting the page's submissions to the GPU. */
function gpuWork(): () => number {
  let count = 0;
  // Not in the types of every version of the DOM.
  const { prototype } = (
    globalThis as unknown as { GPUQueue: { prototype: { submit(...args: unknown[]): void } } }
  ).GPUQueue;
  const { submit } = prototype;
  prototype.submit = function (...args) {
    count++;
    submit.apply(this, args);
  };
  return () => count;
}

let batches = 0;
let threaded: Model2VecEmbeddingFunction | undefined;
let kept: Model2VecEmbeddingFunction | undefined;

/** Workers whose results are counted. */
class CountingWorker extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    this.addEventListener('message', ({ data }: MessageEvent<{ readonly type?: unknown }>) => {
      if (data.type === 'encoded') batches++;
    });
  }
}

const page: Page = {
  async embed({ texts, kernel }) {
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: minilmL6,
      kernel: kernel === 'auto' ? kernel : await kernelOf(kernel),
    });
    try {
      const embeddings = await embedder.encodeDocuments(texts);
      return {
        kernel: embedder.kernel,
        dim: embedder.dim,
        fingerprint: embedder.fingerprint,
        embeddings: embeddings.map((embedding) => [...embedding]),
      };
    } finally {
      await embedder.close();
    }
  },

  async embedByRange(folder, texts) {
    let bytes = 0;
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: {
        'config.json': new URL('config.json', folder),
        'tokenizer.json': new URL('tokenizer.json', folder),
        'model.safetensors': rangedFile(new URL('model.safetensors', folder)),
      },
      kernel: rangedKernel,
      fetch: async (...request) => {
        const response = await fetch(...request);
        const range = /^bytes (\d+)-(\d+)/.exec(response.headers.get('content-range') ?? '');
        if (range !== null) bytes += Number(range[2]) - Number(range[1]) + 1;
        return response;
      },
    });
    try {
      const embeddings = await embedder.encodeDocuments(texts);
      return { kernel: embedder.kernel, bytes, embeddings: embeddings.map((embedding) => [...embedding]) };
    } finally {
      await embedder.close();
    }
  },

  async embedOnThreads(texts, kernel) {
    globalThis.Worker = CountingWorker;
    const alone = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, kernel, threads: 1 });
    const { data: expected } = await alone.encode(texts);
    await alone.close();
    threaded = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, kernel, threads: 2 });
    batches = 0;
    let difference = -1;
    const isDone = (): boolean => threaded!.threads === 1 || batches >= ENOUGH_BATCHES || difference >= 0;
    const begun = performance.now();
    do {
      const { data } = await threaded.encode(texts);
      difference = data.findIndex((value, i) => !Object.is(value, expected[i]));
    } while (!isDone() && performance.now() - begun < PATIENCE);
    let rows = 0;
    for await (const matrix of threaded.encodeStream(texts, { batchSize: STREAM_BATCH })) {
      const from = rows * matrix.dim;
      const at = matrix.data.findIndex((value, i) => !Object.is(value, expected[from + i]));
      if (difference < 0 && at >= 0) difference = from + at;
      rows += matrix.rows;
    }
    return { threads: threaded.threads, limit: threaded.threadLimit, batches, difference, streamed: rows };
  },

  async closeThreads(texts) {
    const call = threaded!.encode(texts).then(
      () => 'done',
      (error: unknown) => (EmbeddingFunctionError.isInstance(error) ? error.code : String(error)),
    );
    await threaded!.close();
    threaded = undefined;
    return call;
  },

  async keep(texts) {
    kept = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
    return page.embedKept(texts);
  },

  async embedKept(texts) {
    return [...(await kept!.encode(texts)).data];
  },

  async conformance(name) {
    const kernel = await kernelOf(name);
    const cases = testPoolingKernel(() => kernel, name === 'onnx-web on webgpu' ? { work: gpuWork() } : {});
    const failed: FailedCase[] = [];
    for (const { name, run } of cases) {
      try {
        await run();
      } catch (error) {
        failed.push({ name, message: error instanceof Error ? error.message : String(error) });
      }
    }
    return { kernel: kernel.name, cases: cases.length, failed };
  },

  search: searchedTexts,

  async missingWebGpu() {
    // Not in the types of every version of the DOM.
    const { gpu } = navigator as { readonly gpu?: { requestAdapter(): Promise<object | null> } };
    if (gpu === undefined) return 'the browser has no WebGPU';
    return (await gpu.requestAdapter()) === null ? 'the browser offers no WebGPU adapter' : undefined;
  },
};

Object.assign(globalThis, { page });
