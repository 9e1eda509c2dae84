import type { FilterParameters } from '@model2vec-ts/search';
import { invalidArgument } from '../milvus-error.js';
import { keyLiteral } from './filter-expression.js';

/** A string of the filter, whose braces are text, or a placeholder. */
const STRINGS_AND_PLACES = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\{\s*([A-Za-z_]\w*)\s*\}/gs;

/**
 * Inserts values for the `{name}` placeholders of a filter. They are quoted, so that no value can change the filter.
 * The server's own templates are not used, because servers before 2.5 lack them.
 *
 * @throws {@link MilvusError} `invalid-argument` for a placeholder without a value, or for a value that a filter cannot
 * contain
 */
export function boundFilter(
  filter: string | undefined,
  params: FilterParameters | undefined,
): string | undefined {
  if (params !== undefined && (typeof params !== 'object' || params === null)) {
    throw invalidArgument('option params', 'an object of values', params);
  }
  return filter?.replace(STRINGS_AND_PLACES, (found, name: string | undefined) => {
    if (name === undefined) return found;
    const value = params !== undefined && Object.hasOwn(params, name) ? params[name] : undefined;
    const literal = Array.isArray(value) ? listLiteral(value) : scalarLiteral(value);
    if (literal !== undefined) return literal;
    throw invalidArgument(
      `params.${name}, which the filter uses,`,
      'a string, a finite number, a boolean or an array of these',
      value,
    );
  });
}

function listLiteral(values: readonly unknown[]): string | undefined {
  const literals = values.map(scalarLiteral);
  return literals.includes(undefined) ? undefined : `[${literals.join(', ')}]`;
}

function scalarLiteral(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'bigint') return keyLiteral(value);
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}
