import type { ConstantTensor, GraphNode } from './onnx-model.js';
import { scalar } from './table-rows.js';

/** Part of a graph that scales rows to unit length: `v / (‖v‖ + 1e-32)`, the reference's rule, which keeps zero zero. */
export function unitLength(
  input: string,
  output: string,
  type: 'float32' | 'float64',
): { readonly constants: readonly ConstantTensor[]; readonly nodes: readonly GraphNode[] } {
  return {
    constants: [
      { name: 'value_axis', type: 'int64', shape: [1], data: BigInt64Array.of(1n) },
      scalar('norm_floor', 1e-32, type),
    ],
    nodes: [
      { op: 'ReduceL2', inputs: [input, 'value_axis'], outputs: ['norms'] },
      { op: 'Add', inputs: ['norms', 'norm_floor'], outputs: ['divisors'] },
      { op: 'Div', inputs: [input, 'divisors'], outputs: [output] },
    ],
  };
}
