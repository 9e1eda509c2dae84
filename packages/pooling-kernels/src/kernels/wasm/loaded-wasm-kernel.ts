import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { TokenBatch, TokenSink } from '@model2vec-ts/tokenizer';
import { disposedKernel } from '../../kernel-error.js';
import { checkIds, checkOffsets, checkTable, unknownId } from '../../kernel-input.js';
import type { LoadedKernel, PoolOptions } from '../../pooling-kernel.js';
import { KernelTokenSink } from './kernel-token-sink.js';
import { type MemoryMap, PIECE_IDS, PIECE_TEXTS } from './memory-map.js';
import { isWide, type Rule, ruleFor, ruleForLong, type WasmExports } from './wasm-module.js';

/** Up to this many ids, a loop is faster than creating a view for `set`. */
const FEW_IDS = 64;
/** Tables up to this size stay in the caches of most machines, so fetching rows ahead would only cost time. */
const CACHED_BYTES = 1 << 23;

/**
 * Bound by memory: additions take a fraction of the time in which cache lines arrive. For short texts latency
 * dominates, so `assembly/row-fetch.ts` fetches rows ahead. The ids of a batch are looked up once, and results are
 * copied out while they are in the second-level cache. For a single short text, calls into the module and creating
 * views for copies matter too.
 */
export class LoadedWasmKernel implements LoadedKernel {
  private wasm: WasmExports | undefined;
  private buffer: ArrayBufferLike | undefined;
  private readonly map: MemoryMap;
  private readonly dim: number;
  private readonly idLimit: number;
  private readonly rule: Rule;
  private readonly mapping: number;
  private readonly recent: number;
  private starts: Uint32Array;
  private rows: Uint32Array;
  private out: Float32Array;
  /** First row of `out`, kept because creating a view for a single text would take longer than copying. */
  private firstRow: Float32Array;

  /** @param table - a table in the memory of the exports, at the addresses of `map` */
  constructor(wasm: WasmExports, table: EmbeddingTable, map: MemoryMap) {
    this.idLimit = checkTable(table);
    const { buffer } = table.data;
    this.wasm = wasm;
    this.buffer = buffer;
    this.map = map;
    this.dim = table.dim;
    this.rule = ruleFor(table);
    this.mapping = table.mapping === undefined ? 0 : map.mapping;
    this.recent = table.data.byteLength > CACHED_BYTES ? map.recent : 0;
    this.starts = new Uint32Array(buffer, map.starts, PIECE_TEXTS + 1);
    this.rows = new Uint32Array(buffer, map.rows, PIECE_IDS);
    this.out = new Float32Array(buffer, map.out, map.outTexts * table.dim);
    this.firstRow = this.out.subarray(0, table.dim);
  }

  pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): void {
    const wasm = this.open();
    const texts = checkOffsets(batch, out, this.dim);
    const { offsets } = batch;
    // The look-up checks the ids of a piece. With only one piece, that is before anything is written.
    if (texts > PIECE_TEXTS || offsets[texts]! > PIECE_IDS) checkIds(batch, this.idLimit);
    for (let first = 0; first < texts; ) {
      const end = this.startPiece(offsets, first, texts);
      if (end === first) {
        this.poolLong(wasm, batch, first, out, options.normalize);
        first++;
      } else {
        this.poolPiece(wasm, batch, first, end, out, options.normalize);
        first = end;
      }
    }
  }

  tokenSink(): TokenSink {
    this.open();
    return new KernelTokenSink(new Uint32Array(this.buffer!, this.map.ids, PIECE_IDS));
  }

  dispose(): void {
    this.wasm = undefined;
    this.buffer = undefined;
    // Each view would keep the whole memory alive.
    this.starts = this.rows = new Uint32Array();
    this.out = this.firstRow = new Float32Array();
  }

  private open(): WasmExports {
    if (this.wasm === undefined) {
      throw disposedKernel('wasm');
    }
    return this.wasm;
  }

  /**
   * Writes the starts of the texts of a piece.
   *
   * @returns index after the piece's last text, or `first` if that text alone has more ids than a piece
   */
  private startPiece(offsets: Uint32Array, first: number, texts: number): number {
    const { starts } = this;
    const start = offsets[first]!;
    const limit = Math.min(texts, first + PIECE_TEXTS);
    starts[0] = 0;
    for (let text = first; text < limit; text++) {
      const length = offsets[text + 1]! - start;
      if (length > PIECE_IDS) return text;
      starts[text - first + 1] = length;
    }
    return limit;
  }

  private poolPiece(
    wasm: WasmExports,
    batch: TokenBatch,
    first: number,
    end: number,
    out: Float32Array,
    normalize: boolean,
  ): void {
    const { map, dim, rule, recent } = this;
    const start = batch.offsets[first]!;
    const count = batch.offsets[end]! - start;
    const found = this.locate(wasm, batch.ids, start, count, rule);
    if (found < count) throw unknownId(batch, start + found, this.idLimit);
    for (let text = first; text < end; text += map.outTexts) {
      const texts = Math.min(map.outTexts, end - text);
      const starts = map.starts + 4 * (text - first);
      wasm.pool(
        rule.sums,
        starts,
        texts,
        map.rows,
        map.gathered,
        dim,
        map.zeros,
        map.sums[0],
        map.out,
        normalize,
        map.rowBytes,
        recent,
      );
      out.set(this.firstRows(texts), text * dim);
    }
  }

  private firstRows(count: number): Float32Array {
    if (count === 1) return this.firstRow;
    return count === this.map.outTexts ? this.out : this.out.subarray(0, count * this.dim);
  }

  /** Pools a text with more ids than a piece in parts; each continues the sums of the previous one. */
  private poolLong(
    wasm: WasmExports,
    batch: TokenBatch,
    text: number,
    out: Float32Array,
    normalize: boolean,
  ): void {
    const { map, dim } = this;
    const rule = ruleForLong(this.rule);
    const start = batch.offsets[text]!;
    const end = batch.offsets[text + 1]!;
    let from = map.zeros;
    let [to, spare] = map.sums;
    for (let at = start; at < end; at += PIECE_IDS) {
      const count = Math.min(PIECE_IDS, end - at);
      this.locate(wasm, batch.ids, at, count, rule);
      wasm.sum(rule.sums, map.rows, map.rows + 4 * count, map.gathered, dim, from, to, 1);
      from = to;
      [to, spare] = [spare, to];
    }
    const buffer = this.buffer!;
    const sums = isWide(rule) ? new Float64Array(buffer, from, dim) : new Float32Array(buffer, from, dim);
    for (let j = 0; j < dim; j++) this.out[j] = sums[j]! / (end - start);
    if (normalize) wasm.normalize(map.out, dim);
    out.set(this.firstRow, text * dim);
  }

  /** Looks up addresses and weights of a piece's rows. Ids in the kernel's memory are read in place. */
  private locate(wasm: WasmExports, ids: Uint32Array, start: number, count: number, rule: Rule): number {
    const { map, rows } = this;
    let from = map.rows;
    if (ids.buffer === this.buffer) from = ids.byteOffset + 4 * start;
    else if (count > FEW_IDS) rows.set(ids.subarray(start, start + count));
    else for (let i = 0; i < count; i++) rows[i] = ids[start + i]!;
    return wasm.locate(
      from,
      count,
      this.idLimit,
      map.rows,
      map.table,
      map.rowBytes,
      this.mapping,
      rule.weights,
      map.weights,
      map.gathered,
    );
  }
}
