import type { Key } from './text-row.js';

/** A key as Milvus' filter language writes it: strings in double quotes, with escapes that all servers read alike. */
export function keyLiteral(key: Key): string {
  if (typeof key !== 'string') return String(key);
  const escaped = key
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t');
  return `"${escaped}"`;
}

/** Rows of the given keys. */
export function keysExpression(field: string, keys: readonly Key[]): string {
  return `${field} in [${keys.map(keyLiteral).join(', ')}]`;
}

/** Rows after a key in the order of keys, among those that a filter lets through. */
export function afterKeyExpression(
  field: string,
  last: Key | undefined,
  type: string,
  filter?: string,
): string {
  const smallest: Key = type === 'varchar' ? '' : -(2n ** 63n);
  const comparison =
    last === undefined
      ? `${field} ${type === 'varchar' ? '>' : '>='} ${keyLiteral(smallest)}`
      : `${field} > ${keyLiteral(last)}`;
  return filter === undefined || filter.trim() === '' ? comparison : `(${filter}) and ${comparison}`;
}
