import { compileScoring, type ScoringExports } from './scoring-module.js';
import { rowStride } from './vector-type.js';

/** Rows compared with one signature after the other while they are in the first-level cache: 32 KiB. */
const BLOCK_ROWS = 1024;
const PAGE = 1 << 16;
/** Rows grow by half, because signatures are small. */
const GROWTH = 1.5;

/** Bit signatures, compared by their number of differing bits. */
export class SignatureTable {
  /** Bytes of a signature. */
  readonly stride: number;
  readonly #wasm: { readonly memory: WebAssembly.Memory; readonly exports: ScoringExports } | undefined;
  readonly #rowsAt: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #rows = 0;

  private constructor(bits: number, module: WebAssembly.Module | undefined) {
    this.stride = rowStride('binary', bits);
    // Memory, from address 0: one signature, the rows found, the rows.
    this.#rowsAt = this.stride + BLOCK_ROWS * 4;
    if (module === undefined) {
      this.#bytes = new Uint8Array(PAGE);
      return;
    }
    const memory = new WebAssembly.Memory({ initial: Math.ceil((this.#rowsAt * 2) / PAGE) });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.#wasm = { memory, exports: exports as unknown as ScoringExports };
    this.#bytes = new Uint8Array(memory.buffer);
  }

  static async create(bits: number): Promise<SignatureTable> {
    return new SignatureTable(bits, await compileScoring());
  }

  append(signature: Uint8Array): void {
    const at = this.#rowsAt + this.#rows * this.stride;
    if (at + this.stride > this.#bytes.length) this.#grow();
    this.#bytes.set(signature, at);
    this.#rows++;
  }

  /** Returns the rows that differ from each signature in at most `limit` bits; no rows for `undefined`. */
  within(signatures: readonly (Uint8Array | undefined)[], limit: number): number[][] {
    const found: number[][] = signatures.map(() => []);
    for (let first = 0; first < this.#rows; first += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, this.#rows - first);
      signatures.forEach((signature, i) => {
        if (signature === undefined) return;
        this.#bytes.set(signature);
        for (const row of this.#near(first, count, limit)) found[i]!.push(first + row);
      });
    }
    return found;
  }

  #near(first: number, count: number, limit: number): Iterable<number> {
    const at = this.#rowsAt + first * this.stride;
    if (this.#wasm === undefined) return this.#nearWithoutWasm(at, count, limit);
    const found = this.#wasm.exports.rowsWithin(at, this.stride, count, 0, limit, this.stride);
    return found === 0 ? [] : new Uint32Array(this.#wasm.memory.buffer, this.stride, found);
  }

  #nearWithoutWasm(at: number, count: number, limit: number): number[] {
    const words = new Uint32Array(this.#bytes.buffer);
    const width = this.stride / 4;
    const found: number[] = [];
    for (let row = 0, word = at / 4; row < count; row++) {
      let differing = 0;
      for (let i = 0; i < width; i++, word++) {
        let bits = words[word]! ^ words[i]!;
        bits -= (bits >>> 1) & 0x5555_5555;
        bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
        differing += Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
      }
      if (differing <= limit) found.push(row);
    }
    return found;
  }

  #grow(): void {
    const size = Math.ceil((this.#bytes.length * GROWTH) / PAGE) * PAGE;
    if (this.#wasm === undefined) {
      const larger = new Uint8Array(size);
      larger.set(this.#bytes);
      this.#bytes = larger;
      return;
    }
    this.#wasm.memory.grow((size - this.#bytes.length) / PAGE);
    this.#bytes = new Uint8Array(this.#wasm.memory.buffer);
  }
}
