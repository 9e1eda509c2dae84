import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { ConstantTensor, Graph, GraphNode } from './onnx-model.js';
import { cast, scalar, tableRows } from './table-rows.js';
import { unitLength } from './unit-length.js';

/** Options of a whole model's graph. */
export interface PaddedGraphOptions {
  /** Scale embeddings to unit length. */
  readonly normalize: boolean;
  /** Id of the unknown token, which is left out of the mean; absent without one. */
  readonly unknownId?: number | undefined;
}

/**
 * The graph of a whole model as ONNX tools expect it: `input_ids` and `attention_mask` (texts × tokens, int64), padded
 * to the longest text; output `embeddings` (texts × dim, float32). It has the signature of Python model2vec 0.10.0's
 * exporter; unlike that graph, it keeps int8 and float16 tables small in the file and sums in float32.
 */
export function paddedGraph(table: EmbeddingTable, { normalize, unknownId }: PaddedGraphOptions): Graph {
  const rows = tableRows(table, 'input_ids', 2);
  const { type } = rows;
  const constants: ConstantTensor[] = [
    ...rows.constants,
    { name: 'mask_axis', type: 'int64', shape: [1], data: BigInt64Array.of(2n) },
    { name: 'token_axis', type: 'int64', shape: [1], data: BigInt64Array.of(1n) },
    scalar('one', 1, type),
  ];
  const nodes: GraphNode[] = [...rows.nodes, cast('attention_mask', 'given_mask', type)];
  let mask = 'given_mask';
  if (unknownId !== undefined) {
    constants.push(
      { name: 'unknown_id', type: 'int64', shape: [], data: BigInt64Array.of(BigInt(unknownId)) },
      scalar('zero', 0, type),
    );
    nodes.push(
      { op: 'Equal', inputs: ['input_ids', 'unknown_id'], outputs: ['is_unknown'] },
      { op: 'Where', inputs: ['is_unknown', 'zero', mask], outputs: ['known_mask'] },
    );
    mask = 'known_mask';
  }
  nodes.push(
    { op: 'Unsqueeze', inputs: [mask, 'mask_axis'], outputs: ['mask_columns'] },
    { op: 'Mul', inputs: [rows.output, 'mask_columns'], outputs: ['known_rows'] },
    { op: 'ReduceSum', inputs: ['known_rows', 'token_axis'], outputs: ['sums'], attributes: { keepdims: 0 } },
    {
      op: 'ReduceSum',
      inputs: ['mask_columns', 'token_axis'],
      outputs: ['token_counts'],
      attributes: { keepdims: 0 },
    },
    { op: 'Max', inputs: ['token_counts', 'one'], outputs: ['counts'] },
    { op: 'Div', inputs: ['sums', 'counts'], outputs: ['means'] },
  );
  let output = 'means';
  if (normalize) {
    const unit = unitLength('means', 'units', type);
    constants.push(...unit.constants);
    nodes.push(...unit.nodes);
    output = 'units';
  }
  nodes.push(
    type === 'float64'
      ? cast(output, 'embeddings', 'float32')
      : { op: 'Identity', inputs: [output], outputs: ['embeddings'] },
  );
  return {
    name: 'model2vec',
    constants,
    nodes,
    inputs: [
      { name: 'input_ids', type: 'int64', shape: ['batch_size', 'sequence_length'] },
      { name: 'attention_mask', type: 'int64', shape: ['batch_size', 'sequence_length'] },
    ],
    outputs: [{ name: 'embeddings', type: 'float32', shape: ['batch_size', table.dim] }],
  };
}
