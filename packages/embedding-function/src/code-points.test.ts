import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstCodePoints } from './code-points.js';

it('keeps the first code points, like a slice of the array of code points', () => {
  const unit = fc.oneof(
    fc.constantFrom('a', 'é', '世', '😀', '\ud800', '\udc00'),
    fc.string({ unit: 'binary' }),
  );
  const text = fc.array(unit).map((units) => units.join(''));
  fc.assert(
    fc.property(text, fc.nat(20), (value, count) => {
      expect(firstCodePoints(value, count)).toBe([...value].slice(0, count).join(''));
    }),
  );
});

it('costs no more than the kept part', () => {
  const text = '😀'.repeat(5_000_000);
  const started = performance.now();
  for (let i = 0; i < 1000; i++) firstCodePoints(text, 100);
  expect(performance.now() - started).toBeLessThan(1000);
});
