import { readBracket } from './bracket.js';
import { anyCaseOfSet } from './case-folding.js';
import { namedSet } from './character-property.js';
import { readEscape } from './escape.js';
import { code, isSurrogate, type PatternSource } from './pattern-source.js';
import { complementOf, EVERY_CODE_POINT, includes, rangesOf } from './range-algebra.js';
import type { AnchorKind, RepeatNode, SyntaxNode } from './syntax-tree.js';

const DEEPEST = 200;
const HIGHEST_COUNT = 100_000;
const LONGEST_INTEGER = 0x7fffffff;

const NOT_NEWLINE = complementOf(rangesOf([10]));
const NEWLINES = rangesOf([10, 11, 12, 13, 0x85, 0x2028, 0x2029]);

interface Repetition {
  readonly type: 'repeat';
  readonly lower: number;
  readonly upper: number;
  readonly greedy: boolean;
  readonly possessive: boolean;
}

type Token =
  | { readonly type: 'end' | 'choice' | 'open' | 'close' }
  /** A character that joins the surrounding literal. */
  | { readonly type: 'literal'; readonly codePoint: number }
  /** A separate node. */
  | { readonly type: 'node'; readonly node: SyntaxNode }
  | Repetition;

interface Options {
  readonly ignoreCase: boolean;
  readonly dotTakesNewline: boolean;
  readonly extended: boolean;
}

const ANCHORS: Readonly<Record<string, AnchorKind>> = {
  A: 'text-start',
  z: 'text-end',
  Z: 'text-end-or-last-newline',
  b: 'word-boundary',
  B: 'not-word-boundary',
};

const REFUSED_ESCAPES: Readonly<Record<string, string>> = {
  G: 'start-of-search anchors are not supported',
  K: 'keeping part of a match is not supported',
  X: 'there is no table of grapheme clusters',
  y: 'there is no table of text segments',
  Y: 'there is no table of text segments',
};

const REFUSED_GROUPS: Readonly<Record<string, string>> = {
  '~': 'absent operators are not supported',
  '(': 'conditionals are not supported',
  '{': 'callouts are not supported',
  C: 'options of the whole pattern are not supported',
  I: 'options of the whole pattern are not supported',
  L: 'options of the whole pattern are not supported',
  y: 'options of text segments are not supported',
};

/** Parses a pattern in Oniguruma's own syntax, without options and in UTF-8, as the reference does. */
export function parsePattern(source: PatternSource): SyntaxNode {
  return new Parser(source).parse();
}

function text(codePoints: readonly number[], ignoreCase: boolean): SyntaxNode {
  return { type: 'text', codePoints, ignoreCase };
}

const EMPTY: SyntaxNode = text([], false);

/**
 * Oniguruma's reduction of a repeat of a repeat, by the kind of the inner (row) and the outer one (column), both in the order
 * `? * + ?? *? +?`: the inner alone, one repeat of another kind, `(?:a+)??`, or both.
 */
type Reduction = 'inner' | '*' | '+' | '*?' | '??' | '+ in ??' | 'both';
const I = 'inner';
const REDUCTIONS: readonly (readonly Reduction[])[] = [
  [I, '*', '*', '??', '*?', 'both'],
  [I, I, I, '+ in ??', '+ in ??', I],
  ['*', '*', I, 'both', '+ in ??', I],
  [I, '*?', '*?', I, '*?', '*?'],
  [I, I, I, I, I, I],
  ['both', '*', '+', '*?', '*?', I],
];

/** Index into `REDUCTIONS`, or −1 for a counted repeat. */
function kindOf({ lower, upper, greedy }: RepeatNode): number {
  const kind =
    lower === 0 && upper === 1
      ? 0
      : lower === 0 && upper === Number.POSITIVE_INFINITY
        ? 1
        : lower === 1 && upper === Number.POSITIVE_INFINITY
          ? 2
          : -1;
  return kind < 0 || greedy ? kind : kind + 3;
}

function simpleRepeat(kind: '*' | '+' | '*?' | '??', body: SyntaxNode): RepeatNode {
  return {
    type: 'repeat',
    body,
    lower: kind === '+' ? 1 : 0,
    upper: kind === '??' ? 1 : Number.POSITIVE_INFINITY,
    greedy: kind.length === 1,
  };
}

function cannotBeRepeated(node: SyntaxNode): boolean {
  if (node.type === 'choice') return node.branches.some(cannotBeRepeated);
  return node.type === 'anchor' || node.type === 'look';
}

class Parser {
  readonly #source: PatternSource;
  #options: Options = { ignoreCase: false, dotTakesNewline: false, extended: false };
  #token: Token = { type: 'end' };
  #depth = 0;
  #captures = 0;

  constructor(source: PatternSource) {
    this.#source = source;
  }

  parse(): SyntaxNode {
    this.#advance();
    return this.#parseChoice('end');
  }

  /** Reads branches up to the closing token, which stays current. */
  #parseChoice(closing: 'end' | 'close'): SyntaxNode {
    if (++this.#depth > DEEPEST) throw this.#source.unsupported('(…(', `groups nest deeper than ${DEEPEST}`);
    const options = this.#options;
    const branches = [this.#parseSequence(closing)];
    while (this.#token.type === 'choice') {
      this.#advance();
      branches.push(this.#parseSequence(closing));
    }
    if (this.#token.type !== closing) throw this.#source.malformed('( is not closed');
    this.#options = options;
    this.#depth--;
    return branches.length === 1 ? branches[0]! : { type: 'choice', branches };
  }

  #parseSequence(closing: 'end' | 'close'): SyntaxNode {
    const first = this.#parseItem(closing);
    if (this.#endsSequence(closing)) return first;
    const items = [first];
    while (!this.#endsSequence(closing)) {
      const item = this.#parseItem(closing);
      // A sequence joins the one around it unless it is first: literals join across that border only.
      if (item.type === 'sequence') items.push(...item.items);
      else items.push(item);
    }
    return { type: 'sequence', items };
  }

  #endsSequence(closing: 'end' | 'close'): boolean {
    const { type } = this.#token;
    return type === 'end' || type === 'choice' || type === closing;
  }

  #parseItem(closing: 'end' | 'close'): SyntaxNode {
    const token = this.#token;
    switch (token.type) {
      case 'end':
      case 'choice':
        return EMPTY;
      case 'close':
        if (closing === 'close') return EMPTY;
        throw this.#source.malformed(') without (');
      case 'repeat':
        throw this.#source.malformed('there is nothing to repeat');
      case 'literal': {
        const codePoints = [token.codePoint];
        for (;;) {
          this.#advance();
          if (this.#token.type !== 'literal') break;
          codePoints.push(this.#token.codePoint);
        }
        return this.#parseRepeats(text(codePoints, this.#options.ignoreCase), false);
      }
      case 'open': {
        const group = this.#parseGroup(closing);
        // Options without a colon apply to the end of the surrounding group.
        if (group.kind === 'rest') return group.node;
        this.#advance();
        return this.#parseRepeats(group.node, group.kind === 'plain');
      }
      case 'node':
        this.#advance();
        return this.#parseRepeats(token.node, false);
    }
  }

  /** @param grouped - whether a literal is in `(?:…)`: a repeat then applies to all of it, else to its last character */
  #parseRepeats(node: SyntaxNode, grouped: boolean): SyntaxNode {
    const source = this.#source;
    let head: SyntaxNode | undefined;
    let current = node;
    while (this.#token.type === 'repeat') {
      const { lower, upper, greedy, possessive } = this.#token;
      if (cannotBeRepeated(current)) throw source.malformed('the repeated part matches no character');
      if (lower !== 1 || upper !== 1) {
        if (current.type === 'text' && !grouped && current.codePoints.length > 1) {
          const { codePoints, ignoreCase } = current;
          head = text(codePoints.slice(0, -1), ignoreCase);
          current = text(codePoints.slice(-1), ignoreCase);
        }
        current = this.#repeat({ type: 'repeat', body: current, lower, upper, greedy });
        if (possessive) current = { type: 'atomic', body: current };
      }
      grouped = false;
      this.#advance();
    }
    return head === undefined ? current : { type: 'sequence', items: [head, current] };
  }

  #repeat(outer: RepeatNode): SyntaxNode {
    const inner = outer.body;
    if (inner.type !== 'repeat') return outer;
    const innerKind = kindOf(inner);
    const outerKind = kindOf(outer);
    if (innerKind >= 0 && outerKind >= 0) {
      const reduction = REDUCTIONS[innerKind]![outerKind]!;
      switch (reduction) {
        case 'both':
          return outer;
        case 'inner':
          return inner;
        case '+ in ??':
          return simpleRepeat('??', simpleRepeat('+', inner.body));
        default:
          return simpleRepeat(reduction, inner.body);
      }
    }
    if (innerKind === 1 || innerKind === 2) {
      const { lower, upper, greedy } = outer;
      const endless = upper === Number.POSITIVE_INFINITY || upper <= 1 || !greedy;
      return endless ? outer : { ...outer, upper: lower === 0 ? 1 : lower };
    }
    if (outer.lower === outer.upper && inner.lower === inner.upper) {
      const count = outer.lower * inner.lower;
      if (count > LONGEST_INTEGER) throw this.#source.malformed('a repeat count is too high');
      return { ...outer, body: inner.body, lower: count, upper: count };
    }
    return outer;
  }

  /** Reads a group after its opening parenthesis; the closing one stays current. */
  #parseGroup(closing: 'end' | 'close'): {
    readonly node: SyntaxNode;
    readonly kind: 'plain' | 'other' | 'rest';
  } {
    const source = this.#source;
    if (source.peek() === code('*')) throw source.unsupported('(*', 'callouts are not supported');
    if (!source.takeIf('?')) {
      if (source.atEnd) throw source.malformed('( is not closed');
      this.#captures++;
      return { node: { type: 'group', capture: 'number', body: this.#parseBody() }, kind: 'other' };
    }
    if (source.atEnd) throw source.malformed('(? is not closed');
    const letter = String.fromCodePoint(source.take());
    switch (letter) {
      case ':':
        return { node: this.#parseBody(), kind: 'plain' };
      case '=':
      case '!':
        return { node: this.#parseLook(false, letter === '!'), kind: 'other' };
      case '>':
        return { node: { type: 'atomic', body: this.#parseBody() }, kind: 'other' };
      case '<':
      case "'":
        if (letter === '<' && source.takeIf('='))
          return { node: this.#parseLook(true, false), kind: 'other' };
        if (letter === '<' && source.takeIf('!')) return { node: this.#parseLook(true, true), kind: 'other' };
        this.#readName(letter === '<' ? '>' : "'");
        this.#captures++;
        return { node: { type: 'group', capture: 'name', body: this.#parseBody() }, kind: 'other' };
      case ')':
        throw source.malformed('(?) opens no group');
      default:
        source.position--;
        return this.#parseOptions(closing);
    }
  }

  #parseBody(): SyntaxNode {
    this.#advance();
    return this.#parseChoice('close');
  }

  #parseLook(behind: boolean, negative: boolean): SyntaxNode {
    return { type: 'look', behind, negative, body: this.#parseBody() };
  }

  #readName(end: string): void {
    const name = this.#source.takeUntil(end);
    const valid =
      name !== undefined &&
      name.length > 0 &&
      !/^[0-9]/.test(name) &&
      [...name].every((character) => includes(namedSet('loneword'), character.codePointAt(0)!));
    if (!valid) throw this.#source.malformed('the name of a group is invalid');
  }

  #parseOptions(closing: 'end' | 'close'): { readonly node: SyntaxNode; readonly kind: 'other' | 'rest' } {
    const source = this.#source;
    let options = this.#options;
    let on = true;
    let asciiOnly: string | undefined;
    for (;;) {
      const letter = source.atEnd ? '' : String.fromCodePoint(source.take());
      switch (letter) {
        case '-':
          on = false;
          break;
        case 'i':
          options = { ...options, ignoreCase: on };
          break;
        case 'm':
          options = { ...options, dotTakesNewline: on };
          break;
        case 'x':
          options = { ...options, extended: on };
          break;
        case 'W':
        case 'D':
        case 'S':
        case 'P':
          asciiOnly ??= letter;
          break;
        case ':':
        case ')': {
          if (asciiOnly !== undefined) {
            throw source.unsupported(`(?${asciiOnly}`, 'ASCII-only options are not supported');
          }
          const outside = this.#options;
          this.#options = options;
          this.#advance();
          const body = this.#parseChoice(letter === ':' ? 'close' : closing);
          this.#options = outside;
          return {
            node: { type: 'group', capture: 'none', body },
            kind: letter === ':' ? 'other' : 'rest',
          };
        }
        default:
          if (Object.hasOwn(REFUSED_GROUPS, letter)) {
            throw source.unsupported(`(?${letter}`, REFUSED_GROUPS[letter]!);
          }
          throw source.malformed(`(?${letter} opens no known group`);
      }
    }
  }

  #advance(): void {
    this.#token = this.#read();
  }

  #read(): Token {
    const source = this.#source;
    for (;;) {
      if (source.atEnd) return { type: 'end' };
      const taken = source.take();
      const character = String.fromCodePoint(taken);
      switch (character) {
        case '\\':
          return this.#readEscape();
        case '.': {
          const ranges = this.#options.dotTakesNewline ? EVERY_CODE_POINT : NOT_NEWLINE;
          return { type: 'node', node: { type: 'set', ranges } };
        }
        case '*':
          return this.#readSuffix(0, Number.POSITIVE_INFINITY);
        case '+':
          return this.#readSuffix(1, Number.POSITIVE_INFINITY);
        case '?':
          return this.#readSuffix(0, 1);
        case '{':
          return this.#readInterval() ?? { type: 'literal', codePoint: taken };
        case '|':
          return { type: 'choice' };
        case '(':
          if (source.peek() !== code('?') || source.peek(1) !== code('#')) return { type: 'open' };
          this.#skipComment();
          continue;
        case ')':
          return { type: 'close' };
        case '^':
          return { type: 'node', node: { type: 'anchor', kind: 'line-start' } };
        case '$':
          return { type: 'node', node: { type: 'anchor', kind: 'line-end' } };
        case '[':
          return { type: 'node', node: this.#readBracket() };
        case '#':
          if (!this.#options.extended) return { type: 'literal', codePoint: taken };
          while (!source.atEnd && source.take() !== 10);
          continue;
        case ' ':
        case '\t':
        case '\n':
        case '\r':
        case '\f':
          if (this.#options.extended) continue;
          return { type: 'literal', codePoint: taken };
        default:
          return { type: 'literal', codePoint: taken };
      }
    }
  }

  #skipComment(): void {
    const source = this.#source;
    for (;;) {
      if (source.atEnd) throw source.malformed('(?# is not closed');
      const taken = source.take();
      if (taken === code('\\')) source.position++;
      else if (taken === code(')')) return;
    }
  }

  #readSuffix(lower: number, upper: number): Repetition {
    const greedy = !this.#source.takeIf('?');
    const possessive = greedy && this.#source.takeIf('+');
    return { type: 'repeat', lower, upper, greedy, possessive };
  }

  /** Reads `{n}`, `{n,}`, `{,m}` or `{n,m}`; anything else is a literal brace. */
  #readInterval(): Repetition | undefined {
    const source = this.#source;
    const start = source.position;
    const first = this.#readCount();
    let last = first;
    const ranged = source.takeIf(',');
    if (ranged) last = this.#readCount();
    if ((first < 0 && last < 0) || (first < 0 && !ranged) || !source.takeIf('}')) {
      source.position = start;
      return undefined;
    }
    const lower = Math.max(first, 0);
    const upper = last < 0 ? Number.POSITIVE_INFINITY : last;
    // Counts in the wrong order are Oniguruma's possessive interval. Only a range has a lazy form.
    if (lower > upper) return { type: 'repeat', lower: upper, upper: lower, greedy: true, possessive: true };
    const greedy = !(ranged && source.takeIf('?'));
    return { type: 'repeat', lower, upper, greedy, possessive: false };
  }

  #readCount(): number {
    const count = this.#source.takeNumber(10, Number.POSITIVE_INFINITY);
    if (count > HIGHEST_COUNT) throw this.#source.malformed('a repeat count is too high');
    return count;
  }

  #readBracket(): SyntaxNode {
    const { ranges, negated } = readBracket(this.#source);
    if (!this.#options.ignoreCase) {
      return { type: 'set', ranges: negated ? complementOf(ranges) : ranges };
    }
    const [closed, expansions] = anyCaseOfSet(ranges, negated);
    const set: SyntaxNode = { type: 'set', ranges: negated ? complementOf(closed) : closed };
    return expansions.length === 0 ? set : { type: 'choice', branches: [set, ...expansions] };
  }

  #readEscape(): Token {
    const source = this.#source;
    const letter = source.atEnd ? '' : String.fromCodePoint(source.peek());
    if (Object.hasOwn(ANCHORS, letter)) {
      source.position++;
      return { type: 'node', node: { type: 'anchor', kind: ANCHORS[letter]! } };
    }
    if (Object.hasOwn(REFUSED_ESCAPES, letter)) {
      throw source.unsupported(`\\${letter}`, REFUSED_ESCAPES[letter]!);
    }
    switch (letter) {
      case 'R': {
        source.position++;
        const both = text([13, 10], false);
        const one: SyntaxNode = { type: 'set', ranges: NEWLINES };
        return {
          type: 'node',
          node: { type: 'atomic', body: { type: 'choice', branches: [both, one] } },
        };
      }
      case 'N':
        source.position++;
        return { type: 'node', node: { type: 'set', ranges: NOT_NEWLINE } };
      case 'O':
        source.position++;
        return { type: 'node', node: { type: 'set', ranges: EVERY_CODE_POINT } };
      case 'k':
      case 'g':
        if (source.peek(1) === code('<') || source.peek(1) === code("'")) {
          const what = letter === 'k' ? 'back-references' : 'calls of groups';
          throw source.unsupported(`\\${letter}`, `${what} are not supported`);
        }
        break;
      default:
        if (letter >= '1' && letter <= '9') this.#refuseBackReference();
    }
    const escaped = readEscape(source, false);
    if (escaped.type === 'literal') return escaped;
    if (escaped.type === 'set') return { type: 'node', node: escaped };
    const { codePoint } = escaped;
    if (codePoint > 0x10ffff || isSurrogate(codePoint)) {
      throw source.malformed(`U+${codePoint.toString(16).toUpperCase()} is not a character`);
    }
    return { type: 'node', node: text([codePoint], this.#options.ignoreCase) };
  }

  /** A number up to nine, or up to the number of groups so far, is a back-reference; else an octal value or a literal. */
  #refuseBackReference(): void {
    const source = this.#source;
    const start = source.position;
    const number = source.takeNumber(10, Number.POSITIVE_INFINITY);
    source.position = start;
    if (number <= 9 || (number <= 1000 && number <= this.#captures)) {
      throw source.unsupported(`\\${number}`, 'back-references are not supported');
    }
  }
}
