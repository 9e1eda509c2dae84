import { TokenizerError, type TokenizerRemedy } from '@model2vec-ts/tokenizer';
import { expect, it } from 'vitest';
import { failureLine } from './failure-line.js';

/** Every remedy with its words on the command line; a new code without a row does not compile. */
const WORDS: {
  readonly [Code in TokenizerRemedy['code']]: readonly (readonly [
    Omit<Extract<TokenizerRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'set-unknown-token': [[{}, 'name a token of the model as its unknown token in tokenizer.json']],
  'set-value': [
    [{ path: '$.model.dropout', value: 'null' }, 'set $.model.dropout of tokenizer.json to null'],
  ],
  'use-type': [
    [
      { path: '$.model', types: ['BPE', 'WordPiece'] },
      'use one of BPE, WordPiece at $.model of tokenizer.json',
    ],
  ],
  'write-object': [
    [{ path: '$.normalizer' }, 'write an object with a type at $.normalizer of tokenizer.json'],
  ],
};

const ROWS = Object.entries(WORDS).flatMap(([code, rows]) =>
  rows.map(([fields, words]) => [{ code, ...fields } as TokenizerRemedy, words] as const),
);

it.each(ROWS)('%j is %j on the command line', async (remedy, words) => {
  const error = new TokenizerError('unsupported-tokenizer', 'it failed', { remedy });
  expect(await failureLine(error)).toBe(`it failed; ${words}`);
});
