import { describe, expect, it } from 'vitest';
import { elementsOf, littleEndianBytes } from './tensor-elements.js';

describe('elementsOf', () => {
  const bytes = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8);

  it('is a view if the bytes are aligned', () => {
    const elements = elementsOf(bytes.subarray(4, 8), Int32Array);
    expect([...elements]).toEqual([0x07060504]);
    expect(elements.buffer).toBe(bytes.buffer);
  });

  it('is a copy if they are not', () => {
    const elements = elementsOf(bytes.subarray(1, 5), Int32Array);
    expect([...elements]).toEqual([0x04030201]);
    expect(elements.buffer.byteLength).toBe(4);
  });

  it('reverses each element on a big-endian machine, and leaves the file unchanged', () => {
    const before = [...bytes];
    expect([...elementsOf(bytes.subarray(0, 4), Uint16Array, false)]).toEqual([0x0001, 0x0203]);
    expect([...elementsOf(bytes.subarray(0, 2), Int8Array, false)]).toEqual([0, 1]);
    expect([...bytes]).toEqual(before);
  });
});

describe('littleEndianBytes', () => {
  it('returns the bytes as stored in a file', () => {
    const elements = Uint16Array.of(0x0102, 0x0304).subarray(1);
    expect([...littleEndianBytes(elements)]).toEqual([0x04, 0x03]);
    expect([...littleEndianBytes(elements, false)]).toEqual([0x03, 0x04]);
    expect([...elements]).toEqual([0x0304]);
  });
});
