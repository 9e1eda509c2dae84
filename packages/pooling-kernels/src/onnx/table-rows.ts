import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { hasWideWeights } from '../wide-weights.js';
import { type ConstantTensor, ELEMENT_TYPES, type GraphNode } from './onnx-model.js';

/** The part of a graph that turns token ids into weighted rows. */
export interface TableRows {
  readonly constants: readonly ConstantTensor[];
  readonly nodes: readonly GraphNode[];
  /** Name of the tensor of rows: the axes of the ids, then the dimensions. */
  readonly output: string;
  /** Type of the rows and of their sums. */
  readonly type: 'float32' | 'float64';
}

/**
 * Builds the rows of the token ids in tensor `ids`, ready to add: looked up through the mapping, widened, and
 * multiplied by their weights.
 *
 * @param lastAxis - index of the axis that rows have in addition to those of the ids
 */
export function tableRows(table: EmbeddingTable, ids: string, lastAxis: number): TableRows {
  const { dtype, rows, dim, data, mapping, weights } = table;
  const wideWeights = hasWideWeights(table);
  // Like the reference: in float64 if a factor is.
  const type = dtype === 'float64' || wideWeights ? 'float64' : 'float32';
  const constants: ConstantTensor[] = [{ name: 'table', type: dtype, shape: [rows, dim], data }];
  const nodes: GraphNode[] = [];
  let at = ids;
  if (mapping !== undefined) {
    constants.push({ name: 'mapping', type: 'int32', shape: [mapping.length], data: mapping });
    nodes.push({ op: 'Gather', inputs: ['mapping', ids], outputs: ['row_ids'] });
    at = 'row_ids';
  }
  nodes.push({ op: 'Gather', inputs: ['table', at], outputs: ['rows'] });
  let output = 'rows';
  if (dtype !== type) {
    nodes.push(cast(output, 'wide_rows', type));
    output = 'wide_rows';
  }
  if (weights !== undefined) {
    constants.push(
      { name: 'weights', type: wideWeights ? 'float64' : 'float32', shape: [weights.length], data: weights },
      { name: 'last_axis', type: 'int64', shape: [1], data: BigInt64Array.of(BigInt(lastAxis)) },
    );
    nodes.push({ op: 'Gather', inputs: ['weights', ids], outputs: ['factors'] });
    let factors = 'factors';
    if (!wideWeights && type === 'float64') {
      nodes.push(cast(factors, 'wide_factors', type));
      factors = 'wide_factors';
    }
    nodes.push(
      { op: 'Unsqueeze', inputs: [factors, 'last_axis'], outputs: ['factor_columns'] },
      { op: 'Mul', inputs: [output, 'factor_columns'], outputs: ['weighted_rows'] },
    );
    output = 'weighted_rows';
  }
  return { constants, nodes, output, type };
}

/** A node that changes the type of a tensor's elements. */
export function cast(input: string, output: string, type: 'float32' | 'float64' | 'bool'): GraphNode {
  return { op: 'Cast', inputs: [input], outputs: [output], attributes: { to: ELEMENT_TYPES[type] } };
}

/** A constant of one number. */
export function scalar(name: string, value: number, type: 'float32' | 'float64'): ConstantTensor {
  return {
    name,
    type,
    shape: [],
    data: type === 'float64' ? Float64Array.of(value) : Float32Array.of(value),
  };
}
