import { SearchError } from '../search-error.js';
import type { Key } from '../store/text-row.js';
import { METRICS, type Metric, rowStride, type VectorType } from '../vectors/vector-type.js';
import type { SavedWords } from '../words/word-index.js';
import { crc32 } from './crc32.js';
import type { RowContent } from './row-table.js';

/** A saved index that is read in ranges. */
export interface ByteRanges {
  /** Size of the whole in bytes. */
  readonly byteLength: number;
  /** Returns the bytes from `start` to before `end`. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Source of a saved index: all of its bytes, or a reader of ranges. */
export type IndexSource = Uint8Array | ByteRanges;

/** Content of rows that is read on demand. */
export interface LazyRows {
  read(rows: readonly number[]): Promise<RowContent[]>;
  readAll(): Promise<RowContent[]>;
}

/** Content of an index file. */
export interface SavedIndex {
  readonly type: VectorType;
  readonly dim: number;
  readonly metric: Metric;
  readonly fingerprint: string;
  readonly vectors: Uint8Array;
  readonly ids: readonly Key[];
  /** `undefined` if they are read on demand. */
  readonly contents: readonly RowContent[] | undefined;
  readonly words: SavedWords | undefined;
  readonly lazy?: LazyRows;
}

// A file contains, little-endian: MAGIC, uint32 length and uint32 CRC-32 of the header, the header as JSON, and the
// sections at multiples of 64 bytes from BASE. The header lists each section's offset, length and CRC-32. Rows are
// concatenated JSON texts, [text, fields]; `rowEnds` contains their ends.
const MAGIC = new TextEncoder().encode('M2VINDEX');
const VERSION = 1;
const ALIGNMENT = 64;
const PRELUDE = MAGIC.length + 8;
/** A header has a few hundred bytes; a longer one is invalid. */
const MOST_HEADER = 1 << 16;

const SECTIONS = ['vectors', 'ids', 'rowEnds', 'rows'] as const;
const WORD_SECTIONS = ['terms', 'frequencies', 'lengths', 'postingStarts', 'postings', 'lastRows'] as const;
type SectionName = (typeof SECTIONS)[number] | (typeof WORD_SECTIONS)[number];

interface Section {
  readonly at: number;
  readonly length: number;
  readonly crc32: number;
}

interface Header {
  readonly version: number;
  readonly type: VectorType;
  readonly dim: number;
  readonly metric: Metric;
  readonly fingerprint: string;
  readonly count: number;
  readonly sections: Readonly<Partial<Record<SectionName, Section>>>;
}

/** The bytes of an index file, in parts. */
export function writeIndex(saved: SavedIndex): readonly Uint8Array<ArrayBuffer>[] {
  const { type, dim, metric, fingerprint, ids, contents = [], words } = saved;
  const { rowEnds, rows } = packedRows(contents);
  const bytes: [SectionName, Uint8Array][] = [
    ['vectors', saved.vectors],
    ['ids', jsonBytes(ids.map((id) => (typeof id === 'bigint' ? [String(id)] : id)))],
    ['rowEnds', bytesOf(rowEnds)],
    ['rows', rows],
  ];
  if (words !== undefined) {
    bytes.push(
      ['terms', jsonBytes(words.terms)],
      ['frequencies', bytesOf(words.documentFrequencies)],
      ['lengths', bytesOf(words.lengths)],
      ['postingStarts', bytesOf(words.postings.starts)],
      ['postings', words.postings.bytes],
      ['lastRows', bytesOf(words.postings.lastRows)],
    );
  }
  const sections: Partial<Record<SectionName, Section>> = {};
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, content] of bytes) {
    sections[name] = { at, length: content.length, crc32: crc32(content) };
    parts.push(content, new Uint8Array(padding(content.length)));
    at += content.length + padding(content.length);
  }
  const header: Header = { version: VERSION, type, dim, metric, fingerprint, count: ids.length, sections };
  const text = jsonBytes(header);
  const prelude = new Uint8Array(PRELUDE);
  prelude.set(MAGIC);
  const view = new DataView(prelude.buffer, MAGIC.length);
  view.setUint32(0, text.length, true);
  view.setUint32(4, crc32(text), true);
  return [
    prelude,
    text,
    new Uint8Array(padding(PRELUDE + text.length)),
    ...parts,
  ] as Uint8Array<ArrayBuffer>[];
}

/**
 * Reads an index; from a range reader, everything except the rows.
 *
 * @throws {@link SearchError} `malformed`
 */
export async function readIndex(source: IndexSource): Promise<SavedIndex> {
  const isWhole = ArrayBuffer.isView(source);
  const ranges: ByteRanges = isWhole
    ? { byteLength: source.length, read: (start, end) => Promise.resolve(source.subarray(start, end)) }
    : source;
  const { header, base } = await readHeader(ranges);
  const read = async (name: SectionName): Promise<Uint8Array> => {
    const section = header.sections[name];
    if (section === undefined) throw malformed(`it has no section ${name}`);
    const end = base + section.at + section.length;
    if (end > ranges.byteLength)
      throw malformed(`section ${name} ends at ${end}, after the file's ${ranges.byteLength} bytes`);
    const bytes = await ranges.read(base + section.at, end);
    if (bytes.length !== section.length || crc32(bytes) !== section.crc32)
      throw malformed(`section ${name} was altered`);
    return bytes;
  };
  const { type, dim, metric, fingerprint, count, sections } = header;
  const vectors = await read('vectors');
  if (vectors.length !== count * rowStride(type, dim))
    throw malformed('its vectors are not as many as its rows');
  const ids = jsonOf<readonly (Key | readonly [string])[]>(await read('ids')).map((id) =>
    Array.isArray(id) ? BigInt(id[0] as string) : (id as Key),
  );
  const rowEnds = float64s(await read('rowEnds'));
  if (ids.length !== count || rowEnds.length !== count)
    throw malformed('its ids are not as many as its rows');
  const readAll = async (): Promise<RowContent[]> => unpackedRows(await read('rows'), rowEnds);
  const words = sections.terms === undefined ? undefined : await readWords(read, count);
  const common = { type, dim, metric, fingerprint, vectors, ids, words };
  if (isWhole) return { ...common, contents: await readAll() };
  const rowsAt = base + (sections.rows?.at ?? 0);
  const readRow = async (row: number): Promise<RowContent> => {
    const start = row === 0 ? 0 : rowEnds[row - 1]!;
    return rowContent(await ranges.read(rowsAt + start, rowsAt + rowEnds[row]!));
  };
  return {
    ...common,
    contents: undefined,
    lazy: { readAll, read: (rows) => Promise.all(rows.map(readRow)) },
  };
}

async function readHeader(ranges: ByteRanges): Promise<{ readonly header: Header; readonly base: number }> {
  const prelude = await ranges.read(0, Math.min(PRELUDE, ranges.byteLength));
  if (prelude.length < PRELUDE || MAGIC.some((byte, i) => prelude[i] !== byte))
    throw malformed('it does not begin as one');
  const view = new DataView(prelude.buffer, prelude.byteOffset + MAGIC.length);
  const length = view.getUint32(0, true);
  if (length > MOST_HEADER || PRELUDE + length > ranges.byteLength)
    throw malformed(`its header claims ${length} bytes`);
  const text = await ranges.read(PRELUDE, PRELUDE + length);
  if (crc32(text) !== view.getUint32(4, true)) throw malformed('its header was altered');
  const header = jsonOf<Header>(text);
  if (header.version !== VERSION)
    throw malformed(`its version is ${header.version}; this package reads ${VERSION}`);
  if (!METRICS[header.type]?.includes(header.metric))
    throw malformed(`it has ${header.type} vectors of ${header.metric}`);
  return { header, base: PRELUDE + length + padding(PRELUDE + length) };
}

async function readWords(
  read: (name: SectionName) => Promise<Uint8Array>,
  rows: number,
): Promise<SavedWords> {
  const terms = jsonOf<readonly string[]>(await read('terms'));
  const starts = uint32s(await read('postingStarts'));
  const lastRows = uint32s(await read('lastRows'));
  const lengths = uint32s(await read('lengths'));
  if (starts.length !== terms.length + 1 || lengths.length !== rows)
    throw malformed('its words do not fit its rows');
  const postings = { starts, bytes: await read('postings'), lastRows, rows };
  return { terms, documentFrequencies: uint32s(await read('frequencies')), lengths, postings };
}

function packedRows(contents: readonly RowContent[]): { rowEnds: Float64Array; rows: Uint8Array } {
  const encoder = new TextEncoder();
  const rowEnds = new Float64Array(contents.length);
  let rows = new Uint8Array(1 << 16);
  let end = 0;
  contents.forEach(({ text, fields }, i) => {
    const content = encoder.encode(JSON.stringify(fields === undefined ? [text] : [text, fields]));
    if (end + content.length > rows.length) {
      const larger = new Uint8Array((end + content.length) * 2);
      larger.set(rows);
      rows = larger;
    }
    rows.set(content, end);
    end += content.length;
    rowEnds[i] = end;
  });
  return { rowEnds, rows: rows.subarray(0, end) };
}

function unpackedRows(bytes: Uint8Array, rowEnds: Float64Array): RowContent[] {
  return Array.from(rowEnds, (end, row) =>
    rowContent(bytes.subarray(row === 0 ? 0 : rowEnds[row - 1]!, end)),
  );
}

function rowContent(bytes: Uint8Array): RowContent {
  const [text, fields] = jsonOf<readonly [string, RowContent['fields']?]>(bytes);
  return { text, fields };
}

function padding(length: number): number {
  return (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function jsonOf<T>(bytes: Uint8Array): T {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as T;
  } catch (error) {
    throw new SearchError('malformed', 'the bytes are no saved index: they hold text that is no JSON', {
      cause: error,
    });
  }
}

function bytesOf(array: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Copies, because sections of a view may be unaligned. */
function uint32s(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

function float64s(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.slice().buffer);
}

function malformed(problem: string): SearchError {
  return new SearchError('malformed', `the bytes are no saved index: ${problem}`);
}
