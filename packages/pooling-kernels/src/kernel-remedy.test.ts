import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { KernelError, TokenIdError } from './kernel-error.js';
import type { KernelRemedy } from './kernel-remedy.js';

/** A new variant of the union does not compile until it is added here. */
const WORDS: { readonly [Code in KernelRemedy['code']]: [Extract<KernelRemedy, { code: Code }>, string] } = {
  'use-kernel': [{ code: 'use-kernel', kernels: ['auto', 'wasm', 'js'] }, 'use kernel auto, wasm or js'],
  'shrink-table': [{ code: 'shrink-table', kernels: ['js'] }, 'quantise the table or use kernel js'],
  'install-package': [
    { code: 'install-package', packageName: 'onnxruntime-node' },
    'npm install onnxruntime-node',
  ],
  'set-runtime-threads': [{ code: 'set-runtime-threads', threads: 1 }, 'set env.wasm.numThreads to 1'],
  'load-again': [{ code: 'load-again' }, 'load the table again'],
  'rename-kernel': [{ code: 'rename-kernel' }, 'give your kernel another name'],
  'match-tokenizer': [{ code: 'match-tokenizer' }, 'use the tokenizer and the table of the same model'],
};

describe('a KernelError', () => {
  it.each(Object.values(WORDS))('renders the remedy %j in the words of the API', (remedy, words) => {
    const error = new KernelError('disposed', 'summary', { remedy });
    expect(error).toMatchObject({ summary: 'summary', remedy, message: `summary; ${words}` });
  });

  it('has only its summary as message without a remedy, and keeps its cause', () => {
    const cause = new Error('below');
    const error = new KernelError('invalid-batch', 'summary', { cause });
    expect(error).toMatchObject({ message: 'summary', summary: 'summary', remedy: undefined, cause });
  });

  it('is recognised if another realm made it', () => {
    const foreign: unknown = runInContext(
      "Object.defineProperty(new Error('x'), Symbol.for('@model2vec-ts/pooling-kernels/error'), { value: true })",
      createContext({}),
    );
    expect(foreign instanceof Error).toBe(false);
    expect(KernelError.isInstance(foreign)).toBe(true);
    expect(KernelError.isInstance(new TokenIdError(0, 9, 5))).toBe(true);
    for (const other of [new Error('x'), null, undefined, 'KernelError', 1]) {
      expect(KernelError.isInstance(other)).toBe(false);
    }
  });
});
