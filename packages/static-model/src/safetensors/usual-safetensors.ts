import type { Safetensors, SafetensorsDtype, Tensor } from './tensor.js';

/** Size of the header length at the start of a file. */
export const LENGTH_BYTES = 8;

/**
 * Longest header that the format allows, in bytes, so that a parser never reads gigabytes of JSON; the format's own
 * library refuses longer ones too.
 */
export const MAX_HEADER_BYTES = 100_000_000;

/** Most bytes of a usual header: `JSON.parse` makes fifty times as many of a nest of brackets. */
const USUAL_HEADER_BYTES = 1 << 20;

/** Bytes per element of the dtypes that models use. */
const ELEMENT_BYTES = { F64: 8, F32: 4, F16: 2, BF16: 2, I8: 1, I32: 4, I64: 8 } as const;

/** The header length in the file, unchecked. */
export function headerBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  return view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
}

/**
 * Returns where the header ends and the data begins, given the first eight bytes of a file; `undefined` if this cannot
 * be the start of a safetensors file of that size.
 */
export function usualHeaderEnd(bytes: Uint8Array, fileBytes: number): number | undefined {
  if (fileBytes < LENGTH_BYTES) return undefined;
  const length = headerBytes(bytes);
  return length <= Math.min(MAX_HEADER_BYTES, fileBytes - LENGTH_BYTES) ? LENGTH_BYTES + length : undefined;
}

/**
 * A small fast path of `parseSafetensors` for files as the format's own library writes them; `undefined` for any other
 * file, which may still be valid.
 *
 * A header that serialises back to the same text has no duplicate keys, no numbers other than counts, no needless
 * escapes, and white space only at its end.
 */
export function usualSafetensors(
  bytes: Uint8Array,
  file: string,
  fileBytes: number,
): Safetensors | undefined {
  const dataStart = usualHeaderEnd(bytes, fileBytes);
  if (dataStart === undefined || dataStart > USUAL_HEADER_BYTES) return undefined;
  try {
    const headerJson = bytes.subarray(LENGTH_BYTES, dataStart);
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(headerJson);
    const header: unknown = JSON.parse(text);
    // An escaped surrogate could be half a pair.
    if (!isObject(header) || text.includes('\\u')) return undefined;
    if (JSON.stringify(header).padEnd(text.length) !== text) return undefined;
    const { __metadata__: metadata = {}, ...entries } = header;
    if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== 'string'))
      return undefined;
    const tensors = Object.entries(entries).map(([name, entry]) =>
      tensorOf(name, entry as TensorEntry, dataStart),
    );
    tensors.sort((a, b) => a.start - b.start);
    let covered = dataStart;
    for (const { start, end } of tensors) {
      if (start !== covered) return undefined;
      covered = end;
    }
    if (covered !== fileBytes) return undefined;
    return {
      file,
      tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
      metadata: new Map(Object.entries(metadata as Record<string, string>)),
    };
  } catch {
    return undefined;
  }
}

/** The expected shape, not yet checked. */
interface TensorEntry {
  readonly dtype: keyof typeof ELEMENT_BYTES & SafetensorsDtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

/** @throws if an entry is invalid or empty */
function tensorOf(name: string, entry: TensorEntry, dataStart: number): Tensor {
  const { dtype, shape, data_offsets } = entry;
  const [start, end] = data_offsets;
  const size = shape.reduce((product, length) => product * length, 1);
  const isUsual =
    Object.keys(entry).length === 3 &&
    data_offsets.length === 2 &&
    [...data_offsets, ...shape, size, size * 64].every(
      (value) => Number.isSafeInteger(value) && value >= 0,
    ) &&
    size > 0 &&
    shape.length <= 2 &&
    // NaN for any other dtype.
    end - start === size * ELEMENT_BYTES[dtype];
  if (!isUsual) throw new RangeError(name);
  return { name, dtype, shape, size, start: dataStart + start, end: dataStart + end };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
