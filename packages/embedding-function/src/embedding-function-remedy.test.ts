import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { EmbeddingFunctionError } from './embedding-function-error.js';
import {
  createAgain,
  type EmbeddingFunctionAdvice,
  type EmbeddingFunctionRemedy,
  lowerMaxLength,
  passArray,
  useEncode,
  useStream,
} from './embedding-function-remedy.js';

/** Every remedy with its wording; a new code without a row does not compile. */
const ADVICE: {
  readonly [Code in EmbeddingFunctionRemedy['code']]: readonly [
    EmbeddingFunctionAdvice,
    Extract<EmbeddingFunctionRemedy, { code: Code }>,
    string,
  ];
} = {
  'pass-array': [passArray(), { code: 'pass-array' }, 'pass [text]'],
  'lower-max-length': [
    lowerMaxLength(99),
    { code: 'lower-max-length', most: 99 },
    'pass maxLength: 99 or less',
  ],
  'use-stream': [useStream(), { code: 'use-stream' }, 'use encodeStream'],
  'use-encode': [useEncode('js'), { code: 'use-encode', kernel: 'js' }, "use encode, or pass kernel: 'js'"],
  'create-again': [createAgain(), { code: 'create-again' }, 'create another'],
};

describe('an EmbeddingFunctionError', () => {
  it.each(Object.values(ADVICE))(
    'carries the remedy of %j as data and ends with its wording',
    (advice, remedy, words) => {
      const error = new EmbeddingFunctionError('closed', 'summary', advice);
      expect(error.remedy).toEqual(remedy);
      expect(error).toMatchObject({ summary: 'summary', message: `summary; ${words}` });
    },
  );

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
