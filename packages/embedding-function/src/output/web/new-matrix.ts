import { emptyMatrix } from '../empty-matrix.js';
import type { NewMatrix } from '../output-matrix.js';

/**
 * For browsers and all other platforms without Node's modules: no other thread can map the pages of an unshared array
 * there.
 */
export const newMatrix: NewMatrix = (rows, dim) => {
  const matrix = emptyMatrix(rows, dim);
  return { data: matrix.data, reach() {}, finish: () => matrix, release() {} };
};
