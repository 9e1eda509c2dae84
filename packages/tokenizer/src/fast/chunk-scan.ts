import { moduleBytes } from '../module-bytes.js';
import { MODULE } from './module.generated.js';

/** Exports of assembly/index.ts. */
export interface ScanExports {
  readonly ENDS: WebAssembly.Global;
  readonly FIRST_END: WebAssembly.Global;
  readonly IDS: WebAssembly.Global;
  readonly IDS_PER_BYTE: WebAssembly.Global;
  readonly INPUT: WebAssembly.Global;
  readonly INPUT_BYTES: WebAssembly.Global;
  readonly PUNCTUATION: WebAssembly.Global;
  setUp(bits: number, unknownId: number, unknownExists: boolean): void;
  begin(texts: number, end: number, options: number, maxIds: number, drop: boolean): number;
  resolve(count: number, flags: number): number;
  skip(): number;
}

/** All texts are done. Same numbers as in assembly/index.ts. */
export const DONE = 0;
/** {@link ChunkScan.chunk} is unknown. */
export const MISS = 1;
/** {@link ChunkScan.text} must be read as a whole. */
export const WHOLE = 2;

/** The first text is a continuation. */
export const CONTINUES = 1;
/** The last text is continued in the next pass. */
export const CONTINUED = 2;

const PAGE_BYTES = 1 << 16;
const NO_LIMIT = 0xffff_ffff;
/** Longer lists are copied by the engine, which has a fixed cost. */
const SHORT_LIST = 24;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  // The build keeps it below the size up to which browsers compile synchronously.
  compiled ??= new WebAssembly.Module(moduleBytes(MODULE));
  return compiled;
}

/** Options of a scan. */
export interface ChunkScanOptions {
  /** ASCII characters to cut around. */
  readonly punctuation: string;
  /** Id that {@link ChunkScan.begin} drops. */
  readonly unknownId: number | null;
  /** Binary logarithm of the number of slots, at most 17. The memo starts over when five eighths of them are full. */
  readonly memoBits: number;
}

/**
 * Turns texts into ids in the memory of the module in assembly/. It reserves 8 MiB of addresses, 12 after the memo has
 * grown: 4 MiB of memo, 4 MiB of its arena, at most 4 MiB of input and output. Unused pages are not resident.
 */
export class ChunkScan {
  /** Most UTF-16 units of one pass, plus one per text. */
  readonly maxUnits: number;
  readonly maxTexts: number;
  readonly idsPerByte: number;
  /** Bytes of UTF-8 of the texts of this pass. */
  inputBytes = 0;
  /** The texts if all are ASCII, so that byte and character positions are equal. */
  #ascii: string | undefined;
  protected exports: ScanExports;
  protected readonly memory: WebAssembly.Memory;
  #bytes!: Uint8Array<ArrayBuffer>;
  #words!: Uint32Array<ArrayBuffer>;
  #input!: Uint8Array<ArrayBuffer>;
  readonly #inputStart: number;
  /** In words. */
  readonly #idsStart: number;
  readonly #endsStart: number;

  constructor({ punctuation, unknownId, memoBits }: ChunkScanOptions) {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const instance = new WebAssembly.Instance(compile(), { env: { memory } });
    // The module is ours, so its exports have these types.
    const exports = instance.exports as unknown as ScanExports;
    memory.grow(Math.ceil(exports.FIRST_END.value / PAGE_BYTES) - 1);
    this.exports = exports;
    this.memory = memory;
    // UTF-8 has at most three bytes per unit.
    this.maxUnits = exports.INPUT_BYTES.value / 3;
    // The input follows one end per text.
    this.maxTexts = (exports.INPUT.value - exports.ENDS.value) / 4;
    this.idsPerByte = exports.IDS_PER_BYTE.value;
    this.#inputStart = exports.INPUT.value;
    this.#idsStart = exports.IDS.value / 4;
    this.#endsStart = exports.ENDS.value / 4;
    this.view();
    for (const character of punctuation) {
      const code = character.charCodeAt(0);
      this.#bytes[exports.PUNCTUATION.value + (code & 15)]! |= 1 << (code >> 4);
    }
    exports.setUp(memoBits, unknownId ?? 0, unknownId !== null);
  }

  /** Follows the memory after it has grown. */
  protected view(): void {
    const { buffer } = this.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#input = new Uint8Array(buffer, this.#inputStart, this.exports.INPUT_BYTES.value);
  }

  /**
   * Starts a pass of texts joined by U+0000, with at most {@link ChunkScan.maxUnits} units plus one per text.
   *
   * @param options - {@link CONTINUES} and {@link CONTINUED}.
   * @returns {@link DONE}, {@link MISS}, {@link WHOLE} or {@link ZERO}, like the other steps
   */
  begin(texts: number, joined: string, options: number, maxIds: number, dropsUnknown: boolean): number {
    const { written } = encoder.encodeInto(joined, this.#input);
    this.inputBytes = written;
    this.#ascii = written === joined.length ? joined : undefined;
    const end = this.#inputStart + written + 1;
    return this.exports.begin(texts, end, options, Math.min(maxIds, NO_LIMIT), dropsUnknown);
  }

  /** The unknown chunk. */
  chunk(): string {
    const start = this.#words[0]!;
    const end = this.#words[1]!;
    return (
      this.#ascii?.slice(start - this.#inputStart, end - this.#inputStart) ??
      decoder.decode(this.#bytes.subarray(start, end))
    );
  }

  /** Bytes of UTF-8 of the unknown chunk. */
  get chunkBytes(): number {
    return this.#words[1]! - this.#words[0]!;
  }

  /** Index of the current text. */
  get text(): number {
    return this.#words[3]!;
  }

  /** Continues with the ids of the unknown chunk, at most {@link ChunkScan.idsPerByte} per byte. */
  resolve(ids: Uint32Array, count: number, flags: number): number {
    const words = this.#words;
    const at = words[2]! >> 2;
    for (let i = 0; i < count; i++) words[at + i] = ids[i]!;
    const status = this.exports.resolve(count, flags);
    // The memo has grown.
    if (words.length === 0) this.view();
    return status;
  }

  /** Continues after the current text. Drops the ids so far. */
  skip(): number {
    return this.exports.skip();
  }

  /** Number of ids of all texts before the current one, since the start or the last {@link ChunkScan.skip}. */
  get idCount(): number {
    return (this.#words[2]! >> 2) - this.#idsStart;
  }

  /** Returns a copy of these ids. */
  copyIds(): Uint32Array<ArrayBuffer> {
    return this.#words.slice(this.#idsStart, this.#idsStart + this.idCount);
  }

  /** Copies these ids to memory with enough room. */
  writeIds(target: Uint32Array, at: number): void {
    const words = this.#words;
    const start = this.#idsStart;
    const count = this.idCount;
    if (count > SHORT_LIST) {
      target.set(words.subarray(start, start + count), at);
      return;
    }
    for (let i = 0; i < count; i++) target[at + i] = words[start + i]!;
  }

  /** End of the ids of a text, in the numbers of {@link ChunkScan.idCount}. */
  endOf(text: number): number {
    return this.#words[this.#endsStart + text]!;
  }
}
