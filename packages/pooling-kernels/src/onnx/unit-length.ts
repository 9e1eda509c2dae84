import type { ConstantTensor, GraphNode } from './onnx-model.js';
import { cast, scalar } from './table-rows.js';

/**
 * Part of a graph that scales rows to unit length: `v / (‖v‖ + 1e-32)`, the reference's rule, which keeps zero zero.
 * Norms are added up in float64, since ONNX Runtime adds float32 squares one after the other, an error of its own.
 */
export function unitLength(
  input: string,
  output: string,
  type: 'float32' | 'float64',
): { readonly constants: readonly ConstantTensor[]; readonly nodes: readonly GraphNode[] } {
  const wide = type === 'float64';
  return {
    constants: [
      { name: 'value_axis', type: 'int64', shape: [1], data: BigInt64Array.of(1n) },
      scalar('norm_floor', 1e-32, type),
    ],
    nodes: [
      ...(wide ? [] : [cast(input, 'wide_values', 'float64')]),
      {
        op: 'ReduceL2',
        inputs: [wide ? input : 'wide_values', 'value_axis'],
        outputs: [wide ? 'norms' : 'wide_norms'],
      },
      ...(wide ? [] : [cast('wide_norms', 'norms', 'float32')]),
      { op: 'Add', inputs: ['norms', 'norm_floor'], outputs: ['divisors'] },
      { op: 'Div', inputs: [input, 'divisors'], outputs: [output] },
    ],
  };
}
