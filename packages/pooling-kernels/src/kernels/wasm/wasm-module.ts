import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { hasWideWeights } from '../../wide-weights.js';

/** Exports of `assembly/index.ts`. */
export interface WasmExports {
  locate(
    ids: number,
    count: number,
    limit: number,
    rows: number,
    table: number,
    rowBytes: number,
    mapping: number,
    form: number,
    weights: number,
    gathered: number,
  ): number;
  pool(
    rule: number,
    starts: number,
    texts: number,
    rows: number,
    gathered: number,
    dim: number,
    zeros: number,
    sums: number,
    out: number,
    normalized: boolean,
    rowBytes: number,
    recent: number,
  ): void;
  sum(
    rule: number,
    rows: number,
    end: number,
    gathered: number,
    dim: number,
    from: number,
    to: number,
    divisor: number,
  ): void;
  normalize(values: number, count: number): void;
}

/** How the module adds rows and gathers their weights, as numbers of `assembly`. */
export interface Rule {
  readonly sums: number;
  readonly weights: number;
}

/** In the order of the rules. */
const DTYPES: readonly EmbeddingTable['dtype'][] = ['float32', 'float16', 'bfloat16', 'int8', 'float64'];
const WEIGHTED = 3;
const INT8 = 7;
const WIDE = 8;

/** Sums are float64 if an operand is, as in numpy. Sums of int8 are exact in both types. */
export function ruleFor(table: EmbeddingTable): Rule {
  const { dtype, weights } = table;
  const index = DTYPES.indexOf(dtype);
  if (hasWideWeights(table)) return { sums: WIDE + index, weights: 3 };
  if (dtype === 'float64') return { sums: WIDE + index, weights: weights === undefined ? 4 : 2 };
  if (weights !== undefined) return { sums: WEIGHTED + index, weights: 1 };
  return { sums: dtype === 'int8' ? INT8 : index, weights: 0 };
}

/** The rule for a text of more tokens than a piece, whose int8 sums overflow float32's exact range. */
export function ruleForLong(rule: Rule): Rule {
  return rule.sums === INT8 ? { sums: WIDE + DTYPES.indexOf('int8'), weights: 4 } : rule;
}

export function isWide(rule: Rule): boolean {
  return rule.sums >= WIDE;
}

const compiled: (Promise<WebAssembly.Module> | undefined)[] = [];

/** Instantiates the module on a memory. The module is compiled once for shared memory and once for unshared. */
export async function instantiate(memory: WebAssembly.Memory, shared: boolean): Promise<WasmExports> {
  const instance = await WebAssembly.instantiate(await compiledModule(shared), { env: { memory } });
  // The module is ours, so its exports have these types.
  return instance.exports as unknown as WasmExports;
}

/** Starts to compile the module, so that it is ready when the table is read. */
export function prepareModule(shared: boolean): void {
  compiledModule(shared).catch(() => undefined);
}

function compiledModule(shared: boolean): Promise<WebAssembly.Module> {
  const kind = shared ? 1 : 0;
  compiled[kind] ??= moduleBytes(shared)
    .then((bytes) => WebAssembly.compile(bytes))
    .catch((error: unknown) => {
      // Retry at the next call: a page may have been offline.
      compiled[kind] = undefined;
      throw error;
    });
  return compiled[kind];
}

async function moduleBytes(shared: boolean): Promise<Uint8Array<ArrayBuffer>> {
  // A separate file, because it compresses better: as part of the code it takes a third more.
  const { MEMORY_FLAGS, MODULE } = await import('./module.generated.js');
  // A loop, because `from` takes milliseconds for a string.
  const bytes = new Uint8Array(MODULE.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = MODULE.charCodeAt(i) - 32;
  if (!shared) bytes[MEMORY_FLAGS] = 1;
  return bytes;
}
