import { afterEach, describe, expect, it, vi } from 'vitest';
import { instantiate, prepareModule } from './wasm-module.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([false, true])('the module for shared memory: %s', (shared) => {
  it('is compiled again after a failure, once for all waiting callers, and then never again', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared });
    const load = () => Promise.allSettled([instantiate(memory, shared), instantiate(memory, shared)]);
    const reason = new RangeError('no memory for code');
    const compile = vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(reason);
    prepareModule(shared);
    expect(await load()).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    expect(compile).toHaveBeenCalledTimes(1);

    const loaded = [...(await load()), ...(await load())];
    expect(loaded.map(({ status }) => status)).toEqual(Array(4).fill('fulfilled'));
    expect(compile).toHaveBeenCalledTimes(2);
  });
});
