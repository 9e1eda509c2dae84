import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { EmbeddingFunctionError } from './embedding-function-error.js';
import type { EmbeddingFunctionRemedy } from './embedding-function-remedy.js';

/** A new variant of the union does not compile until it is added here. */
const WORDS: {
  readonly [Code in EmbeddingFunctionRemedy['code']]: [
    Extract<EmbeddingFunctionRemedy, { code: Code }>,
    string,
  ];
} = {
  'pass-array': [{ code: 'pass-array' }, 'pass [text]'],
  'lower-max-length': [{ code: 'lower-max-length', most: 99 }, 'pass maxLength: 99 or less'],
  'use-stream': [{ code: 'use-stream' }, 'use encodeStream'],
  'use-encode': [
    { code: 'use-encode', kernel: 'js' },
    "use encode, or create the embedder with kernel: 'js'",
  ],
  'create-again': [{ code: 'create-again' }, 'create another'],
};

describe('an EmbeddingFunctionError', () => {
  it.each(Object.values(WORDS))('renders the remedy %j in the words of the API', (remedy, words) => {
    const error = new EmbeddingFunctionError('closed', 'summary', { remedy });
    expect(error).toMatchObject({ summary: 'summary', remedy, message: `summary; ${words}` });
  });

  it('has only its summary as message without a remedy, and keeps its cause', () => {
    const cause = new Error('below');
    const error = new EmbeddingFunctionError('invalid-argument', 'summary', { cause });
    expect(error).toMatchObject({ message: 'summary', summary: 'summary', remedy: undefined, cause });
  });

  it('is recognised if another realm made it', () => {
    const foreign: unknown = runInContext(
      "Object.defineProperty(new Error('x'), Symbol.for('@model2vec-ts/embedding-function/error'), { value: true })",
      createContext({}),
    );
    expect(foreign instanceof Error).toBe(false);
    expect(EmbeddingFunctionError.isInstance(foreign)).toBe(true);
    for (const other of [new Error('x'), null, undefined, 'EmbeddingFunctionError', 1]) {
      expect(EmbeddingFunctionError.isInstance(other)).toBe(false);
    }
  });
});
