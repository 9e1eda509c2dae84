import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { disposedKernel } from '../../kernel-error.js';
import type { SharedTable } from '../../shared-table.js';
import { LoadedWasmKernel } from './loaded-wasm-kernel.js';
import type { MemoryMap } from './memory-map.js';
import type { WasmExports } from './wasm-module.js';
import type { WasmTable } from './wasm-table.js';

/** The data of a shared wasm table. */
export interface SharedWasmTable {
  readonly table: WasmTable;
  /** Index of the scratch memory, which no two kernels may use at once. */
  readonly thread: number;
}

/** A kernel in memory that has room for the scratch of further threads. */
export class SharedWasmKernel extends LoadedWasmKernel {
  private shared: WasmTable | undefined;

  constructor(wasm: WasmExports, table: EmbeddingTable, map: MemoryMap, shared: WasmTable) {
    super(wasm, table, map);
    this.shared = shared;
  }

  share(thread: number): SharedTable {
    if (this.shared === undefined) throw disposedKernel('wasm');
    const data: SharedWasmTable = { table: this.shared, thread };
    return { kernel: 'wasm', data };
  }

  override dispose(): void {
    super.dispose();
    this.shared = undefined;
  }
}
