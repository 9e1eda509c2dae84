import { MilvusError } from '@model2vec-ts/milvus-adapter';
import { FailureError } from './cli-error.js';
import { milvusRemedyWords } from './remedies/milvus-remedy.js';

/** Returns an error of the adapter with its remedy in the words of the command line; others unchanged. */
export function milvusFailure(error: unknown): unknown {
  if (!MilvusError.isInstance(error) || error.remedy === undefined) return error;
  return new FailureError(`${error.summary}; ${milvusRemedyWords(error.remedy)}`, { cause: error });
}
