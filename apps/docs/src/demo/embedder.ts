import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6x64 } from '@model2vec-ts/model-minilm-l6-64';
import type { Tokenizer } from '@model2vec-ts/tokenizer';
import { loadTokenizerLazily } from '@model2vec-ts/tokenizer/lazy';

/** The small model, ready to embed in this page. */
export interface DemoModel {
  readonly embedder: Model2VecEmbeddingFunction;
  /** The embedder's tokenizer, to show its tokens. */
  readonly tokenizer: Tokenizer;
  /** Milliseconds to load the model. */
  readonly loadMilliseconds: number;
}

/** Download progress of the model. */
export interface LoadedBytes {
  readonly loaded: number;
  readonly total: number | undefined;
}

let model: Promise<DemoModel> | undefined;

/** Loads the small model, once for all pages of the site. */
export function loadDemoModel(onProgress: (bytes: LoadedBytes) => void): Promise<DemoModel> {
  model ??= load(onProgress).catch((error: unknown) => {
    model = undefined;
    throw error;
  });
  return model;
}

async function load(onProgress: (bytes: LoadedBytes) => void): Promise<DemoModel> {
  const begun = performance.now();
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: minilmL6x64,
    onProgress: ({ file, loadedBytes, totalBytes }) => {
      if (file === 'model.safetensors') onProgress({ loaded: loadedBytes, total: totalBytes });
    },
  });
  const loadMilliseconds = performance.now() - begun;
  const response = await fetch(minilmL6x64['tokenizer.json']);
  // Imports the same module as the embedder, so that the page loads it once.
  const tokenizer = await loadTokenizerLazily(new Uint8Array(await response.arrayBuffer()));
  return { embedder, tokenizer, loadMilliseconds };
}
