import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import { TokenizerError, UnsupportedTokenizerError } from './tokenizer-error.js';
import {
  setUnknownToken,
  setValue,
  type TokenizerAdvice,
  type TokenizerRemedy,
  useType,
  writeObject,
} from './tokenizer-remedy.js';

/** Every remedy with its wording; a new code without a row does not compile. */
const ADVICE: {
  readonly [Code in TokenizerRemedy['code']]: readonly [
    TokenizerAdvice,
    Extract<TokenizerRemedy, { code: Code }>,
    string,
  ];
} = {
  'set-unknown-token': [
    setUnknownToken(),
    { code: 'set-unknown-token' },
    'name a token of the model as its unknown token in tokenizer.json',
  ],
  'set-value': [
    setValue('$.model.dropout', 'null'),
    { code: 'set-value', path: '$.model.dropout', value: 'null' },
    'set $.model.dropout to null',
  ],
  'use-type': [
    useType('$.model', ['BPE', 'Unigram']),
    { code: 'use-type', path: '$.model', types: ['BPE', 'Unigram'] },
    'use one of BPE, Unigram',
  ],
  'write-object': [
    writeObject('$.normalizer'),
    { code: 'write-object', path: '$.normalizer' },
    'write an object with a type',
  ],
};

describe('a TokenizerError', () => {
  it.each(Object.values(ADVICE))(
    'carries the remedy of %j as data and ends with its wording',
    (advice, remedy, words) => {
      const error = new TokenizerError('invalid-argument', 'summary', advice);
      expect(error.remedy).toEqual(remedy);
      expect(error).toMatchObject({ summary: 'summary', message: `summary; ${words}` });
    },
  );

  it('has only its summary as message without a remedy, and keeps its cause', () => {
    const cause = new Error('below');
    const error = new UnsupportedTokenizerError('$.model', 'GPT', 'reason', { cause });
    expect(error).toMatchObject({ summary: error.message, remedy: undefined, cause });
  });

  it('is recognised if another realm made it', () => {
    const foreign: unknown = runInContext(
      "Object.defineProperty(new Error('x'), Symbol.for('@model2vec-ts/tokenizer/error'), { value: true })",
      createContext({}),
    );
    expect(foreign instanceof Error).toBe(false);
    expect(TokenizerError.isInstance(foreign)).toBe(true);
    for (const other of [new Error('x'), null, undefined, 'TokenizerError', 1]) {
      expect(TokenizerError.isInstance(other)).toBe(false);
    }
  });
});

it.each([
  [
    { model: { type: 'GPT' } },
    { code: 'use-type', path: '$.model', types: ['BPE', 'WordPiece', 'WordLevel', 'Unigram'] },
  ],
  [
    { model: { type: 'BPE', vocab: { a: 0 }, merges: [], dropout: 0.1 } },
    { code: 'set-value', path: '$.model.dropout', value: 'null' },
  ],
  [
    { model: { type: 'WordLevel', vocab: { a: 0 }, unk_token: 'a' }, normalizer: [] },
    { code: 'write-object', path: '$.normalizer' },
  ],
])('a file that %j makes unsupported gets advice on what to write', (parts, remedy) => {
  const load = () => loadTokenizer({ version: '1.0', added_tokens: [], ...parts });
  expect(load).toThrow(expect.objectContaining({ code: 'unsupported-tokenizer', remedy }));
});
