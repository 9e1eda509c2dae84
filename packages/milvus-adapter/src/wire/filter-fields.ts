/** Strings, names, and everything else, in Milvus' filter language. */
const TOKENS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|\s+|./gsu;

/** Words of the language, in lower case. */
const WORDS: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'in', 'like', 'exists', 'is', 'null', 'true', 'false', 'between', 'escape'],
  ...['interval', 'iso', 'nan', 'inf'],
]);

/** The names of fields in a filter, each once. `meta["a"]` counts as `meta`; a function and a `{placeholder}` as none. */
export function filterFields(filter: string): readonly string[] {
  const tokens = (filter.match(TOKENS) ?? []).filter((token) => token.trim() !== '');
  const names = tokens.filter(
    (token, i) =>
      /^[\p{L}_$]/u.test(token) &&
      !WORDS.has(token.toLowerCase()) &&
      tokens[i + 1] !== '(' &&
      tokens[i - 1] !== '{' &&
      tokens[i - 1] !== '.',
  );
  return [...new Set(names)];
}
