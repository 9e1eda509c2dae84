/** What the caller can do about a {@link TokenizerError}, as data: a program renders it in its own words. */
export type TokenizerRemedy =
  /** Name a token of the model as its unknown token (`unk_token` or `unk_id`) in `tokenizer.json`. */
  | { readonly code: 'set-unknown-token' }
  /** Set the value at this JSON path of `tokenizer.json` to this JSON text. */
  | { readonly code: 'set-value'; readonly path: string; readonly value: string }
  /** Use one of these component types at this JSON path. */
  | { readonly code: 'use-type'; readonly path: string; readonly types: readonly string[] }
  /** Write the component at this JSON path as an object with a `type`. */
  | { readonly code: 'write-object'; readonly path: string };

/** The remedy in the words of this package's API. */
export function remedyText(remedy: TokenizerRemedy): string {
  switch (remedy.code) {
    case 'set-unknown-token':
      return 'name a token of the model as its unknown token in tokenizer.json';
    case 'set-value':
      return `set ${remedy.path} to ${remedy.value}`;
    case 'use-type':
      return `use one of ${remedy.types.join(', ')}`;
    case 'write-object':
      return 'write an object with a type';
  }
}
