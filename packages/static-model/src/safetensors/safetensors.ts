import { MalformedModelError, UnsupportedModelError } from '../model-error.js';
import { type HeaderObject, HeaderSyntaxError, parseHeaderJson } from './header-json.js';
import { DTYPE_BITS, type Safetensors, type SafetensorsDtype, type Tensor } from './tensor.js';
import { headerBytes, LENGTH_BYTES, MAX_HEADER_BYTES, usualHeaderEnd } from './usual-safetensors.js';

/** No framework has tensors of a higher rank; the limit keeps a shape from being an attack. */
const MAX_RANK = 64;

/** File and tensor names are untrusted and may be long, so messages show only their start. */
function quoted(name: string): string {
  return name.length > 80 ? `${JSON.stringify(name.slice(0, 80))}…` : JSON.stringify(name);
}

/**
 * Reads and checks the header of a safetensors file: length, JSON, names, dtypes, shapes, and that the tensors cover
 * the data without holes or overlaps, like the format's own library. Reads no tensor bytes.
 *
 * It also refuses what that library accepts but no writer produces: white space before the header, duplicate tensor
 * names, a tensor entry that is an array, shapes with more than 64 dimensions or a number beyond 2⁵³.
 *
 * @param bytes - the file, at least up to the end of the header: {@link headerEnd}
 * @param file - its name, for messages
 * @param fileBytes - its size
 * @throws {@link MalformedModelError} if the file breaks the format
 * @throws {@link UnsupportedModelError} for a dtype that is not in {@link DTYPE_BITS}
 *
 * @example
 * ```ts
 * import { parseSafetensors } from '@model2vec-ts/static-model/safetensors';
 *
 * const file = 'model.safetensors';
 * const response = await fetch(`https://example.com/models/my-model/${file}`);
 * const bytes = new Uint8Array(await response.arrayBuffer());
 *
 * for (const { name, dtype, shape } of parseSafetensors(bytes, file).tensors.values()) {
 *   console.log(name, dtype, shape); // embeddings F32 [ 29525, 256 ]
 * }
 * ```
 */
export function parseSafetensors(
  bytes: Uint8Array,
  file: string,
  fileBytes: number = bytes.length,
): Safetensors {
  const malformed = (problem: string): MalformedModelError => new MalformedModelError(file, problem);

  const dataStart = headerEnd(bytes, file, fileBytes);
  const header = readHeader(bytes.subarray(LENGTH_BYTES, dataStart), malformed);
  const metadata = readMetadata(header.get('__metadata__'), malformed);
  // Offsets count from the start of the data.
  const spans: Tensor[] = [];
  for (const [name, entry] of header) {
    if (name !== '__metadata__') spans.push(readSpan(name, entry, file, malformed));
  }
  spans.sort((a, b) => a.start - b.start || a.end - b.end);

  const dataBytes = fileBytes - dataStart;
  let covered = 0;
  for (const { name, start, end } of spans) {
    if (end > dataBytes) {
      throw malformed(
        `tensor ${quoted(name)} ends at byte ${end} of the data, but the file has only ${dataBytes} bytes of it: it was probably cut off`,
      );
    }
    if (start !== covered) {
      const what = start < covered ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw malformed(
        `tensor ${quoted(name)} ${what}: it starts at byte ${start} of the data, not ${covered}`,
      );
    }
    covered = end;
  }
  if (covered !== dataBytes) {
    throw malformed(
      `${dataBytes - covered} bytes of data belong to no tensor: the tensors end at ${covered}`,
    );
  }

  const tensors = new Map<string, Tensor>();
  for (const span of spans) {
    tensors.set(span.name, { ...span, start: dataStart + span.start, end: dataStart + span.end });
  }
  return { file, tensors, metadata };
}

/**
 * Returns where the header ends and the data begins, given the first eight bytes of a file.
 *
 * @throws {@link MalformedModelError} if this cannot be the start of a safetensors file of that size
 */
export function headerEnd(bytes: Uint8Array, file: string, fileBytes: number): number {
  const malformed = (problem: string): MalformedModelError => new MalformedModelError(file, problem);
  if (fileBytes < LENGTH_BYTES) {
    throw malformed(`has ${fileBytes} bytes; a safetensors file starts with a header length of 8`);
  }
  const end = usualHeaderEnd(bytes, fileBytes);
  if (end !== undefined) return end;
  const byteLength = headerBytes(bytes);
  if (byteLength > MAX_HEADER_BYTES) throw malformed(problemOfLength(byteLength, bytes));
  throw malformed(
    `its header claims ${byteLength} bytes, but only ${fileBytes - LENGTH_BYTES} follow: it was probably cut off`,
  );
}

function readHeader(bytes: Uint8Array, malformed: (problem: string) => MalformedModelError): HeaderObject {
  if (bytes[0] !== 0x7b) throw malformed('its header does not start with "{"');
  try {
    return parseHeaderJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as HeaderObject;
  } catch (error) {
    if (error instanceof HeaderSyntaxError) throw malformed(`its header is not valid: ${error.message}`);
    throw malformed('its header is not valid UTF-8');
  }
}

/** If the file is text, its first eight bytes decode to a huge length; then the text explains more than the number. */
function problemOfLength(byteLength: number, bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, LENGTH_BYTES));
  if (start === 'version ') return 'is a Git LFS pointer, not the file itself: fetch it with `git lfs pull`';
  if (/^\s*<[!a-zA-Z]/.test(start)) {
    return 'is an HTML page, not a safetensors file: the address leads to something else';
  }
  return `its header claims ${byteLength} bytes; the format allows ${MAX_HEADER_BYTES}, so that a header cannot exhaust its reader. This is probably no safetensors file`;
}

function readMetadata(
  value: unknown,
  malformed: (problem: string) => MalformedModelError,
): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined || value === null) return metadata;
  if (!(value instanceof Map)) throw malformed('__metadata__ is not an object');
  for (const [key, text] of value as HeaderObject) {
    if (typeof text !== 'string')
      throw malformed(`__metadata__: the value of ${quoted(key)} is not a string`);
    metadata.set(key, text);
  }
  return metadata;
}

function readSpan(
  name: string,
  entry: unknown,
  file: string,
  malformed: (problem: string) => MalformedModelError,
): Tensor {
  const tensor = `tensor ${quoted(name)}`;
  if (!(entry instanceof Map)) throw malformed(`${tensor} is not described by an object`);
  const description: HeaderObject = entry;

  const dtype = description.get('dtype');
  if (typeof dtype !== 'string') throw malformed(`${tensor} has no dtype`);
  if (!isDtype(dtype)) {
    throw new UnsupportedModelError(
      `${file}: ${tensor} has the dtype ${quoted(dtype)}, which is not known; known are ${Object.keys(DTYPE_BITS).join(', ')}`,
    );
  }

  const shape = description.get('shape');
  if (!isCounts(shape)) throw malformed(`${tensor} has no shape of whole numbers up to 2⁵³ − 1`);
  if (shape.length > MAX_RANK) {
    throw malformed(`${tensor} has ${shape.length} dimensions; at most ${MAX_RANK} are read`);
  }
  let size = 1;
  for (const length of shape) {
    size *= length;
    if (!Number.isSafeInteger(size * DTYPE_BITS[dtype])) {
      throw malformed(`${tensor} has more elements than any file holds: shape [${shape.join(', ')}]`);
    }
  }
  const bits = size * DTYPE_BITS[dtype];

  const offsets = description.get('data_offsets');
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw malformed(`${tensor} has no data_offsets of two whole numbers up to 2⁵³ − 1`);
  }
  const [start, end] = offsets as [number, number];
  if (end < start) throw malformed(`${tensor} ends at byte ${end} of the data, before its start at ${start}`);
  if (end - start !== bits / 8) {
    throw malformed(
      `${tensor} has ${end - start} bytes, but ${dtype} of shape [${shape.join(', ')}] needs ${bits / 8}`,
    );
  }
  return { name, dtype, shape, size, start, end };
}

function isDtype(name: string): name is SafetensorsDtype {
  return Object.hasOwn(DTYPE_BITS, name);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item));
}
