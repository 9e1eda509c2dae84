import type { ConstantTensor, GraphNode } from './onnx-model.js';
import { cast, scalar } from './table-rows.js';

/**
 * Part of a graph that scales rows to unit length: `v / (‖v‖ + 1e-32)`, the reference's rule, which keeps zero at zero.
 *
 * @param norms - `float64`, because ONNX Runtime adds float32 squares one by one on a CPU, with a larger error;
 * `float32` for back ends without a wider type
 */
export function unitLength(
  input: string,
  output: string,
  type: 'float32' | 'float64',
  norms: 'float32' | 'float64' = 'float64',
): { readonly constants: readonly ConstantTensor[]; readonly nodes: readonly GraphNode[] } {
  const same = type === norms;
  return {
    constants: [
      { name: 'value_axis', type: 'int64', shape: [1], data: BigInt64Array.of(1n) },
      scalar('norm_floor', 1e-32, type),
    ],
    nodes: [
      ...(same ? [] : [cast(input, 'wide_values', norms)]),
      {
        op: 'ReduceL2',
        inputs: [same ? input : 'wide_values', 'value_axis'],
        outputs: [same ? 'norms' : 'wide_norms'],
      },
      ...(same ? [] : [cast('wide_norms', 'norms', type)]),
      { op: 'Add', inputs: ['norms', 'norm_floor'], outputs: ['divisors'] },
      { op: 'Div', inputs: [input, 'divisors'], outputs: [output] },
    ],
  };
}
