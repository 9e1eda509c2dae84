import { readFileSync } from 'node:fs';
import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { describe, expect, it } from 'vitest';
import type { ByteSink } from './byte-sink.js';
import { NpyWriter, npyHeader } from './npy-writer.js';

const numpy = readFileSync(new URL('../../fixtures/embeddings.npy', import.meta.url));
const numpyEmpty = readFileSync(new URL('../../fixtures/embeddings-empty.npy', import.meta.url));

class Memory implements ByteSink {
  bytes: Buffer = Buffer.alloc(0);
  async write(bytes: Uint8Array): Promise<void> {
    this.bytes = Buffer.concat([this.bytes, bytes]);
  }
  async patch(bytes: Uint8Array, position: number): Promise<void> {
    this.bytes.set(bytes, position);
  }
  async close(): Promise<void> {}
  async discard(): Promise<void> {}
}

describe('NpyWriter', () => {
  it.each([
    ['known', 10],
    ['unknown', undefined],
  ])('writes the bytes of numpy.save, with the number of rows %s in advance', async (_, rows) => {
    const data = new Float32Array(
      numpy.buffer.slice(numpy.byteOffset + 128, numpy.byteOffset + numpy.length),
    );
    const sink = new Memory();
    const writer = new NpyWriter(sink, 256, rows);
    await writer.write(new Array(4), new EmbeddingMatrix(data.subarray(0, 4 * 256), 4, 256));
    await writer.write(new Array(6), new EmbeddingMatrix(data.subarray(4 * 256), 6, 256));
    await writer.finish();
    expect(sink.bytes.equals(numpy)).toBe(true);
  });

  it('writes an array without rows like numpy', async () => {
    const sink = new Memory();
    await new NpyWriter(sink, 256, undefined).finish();
    expect(sink.bytes.equals(numpyEmpty)).toBe(true);
  });

  it('has room for any number of rows and dimensions', () => {
    const header = npyHeader(Number.MAX_SAFE_INTEGER, 2 ** 31);
    expect(header).toHaveLength(128);
    expect(Buffer.from(header).toString('latin1', 10)).toMatch(/\(9007199254740991, 2147483648\), \} +\n$/);
  });
});
