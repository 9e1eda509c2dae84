import { afterEach, describe, expect, it, vi } from 'vitest';
import { WEB_ASSEMBLY_REFUSALS } from '../../../../scripts/web-assembly-refusals.mjs';
import { KernelError } from '../kernel-error.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe.each(WEB_ASSEMBLY_REFUSALS)('if WebAssembly is refused as in %s', (_, namespace) => {
  it('auto is the js kernel, and wasm by name is unavailable', async () => {
    vi.stubGlobal('WebAssembly', namespace);
    vi.resetModules();
    const { selectKernel } = await import('../kernel-registry.js');
    const { wasmKernel } = await import('./wasm.js');
    const table = { dtype: 'int8', rows: 2, dim: 2, data: Int8Array.of(1, 2, 3, 4) } as const;

    const kernel = selectKernel('auto', table);
    expect(kernel.name).toBe('js');
    const out = new Float32Array(2);
    const batch = { ids: Uint32Array.of(0, 1), offsets: Uint32Array.of(0, 2) };
    await (await kernel.load(table)).pool(batch, out, { normalize: false });
    expect([...out]).toEqual([2, 3]);

    expect(codeOf(() => selectKernel('wasm', table))).toBe('unavailable-kernel');
    expect(codeOf(() => wasmKernel.allocateTable(table))).toBe('unavailable-kernel');
    await expect(wasmKernel.load(table)).rejects.toMatchObject({ code: 'unavailable-kernel' });
  });
});

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return KernelError.isInstance(error) ? error.code : String(error);
  }
}
