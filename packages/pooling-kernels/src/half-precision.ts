/** Values of the 65,536 bit patterns, computed for the first table that needs them: 256 KB per type. */
const values: { float16?: Float32Array; bfloat16?: Float32Array } = {};

/** Returns the float32 values of all float16 or bfloat16 bit patterns. Both types widen without loss. */
export function halfPrecisionValues(dtype: 'float16' | 'bfloat16'): Float32Array {
  values[dtype] ??= dtype === 'float16' ? float16Values() : bfloat16Values();
  return values[dtype];
}

function float16Values(): Float32Array {
  const all = new Float32Array(1 << 16);
  for (let bits = 0; bits < all.length; bits++) {
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    // The largest exponent marks infinities and NaN, the smallest numbers without a leading 1.
    const magnitude =
      exponent === 0x1f
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : exponent === 0
          ? fraction * 2 ** -24
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    all[bits] = bits >> 15 ? -magnitude : magnitude;
  }
  return all;
}

function bfloat16Values(): Float32Array {
  const patterns = new Uint32Array(1 << 16);
  for (let bits = 0; bits < patterns.length; bits++) patterns[bits] = bits << 16;
  return new Float32Array(patterns.buffer);
}
