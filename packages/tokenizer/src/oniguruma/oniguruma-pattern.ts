import type { Pattern } from '../pattern.js';
import { resolveCase } from './case-folding.js';
import { checkLookBehinds } from './look-behind.js';
import { endAfter, Matcher } from './matcher.js';
import { parsePattern } from './parser.js';
import { PatternSource } from './pattern-source.js';
import { compileProgram } from './program.js';

/**
 * Compiles a regular expression of `tokenizer.json` to a pattern with the matches of the reference's Oniguruma (6.9.10, its
 * own syntax, no options, UTF-8). Its time is linear in the text for every expression.
 *
 * @param source - the expression, as in `{"Regex": source}`
 * @param path - JSON path of the expression, for errors
 * @throws {@link MalformedTokenizerError} if Oniguruma refuses the expression
 * @throws {@link UnsupportedTokenizerError} if it uses a construct that is not implemented exactly, which is named
 */
export function compileOnigurumaPattern(source: string, path: string): Pattern {
  const patternSource = new PatternSource(source, path);
  const parsed = parsePattern(patternSource);
  checkLookBehinds(parsed, patternSource);
  const root = resolveCase(parsed, false);
  return new OnigurumaPattern(
    new Matcher(compileProgram(root, true, patternSource), compileProgram(root, false, patternSource)),
  );
}

/** Finds all matches like the reference's `find_iter`. */
export class OnigurumaPattern implements Pattern {
  readonly #matcher: Matcher;
  readonly #match: Int32Array = new Int32Array(2);

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  findAll(text: string): readonly number[] {
    const matches: number[] = [];
    const { length } = text;
    // The reference does not search an empty text.
    if (length === 0) return matches;
    const matcher = this.#matcher;
    const match = this.#match;
    let from = 0;
    let lastEnd = -1;
    matcher.begin(text);
    while (from <= length && matcher.search(from, match)) {
      const start = match[0]!;
      const end = match[1]!;
      if (start === end && end === lastEnd) {
        // An empty match right after a match does not count. The next search starts one code point later.
        from = endAfter(text, from);
        continue;
      }
      matches.push(start, end);
      from = end;
      lastEnd = end;
    }
    matcher.end();
    return matches;
  }
}
