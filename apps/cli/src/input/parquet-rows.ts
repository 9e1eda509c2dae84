import { open } from 'node:fs/promises';
import { FailureError } from '../terminal/cli-error.js';
import { fileError } from '../terminal/file-error.js';
import { type Found, type FoundBatch, NOT_UTF8 } from './found-row.js';
import { BROKEN_TEXT, EXACT_PARSERS, type ParquetColumn, parquetColumns } from './parquet-values.js';
import type { RowCook } from './row-recipe.js';

/** Rows decoded at a time: a row group may have a million, which would all be in memory. */
const ROWS_AT_ONCE = 65_536;

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
 * Yields a row per row of a Parquet file. A column that cannot be stored is reported and left out, unless it is
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
    const all = parquetColumns(parquet.parquetSchema(metadata));
    let wanted = all.filter(({ name }) => columns?.includes(name) ?? true);
    const leaveOut = (name: string, why: string, start = 0): void => {
      const from = start > 0 ? ` from row ${start + 1} on` : '';
      onNotice?.(`${path}: column ${JSON.stringify(name)} ${why}; it is left out${from}`);
      wanted = wanted.filter((column) => column.name !== name);
    };
    for (const { name, problem } of wanted) if (problem !== undefined) leaveOut(name, problem);
    const read = (
      rowStart: number,
      rowEnd: number,
      some: readonly ParquetColumn[] = wanted,
    ): Promise<Record<string, unknown>[]> =>
      parquet.parquetReadObjects({
        file: buffer,
        metadata,
        compressors,
        geoparquet: false,
        rowStart,
        rowEnd,
        parsers: EXACT_PARSERS,
        columns: some.map(({ name }) => name),
      });
    /** Leaves out the columns that cannot be decoded; throws if a required one cannot, or all can. */
    const leaveOutUnreadable = async (row: number, error: unknown): Promise<void> => {
      const before = wanted.length;
      for (const column of wanted) {
        try {
          await read(row, row + 1, [column]);
        } catch (cause) {
          if (required.includes(column.name)) throw error;
          leaveOut(
            column.name,
            `cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
            row,
          );
        }
      }
      if (wanted.length === before) throw error;
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
          await leaveOutUnreadable(start, error);
          records = await read(start, rowEnd);
        }
        for (const { name, mayHoldBytes, plain } of wanted) {
          if (!mayHoldBytes || required.includes(name)) continue;
          const at = records.findIndex((record) => plain(record[name]) === BROKEN_TEXT);
          if (at >= 0) leaveOut(name, `holds bytes that are not text in row ${start + at + 1}`, start);
        }
        const position = Math.round((size * rowEnd) / Math.max(1, total));
        yield { ...foundIn(records, start, wanted, cook), position };
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
  columns: readonly ParquetColumn[],
  cook: RowCook,
): { readonly found: readonly Found[]; readonly empty: number } {
  const found: Found[] = [];
  let empty = 0;
  for (let i = 0; i < records.length; i++) {
    const line = start + i + 1;
    const fields: Record<string, unknown> = {};
    let isBroken = false;
    for (const { name, plain } of columns) {
      const value = plain(records[i]![name]);
      if (value === BROKEN_TEXT) isBroken = true;
      fields[name] = value;
    }
    const cooked = isBroken ? { reason: NOT_UTF8 } : cook.cook(fields);
    if (cooked === undefined) empty++;
    else found.push({ line, ...cooked });
  }
  return { found, empty };
}
