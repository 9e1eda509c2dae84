import { expectTypeOf, it } from 'vitest';
import {
  type CreateOptions,
  type EmbeddingFunction,
  type EmbeddingMatrix,
  type EncodeOptions,
  Model2VecEmbeddingFunction,
} from './index.js';

it('the facade implements the interface that stores expect', () => {
  expectTypeOf<Model2VecEmbeddingFunction>().toExtend<EmbeddingFunction>();
});

it('options are exact: an unknown name does not compile', () => {
  expectTypeOf<CreateOptions>().not.toHaveProperty('maxlength');
  expectTypeOf({ maxLength: null } as const).toExtend<EncodeOptions>();
  expectTypeOf({ maxLength: undefined } as const).not.toExtend<EncodeOptions>();
  expectTypeOf<EncodeOptions['maxLength']>().toEqualTypeOf<number | null | undefined>();
  // @ts-expect-error normalise is written normalize
  ({ normalise: true }) satisfies EncodeOptions;
});

it('results have the stated types', () => {
  type Embedder = Model2VecEmbeddingFunction;
  expectTypeOf<ReturnType<Embedder['encode']>>().toEqualTypeOf<Promise<EmbeddingMatrix>>();
  expectTypeOf<ReturnType<Embedder['encodeSync']>>().toEqualTypeOf<EmbeddingMatrix>();
  expectTypeOf<ReturnType<Embedder['encodeDocuments']>>().toEqualTypeOf<Promise<Float32Array[]>>();
  expectTypeOf<ReturnType<Embedder['encodeAsSequence']>>().toEqualTypeOf<Promise<EmbeddingMatrix[]>>();
  expectTypeOf<ReturnType<Embedder['encodeStream']>>().toExtend<AsyncIterable<EmbeddingMatrix>>();
  expectTypeOf(Model2VecEmbeddingFunction.create).returns.toEqualTypeOf<Promise<Embedder>>();
});
