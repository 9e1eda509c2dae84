/** A filter of Mastra: fields with values or operators, and `$and`, `$or`, `$not`, `$nor`. */
export type MetadataFilter = { readonly [key: string]: unknown };

const COMPARISONS: Readonly<Record<string, string>> = {
  $eq: '==',
  $ne: '!=',
  $gt: '>',
  $gte: '>=',
  $lt: '<',
  $lte: '<=',
};

/**
 * Converts a filter to Milvus' language, over the fields of a JSON column.
 *
 * @throws TypeError for an operator or a value that Milvus cannot express
 */
export function milvusFilter(filter: MetadataFilter, column: string): string {
  return conjunction(Object.entries(filter).map(([key, value]) => clause(key, value, column)));
}

function clause(key: string, value: unknown, column: string): string {
  switch (key) {
    case '$and':
      return conjunction(filters(key, value).map((part) => milvusFilter(part, column)));
    case '$or':
      return disjunction(filters(key, value).map((part) => milvusFilter(part, column)));
    case '$nor':
      return `not (${disjunction(filters(key, value).map((part) => milvusFilter(part, column)))})`;
    case '$not':
      return `not (${milvusFilter(filterOf(key, value), column)})`;
    default:
      if (key.startsWith('$')) throw new TypeError(`filter operator ${key} is unknown`);
      return condition(fieldName(key, column), value);
  }
}

/** A condition on one field: a value, or operators that all hold. */
function condition(field: string, value: unknown): string {
  if (typeof value !== 'object' || value === null || value instanceof Date)
    return compared(field, '$eq', value);
  if (Array.isArray(value)) return compared(field, '$in', value);
  return conjunction(Object.entries(value).map(([operator, operand]) => compared(field, operator, operand)));
}

function compared(field: string, operator: string, operand: unknown): string {
  if (operator === '$in' || operator === '$nin') {
    // Milvus Lite supports `in` for columns, but not for values inside a JSON column.
    const any = disjunction(array(operator, operand).map((value) => `${field} == ${literal(value)}`));
    return operator === '$in' ? any : `not (${any})`;
  }
  if (operator === '$not') return `not (${condition(field, operand)})`;
  if (operator === '$exists') return operand === true ? `exists ${field}` : `not (exists ${field})`;
  if (operator === '$contains') {
    return Array.isArray(operand)
      ? `json_contains_any(${field}, [${operand.map(literal).join(', ')}])`
      : `json_contains(${field}, ${literal(operand)})`;
  }
  if (operator === '$all') {
    return `json_contains_all(${field}, [${array(operator, operand).map(literal).join(', ')}])`;
  }
  const comparison = COMPARISONS[operator];
  if (comparison === undefined) throw new TypeError(`filter operator ${operator} is unknown`);
  if (operand === null) {
    if (operator === '$eq') return `not (exists ${field})`;
    if (operator === '$ne') return `exists ${field}`;
  }
  return `${field} ${comparison} ${literal(operand)}`;
}

/** Converts `a.b` to `metadata["a"]["b"]`. */
function fieldName(key: string, column: string): string {
  return (
    column +
    key
      .split('.')
      .map((part) => `[${quoted(part)}]`)
      .join('')
  );
}

/** Values are quoted, so that none can change the filter. */
function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value instanceof Date) return quoted(value.toISOString());
  throw new TypeError('filter values must be strings, finite numbers, booleans or dates');
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function array(operator: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`filter operator ${operator} takes an array`);
  return value;
}

function filters(operator: string, value: unknown): readonly MetadataFilter[] {
  return array(operator, value).map((part) => filterOf(operator, part));
}

function filterOf(operator: string, value: unknown): MetadataFilter {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`filter operator ${operator} takes filters`);
  }
  return value as MetadataFilter;
}

function conjunction(parts: readonly string[]): string {
  if (parts.length === 0) return 'true';
  return parts.length === 1 ? parts[0]! : parts.map((part) => `(${part})`).join(' and ');
}

function disjunction(parts: readonly string[]): string {
  if (parts.length === 0) return 'false';
  return parts.length === 1 ? parts[0]! : parts.map((part) => `(${part})`).join(' or ');
}
