import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtobufWriter, signedVarintSize, varintSize } from './protobuf-writer.js';

/** The definition: seven bits a byte, lowest first, the eighth bit set on all but the last. */
function expectedVarint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return bytes;
}

test('unsigned numbers up to 2^53 - 1 have the bytes and the size of the definition', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const expected = expectedVarint(BigInt(value));
      expect(varintSize(value)).toBe(expected.length);
      const writer = new ProtobufWriter(expected.length);
      writer.varint(value);
      expect([...writer.bytes]).toEqual(expected);
    }),
  );
});

test('signed numbers of 64 bits have the bytes and the size of the definition', () => {
  const anyNumber = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  fc.assert(
    fc.property(anyNumber, (value) => {
      const expected = expectedVarint(BigInt(value));
      expect(signedVarintSize(value)).toBe(expected.length);
      const writer = new ProtobufWriter(expected.length);
      writer.signedVarint(value);
      expect([...writer.bytes]).toEqual(expected);
      expect(writer.position).toBe(expected.length);
    }),
  );
});
