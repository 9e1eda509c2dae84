import { EmbeddingFunctionError } from '@model2vec-ts/embedding-function';
import { KernelError } from '@model2vec-ts/pooling-kernels';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../cli-error.js';
import { failureLine } from './failure-line.js';

const inner = new KernelError('unsupported-table', 'too large', {
  remedy: { code: 'use-kernel', kernels: ['js'] },
});

describe('the line printed for an error', () => {
  it('is its message if there is no remedy', async () => {
    expect(await failureLine(new FailureError('it failed'))).toBe('it failed');
    expect(await failureLine(new KernelError('disposed', 'it failed'))).toBe('it failed');
    expect(await failureLine(new Error('it failed', { cause: new Error('deeper') }))).toBe('it failed');
  });

  it('ends with the remedy of the first cause that has one', async () => {
    const middle = new Error('the middle', { cause: inner });
    expect(await failureLine(new FailureError('it failed', { cause: middle }))).toBe(
      'it failed; pass --kernel js',
    );
  });

  it('uses its own remedy first', async () => {
    const error = new FailureError('it failed', { cause: inner, remedy: { code: 'check-path' } });
    expect(await failureLine(error)).toBe('it failed; check the path');
  });

  it('rewords the remedy of a quoted cause inside the quotation', async () => {
    const error = new FailureError(`model.json: ${inner.message} (5 rows)`, { cause: inner });
    expect(await failureLine(error)).toBe('model.json: too large; pass --kernel js (5 rows)');
  });

  it('keeps the library’s words for an unknown remedy', async () => {
    const error = new EmbeddingFunctionError('closed', 'it failed', { remedy: { code: 'create-again' } });
    Object.assign(error, { remedy: { code: 'of-a-later-version' } });
    expect(await failureLine(error)).toBe(error.message);
  });
});
