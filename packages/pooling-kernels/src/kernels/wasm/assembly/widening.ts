/**
 * Four consecutive elements as f32x4; every type widens without loss. The type names stand for the table's dtypes:
 * `f32` is float32, `u16` float16, `i16` bfloat16 and `i8` int8.
 */
export function widened<T>(from: usize): v128 {
  if (isFloat<T>()) return v128.load(from);
  if (sizeof<T>() === 1) {
    return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(from))));
  }
  if (isSigned<T>()) return i32x4.shl(v128.load16x4_u(from), 16);
  return fromFloat16(v128.load16x4_s(from));
}

/**
 * @param bits - four float16 values, each sign-extended to 32 bits
 *
 * No operand is a subnormal float32, which some processors multiply a hundred cycles slower.
 */
function fromFloat16(bits: v128): v128 {
  // Moves exponent and fraction to their float32 positions; the exponent still has float16's bias.
  const magnitude = v128.and(i32x4.shl(bits, 13), i32x4.splat(0x0fff_e000));
  // All-ones exponents (infinity, NaN) stay all ones: they are raised by twice the difference of the biases.
  const special = v128.and(i32x4.gt_s(magnitude, i32x4.splat(0x0f7f_ffff)), i32x4.splat(112 << 23));
  const normal = i32x4.add(i32x4.add(magnitude, i32x4.splat(112 << 23)), special);
  // With exponent 0 there is no hidden bit: `normal` is 2^-15 + x / 2, and doubling it is exact.
  const again = f32x4.sub(normal, f32x4.splat(0.00006103515625));
  const subnormal = i32x4.lt_s(magnitude, i32x4.splat(1 << 23));
  const value = f32x4.add(normal, v128.and(subnormal, again));
  return v128.or(value, v128.and(bits, i32x4.splat(0x8000_0000)));
}
