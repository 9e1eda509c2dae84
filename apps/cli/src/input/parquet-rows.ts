import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { FailureError } from '../terminal/cli-error.js';
import { fileError } from '../terminal/file-error.js';
import { type Found, type FoundBatch, NOT_UTF8 } from './found-row.js';
import type { RowCook } from './row-recipe.js';

/** Rows decoded at a time: a row group may have a million, which would all be in memory. */
const ROWS_AT_ONCE = 65_536;

/** Replaces a text that is not valid UTF-8. */
const BROKEN_TEXT = Symbol('bytes that are not UTF-8');

/** How a Parquet file is read. */
interface ParquetOptions {
  /** Columns to decode; `undefined` for all. */
  readonly columns: readonly string[] | undefined;
  /** Columns without which no row can be made. */
  readonly required: readonly string[];
  /** Called for a column that is left out. */
  readonly onNotice: ((line: string) => void) | undefined;
}

/**
 * Yields a row per row of a Parquet file. A column that cannot be decoded is reported and left out, unless it is
 * required.
 */
export async function* readParquetRows(
  path: string,
  cook: RowCook,
  { columns, required, onNotice }: ParquetOptions,
): AsyncGenerator<FoundBatch, void, undefined> {
  // The decompressors have a megabyte, so they are loaded only for Parquet.
  const [parquet, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const handle = await open(path).catch((cause: unknown) => {
    throw fileError('read', path, cause);
  });
  try {
    const size = (await handle.stat()).size;
    const buffer = {
      byteLength: size,
      slice: async (start: number, end = size): Promise<ArrayBuffer> => {
        const bytes = new Uint8Array(end - start);
        for (let done = 0; done < bytes.length; ) {
          const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) throw new FailureError(`${path} became shorter while it was read`);
          done += bytesRead;
        }
        return bytes.buffer;
      },
    };
    const metadata = await parquet.parquetMetadataAsync(buffer, { geoparquet: false });
    const names = parquet.parquetSchema(metadata).children.map(({ element }) => element.name);
    let wanted = columns?.filter((name) => names.includes(name));
    const read = (rowStart: number, rowEnd: number, some = wanted): Promise<Record<string, unknown>[]> =>
      parquet.parquetReadObjects({
        file: buffer,
        metadata,
        compressors,
        geoparquet: false,
        rowStart,
        rowEnd,
        parsers: { stringFromBytes },
        ...(some === undefined ? {} : { columns: [...some] }),
      });
    /** Returns the columns that can be decoded, if only columns that are not required cannot. */
    const readable = async (row: number, error: unknown): Promise<string[]> => {
      const good: string[] = [];
      for (const name of wanted ?? names) {
        try {
          await read(row, row + 1, [name]);
          good.push(name);
        } catch (cause) {
          if (required.includes(name)) throw error;
          const reason = cause instanceof Error ? cause.message : String(cause);
          onNotice?.(`${path}: column ${JSON.stringify(name)} cannot be read and is left out: ${reason}`);
        }
      }
      if (good.length === (wanted ?? names).length) throw error;
      return good;
    };
    const total = Number(metadata.num_rows);
    let begin = 0;
    for (const group of metadata.row_groups) {
      const end = begin + Number(group.num_rows);
      for (let start = begin; start < end; start += ROWS_AT_ONCE) {
        const rowEnd = Math.min(end, start + ROWS_AT_ONCE);
        let records: Record<string, unknown>[];
        try {
          records = await read(start, rowEnd);
        } catch (error) {
          if (error instanceof FailureError) throw error;
          wanted = await readable(start, error);
          records = await read(start, rowEnd);
        }
        const position = Math.round((size * rowEnd) / Math.max(1, total));
        yield { ...foundIn(records, start, cook), position };
      }
      begin = end;
    }
  } catch (cause) {
    if (cause instanceof FailureError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new FailureError(`cannot read ${path} as Parquet: ${message}`, { cause });
  } finally {
    await handle.close();
  }
}

function foundIn(
  records: readonly Record<string, unknown>[],
  start: number,
  cook: RowCook,
): { readonly found: readonly Found[]; readonly empty: number } {
  const found: Found[] = [];
  let empty = 0;
  for (let i = 0; i < records.length; i++) {
    const line = start + i + 1;
    const fields: Record<string, unknown> = {};
    let isBroken = false;
    for (const [name, value] of Object.entries(records[i]!)) {
      const plain = plainValue(value);
      if (plain === BROKEN_TEXT) isBroken = true;
      fields[name] = plain;
    }
    const cooked = isBroken ? { reason: NOT_UTF8 } : cook.cook(fields);
    if (cooked === undefined) empty++;
    else found.push({ line, ...cooked });
  }
  return { found, empty };
}

function stringFromBytes(bytes: Uint8Array | undefined): string | symbol | undefined {
  if (bytes === undefined) return undefined;
  return isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
    : BROKEN_TEXT;
}

/** A value as {@link parseExactJson} returns it: integers beyond 2⁵³ stay `bigint`. */
function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<number>);
  if (Array.isArray(value)) {
    const items = value.map(plainValue);
    return items.includes(BROKEN_TEXT) ? BROKEN_TEXT : items;
  }
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [name, plainValue(inner)]);
  return entries.some(([, inner]) => inner === BROKEN_TEXT) ? BROKEN_TEXT : Object.fromEntries(entries);
}
