import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSha256 } from './sha-256.js';

const hashed = (pieces: readonly Uint8Array[]): string => {
  const sha256 = createSha256();
  for (const piece of pieces) sha256.update(piece);
  return sha256.digestHex();
};
const expected = (pieces: readonly Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};

describe('createSha256', () => {
  it('gives the hash that the standard gives for "abc"', () => {
    expect(hashed([new TextEncoder().encode('abc')])).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('agrees with the platform for every length from 0 to 260', () => {
    for (let length = 0; length <= 260; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
      expect(hashed([bytes]), `length ${length}`).toBe(expected([bytes]));
    }
  });

  it('agrees with the platform for pieces of any length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (pieces) => {
        expect(hashed(pieces)).toBe(expected(pieces));
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
