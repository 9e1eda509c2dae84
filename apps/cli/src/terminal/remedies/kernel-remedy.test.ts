import { KernelError, type KernelRemedy } from '@model2vec-ts/pooling-kernels';
import { expect, it } from 'vitest';
import { failureLine } from './failure-line.js';

/** Every remedy with its words on the command line; a new code without a row does not compile. */
const WORDS: {
  readonly [Code in KernelRemedy['code']]: readonly (readonly [
    Omit<Extract<KernelRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'use-kernel': [[{ kernels: ['auto', 'wasm', 'js'] }, 'pass --kernel auto or wasm or js']],
  'shrink-table': [
    [{ kernels: ['js'] }, 'pass --quantize-to int8 or --kernel js'],
    [{ kernels: [] }, 'pass --quantize-to int8'],
  ],
  'install-package': [
    [
      { packageName: 'onnxruntime-node' },
      'run npm install onnxruntime-node (with --global if m2v is installed globally)',
    ],
  ],
  'set-runtime-threads': [[{ threads: 1 }, 'pass another --kernel']],
  'load-again': [[{}, 'run the command again']],
  'rename-kernel': [[{}, 'give your kernel another name']],
  'match-tokenizer': [[{}, 'use the tokenizer and the table of the same model']],
};

const ROWS = Object.entries(WORDS).flatMap(([code, rows]) =>
  rows.map(([fields, words]) => [{ code, ...fields } as KernelRemedy, words] as const),
);

it.each(ROWS)('%j is %j on the command line', async (remedy, words) => {
  const error = new KernelError('disposed', 'it failed', { remedy });
  expect(await failureLine(error)).toBe(`it failed; ${words}`);
});
