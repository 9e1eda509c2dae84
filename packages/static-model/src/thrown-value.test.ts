import { createContext, runInContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { modelFiles } from '../test/model-fixture.js';
import { loadStaticModel } from './load-static-model.js';
import { ModelError } from './model-error.js';
import { isBytes, isUrl } from './source/source-kind.js';
import { causeOf, isSystemError, meansAbsent, messageOf, systemCode } from './thrown-value.js';

/** Values of another realm, as Jest and Vitest's vmThreads have them. */
const realm = createContext({ URL });
const foreign = (source: string): unknown => runInContext(source, realm);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('values of another realm', () => {
  it('are recognised as system errors', () => {
    const error = foreign(`Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' })`);
    expect(error instanceof Error).toBe(false);
    expect(systemCode(error)).toBe('ENOENT');
    expect(isSystemError(error)).toBe(true);
    expect(meansAbsent(error)).toBe(true);
    expect(messageOf(error)).toBe('no such file');
    expect(causeOf(foreign(`new Error('outer', { cause: 'inner' })`))).toBe('inner');
  });

  it('are recognised as errors of this package', () => {
    const error = foreign(
      `Object.defineProperty(new Error('x'), Symbol.for('@model2vec-ts/static-model/error'), { value: true })`,
    );
    expect(ModelError.isInstance(error)).toBe(true);
    for (const value of [foreign(`new Error('x')`), null, undefined, 'x', 1]) {
      expect(ModelError.isInstance(value)).toBe(false);
    }
  });

  it('are read as bytes and URLs', async () => {
    const bytes = foreign('new Uint8Array(3)');
    expect(bytes instanceof Uint8Array).toBe(false);
    expect(isBytes(bytes)).toBe(true);
    for (const value of [foreign('new Uint16Array(3)'), foreign('new ArrayBuffer(3)'), [1], null]) {
      expect(isBytes(value)).toBe(false);
    }
    expect(isUrl(new URL('file:///x'))).toBe(true);
    expect(isUrl('file:///x')).toBe(false);

    const files = modelFiles('float32');
    const copies = Object.entries(files).map(([path, file]) => {
      const copy = foreign(`new Uint8Array(${(file as Uint8Array).length})`) as Uint8Array;
      copy.set(file as Uint8Array);
      return [path, copy] as const;
    });
    const { fingerprint } = await loadStaticModel(Object.fromEntries(copies));
    expect(fingerprint).toBe((await loadStaticModel(files)).fingerprint);
  });
});

describe('a platform without AbortSignal.any', () => {
  it('loads over the network, and stops with a signal', async () => {
    const any = Object.getOwnPropertyDescriptor(AbortSignal, 'any')!;
    Reflect.deleteProperty(AbortSignal, 'any');
    try {
      const files = modelFiles('float32');
      const send: typeof fetch = (input) => {
        const file = files[String(input).split('/').at(-1)!] as Uint8Array<ArrayBuffer> | undefined;
        return Promise.resolve(new Response(file, { status: file ? 200 : 404 }));
      };
      const source = new URL('http://models.example/m/');
      expect((await loadStaticModel(source, { fetch: send })).table.dtype).toBe('float32');
      const controller = new AbortController();
      const load = loadStaticModel(source, {
        signal: controller.signal,
        fetch: () => new Promise(() => controller.abort(new RangeError('enough'))),
      });
      await expect(load).rejects.toThrow(RangeError);
    } finally {
      Object.defineProperty(AbortSignal, 'any', any);
    }
  });
});
