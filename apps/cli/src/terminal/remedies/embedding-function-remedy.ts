import type { EmbeddingFunctionRemedy } from '@model2vec-ts/embedding-function';

/** Renders a remedy of the embedding function with flags. */
export function embeddingFunctionRemedyWords(remedy: EmbeddingFunctionRemedy): string {
  switch (remedy.code) {
    case 'pass-array':
      return 'pass the text as an argument';
    case 'lower-max-length':
      return `pass --max-length ${remedy.most} or less`;
    case 'use-stream':
      return 'pass a smaller --batch-size';
    case 'use-encode':
      return `pass --kernel ${remedy.kernel}`;
    case 'create-again':
      return 'run the command again';
  }
}
