import { MODULE } from './wasm/module.generated.js';

/** Exports of `wasm/assembly/index.ts`. */
export interface ScoringExports {
  float32Scores(rows: number, stride: number, count: number, query: number, out: number): void;
  splitRow(row: number, half: number, high: number, low: number): number;
  joinRow(high: number, low: number, half: number, row: number): void;
  nibbleScores(rows: number, half: number, count: number, query: number, out: number): void;
  selectNear(
    scores: number,
    errors: number,
    factors: number,
    count: number,
    offset: number,
    reach: number,
    scale: number,
    least: number,
    found: number,
  ): number;
  selectExact(
    low: number,
    half: number,
    query: number,
    scores: number,
    factors: number,
    offset: number,
    scale: number,
    least: number,
    found: number,
    number: number,
  ): number;
  binaryDistances(rows: number, stride: number, count: number, query: number, out: number): void;
  selectFloats(
    scores: number,
    factors: number,
    count: number,
    scale: number,
    least: number,
    found: number,
  ): number;
  selectIntegers: ScoringExports['selectFloats'];
  rowsWithin(rows: number, stride: number, count: number, query: number, limit: number, out: number): number;
}

let compiled: Promise<WebAssembly.Module | undefined> | undefined;

/** Compiles the module once; `undefined` if this engine or page refuses WebAssembly with SIMD. */
export function compileScoring(): Promise<WebAssembly.Module | undefined> {
  compiled ??= instantiable().catch(() => undefined);
  return compiled;
}

/** Instantiates the module, too, because WebKit applies a content security policy only then. */
async function instantiable(): Promise<WebAssembly.Module> {
  const env = { memory: new WebAssembly.Memory({ initial: 1 }) };
  return (await WebAssembly.instantiate(moduleBytes(), { env })).module;
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MODULE.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = MODULE.charCodeAt(i) - 32;
  return bytes;
}
