import { expect, it } from 'vitest';
import { TokenBuffer } from './token-buffer.js';

it('keeps the written ids when it grows', () => {
  const buffer = new TokenBuffer(2);
  buffer.ids.set([7, 8]);
  buffer.length = 2;
  buffer.grow(3);
  expect(buffer.ids.length).toBeGreaterThanOrEqual(3);
  expect([...buffer.toIds()]).toEqual([7, 8]);
});

it('at least doubles, so that writing n ids costs n steps', () => {
  const buffer = new TokenBuffer(100);
  buffer.grow(101);
  expect(buffer.ids.length).toBeGreaterThanOrEqual(200);
});

it('grows from nothing', () => {
  const buffer = new TokenBuffer(0);
  buffer.grow(1);
  expect(buffer.ids.length).toBeGreaterThanOrEqual(1);
});

it('returns a copy that later writing does not change', () => {
  const buffer = new TokenBuffer(1);
  buffer.ids[0] = 5;
  buffer.length = 1;
  const ids = buffer.toIds();
  buffer.ids[0] = 6;
  expect([...ids]).toEqual([5]);
});
