import { isUtf8 } from 'node:buffer';
import type { ParquetParsers, SchemaTree } from 'hyparquet';
import { parseExactJson } from './exact-json.js';

/** Stands for a text that is not UTF-8. */
export const BROKEN_TEXT: unique symbol = Symbol('bytes that are not UTF-8');

/** Decodes values that hyparquet would round or read as another encoding. */
export const EXACT_PARSERS: Partial<ParquetParsers> = {
  timestampFromMicroseconds: (micros: bigint): string | null => isoTime(BigInt(micros), 6),
  timestampFromNanoseconds: (nanos: bigint): string | null => isoTime(BigInt(nanos), 9),
  jsonFromBytes: (bytes: Uint8Array | undefined): unknown => {
    const text = stringFromBytes(bytes);
    return typeof text === 'string' ? parseExactJson(text) : text;
  },
  stringFromBytes,
};

/** A column of a Parquet file, and how its values are made plain. */
export interface ParquetColumn {
  readonly name: string;
  /** Why no value of it can be stored; `undefined` if values can. */
  readonly problem: string | undefined;
  /** Whether it holds bytes without the mark of a text, which may be anything. */
  readonly mayHoldBytes: boolean;
  plain(value: unknown): unknown;
}

/**
 * Describes the columns, and changes the schema so that hyparquet returns decimals unscaled: it would multiply them as
 * doubles, which makes 0.30000000000000004 of 0.3.
 */
export function parquetColumns(schema: SchemaTree): readonly ParquetColumn[] {
  return schema.children.map((tree): ParquetColumn => {
    const { element } = tree;
    const { name } = element;
    const column = { name, mayHoldBytes: someLeaf(tree, isUnmarked) };
    if (name === '') return { ...column, problem: 'has no name', plain: plainValue };
    if (name === '$meta') return { ...column, problem: 'has a name that Milvus reserves', plain: plainValue };
    if (!someLeaf(tree, isDecimal)) return { ...column, problem: undefined, plain: plainValue };
    if (!isDecimal(tree) || element.type === 'BYTE_ARRAY')
      return { ...column, problem: 'holds decimals that cannot be read exactly', plain: plainValue };
    const scale = element.scale ?? 0;
    delete element.converted_type;
    delete element.logical_type;
    return { ...column, problem: undefined, plain: (value) => decimalValue(value, scale) };
  });
}

function someLeaf(tree: SchemaTree, test: (leaf: SchemaTree) => boolean): boolean {
  return tree.children.length === 0 ? test(tree) : tree.children.some((child) => someLeaf(child, test));
}

function isDecimal({ element }: SchemaTree): boolean {
  return element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL';
}

function isUnmarked({ element: { type, converted_type, logical_type } }: SchemaTree): boolean {
  return type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
}

function stringFromBytes(bytes: Uint8Array | undefined): string | typeof BROKEN_TEXT | undefined {
  if (bytes === undefined) return undefined;
  return isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
    : BROKEN_TEXT;
}

/** Writes a time in ISO 8601, with as many digits as it needs: three, or `digits`. */
function isoTime(value: bigint, digits: 6 | 9): string | null {
  const perMillisecond = 10n ** BigInt(digits - 3);
  const rest = ((value % perMillisecond) + perMillisecond) % perMillisecond;
  const date = new Date(Number((value - rest) / perMillisecond));
  if (Number.isNaN(date.getTime())) return null;
  const text = date.toISOString();
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(digits - 3, '0')}Z`;
}

/** Returns a decimal as a number if a double has all its digits, otherwise as a string. */
function decimalValue(unscaled: unknown, scale: number): unknown {
  if (unscaled === undefined || unscaled === null) return unscaled;
  const value =
    typeof unscaled === 'object'
      ? signedInteger(unscaled as Uint8Array)
      : BigInt(unscaled as bigint | number);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = `${value < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
  const number = Number(text);
  return scale <= 100 && number.toFixed(scale) === text ? number : text;
}

/** Reads a big-endian integer in two's complement. */
function signedInteger(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex || '0'}`));
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
