import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { disposedKernel, KernelError, TokenIdError } from './kernel-error.js';
import {
  installPackage,
  type KernelAdvice,
  type KernelRemedy,
  renameKernel,
  setRuntimeThreads,
  shrinkTable,
  useKernel,
} from './kernel-remedy.js';

/** Every remedy with its wording; a new code without a row does not compile. */
const ERRORS: {
  readonly [Code in KernelRemedy['code']]: readonly [
    KernelError,
    Extract<KernelRemedy, { code: Code }>,
    string,
  ];
} = {
  'use-kernel': [
    advised(useKernel('auto', 'wasm', 'js')),
    { code: 'use-kernel', kernels: ['auto', 'wasm', 'js'] },
    'use kernel auto or wasm or js',
  ],
  'shrink-table': [
    advised(shrinkTable('js')),
    { code: 'shrink-table', kernels: ['js'] },
    'quantise the table or use kernel js',
  ],
  'install-package': [
    advised(installPackage('onnxruntime-node')),
    { code: 'install-package', packageName: 'onnxruntime-node' },
    'npm install onnxruntime-node',
  ],
  'set-runtime-threads': [
    advised(setRuntimeThreads(1)),
    { code: 'set-runtime-threads', threads: 1 },
    'set env.wasm.numThreads to 1',
  ],
  'load-again': [disposedKernel('js'), { code: 'load-again' }, 'load the table again'],
  'rename-kernel': [advised(renameKernel()), { code: 'rename-kernel' }, 'give your kernel another name'],
  'match-tokenizer': [
    new TokenIdError(0, 9, 5),
    { code: 'match-tokenizer' },
    'use the tokenizer of the same model',
  ],
};

function advised(advice: KernelAdvice): KernelError {
  return new KernelError('disposed', 'summary', advice);
}

describe('a KernelError', () => {
  it.each(Object.entries(ERRORS))(
    'carries the remedy %s as data and ends with its wording',
    (_, [error, remedy, words]) => {
      expect(error.remedy).toEqual(remedy);
      expect(error.message).toBe(`${error.summary}; ${words}`);
    },
  );

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
