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

/**
 * A remedy and its wording for callers of this package. Each remedy has its own function, so that a page bundles only
 * the wording that its code can need.
 */
export interface TokenizerAdvice {
  readonly remedy: TokenizerRemedy;
  readonly advice: string;
}

export function setUnknownToken(): TokenizerAdvice {
  return {
    remedy: { code: 'set-unknown-token' },
    advice: 'name a token of the model as its unknown token in tokenizer.json',
  };
}

export function setValue(path: string, value: string): TokenizerAdvice {
  return { remedy: { code: 'set-value', path, value }, advice: `set ${path} to ${value}` };
}

export function useType(path: string, types: readonly string[]): TokenizerAdvice {
  return { remedy: { code: 'use-type', path, types }, advice: `use one of ${types.join(', ')}` };
}

export function writeObject(path: string): TokenizerAdvice {
  return { remedy: { code: 'write-object', path }, advice: 'write an object with a type' };
}
