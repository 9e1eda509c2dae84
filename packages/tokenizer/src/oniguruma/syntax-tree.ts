import type { CodePointRanges } from '../unicode/code-point-set.js';

export type AnchorKind =
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end'
  | 'text-end-or-last-newline'
  | 'word-boundary'
  | 'not-word-boundary';

/** Literal code points. `ignoreCase` is resolved before compilation. */
export interface TextNode {
  readonly type: 'text';
  readonly codePoints: readonly number[];
  readonly ignoreCase: boolean;
}

/** One code point from a set. */
export interface SetNode {
  readonly type: 'set';
  readonly ranges: CodePointRanges;
}

interface SequenceNode {
  readonly type: 'sequence';
  readonly items: readonly SyntaxNode[];
}

interface ChoiceNode {
  readonly type: 'choice';
  readonly branches: readonly SyntaxNode[];
}

export interface RepeatNode {
  readonly type: 'repeat';
  readonly body: SyntaxNode;
  readonly lower: number;
  /** `Infinity` for no limit. */
  readonly upper: number;
  readonly greedy: boolean;
}

/**
 * A group keeps Oniguruma from merging nested repeats and neighbouring literals across it. Its capture is never needed,
 * because back-references are refused.
 */
interface GroupNode {
  readonly type: 'group';
  readonly capture: 'none' | 'number' | 'name';
  readonly body: SyntaxNode;
}

interface AtomicNode {
  readonly type: 'atomic';
  readonly body: SyntaxNode;
}

export interface LookNode {
  readonly type: 'look';
  readonly behind: boolean;
  readonly negative: boolean;
  readonly body: SyntaxNode;
}

interface AnchorNode {
  readonly type: 'anchor';
  readonly kind: AnchorKind;
}

export type SyntaxNode =
  | TextNode
  | SetNode
  | SequenceNode
  | ChoiceNode
  | RepeatNode
  | GroupNode
  | AtomicNode
  | LookNode
  | AnchorNode;

/** Whether a node can match the empty text. */
export function canBeEmpty(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'text':
      return node.codePoints.length === 0;
    case 'set':
      return false;
    case 'sequence':
      return node.items.every(canBeEmpty);
    case 'choice':
      return node.branches.some(canBeEmpty);
    case 'repeat':
      return node.lower === 0 || canBeEmpty(node.body);
    case 'group':
    case 'atomic':
      return canBeEmpty(node.body);
    default:
      return true;
  }
}
