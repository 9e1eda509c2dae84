import type { FilterParameters } from '../store/text-store.js';
import {
  ARITHMETIC,
  COMPARISONS,
  compared,
  computed,
  conjunction,
  disjunction,
  type Evaluation,
  isMember,
  likeExpression,
  type Truth,
  valueAt,
} from './filter-operations.js';
import { type FilterToken, filterError, filterTokens } from './filter-tokens.js';

const WORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'like',
  'is',
  'null',
  'exists',
  'true',
  'false',
]);

/** Tests of a list, by the names that Milvus gives them. */
const LIST_TESTS: Readonly<Record<string, 'one' | 'all' | 'any'>> = {
  array_contains: 'one',
  array_contains_all: 'all',
  array_contains_any: 'any',
  json_contains: 'one',
  json_contains_all: 'all',
  json_contains_any: 'any',
};

/** Parses a filter by recursive descent, each method one level of precedence, into functions that test rows. */
export class FilterParser {
  readonly #filter: string;
  readonly #tokens: readonly FilterToken[];
  readonly #parameters: FilterParameters;
  #at = 0;

  constructor(filter: string, parameters: FilterParameters) {
    this.#filter = filter;
    this.#tokens = filterTokens(filter);
    this.#parameters = parameters;
  }

  parse(): Evaluation {
    const condition = this.#either();
    if (this.#next.kind !== 'end') throw this.#unexpected();
    return condition;
  }

  get #next(): FilterToken {
    return this.#tokens[this.#at]!;
  }

  #unexpected(wanted = 'unexpected'): Error {
    const found = this.#next.kind === 'end' ? 'end' : JSON.stringify(this.#next.text);
    return filterError(this.#filter, this.#next.at, `${wanted} ${found}`);
  }

  /** Takes the next token if it is this operator or word. */
  #takes(...texts: readonly string[]): boolean {
    if (!this.#isNext(...texts)) return false;
    this.#at++;
    return true;
  }

  #isNext(...texts: readonly string[]): boolean {
    const { kind, text } = this.#next;
    return (
      (kind === 'operator' || kind === 'name') && texts.includes(kind === 'name' ? text.toLowerCase() : text)
    );
  }

  #require(text: string): void {
    if (!this.#takes(text)) throw this.#unexpected(`expected ${JSON.stringify(text)}, found`);
  }

  #either(): Evaluation {
    let left = this.#both();
    while (this.#takes('or', '||')) {
      const [a, b] = [left, this.#both()];
      left = (read) => disjunction(truth(a(read)), () => truth(b(read)));
    }
    return left;
  }

  #both(): Evaluation {
    let left = this.#negated();
    while (this.#takes('and', '&&')) {
      const [a, b] = [left, this.#negated()];
      left = (read) => conjunction(truth(a(read)), () => truth(b(read)));
    }
    return left;
  }

  #negated(): Evaluation {
    if (!this.#takes('not', '!')) return this.#comparison();
    const condition = this.#negated();
    return (read) => opposite(truth(condition(read)));
  }

  #comparison(): Evaluation {
    if (this.#takes('exists')) {
      const value = this.#sum();
      return (read) => !isMissing(value(read));
    }
    let left = this.#sum();
    let condition: Evaluation | undefined;
    for (let holds = this.#operator(COMPARISONS); holds; holds = this.#operator(COMPARISONS)) {
      const [a, test, before] = [left, holds, condition];
      const b = this.#sum();
      // 1 < year < 5 is a range.
      condition = (read) =>
        conjunction(before === undefined ? true : truth(before(read)), () =>
          compared(a(read), b(read), test),
        );
      left = b;
    }
    return condition ?? this.#membership(left);
  }

  #membership(value: Evaluation): Evaluation {
    const isNegated = this.#isNext('not') && this.#tokens[this.#at + 1]?.text.toLowerCase() === 'in';
    if (isNegated) this.#at++;
    if (this.#takes('in')) {
      const list = this.#list();
      return (read) => {
        const found = isMember(value(read), list(read));
        return isNegated ? opposite(found) : found;
      };
    }
    if (this.#takes('like')) return this.#pattern(value);
    if (this.#takes('is')) {
      const isNot = this.#takes('not');
      this.#require('null');
      return (read) => isMissing(value(read)) !== isNot;
    }
    return value;
  }

  #pattern(value: Evaluation): Evaluation {
    const pattern = this.#primary()(() => undefined);
    if (typeof pattern !== 'string') throw this.#unexpected('like needs a pattern in quotes before');
    const expression = likeExpression(pattern);
    return (read) => {
      const found = value(read);
      return isMissing(found) ? null : typeof found === 'string' && expression.test(found);
    };
  }

  #sum(): Evaluation {
    return this.#arithmetic(['+', '-'], () => this.#product());
  }

  #product(): Evaluation {
    return this.#arithmetic(['*', '/', '%'], () => this.#power());
  }

  #power(): Evaluation {
    return this.#arithmetic(['**'], () => this.#signed());
  }

  #arithmetic(operators: readonly string[], operand: () => Evaluation): Evaluation {
    let left = operand();
    while (this.#isNext(...operators)) {
      const operation = this.#operator(ARITHMETIC)!;
      const [a, b] = [left, operand()];
      left = (read) => computed(a(read), b(read), operation);
    }
    return left;
  }

  #operator<T>(operators: ReadonlyMap<string, T>): T | undefined {
    const operator = this.#next.kind === 'operator' ? operators.get(this.#next.text) : undefined;
    if (operator !== undefined) this.#at++;
    return operator;
  }

  #signed(): Evaluation {
    if (this.#takes('+')) return this.#signed();
    if (!this.#takes('-')) return this.#path(this.#primary());
    const value = this.#signed();
    return (read) => {
      const found = value(read);
      return typeof found === 'bigint' ? -found : computed(0, found, (a, b) => a - b);
    };
  }

  #path(base: Evaluation): Evaluation {
    const path: (string | number)[] = [];
    while (this.#takes('[')) {
      const token = this.#next;
      if (token.kind !== 'value' || typeof token.value === 'bigint')
        throw this.#unexpected('expected a key, found');
      path.push(token.value);
      this.#at++;
      this.#require(']');
    }
    return path.length === 0 ? base : (read) => valueAt(base(read), path);
  }

  #primary(): Evaluation {
    const token = this.#next;
    if (token.kind === 'value') {
      this.#at++;
      return () => token.value;
    }
    if (token.kind === 'parameter') {
      this.#at++;
      const value = this.#parameter(token.text, token.at);
      return () => value;
    }
    if (this.#takes('(')) {
      const inner = this.#either();
      this.#require(')');
      return inner;
    }
    if (this.#isNext('[')) return this.#list();
    if (token.kind !== 'name') throw this.#unexpected('expected a field or a value, found');
    if (this.#takes('true')) return () => true;
    if (this.#takes('false')) return () => false;
    if (WORDS.has(token.text.toLowerCase())) throw this.#unexpected('expected a field or a value, found');
    this.#at++;
    return this.#takes('(') ? this.#call(token) : this.#field(token.text);
  }

  #field(name: string): Evaluation {
    if (name !== '$meta') return (read) => read(name);
    this.#require('[');
    const token = this.#next;
    if (token.kind !== 'value' || typeof token.value !== 'string')
      throw this.#unexpected('expected a key, found');
    this.#at++;
    this.#require(']');
    const key = token.value;
    return (read) => read(key);
  }

  #call(name: FilterToken): Evaluation {
    const key = name.text.toLowerCase();
    const list = this.#sum();
    if (key === 'array_length') {
      this.#require(')');
      return (read) => {
        const found = list(read);
        return Array.isArray(found) ? found.length : null;
      };
    }
    const test = LIST_TESTS[key];
    if (test === undefined) throw filterError(this.#filter, name.at, `unknown function ${name.text}`);
    this.#require(',');
    const wanted = test === 'one' ? this.#sum() : this.#list();
    this.#require(')');
    return (read) => {
      const found = list(read);
      if (!Array.isArray(found)) return false;
      if (test === 'one') return isMember(wanted(read), found) === true;
      const values = wanted(read) as readonly unknown[];
      const isFound = (value: unknown): boolean => isMember(value, found) === true;
      return test === 'all' ? values.every(isFound) : values.some(isFound);
    };
  }

  /** A list in brackets, or a parameter that is a list. */
  #list(): (read: (name: string) => unknown) => readonly unknown[] {
    const token = this.#next;
    if (token.kind === 'parameter') {
      this.#at++;
      const value = this.#parameter(token.text, token.at);
      if (!Array.isArray(value))
        throw filterError(this.#filter, token.at, `{${token.text}} must be an array`);
      return () => value;
    }
    this.#require('[');
    const elements: Evaluation[] = [];
    while (!this.#takes(']')) {
      if (elements.length > 0) this.#require(',');
      elements.push(this.#sum());
    }
    const values = elements.map((element) => element(() => undefined));
    return () => values;
  }

  #parameter(name: string, at: number): unknown {
    const value = Object.hasOwn(this.#parameters, name) ? this.#parameters[name] : undefined;
    if (isParameter(value) || (Array.isArray(value) && value.every(isParameter))) return value;
    const found = value === undefined ? 'missing' : `a ${value === null ? 'null' : typeof value}`;
    const rule = 'must be a string, a finite number, a boolean or an array of these';
    throw filterError(this.#filter, at, `params.${name} ${rule}, and is ${found}; used`);
  }
}

function isParameter(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : ['string', 'boolean', 'bigint'].includes(typeof value);
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function truth(value: unknown): Truth {
  return typeof value === 'boolean' ? value : null;
}

function opposite(value: Truth): Truth {
  return value === null ? null : !value;
}
