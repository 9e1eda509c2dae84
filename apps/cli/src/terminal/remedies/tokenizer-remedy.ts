import type { TokenizerRemedy } from '@model2vec-ts/tokenizer';

/** Renders a remedy of the tokenizer: what to change in the model's file. */
export function tokenizerRemedyWords(remedy: TokenizerRemedy): string {
  switch (remedy.code) {
    case 'set-unknown-token':
      return 'name a token of the model as its unknown token in tokenizer.json';
    case 'set-value':
      return `set ${remedy.path} of tokenizer.json to ${remedy.value}`;
    case 'use-type':
      return `use one of ${remedy.types.join(', ')} at ${remedy.path} of tokenizer.json`;
    case 'write-object':
      return `write an object with a type at ${remedy.path} of tokenizer.json`;
  }
}
