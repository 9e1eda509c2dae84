import type { Safetensors, Tensor } from '../safetensors/tensor.js';
import type { TableShape } from './embedding-table.js';

/** Tensors of a table, checked to fit each other by their headers. No element has been read. */
export interface TableParts {
  readonly file: Safetensors;
  readonly shape: TableShape;
  readonly embeddings: Tensor;
  readonly mapping?: Tensor;
  readonly weights?: Tensor;
}
