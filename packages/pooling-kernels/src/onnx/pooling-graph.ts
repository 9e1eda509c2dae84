import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { Graph } from './onnx-model.js';
import { cast, tableRows } from './table-rows.js';
import { unitLength } from './unit-length.js';

/**
 * The graph that pools a ragged batch: concatenated token ids, with the text of each. Rows are added to their text's
 * sum without padding, so memory grows with the number of tokens and not with the longest text. Rows are added in
 * order, like in the reference, which keeps its rounding, but only on one thread: ONNX Runtime lets several threads add
 * to the same sum at once, and loses additions.
 *
 * Inputs: `ids` (tokens), `texts` (tokens × 1: position of each token's text), `zeros` (texts × dim), `counts`
 * (texts × 1: tokens of each text, at least 1) and `normalize` (one truth value). Output: `embeddings` (texts × dim).
 */
export function poolingGraph(table: EmbeddingTable, norms: 'float32' | 'float64' = 'float64'): Graph {
  const rows = tableRows(table, 'ids', 1);
  const { type } = rows;
  const unit = unitLength('means', 'units', type, norms);
  const wide = type === 'float64';
  return {
    name: 'pooling',
    constants: [...rows.constants, ...unit.constants],
    inputs: [
      { name: 'ids', type: 'int32', shape: ['tokens'] },
      { name: 'texts', type: 'int64', shape: ['tokens', 1] },
      { name: 'zeros', type, shape: ['texts', table.dim] },
      { name: 'counts', type, shape: ['texts', 1] },
      { name: 'normalize', type: 'bool', shape: [] },
    ],
    nodes: [
      ...rows.nodes,
      {
        op: 'ScatterND',
        inputs: ['zeros', 'texts', rows.output],
        outputs: ['sums'],
        attributes: { reduction: 'add' },
      },
      { op: 'Div', inputs: ['sums', 'counts'], outputs: ['means'] },
      ...unit.nodes,
      {
        op: 'Where',
        inputs: ['normalize', 'units', 'means'],
        outputs: [wide ? 'wide_embeddings' : 'embeddings'],
      },
      ...(wide ? [cast('wide_embeddings', 'embeddings', 'float32')] : []),
    ],
    outputs: [{ name: 'embeddings', type: 'float32', shape: ['texts', table.dim] }],
  };
}
