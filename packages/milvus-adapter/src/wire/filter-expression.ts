import type { Key } from '../ingest/text-row.js';

/** A key as Milvus' filter language writes it: strings in double quotes, with escapes that all servers read alike. */
function keyLiteral(key: Key): string {
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

/** Rows after a key in the order of keys, or all of them, among those that a filter lets through. */
export function afterKeyExpression(
  field: string,
  last: Key | undefined,
  type: string,
  filter?: string,
): string {
  // The smallest whole number cannot be written: servers read its digits before its sign.
  const everyKey = type === 'varchar' ? `${field} >= ""` : `${field} <= ${2n ** 63n - 1n}`;
  const comparison = last === undefined ? everyKey : `${field} > ${keyLiteral(last)}`;
  return filter === undefined || filter.trim() === '' ? comparison : `(${filter}) and ${comparison}`;
}
