import type { ModelAdvice } from '../remedy.js';

/** Apart from the other remedies of sources, which only code that is loaded on demand needs. */
export function pullLfs(): ModelAdvice {
  return { remedy: { code: 'pull-lfs' }, advice: 'fetch the content with `git lfs pull`' };
}
