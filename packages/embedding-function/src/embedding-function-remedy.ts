/** What the caller can do about an {@link EmbeddingFunctionError}, as data: a program renders it in its own words. */
export type EmbeddingFunctionRemedy =
  /** Pass the text in an array. */
  | { readonly code: 'pass-array' }
  /** Lower the option `maxLength` to at most this number of tokens. */
  | { readonly code: 'lower-max-length'; readonly most: number }
  /** Embed with `encodeStream`, which holds one batch at a time. */
  | { readonly code: 'use-stream' }
  /** Embed with `encode`, or create the embedder with this kernel. */
  | { readonly code: 'use-encode'; readonly kernel: string }
  /** The embedder was closed: create another one. */
  | { readonly code: 'create-again' };

/**
 * A remedy and its wording for callers of this package. Each remedy has its own function, so that a page bundles only
 * the wording that its code can need.
 */
export interface EmbeddingFunctionAdvice {
  readonly remedy: EmbeddingFunctionRemedy;
  readonly advice: string;
}

export function passArray(): EmbeddingFunctionAdvice {
  return { remedy: { code: 'pass-array' }, advice: 'pass [text]' };
}

export function lowerMaxLength(most: number): EmbeddingFunctionAdvice {
  return { remedy: { code: 'lower-max-length', most }, advice: `pass maxLength: ${most} or less` };
}

export function useStream(): EmbeddingFunctionAdvice {
  return { remedy: { code: 'use-stream' }, advice: 'use encodeStream' };
}

export function useEncode(kernel: string): EmbeddingFunctionAdvice {
  return {
    remedy: { code: 'use-encode', kernel },
    advice: `use encode, or pass kernel: '${kernel}'`,
  };
}

export function createAgain(): EmbeddingFunctionAdvice {
  return { remedy: { code: 'create-again' }, advice: 'create another' };
}
