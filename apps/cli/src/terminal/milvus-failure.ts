import { MilvusError } from '@model2vec-ts/milvus-adapter';
import { FailureError } from './cli-error.js';

/** An error of the adapter in the words of the command line: what a program does by an option, a person does by a flag. */
export function milvusFailure(error: unknown): unknown {
  if (!MilvusError.isInstance(error)) return error;
  if (error.code === 'mismatch' && error.message.includes('another model')) {
    const message = error.message.replace(
      /\. Open it with the model.*$/s,
      '; give --model (and --dimensionality and the like) as they were, another --collection, or --force to mix them',
    );
    return new FailureError(message, { cause: error });
  }
  if (
    error.code === 'not-found' &&
    / collection '?\S+'? does not exist|can't find collection/.test(error.message)
  ) {
    return new FailureError(`${error.message}; m2v collections lists what there is`, { cause: error });
  }
  const message = error.message
    .replace(
      /pass force: true to open it, with textField and vectorField if it has several/,
      'add --force to take it as it is',
    )
    .replace(/pass force: true/, 'add --force')
    .replace(/: give token, or user and password/, ': set MILVUS_TOKEN, or give --user and MILVUS_PASSWORD')
    .replace(/\boption python\b/, '--python')
    .replace(/\boption vectorType\b/, '--vector-type')
    .replace(/\boption metric\b/, '--metric');
  return message === error.message ? error : new FailureError(message, { cause: error });
}
