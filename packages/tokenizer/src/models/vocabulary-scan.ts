import { moduleBytes } from '../module-bytes.js';
import { MODULE } from './module.generated.js';
import { slotCount, Vocabulary } from './vocabulary.js';

/** A vocabulary and where its JSON text ends. */
export interface ScannedVocabulary {
  readonly vocabulary: Vocabulary;
  readonly end: number;
}

/** Exports of assembly/index.ts. */
interface ScanExports {
  readonly found: WebAssembly.Global;
  readonly end: WebAssembly.Global;
  readonly unitBytes: WebAssembly.Global;
  readonly longest: WebAssembly.Global;
  readonly size: WebAssembly.Global;
  scan(
    text: number,
    starts: number,
    ids: number,
    counts: number,
    hashes: number,
    units: number,
    scores: number,
  ): number;
  index(
    starts: number,
    ids: number,
    counts: number,
    hashes: number,
    units: number,
    slots: number,
    mask: number,
  ): void;
}

const PAGE_BYTES = 1 << 16;
/** The shortest entries are `"":0,` and `["",0],`. */
const LEAST_ENTRY_BYTES = 5;
const LEAST_PAIR_BYTES = 7;
/** Bytes that a character cut off at the end is read beyond it. */
const TERMINATOR_BYTES = 8;

let compiled: WebAssembly.Module | undefined;

function instantiate(memory: WebAssembly.Memory): ScanExports | undefined {
  try {
    // The build keeps it below the size up to which browsers compile synchronously.
    compiled ??= new WebAssembly.Module(moduleBytes(MODULE));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    // The module is ours, so its exports have these types.
    return exports as unknown as ScanExports;
  } catch {
    return undefined;
  }
}

/**
 * Reads a JSON object of tokens and their ids, or a list of pairs of tokens and scores, from UTF-8, without making strings,
 * or an object with a property per token. Returns `undefined` for any unusual text: `JSON.parse` then distinguishes errors
 * from rare forms, such as escaped surrogates, ids of ten digits, scores with exponents, and equal tokens of a list. Also
 * returns `undefined` without WebAssembly.
 *
 * The arrays lie in the memory that holds the text: about three times its size.
 *
 * @param at - position of the object's opening brace, or of the list's bracket
 */
export function scanVocabulary(bytes: Uint8Array, at: number): ScannedVocabulary | undefined {
  const isList = bytes[at] === 0x5b;
  const length = bytes.length - at;
  const most = Math.ceil(length / (isList ? LEAST_PAIR_BYTES : LEAST_ENTRY_BYTES)) + 1;
  let size = 0;
  const area = (areaBytes: number): number => {
    const start = size;
    size = Math.ceil((start + areaBytes) / 8) * 8;
    return start;
  };
  const text = area(length + TERMINATOR_BYTES);
  const starts = area(4 * most);
  const ids = area(4 * most);
  const counts = area(4 * (length + 1));
  const hashes = area(4 * most);
  const scores = isList ? area(8 * most) : 0;
  const units = area(2 * length);

  // Pages that are never written to take addresses, but no memory.
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE_BYTES) });
  } catch {
    return undefined;
  }
  const wasm = instantiate(memory);
  if (wasm === undefined) return undefined;
  new Uint8Array(memory.buffer).set(bytes.subarray(at), text);
  if (wasm.scan(text, starts, ids, counts, hashes, units, scores) === 0) return undefined;

  const slotsLength = slotCount(wasm.found.value);
  const slots = units + Math.ceil(wasm.unitBytes.value / 8) * 8;
  const missing = slots + 4 * slotsLength - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  wasm.index(starts, ids, counts, hashes, units, slots, slotsLength - 1);

  const { buffer } = memory;
  const distinct: number = wasm.size.value;
  // The reference keeps the places of equal tokens in a list.
  if (isList && distinct !== wasm.found.value) return undefined;
  const longest: number = wasm.longest.value;
  const vocabulary = new Vocabulary({
    units: new Uint16Array(buffer, units, wasm.unitBytes.value / 2),
    starts: new Uint32Array(buffer, starts, distinct + 1),
    ids: new Uint32Array(buffer, ids, distinct),
    size: distinct,
    slots: new Uint32Array(buffer, slots, slotsLength),
    lengthCounts: new Uint32Array(buffer, counts, longest + 1),
    longest,
    scores: isList ? new Float64Array(buffer, scores, distinct) : undefined,
  });
  return { vocabulary, end: at + wasm.end.value - text };
}
