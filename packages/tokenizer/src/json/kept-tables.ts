import { type PackedTokens, Vocabulary } from '../models/vocabulary.js';
import { joinJson, type SplitJson, splitJson } from './tokenizer-json.js';

/** A place for the tables of one `tokenizer.json`, such as a file named by its hash. */
export interface KeptTables {
  /** The bytes that were written last, or `undefined` if there are none or they are damaged. */
  read(): Promise<Uint8Array | undefined>;
  /** Keeps bytes, given in parts. It must not throw, and need not be finished when it returns. */
  write(parts: readonly Uint8Array[]): void;
}

/** Version of the bytes and of the hash of tokens. Tables of another version are made again. */
const FORM = 1;

/** The arrays of {@link PackedTokens} in their order in the bytes: elements never get longer, so all are aligned. */
const ARRAYS = {
  scores: Float64Array,
  starts: Uint32Array,
  ids: Uint32Array,
  slots: Uint32Array,
  lengthCounts: Uint32Array,
  units: Uint16Array,
} as const;
type ArrayName = keyof typeof ARRAYS;
const NAMES = Object.keys(ARRAYS) as readonly ArrayName[];

/** JSON before the arrays. */
interface TablesHeader {
  readonly form: number;
  readonly text: string;
  readonly mark: string;
  readonly size: number;
  readonly longest: number;
  /** Elements of each array. */
  readonly lengths: Readonly<Record<ArrayName, number>>;
}

const ALIGNMENT = 8;
const LENGTH_BYTES = 4;

/** Parts of the bytes that {@link unpackTables} reads: the header's length and the header, then the arrays. */
export function packTables({ text, mark, vocabulary }: SplitJson): readonly Uint8Array[] {
  const { size, longest, scores = new Float64Array(), lengthCounts, ...others } = vocabulary.packed;
  const arrays = { ...others, scores, lengthCounts: Uint32Array.from(lengthCounts) };
  const lengths = Object.fromEntries(NAMES.map((name) => [name, arrays[name].length]));
  const header = { form: FORM, text, mark, size, longest, lengths } as TablesHeader;
  const json = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(Math.ceil((LENGTH_BYTES + json.length) / ALIGNMENT) * ALIGNMENT).fill(0x20);
  new DataView(head.buffer).setUint32(0, head.length - LENGTH_BYTES, true);
  head.set(json, LENGTH_BYTES);
  return [head, ...NAMES.map((name) => bytesOf(arrays[name]))];
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** What {@link packTables} packed, as views of the bytes, or `undefined` if another version did. */
export function unpackTables(bytes: Uint8Array): SplitJson | undefined {
  if (bytes.byteOffset % ALIGNMENT !== 0) return unpackTables(bytes.slice());
  const headerEnd = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, headerEnd)),
  ) as TablesHeader;
  if (header.form !== FORM) return undefined;
  const { text, mark, size, longest, lengths } = header;
  let start = bytes.byteOffset + headerEnd;
  const views = Object.fromEntries(
    NAMES.map((name) => {
      const view = new ARRAYS[name](bytes.buffer as ArrayBuffer, start, lengths[name]);
      start += view.byteLength;
      return [name, view];
    }),
  ) as unknown as Required<PackedTokens>;
  const scores = lengths.scores > 0 ? views.scores : undefined;
  return { text, mark, vocabulary: new Vocabulary({ ...views, scores, size, longest }) };
}

/**
 * Parses a text as `parseTokenizerJson` of tokenizer-json.ts does. With `tables`, the vocabulary comes from there; if it
 * is not there, it is read from the text and kept there.
 *
 * @param check - throws for a text that must not be parsed; not called for a text whose tables are kept
 */
export async function parseTokenizerJson(
  bytes: Uint8Array,
  check: (bytes: Uint8Array) => void,
  { tables }: { readonly tables?: KeptTables | undefined },
): Promise<unknown> {
  const kept = await tables?.read();
  const unpacked = kept && unpackTables(kept);
  if (unpacked !== undefined) return joinJson(unpacked);
  check(bytes);
  const split = splitJson(bytes);
  const value = split && joinJson(split);
  if (value !== undefined) tables?.write(packTables(split!));
  return value;
}
