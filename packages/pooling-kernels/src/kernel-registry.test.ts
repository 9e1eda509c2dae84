import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { namedKernels, registerKernel, selectKernel } from './kernel-registry.js';
import { jsKernel } from './kernels/js.js';
import { wasmKernel } from './kernels/wasm.js';

declare module './kernel-registry.js' {
  interface RegisteredKernels {
    mine: true;
  }
}

describe('the registry', () => {
  it.each(['float64', 'float32', 'float16', 'bfloat16', 'int8'] as const)(
    'finds a kernel for %s',
    (dtype) => {
      expect(selectKernel('auto', { dtype })).toBe(wasmKernel);
      expect(selectKernel('wasm', { dtype })).toBe(wasmKernel);
      expect(selectKernel('js', { dtype })).toBe(jsKernel);
    },
  );

  it('chooses the kernel without a size limit for a table beyond 32-bit addresses', () => {
    const data = { byteLength: 2 ** 32 - 2 ** 26 };
    const weights = { byteLength: 1 };
    // Only sizes are read, so no array of 4 GiB is needed.
    const at = (part: object) => ({ dtype: 'int8', ...part }) as Parameters<typeof selectKernel>[1];
    expect(selectKernel('auto', at({ data })).name).toBe('wasm');
    expect(selectKernel('auto', at({ data, weights })).name).toBe('js');
    expect(() => selectKernel('wasm', at({ data, weights }))).toThrow(
      expect.objectContaining({
        code: 'unsupported-table',
        message: expect.stringContaining('of at most 4227858432 bytes'),
      }),
    );
  });

  it('returns your own kernel unchanged', () => {
    const own = { ...jsKernel, name: 'own' };
    expect(selectKernel(own, { dtype: 'int8' })).toBe(own);
  });

  it('lists the known names if one is unknown', () => {
    // @ts-expect-error not a known name
    const choose = () => selectKernel('gpu', { dtype: 'int8' });
    expect(choose).toThrow(/no kernel "gpu"; use kernel auto or wasm or js/);
    expect(choose).toThrow(expect.objectContaining({ code: 'unknown-kernel' }));
  });

  it.each([null, 3, { specificationVersion: 'v2' }])('refuses %j, which is not a kernel', (choice) => {
    // @ts-expect-error not a kernel
    expect(() => selectKernel(choice, { dtype: 'int8' })).toThrow(
      expect.objectContaining({ code: 'unknown-kernel' }),
    );
  });

  it('refuses a table of a dtype that the kernel does not accept', () => {
    const own = {
      ...jsKernel,
      name: 'own',
      capabilities: { ...jsKernel.capabilities, dtypes: ['int8'] as const },
    };
    expect(() => selectKernel(own, { dtype: 'float64' })).toThrow(/float64: own accepts int8/);
  });

  it('refuses a kernel that cannot run here, with the reason', () => {
    const own = {
      ...jsKernel,
      name: 'own',
      capabilities: { ...jsKernel.capabilities, unavailable: 'no quantum processor' },
    };
    const choose = () => selectKernel(own, { dtype: 'float64' });
    expect(choose).toThrow(/own: no quantum processor/);
    expect(choose).toThrow(expect.objectContaining({ code: 'unavailable-kernel' }));
  });

  it('reads rows of a large file as needed, unless its table is already in memory', () => {
    const shape = { dtype: 'float32', rows: 250_000, dim: 512 } as const;
    expect(selectKernel('auto', shape).name).toBe('paged');
    expect(selectKernel('auto', { ...shape, rows: 30_000 }).name).toBe('wasm');
    expect(selectKernel('wasm', shape).name).toBe('wasm');
  });

  it('uses the same name for a kernel, its file and its subpath', () => {
    const files = readdirSync(new URL('./kernels', import.meta.url))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => file.replace(/\.ts$/, ''));
    expect(files).toEqual(['js', 'onnx-node', 'onnx-web', 'paged', 'ranged', 'wasm']);
    const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    for (const name of files) {
      expect(exports[`./${name}`].default).toBe(`./dist/kernels/${name}.js`);
      // They have no name: a browser's bundler would look for the package of the first, and pages would load the code of
      // the second.
      if (name === 'onnx-web' || name === 'ranged') continue;
      // @ts-expect-error a name that may be unknown
      expect(selectKernel(name, { dtype: 'float32' }).name).toBe(name);
    }
  });

  it('has no kernel that the conformance suite does not test', () => {
    const folder = new URL('./kernels/', import.meta.url);
    const kernels = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
    for (const file of kernels) {
      const test = readFileSync(new URL(file.replace(/\.ts$/, '.test.ts'), folder), 'utf8');
      expect(test, file).toContain('testPoolingKernel(');
    }
  });

  it('never chooses a kernel that needs another package on its own', () => {
    // More than WebAssembly can address, so the first choice fails.
    const huge = { dtype: 'int8', data: { byteLength: 2 ** 33 } } as Parameters<typeof selectKernel>[1];
    expect(selectKernel('auto', huge).name).toBe('js');
    expect(selectKernel('onnx-node', { dtype: 'int8' }).name).toBe('onnx-node');
  });

  it('finds a registered kernel by its name, but never chooses it on its own', () => {
    const own = { ...jsKernel, name: 'mine' };
    registerKernel(own);
    registerKernel(own);
    expect(selectKernel('mine', { dtype: 'int8' })).toBe(own);
    expect(namedKernels().filter(({ name }) => name === 'mine')).toEqual([own]);
    expect(selectKernel('auto', { dtype: 'int8' })).toBe(wasmKernel);
  });

  it.each(['wasm', 'auto', 'taken'])('refuses to register under the name %s, which is taken', (name) => {
    if (name === 'taken') registerKernel({ ...jsKernel, name });
    expect(() => registerKernel({ ...jsKernel, name })).toThrow(
      expect.objectContaining({ code: 'kernel-name-taken', message: expect.stringContaining(name) }),
    );
  });

  it('registers no kernel of another version', () => {
    // @ts-expect-error not a kernel
    expect(() => registerKernel({ specificationVersion: 'v2', name: 'late' })).toThrow(
      expect.objectContaining({ code: 'unknown-kernel' }),
    );
  });
});
