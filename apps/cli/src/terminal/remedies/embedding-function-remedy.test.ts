import { EmbeddingFunctionError, type EmbeddingFunctionRemedy } from '@model2vec-ts/embedding-function';
import { expect, it } from 'vitest';
import { failureLine } from './failure-line.js';

/** Every remedy with its words on the command line; a new code without a row does not compile. */
const WORDS: {
  readonly [Code in EmbeddingFunctionRemedy['code']]: readonly (readonly [
    Omit<Extract<EmbeddingFunctionRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'pass-array': [[{}, 'pass the text as an argument']],
  'lower-max-length': [[{ most: 99 }, 'pass --max-length 99 or less']],
  'use-stream': [[{}, 'pass a smaller --batch-size']],
  'use-encode': [[{ kernel: 'js' }, 'pass --kernel js']],
  'create-again': [[{}, 'run the command again']],
};

const ROWS = Object.entries(WORDS).flatMap(([code, rows]) =>
  rows.map(([fields, words]) => [{ code, ...fields } as EmbeddingFunctionRemedy, words] as const),
);

it.each(ROWS)('%j is %j on the command line', async (remedy, words) => {
  const error = new EmbeddingFunctionError('closed', 'it failed', { remedy });
  expect(await failureLine(error)).toBe(`it failed; ${words}`);
});
