import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { describe, expect, it } from 'vitest';
import { type Form, madeBatch, madeTable } from './fixtures/table.js';
import { KernelError, loadSharedTable, type SharedTable, selectKernel } from './index.js';
import type { SharedWasmTable } from './kernels/wasm/shared-wasm-kernel.js';

const FORMS: readonly Form[] = ['plain', 'mapping', 'weights32', 'weights64', 'mapping+weights32'];
const DTYPES = ['float64', 'float32', 'float16', 'bfloat16', 'int8'] as const;
const batch = madeBatch([3, 0, 1, 40]);

/** The table as another thread receives it. */
function posted(shared: SharedTable): SharedTable {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(shared);
  const message: SharedTable = receiveMessageOnPort(port2)?.message;
  port1.close();
  return message;
}

/** The buffer of a built-in kernel's table. */
function bufferOf({ kernel, data }: SharedTable): ArrayBufferLike {
  return kernel === 'wasm'
    ? (data as SharedWasmTable).table.memory.buffer
    : (data as EmbeddingTable).data.buffer;
}

describe.each(['wasm', 'js'] as const)('a table of the %s kernel that threads share', (name) => {
  const kernel = selectKernel(name, { dtype: 'float32' });

  it.each(
    DTYPES.flatMap((dtype) => FORMS.flatMap((form) => [1, 7, 64].map((dim) => ({ dtype, form, dim })))),
  )('gives the same bits on each: $dtype, $form, $dim dimensions', async ({ dtype, form, dim }) => {
    const first = await kernel.load(madeTable(dtype, form, dim), { threads: 3 });
    const alone = await kernel.load(madeTable(dtype, form, dim));
    const kernels = [first];
    for (const thread of [1, 2]) kernels.push(await loadSharedTable(posted(first.share!(thread))));
    const expected = new Float32Array(4 * dim);
    await alone.pool(batch, expected, { normalize: true });
    for (const each of kernels) {
      const out = new Float32Array(4 * dim);
      await each.pool(batch, out, { normalize: true });
      expect(new Uint32Array(out.buffer)).toEqual(new Uint32Array(expected.buffer));
    }
  });

  it('is not copied for each thread', async () => {
    const first = await kernel.load(madeTable('float32', 'plain', 8), { threads: 3 });
    const buffers = [1, 2].map((thread) => bufferOf(posted(first.share!(thread))));
    // A change through one is visible through the other, so the memory is the same.
    const [one, other] = buffers.map((buffer) => new Uint8Array(buffer));
    one![one!.length - 300]! ^= 0xff;
    expect(other![other!.length - 300]).toBe(one![one!.length - 300]);
    expect(buffers[0]).toBeInstanceOf(SharedArrayBuffer);
  });

  it('outlives the kernel that shared it, which then shares no more', async () => {
    const first = await kernel.load(madeTable('float32', 'plain', 8), { threads: 2 });
    const other = await loadSharedTable(posted(first.share!(1)));
    first.dispose();
    const out = new Float32Array(4 * 8);
    await other.pool(batch, out, { normalize: false });
    expect(out.some((value) => value !== 0)).toBe(true);
    expect(() => first.share!(1)).toThrow(KernelError);
  });
});

it('a wasm table that was allocated for threads is shared without a copy', async () => {
  const kernel = selectKernel('wasm', { dtype: 'float32' });
  const table = kernel.allocateTable!({ dtype: 'float32', rows: 2, dim: 4 }, { threads: 2 });
  const loaded = await kernel.load(table, { threads: 2 });
  expect(bufferOf(loaded.share!(1))).toBe(table.data.buffer);
});

it('a wasm kernel in its own memory shares nothing', async () => {
  const kernel = selectKernel('wasm', { dtype: 'float32' });
  expect((await kernel.load(madeTable('float32', 'plain', 8))).share).toBeUndefined();
});

describe('a shared table of an external kernel', () => {
  const module = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;

  it('is loaded by the kernel that its module exports', async () => {
    const shared: SharedTable = {
      kernel: 'mine',
      module: module(
        'export default { loadShared: async (data) => ({ dispose: () => data.push("disposed") }) };',
      ),
      data: [],
    };
    (await loadSharedTable(shared)).dispose();
    expect(shared.data).toEqual(['disposed']);
  });

  it.each([
    ['no module', undefined, /no built-in kernel "mine"/],
    [
      'a module without a kernel',
      module('export const kernel = 1;'),
      /default export of data:.* is no kernel/,
    ],
    ['a kernel for one thread', module('export default { name: "mine" };'), /is no kernel with loadShared/],
  ])('is refused with %s', async (_, url, message) => {
    const shared = { kernel: 'mine', data: [], ...(url !== undefined && { module: url }) };
    const error: unknown = await loadSharedTable(shared).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unknown-kernel', message: expect.stringMatching(message) });
  });
});
