import { SearchError } from '../search-error.js';

/** One token of a filter. */
export type FilterToken =
  | { readonly kind: 'name' | 'operator' | 'parameter'; readonly text: string; readonly at: number }
  | {
      readonly kind: 'value';
      readonly text: string;
      readonly value: string | number | bigint;
      readonly at: number;
    }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<parameter>\{\s*[A-Za-z_]\w*\s*\})|(?<name>[A-Za-z_$][\w$]*)|(?<operator>==|!=|<=|>=|&&|\|\||\*\*|[-<>!+*/%()[\],]))/suy;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };

/** Reads the tokens of a filter; the last one has kind `end`. */
export function filterTokens(filter: string): readonly FilterToken[] {
  const tokens: FilterToken[] = [];
  const end = filter.trimEnd().length;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(filter);
    if (match === null) throw filterError(filter, skipSpace(filter, at), 'a character that no filter has');
    tokens.push(tokenOf(match, skipSpace(filter, at)));
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}

/** Creates the error for a filter that cannot be parsed, with position and reason. */
export function filterError(filter: string, at: number, problem: string): SearchError {
  const place = at >= filter.trimEnd().length ? 'at the end' : `at position ${at}`;
  return new SearchError('invalid-argument', `filter ${JSON.stringify(filter)}: ${problem} ${place}`);
}

function skipSpace(filter: string, at: number): number {
  while (/\s/.test(filter.charAt(at))) at++;
  return at;
}

function tokenOf(match: RegExpExecArray, at: number): FilterToken {
  const { number, string, parameter, name, operator } = match.groups!;
  if (number !== undefined) {
    const value = Number(number);
    const isWide = /^\d+$/.test(number) && !Number.isSafeInteger(value);
    return { kind: 'value', text: number, value: isWide ? BigInt(number) : value, at };
  }
  if (string !== undefined) return { kind: 'value', text: string, value: unescaped(string.slice(1, -1)), at };
  if (parameter !== undefined) return { kind: 'parameter', text: parameter.slice(1, -1).trim(), at };
  return name === undefined ? { kind: 'operator', text: operator!, at } : { kind: 'name', text: name, at };
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))/gs, (_, wide, narrow, character) =>
    character === undefined
      ? String.fromCharCode(Number.parseInt(wide ?? narrow, 16))
      : (ESCAPES[character] ?? character),
  );
}
