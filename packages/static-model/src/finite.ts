import type { TableArrays, TableDtype } from './embedding-table.js';

/** What a scan for NaN and ±Infinity found. */
export interface NonFinite {
  /** How many elements are NaN or infinite. */
  readonly count: number;
  /** Index of the first one, or −1. */
  readonly first: number;
}

/** Counts the elements that are NaN or ±Infinity. */
export function findNonFinite<Dtype extends TableDtype>(dtype: Dtype, data: TableArrays[Dtype]): NonFinite {
  let count = 0;
  let first = -1;
  // Bound by memory: one pass, and a branch that is never taken in a sound model.
  if (dtype === 'float16' || dtype === 'bfloat16') {
    // All bits of the exponent are set in NaN and ±Infinity, and only there.
    const mask = dtype === 'float16' ? 0x7c00 : 0x7f80;
    for (let i = 0; i < data.length; i++) {
      if ((data[i]! & mask) === mask && count++ === 0) first = i;
    }
  } else if (dtype === 'float32' || dtype === 'float64') {
    for (let i = 0; i < data.length; i++) {
      const x = data[i]!;
      if (x - x !== 0 && count++ === 0) first = i;
    }
  }
  return { count, first };
}
