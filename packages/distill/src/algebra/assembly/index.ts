/**
 * Sums for making a model, with 128-bit SIMD. Addresses belong to the caller and are multiples of 16; matrices are
 * row-major and their widths multiples of 4.
 *
 * A sparse matrix holds, for text i, the tokens `ids[starts[i] .. starts[i + 1]]` (u32) with `values` (f32). A block is
 * `BLOCK` columns of a table or of targets, kept together: rows × BLOCK of f32, two cache lines a row.
 */

export { blockResidual, blockSquares, blockStep } from './block-texts';
export { blockDirection, blockDots, blockMove, blockScale, blockStart } from './block-vectors';
export { addProducts, addSquares, poolWide, transposeWiden, widen } from './products';
