import { expect, it } from 'vitest';
import { widenBfloat16 } from './bfloat16.js';

it('widens all 65,536 patterns to the float32 with the same upper half', () => {
  const every = Uint16Array.from({ length: 0x1_0000 }, (_, bits) => bits);
  const widened = new Float32Array(every.length);
  widenBfloat16(every, widened);
  const bits = new Uint32Array(widened.buffer);
  for (const pattern of every) if (bits[pattern] !== pattern * 0x1_0000) expect.fail(`pattern ${pattern}`);
  expect(widened[0x3fc0]).toBe(1.5);
  expect(widened[0x0001]).toBe(2 ** -133);
  expect(widened[0xff80]).toBe(Number.NEGATIVE_INFINITY);
});
