import type { Key } from '@model2vec-ts/search';

/** A key in Milvus' filter language: strings in double quotes, with escapes that all servers read alike. */
export function keyLiteral(key: Key): string {
  if (typeof key !== 'string') return String(key);
  const escaped = key
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t');
  return `"${escaped}"`;
}

/** Servers parse the digits of a number before its sign, and these digits do not fit in 64 bits. */
const MIN_INT64 = -(2n ** 63n);

/** Rows of the given keys. */
export function keysExpression(field: string, keys: readonly Key[]): string {
  const others = keys.filter((key) => key !== MIN_INT64);
  const isIn = `${field} in [${others.map(keyLiteral).join(', ')}]`;
  if (others.length === keys.length) return isIn;
  const isSmallest = `${field} < ${MIN_INT64 + 1n}`;
  return others.length === 0 ? isSmallest : `(${isIn} or ${isSmallest})`;
}

/** Rows that match a filter and follow a key in the order of keys, or all of them without a key. */
export function afterKeyExpression(
  field: string,
  last: Key | undefined,
  type: string,
  filter?: string,
): string {
  const everyKey = type === 'varchar' ? `${field} >= ""` : `${field} <= ${2n ** 63n - 1n}`;
  const after = last === MIN_INT64 ? `${field} >= ${MIN_INT64 + 1n}` : `${field} > ${keyLiteral(last ?? '')}`;
  const comparison = last === undefined ? everyKey : after;
  return filter === undefined || filter.trim() === '' ? comparison : `(${filter}) and ${comparison}`;
}
