import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { EmbeddingFunctionError } from '../embedding-function-error.js';
import { useStream } from '../embedding-function-remedy.js';

/** @throws {@link EmbeddingFunctionError} `invalid-argument` if there is not enough memory for the rows */
export function emptyMatrix(rows: number, dim: number): EmbeddingMatrix {
  try {
    return new EmbeddingMatrix(new Float32Array(rows * dim), rows, dim);
  } catch (cause) {
    throw new EmbeddingFunctionError(
      'invalid-argument',
      `${rows} embeddings of ${dim} values need ${(rows * dim * 4) / 2 ** 30} GiB in one piece, ` +
        'more memory than the platform gives',
      { cause, ...useStream() },
    );
  }
}
