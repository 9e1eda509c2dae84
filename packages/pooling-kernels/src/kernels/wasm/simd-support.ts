import { messageOf } from '../../message-of.js';

/** `(module (func (result v128) i32.const 0 i8x16.splat))` */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 5, 1, 96, 0, 1, 123],
  ...[3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
);

let missing: string | undefined | null = null;

/**
 * Returns why WebAssembly with SIMD cannot run here, or `undefined` if it can. Instantiates a module once, because
 * validation ignores content security policies, and WebKit applies them only then.
 */
export function missingSimd(): string | undefined {
  if (missing !== null) return missing;
  try {
    new WebAssembly.Instance(new WebAssembly.Module(SIMD_MODULE));
    missing = undefined;
  } catch (error) {
    missing = `WebAssembly with SIMD cannot run: ${messageOf(error)}`;
  }
  return missing;
}
