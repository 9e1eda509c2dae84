/** What the tests call in the page: the published packages, as a browser's user has them from a bundler. */
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { type KernelName, selectKernel } from '@model2vec-ts/pooling-kernels';
import { testPoolingKernel } from '@model2vec-ts/pooling-kernels/testing';

/** What to embed, and how. */
export interface EmbedRequest {
  readonly texts: readonly string[];
  readonly kernel: 'auto' | KernelName;
}

/** Embeddings as plain numbers, which a page can hand to a test. */
export interface EmbedAnswer {
  /** The kernel that pooled. */
  readonly kernel: string;
  readonly dim: number;
  readonly fingerprint: string;
  readonly embeddings: readonly (readonly number[])[];
}

/** A case of the conformance suite that failed, and what it said. */
export interface FailedCase {
  readonly name: string;
  readonly message: string;
}

/** How a kernel did in the conformance suite. */
export interface ConformanceAnswer {
  readonly kernel: string;
  readonly cases: number;
  readonly failed: readonly FailedCase[];
}

/** What the page offers to the tests. */
export interface Page {
  embed(request: EmbedRequest): Promise<EmbedAnswer>;
  conformance(kernel: KernelName): Promise<ConformanceAnswer>;
}

const page: Page = {
  async embed({ texts, kernel }) {
    const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, kernel });
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

  async conformance(name) {
    const kernel = selectKernel(name, { dtype: 'float32' });
    const cases = testPoolingKernel(() => kernel);
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
};

Object.assign(globalThis, { page });
