import { resolveCase } from './case-folding.js';
import type { PatternSource } from './pattern-source.js';
import type { SyntaxNode } from './syntax-tree.js';

/** Refuses look-behinds that Oniguruma refuses, and those that matching backwards cannot reproduce exactly. */
export function checkLookBehinds(root: SyntaxNode, source: PatternSource): void {
  // If one group has a name, groups without a name do not capture.
  const namesGroups = hasNamedGroup(root);
  const visit = (node: SyntaxNode, inside: 'nothing' | 'positive' | 'negative'): void => {
    switch (node.type) {
      case 'sequence':
        for (const item of node.items) visit(item, inside);
        return;
      case 'choice':
        for (const branch of node.branches) visit(branch, inside);
        return;
      case 'group':
        if (inside === 'negative' && (namesGroups ? node.capture === 'name' : node.capture === 'number')) {
          throw source.malformed('a negative look-behind contains a capturing group');
        }
        visit(node.body, inside);
        return;
      case 'repeat':
        visit(node.body, inside);
        return;
      case 'atomic':
        if (inside !== 'nothing') {
          throw source.unsupported('(?<=(?>', 'look-behinds that contain an atomic group are not supported');
        }
        visit(node.body, inside);
        return;
      case 'anchor':
        if (inside !== 'nothing' && node.kind.startsWith('text-end')) {
          throw source.malformed('a look-behind contains \\z or \\Z');
        }
        return;
      case 'look':
        if (inside !== 'nothing' && (!node.behind || (inside === 'positive' && node.negative))) {
          throw source.malformed('a look-behind contains a look-around that is not allowed there');
        }
        if (node.behind && takesOnlyOptions(node.body)) {
          throw source.malformed('a look-behind contains only optional repeats');
        }
        if (node.behind && holds(node.body, isWordBoundary) && holds(node.body, varies)) {
          throw source.unsupported(
            '(?<=\\b',
            'look-behinds of varying length that contain a word boundary are not supported',
          );
        }
        if (!node.behind) visit(node.body, inside);
        else if (inside === 'nothing') visit(node.body, node.negative ? 'negative' : 'positive');
        else visit(node.body, inside);
    }
  };
  visit(root, 'nothing');
}

/**
 * Whether Oniguruma refuses the pattern because of its bug: it reduces a look-behind branch to nothing if the branch
 * consists of two or more repeats that can match nothing.
 */
function takesOnlyOptions(body: SyntaxNode): boolean {
  const branches = body.type === 'choice' ? body.branches : [body];
  return branches.some(
    (branch) =>
      branch.type === 'sequence' &&
      branch.items.every((item) => item.type === 'repeat' && item.lower === 0 && isPlain(item.body)),
  );
}

function isPlain(node: SyntaxNode): boolean {
  if (node.type !== 'text' && node.type !== 'set') return false;
  const resolved = resolveCase(node, true);
  return resolved.type === 'text' || resolved.type === 'set';
}

/** A word boundary. Oniguruma misses one at the start of a text that ends a look-behind of varying length. */
function isWordBoundary(node: SyntaxNode): boolean {
  return node.type === 'anchor' && node.kind.endsWith('word-boundary');
}

function varies(node: SyntaxNode): boolean {
  if (node.type === 'repeat') return node.lower !== node.upper;
  // A look-behind that is one choice is split into one per branch.
  return (
    node.type === 'sequence' && node.items.some((item) => holds(item, (inner) => inner.type === 'choice'))
  );
}

function hasNamedGroup(root: SyntaxNode): boolean {
  return holds(root, (node) => node.type === 'group' && node.capture === 'name');
}

function holds(node: SyntaxNode, is: (node: SyntaxNode) => boolean): boolean {
  if (is(node)) return true;
  switch (node.type) {
    case 'sequence':
      return node.items.some((item) => holds(item, is));
    case 'choice':
      return node.branches.some((branch) => holds(branch, is));
    case 'group':
    case 'repeat':
    case 'atomic':
    case 'look':
      return holds(node.body, is);
    default:
      return false;
  }
}
