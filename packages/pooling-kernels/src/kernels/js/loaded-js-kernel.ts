import type { EmbeddingTable, TableArrays } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import { halfPrecisionValues } from '../../half-precision.js';
import { disposedKernel } from '../../kernel-error.js';
import { checkBatch, checkTable } from '../../kernel-input.js';
import { normalizeRow } from '../../normalize-rows.js';
import { pairwiseSum, type Values } from '../../pairwise-sum.js';
import type { LoadedKernel, PoolOptions } from '../../pooling-kernel.js';
import { shareableTable } from '../../shareable-table.js';
import type { SharedTable } from '../../shared-table.js';
import { hasWideWeights } from '../../wide-weights.js';

/**
 * Bound by arithmetic: without SIMD, additions (1 ns each, measured) hide the cache misses of rows. Rows without
 * widening or weights are added eight columns at a time, with sums in registers. Other rows are added one by one to
 * sums in the first-level cache, which takes more than twice as long.
 *
 * Values are rounded by storing them in an array of numpy's computing type, like numpy's temporaries.
 */
export class LoadedJsKernel implements LoadedKernel {
  private table: EmbeddingTable | undefined;
  private readonly idLimit: number;
  /** Whether sums are float64: as in numpy for float64 operands, and for means of integers. */
  private readonly wide: boolean;
  /** A row after widening and weighting; absent if rows need neither. */
  private readonly scratch: Values | undefined;
  private readonly halves: Float32Array | undefined;
  /** Sums of one text that cannot be kept in the output. */
  private sums: Values;
  private readonly lanes: Values;

  constructor(table: EmbeddingTable) {
    this.idLimit = checkTable(table);
    this.table = table;
    const { dtype, dim, weights } = table;
    this.wide = dtype === 'float64' || hasWideWeights(table) || (dtype === 'int8' && weights === undefined);
    const half = dtype === 'float16' || dtype === 'bfloat16';
    this.halves = half ? halfPrecisionValues(dtype) : undefined;
    this.scratch = half || weights !== undefined ? this.values(dim) : undefined;
    this.sums = this.values(dim);
    this.lanes = this.values(8);
  }

  pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): void {
    const table = this.open();
    const { dim } = table;
    const texts = checkBatch(batch, out, dim, this.idLimit);
    const { ids, offsets } = batch;
    out.fill(0, 0, texts * dim);
    for (let text = 0; text < texts; text++) {
      const start = offsets[text]!;
      const end = offsets[text + 1]!;
      if (start === end) continue;
      const at = text * dim;
      if (dim === 1) this.meanOfColumn(table, ids, start, end, out, at);
      else if (this.wide) this.meanInWide(table, ids, start, end, out, at);
      else this.meanInPlace(table, ids, start, end, out, at);
      if (options.normalize) normalizeRow(out, at, dim);
    }
  }

  /** Copies the table to shared memory on the first call, for this thread and all others. */
  share(): SharedTable {
    this.table = shareableTable(this.open());
    return { kernel: 'js', data: this.table };
  }

  dispose(): void {
    this.table = undefined;
  }

  private open(): EmbeddingTable {
    if (this.table === undefined) {
      throw disposedKernel('js');
    }
    return this.table;
  }

  private meanInPlace(
    table: EmbeddingTable,
    ids: Uint32Array,
    start: number,
    end: number,
    out: Float32Array,
    at: number,
  ): void {
    if (this.scratch === undefined) sumInFloat32(table, ids, start, end, out, at);
    else for (let i = start; i < end; i++) this.addRow(table, ids[i]!, out, at);
    const stop = at + table.dim;
    for (let j = at; j < stop; j++) out[j]! /= end - start;
  }

  private meanInWide(
    table: EmbeddingTable,
    ids: Uint32Array,
    start: number,
    end: number,
    out: Float32Array,
    at: number,
  ): void {
    const { sums } = this;
    if (this.scratch === undefined) sumInFloat64(table, ids, start, end, sums);
    else {
      sums.fill(0);
      for (let i = start; i < end; i++) this.addRow(table, ids[i]!, sums, 0);
    }
    for (let j = 0; j < table.dim; j++) out[at + j] = sums[j]! / (end - start);
  }

  /** With one dimension a text's values are contiguous, and numpy adds those pairwise. */
  private meanOfColumn(
    table: EmbeddingTable,
    ids: Uint32Array,
    start: number,
    end: number,
    out: Float32Array,
    at: number,
  ): void {
    const count = end - start;
    if (this.sums.length < count) this.sums = this.values(2 * count);
    const { sums } = this;
    sums.fill(0, 0, count);
    for (let i = 0; i < count; i++) this.addRow(table, ids[start + i]!, sums, i);
    out[at] = (0 + pairwiseSum(sums, 0, count, this.lanes)) / count;
  }

  private addRow(table: EmbeddingTable, id: number, sums: Values, at: number): void {
    const { dim, mapping, weights } = table;
    const from = (mapping === undefined ? id : mapping[id]!) * dim;
    const { scratch, halves } = this;
    if (scratch === undefined) {
      add(table.data, from, dim, sums, at);
      return;
    }
    const weight = weights === undefined ? 1 : weights[id]!;
    if (halves === undefined) scale(table.data, from, dim, weight, scratch);
    else scaleHalves(table.data, halves, from, dim, weight, scratch);
    add(scratch, 0, dim, sums, at);
  }

  private values(length: number): Values {
    return this.wide ? new Float64Array(length) : new Float32Array(length);
  }
}

type Elements = TableArrays[keyof TableArrays];

/** Sums of rows, each addition rounded to float32. */
function sumInFloat32(
  { data, dim, mapping }: EmbeddingTable,
  ids: Uint32Array,
  start: number,
  end: number,
  sums: Float32Array,
  at: number,
): void {
  let j = 0;
  for (; j + 8 <= dim; j += 8) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let e = 0;
    let f = 0;
    let g = 0;
    let h = 0;
    for (let i = start; i < end; i++) {
      const from = (mapping === undefined ? ids[i]! : mapping[ids[i]!]!) * dim + j;
      a = Math.fround(a + data[from]!);
      b = Math.fround(b + data[from + 1]!);
      c = Math.fround(c + data[from + 2]!);
      d = Math.fround(d + data[from + 3]!);
      e = Math.fround(e + data[from + 4]!);
      f = Math.fround(f + data[from + 5]!);
      g = Math.fround(g + data[from + 6]!);
      h = Math.fround(h + data[from + 7]!);
    }
    sums[at + j] = a;
    sums[at + j + 1] = b;
    sums[at + j + 2] = c;
    sums[at + j + 3] = d;
    sums[at + j + 4] = e;
    sums[at + j + 5] = f;
    sums[at + j + 6] = g;
    sums[at + j + 7] = h;
  }
  for (; j < dim; j++) {
    let sum = 0;
    for (let i = start; i < end; i++) {
      sum = Math.fround(sum + data[(mapping === undefined ? ids[i]! : mapping[ids[i]!]!) * dim + j]!);
    }
    sums[at + j] = sum;
  }
}

/** Sums of rows in float64. */
function sumInFloat64(
  { data, dim, mapping }: EmbeddingTable,
  ids: Uint32Array,
  start: number,
  end: number,
  sums: Values,
): void {
  let j = 0;
  for (; j + 8 <= dim; j += 8) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let e = 0;
    let f = 0;
    let g = 0;
    let h = 0;
    for (let i = start; i < end; i++) {
      const from = (mapping === undefined ? ids[i]! : mapping[ids[i]!]!) * dim + j;
      a += data[from]!;
      b += data[from + 1]!;
      c += data[from + 2]!;
      d += data[from + 3]!;
      e += data[from + 4]!;
      f += data[from + 5]!;
      g += data[from + 6]!;
      h += data[from + 7]!;
    }
    sums[j] = a;
    sums[j + 1] = b;
    sums[j + 2] = c;
    sums[j + 3] = d;
    sums[j + 4] = e;
    sums[j + 5] = f;
    sums[j + 6] = g;
    sums[j + 7] = h;
  }
  for (; j < dim; j++) {
    let sum = 0;
    for (let i = start; i < end; i++) {
      sum += data[(mapping === undefined ? ids[i]! : mapping[ids[i]!]!) * dim + j]!;
    }
    sums[j] = sum;
  }
}

function add(elements: Elements, from: number, dim: number, sums: Values, at: number): void {
  for (let j = 0; j < dim; j++) sums[at + j]! += elements[from + j]!;
}

function scale(elements: Elements, from: number, dim: number, weight: number, row: Values): void {
  for (let j = 0; j < dim; j++) row[j] = elements[from + j]! * weight;
}

function scaleHalves(
  elements: Elements,
  halves: Float32Array,
  from: number,
  dim: number,
  weight: number,
  row: Values,
): void {
  for (let j = 0; j < dim; j++) row[j] = halves[elements[from + j]!]! * weight;
}
