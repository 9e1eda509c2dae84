import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { selectKernel } from './kernel-registry.js';
import { jsKernel } from './kernels/js.js';

describe('the registry', () => {
  it.each(['float64', 'float32', 'float16', 'bfloat16', 'int8'] as const)('finds one for %s', (dtype) => {
    expect(selectKernel('auto', { dtype })).toBe(jsKernel);
    expect(selectKernel('js', { dtype })).toBe(jsKernel);
  });

  it('takes a kernel of your own as it is', () => {
    const own = { ...jsKernel, name: 'own' };
    expect(selectKernel(own, { dtype: 'int8' })).toBe(own);
  });

  it('lists the known names where one is unknown', () => {
    // @ts-expect-error not a known name
    const choose = () => selectKernel('gpu', { dtype: 'int8' });
    expect(choose).toThrow(/no kernel "gpu": use auto, js/);
    expect(choose).toThrow(expect.objectContaining({ code: 'unknown-kernel' }));
  });

  it.each([null, 3, { specificationVersion: 'v2' }])('refuses %j, which is no kernel', (choice) => {
    // @ts-expect-error not a kernel
    expect(() => selectKernel(choice, { dtype: 'int8' })).toThrow(
      expect.objectContaining({ code: 'unknown-kernel' }),
    );
  });

  it('refuses a table whose dtype the kernel does not take', () => {
    const own = {
      ...jsKernel,
      name: 'own',
      capabilities: { ...jsKernel.capabilities, dtypes: ['int8'] as const },
    };
    expect(() => selectKernel(own, { dtype: 'float64' })).toThrow(/float64: own takes int8/);
  });

  it('has the same name for a kernel, its file and its subpath', () => {
    const files = readdirSync(new URL('./kernels', import.meta.url))
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => file.replace(/\.ts$/, ''));
    const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    for (const name of files) {
      expect(exports[`./${name}`].default).toBe(`./dist/kernels/${name}.js`);
      // @ts-expect-error a name that may be unknown
      expect(selectKernel(name, { dtype: 'float32' }).name).toBe(name);
    }
  });
});
