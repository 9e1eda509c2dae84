import {
  KernelError,
  type Model2VecEmbeddingFunction,
  type TokenBatch,
  TokenizerError,
} from '@model2vec-ts/embedding-function';
import type { EmbeddingInput } from '../requests/embedding-input.js';
import { RequestError } from '../requests/request-error.js';
import type { Truncation } from './embedding-job.js';

/** Token ids of some texts of a job, cut to the model's limit if cutting from the right is allowed. */
export function tokensOf(
  embedder: Model2VecEmbeddingFunction,
  input: EmbeddingInput,
  truncation: Truncation,
  from: number,
  to: number,
): TokenBatch {
  if (input.kind === 'texts') {
    const texts = to - from === input.texts.length ? input.texts : input.texts.slice(from, to);
    // Only the whole text shows whether it is too long, and how it ends.
    return embedder.tokenize(texts, truncation === 'right' ? {} : { maxLength: null });
  }
  const { ids, offsets } = input.tokens;
  const start = offsets[from]!;
  return {
    ids: ids.subarray(start, offsets[to]),
    offsets: offsets.slice(from, to + 1).map((offset) => offset - start),
  };
}

/**
 * Limits each text of a batch to `maxLength` tokens.
 *
 * @throws {@link RequestError} `input-too-long` if a text is longer and may not be cut
 */
export function limitTokens(batch: TokenBatch, truncation: Truncation, maxLength: number | null): TokenBatch {
  if (maxLength === null) return batch;
  const { ids, offsets } = batch;
  const texts = offsets.length - 1;
  let longest = 0;
  for (let text = 0; text < texts; text++) longest = Math.max(longest, offsets[text + 1]! - offsets[text]!);
  if (longest <= maxLength) return batch;
  if (truncation === 'refuse') {
    const message = `inputs must have at most ${maxLength} tokens; found ${longest}`;
    throw new RequestError('input-too-long', message);
  }
  const kept = new Uint32Array(ids.length);
  const starts = new Uint32Array(texts + 1);
  let at = 0;
  for (let text = 0; text < texts; text++) {
    const [start, end] = [offsets[text]!, offsets[text + 1]!];
    const from = truncation === 'left' ? Math.max(start, end - maxLength) : start;
    const part = ids.subarray(from, Math.min(end, from + maxLength));
    kept.set(part, at);
    at += part.length;
    starts[text + 1] = at;
  }
  return { ids: kept.subarray(0, at), offsets: starts };
}

/** Turns errors about the input into request errors; returns other errors unchanged. */
export function inputError(error: unknown): unknown {
  if (KernelError.isInstance(error) && error.code === 'token-id-out-of-range') {
    return new RequestError('invalid-argument', 'an input contains a token id that the model lacks', {
      cause: error,
    });
  }
  if (TokenizerError.isInstance(error)) {
    return new RequestError('invalid-argument', "the model's tokenizer has no token for part of an input", {
      cause: error,
    });
  }
  return error;
}
