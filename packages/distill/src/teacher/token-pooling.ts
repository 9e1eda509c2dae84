import type { TokenPooling } from './teacher.js';

/**
 * Pools the hidden states of one text, which start at `start`, into `out` at `at`.
 *
 * @param hidden - tokens × dim, of a whole batch
 * @param tokens - number of tokens of this text, without padding
 */
export function poolTokens(
  pooling: Exclude<TokenPooling, 'pooler'>,
  hidden: Float32Array,
  start: number,
  tokens: number,
  dim: number,
  out: Float32Array,
  at: number,
): void {
  switch (pooling) {
    case 'mean':
      for (let token = 0, i = start; token < tokens; token++) {
        for (let column = 0; column < dim; column++, i++) out[at + column]! += hidden[i]!;
      }
      for (let column = 0; column < dim; column++) out[at + column]! /= Math.max(tokens, 1);
      break;
    case 'max':
      out.fill(tokens === 0 ? 0 : Number.NEGATIVE_INFINITY, at, at + dim);
      for (let token = 0, i = start; token < tokens; token++) {
        for (let column = 0; column < dim; column++, i++) {
          if (hidden[i]! > out[at + column]!) out[at + column] = hidden[i]!;
        }
      }
      break;
    case 'first':
      out.set(hidden.subarray(start, start + dim), at);
      break;
    case 'last': {
      const last = start + Math.max(tokens - 1, 0) * dim;
      out.set(hidden.subarray(last, last + dim), at);
    }
  }
}
