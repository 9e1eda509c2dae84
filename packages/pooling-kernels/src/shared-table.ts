import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { WasmTable } from './kernels/wasm/wasm-table.js';

/**
 * The table of a built-in kernel for one more thread, in memory that threads share: `postMessage` hands it over
 * without a copy of the table.
 */
export type SharedTable =
  | { readonly kernel: 'wasm'; readonly table: WasmTable; readonly thread: number }
  | { readonly kernel: 'js'; readonly table: EmbeddingTable };
