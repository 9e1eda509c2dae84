import { resolveCase } from '../oniguruma/case-folding.js';
import { parsePattern } from '../oniguruma/parser.js';
import { PatternSource } from '../oniguruma/pattern-source.js';
import { complementOf, includes, intersectionOf } from '../oniguruma/range-algebra.js';
import { canBeEmpty, type SyntaxNode } from '../oniguruma/syntax-tree.js';
import { WHITE_SPACE } from '../unicode/white-space.js';
import type { BorderBehavior } from './pattern-border.js';

const SPACE = 0x20;

/** What a part of a pattern can start and end with. */
interface Ends {
  /** Whether it can match the empty text. */
  readonly empty: boolean;
  /** Whether a match can start with a space. */
  readonly firstSpace: boolean;
  /** Whether a match can end with a character that is not white space. */
  readonly lastSolid: boolean;
}

const NOTHING: Ends = { empty: true, firstSpace: false, lastSolid: false };

/**
 * {@link BorderBehavior} of a regular expression that compiles.
 *
 * No match crosses a border if no two neighbours in the expression can match a character that is not white space
 * followed by a space. Every attempt that reaches the border then fails there, just as at the end of the text; a
 * look-ahead for one character that is no space gives the same result at both; nothing else looks beyond what it
 * matches. Patterns with empty matches are excluded, because the position of an empty match depends on the match before
 * it.
 */
export function borderBehaviorOfRegex(source: string): BorderBehavior {
  const root = resolveCase(parsePattern(new PatternSource(source, '')), false);
  if (canBeEmpty(root) || endsOf(root) === undefined) return 'crosses';
  return matchesSpace(root) ? 'starts' : 'respects';
}

/** Returns the ends of a node's matches, or `undefined` if it could cross a border or look across one. */
function endsOf(node: SyntaxNode): Ends | undefined {
  switch (node.type) {
    case 'text':
      return sequenceOf(
        node.codePoints.map((codePoint) => ({
          empty: false,
          firstSpace: codePoint === SPACE,
          lastSolid: !WHITE_SPACE.has(codePoint),
        })),
      );
    case 'set':
      return {
        empty: false,
        firstSpace: includes(node.ranges, SPACE),
        lastSolid: intersectionOf(node.ranges, complementOf(WHITE_SPACE.ranges)).length > 0,
      };
    case 'sequence':
      return sequenceOf(node.items.map(endsOf));
    case 'choice':
      return node.branches.map(endsOf).reduce((a, b) => a && b && eitherOf(a, b));
    case 'repeat': {
      const body = endsOf(node.body);
      const repeated = node.upper > 1 ? sequenceOf([body, body]) : body;
      return repeated && { ...repeated, empty: repeated.empty || node.lower === 0 };
    }
    case 'group':
    case 'atomic':
      return endsOf(node.body);
    case 'look':
      return !node.behind && looksAtOneNonSpace(node.body) ? NOTHING : undefined;
    case 'anchor':
      return undefined;
  }
}

function eitherOf(a: Ends, b: Ends): Ends {
  return {
    empty: a.empty || b.empty,
    firstSpace: a.firstSpace || b.firstSpace,
    lastSolid: a.lastSolid || b.lastSolid,
  };
}

function sequenceOf(parts: readonly (Ends | undefined)[]): Ends | undefined {
  let whole = NOTHING;
  for (const part of parts) {
    if (part === undefined || (whole.lastSolid && part.firstSpace)) return undefined;
    whole = {
      empty: whole.empty && part.empty,
      firstSpace: whole.firstSpace || (whole.empty && part.firstSpace),
      lastSolid: part.lastSolid || (part.empty && whole.lastSolid),
    };
  }
  return whole;
}

function looksAtOneNonSpace(node: SyntaxNode): boolean {
  if (node.type === 'group') return looksAtOneNonSpace(node.body);
  if (node.type === 'set') return !includes(node.ranges, SPACE);
  return node.type === 'text' && node.codePoints.length === 1 && node.codePoints[0] !== SPACE;
}

/** Whether a match can start at any space, whatever follows. */
function matchesSpace(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'text':
      return node.codePoints.length === 1 && node.codePoints[0] === SPACE;
    case 'set':
      return includes(node.ranges, SPACE);
    case 'choice':
      return node.branches.some(matchesSpace);
    case 'sequence':
      return node.items.length === 1 && matchesSpace(node.items[0]!);
    case 'repeat':
      return node.lower === 1 && matchesSpace(node.body);
    case 'group':
      return matchesSpace(node.body);
    default:
      return false;
  }
}
