import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64Length, writeBase64, writeInJavaScript } from './base64.js';

it.each([writeBase64, writeInJavaScript])(
  'writes what Buffer writes, with any length and any bytes',
  (write) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat({ max: 5 }), (bytes, at) => {
        const values = new Float32Array(bytes.slice(0, bytes.length & ~3).buffer);
        const out = new Uint8Array(at + base64Length(values.length) + 1).fill(7);
        const end = write(values, out, at);
        const text = Buffer.from(values.buffer).toString('base64');
        expect(Buffer.from(out.subarray(at, end)).toString('latin1')).toBe(text);
        expect(end).toBe(at + base64Length(values.length));
        expect([...out.subarray(0, at), out.at(-1)]).toEqual(Array(at + 1).fill(7));
      }),
    );
  },
);

it('writes vectors that are longer than a piece', () => {
  for (const length of [3071, 3072, 3073, 10_000]) {
    const values = Float32Array.from({ length }, (_, i) => Math.sin(i));
    const out = new Uint8Array(base64Length(length));
    expect(writeBase64(values, out, 0)).toBe(out.length);
    expect(Buffer.from(out).toString('latin1')).toBe(Buffer.from(values.buffer).toString('base64'));
  }
});
