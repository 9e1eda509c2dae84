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

/** Words a remedy in terms of this package's API. */
export function remedyText(remedy: EmbeddingFunctionRemedy): string {
  switch (remedy.code) {
    case 'pass-array':
      return 'pass [text]';
    case 'lower-max-length':
      return `pass maxLength: ${remedy.most} or less`;
    case 'use-stream':
      return 'use encodeStream';
    case 'use-encode':
      return `use encode, or create the embedder with kernel: '${remedy.kernel}'`;
    case 'create-again':
      return 'create another';
  }
}
