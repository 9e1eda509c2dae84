import { type CodePointRanges, decodeNumbers } from '../unicode/code-point-set.js';
import { FOLD_SEQUENCES, FOLDS } from './character-tables.generated.js';
import { includes, rangesOf, unionOf } from './range-algebra.js';
import type { SetNode, SyntaxNode, TextNode } from './syntax-tree.js';

/** Characters that fold to several, and their folds. */
interface FoldSequence {
  readonly characters: readonly number[];
  readonly sequence: readonly number[];
}

interface Folds {
  /** From a code point to its fold, unless it folds to itself. */
  readonly foldOf: ReadonlyMap<number, number>;
  /** From a fold to all code points that fold to it, including itself. */
  readonly groupOf: ReadonlyMap<number, readonly number[]>;
  /** Sorted by length of the sequence, as Oniguruma tries them. */
  readonly sequences: readonly FoldSequence[];
  readonly sequenceOf: ReadonlyMap<string, FoldSequence>;
  readonly sequenceOfCharacter: ReadonlyMap<number, FoldSequence>;
}

let decoded: Folds | undefined;

function folds(): Folds {
  decoded ??= decodeFolds();
  return decoded;
}

function decodeFolds(): Folds {
  const foldOf = new Map<number, number>();
  const groupOf = new Map<number, number[]>();
  const runs = decodeNumbers(FOLDS);
  let start = 0;
  for (let i = 0; i < runs.length; i += 4) {
    start += runs[i]!;
    const step = runs[i + 2]! + 1;
    const zigzag = runs[i + 3]!;
    const shift = zigzag & 1 ? -(zigzag + 1) / 2 : zigzag / 2;
    for (let count = 0; count <= runs[i + 1]!; count++) {
      const codePoint = start + count * step;
      const fold = codePoint + shift;
      foldOf.set(codePoint, fold);
      const group = groupOf.get(fold);
      if (group === undefined) groupOf.set(fold, [fold, codePoint]);
      else group.push(codePoint);
    }
  }
  const sequences: FoldSequence[] = [];
  const sequenceOf = new Map<string, FoldSequence>();
  const sequenceOfCharacter = new Map<number, FoldSequence>();
  const numbers = decodeNumbers(FOLD_SEQUENCES);
  for (let i = 0; i < numbers.length; ) {
    const [length, count] = [numbers[i]!, numbers[i + 1]!];
    const characters = [...numbers.subarray(i + 2, i + 2 + count)];
    const sequence = [...numbers.subarray(i + 2 + count, i + 2 + count + length)];
    i += 2 + count + length;
    const entry = { characters, sequence };
    sequences.push(entry);
    sequenceOf.set(sequence.join(), entry);
    for (const character of characters) sequenceOfCharacter.set(character, entry);
  }
  return { foldOf, groupOf, sequences, sequenceOf, sequenceOfCharacter };
}

/** A code point in any case, without folds to several. */
function anyCaseOf(codePoint: number): SyntaxNode {
  const { foldOf, groupOf } = folds();
  const group = groupOf.get(foldOf.get(codePoint) ?? codePoint);
  return group === undefined
    ? { type: 'text', codePoints: [codePoint], ignoreCase: false }
    : { type: 'set', ranges: rangesOf(group) };
}

function anyCaseOfEach(sequence: readonly number[]): SyntaxNode {
  return inSequence(sequence.map(anyCaseOf));
}

/**
 * A literal in any case. Oniguruma reads it from the left and takes three, else two, code points together if one character
 * folds to them, so `(?i:sss)` matches `ßs` but not `sß`. In a look-behind it skips folds that change the length.
 */
function anyCaseOfText({ codePoints }: TextNode, insideLookBehind: boolean): SyntaxNode {
  const { foldOf, sequenceOf, sequenceOfCharacter } = folds();
  const items: SyntaxNode[] = [];
  for (let i = 0; i < codePoints.length; i++) {
    let entry: FoldSequence | undefined;
    for (let length = 3; length > 1 && entry === undefined && !insideLookBehind; length--) {
      if (i + length > codePoints.length) continue;
      const key = codePoints.slice(i, i + length).map((codePoint) => foldOf.get(codePoint) ?? codePoint);
      entry = sequenceOf.get(key.join());
    }
    const folded = entry !== undefined;
    entry ??= sequenceOfCharacter.get(codePoints[i]!);
    if (entry === undefined) {
      items.push(anyCaseOf(codePoints[i]!));
      continue;
    }
    const oneCharacter: SyntaxNode = { type: 'set', ranges: rangesOf(entry.characters) };
    items.push(
      insideLookBehind
        ? oneCharacter
        : { type: 'choice', branches: [oneCharacter, anyCaseOfEach(entry.sequence)] },
    );
    if (folded) i += entry.sequence.length - 1;
  }
  return inSequence(items);
}

/**
 * A bracketed set in any case. A negated set is folded before the negation, and then matches no sequence of several
 * characters.
 */
export function anyCaseOfSet(
  ranges: CodePointRanges,
  negated: boolean,
): readonly [CodePointRanges, SyntaxNode[]] {
  const { groupOf, sequences } = folds();
  const added: number[] = [];
  for (const group of [...groupOf.values(), ...sequences.map(({ characters }) => characters)]) {
    if (group.some((codePoint) => includes(ranges, codePoint))) added.push(...group);
  }
  const closed = unionOf(ranges, rangesOf(added));
  const expansions = negated
    ? []
    : sequences
        .filter(({ characters }) => includes(closed, characters[0]!))
        .map(({ sequence }) => anyCaseOfEach(sequence));
  return [closed, expansions];
}

/**
 * Joins neighbouring literals like Oniguruma, turns literals that ignore case into sets and choices, and removes nodes that
 * only the parser needed: groups, and choices between single code points.
 */
export function resolveCase(node: SyntaxNode, insideLookBehind: boolean): SyntaxNode {
  switch (node.type) {
    case 'text':
      return node.ignoreCase ? anyCaseOfText(node, insideLookBehind) : node;
    case 'sequence': {
      const joined: SyntaxNode[] = [];
      for (const item of node.items) {
        const last = joined.at(-1);
        if (item.type === 'text' && last?.type === 'text' && last.ignoreCase === item.ignoreCase) {
          joined[joined.length - 1] = { ...last, codePoints: [...last.codePoints, ...item.codePoints] };
        } else {
          joined.push(item);
        }
      }
      return inSequence(joined.map((item) => resolveCase(item, insideLookBehind)));
    }
    case 'choice':
      return choiceOf(node.branches.map((branch) => resolveCase(branch, insideLookBehind)));
    case 'look':
      return { ...node, body: resolveCase(node.body, insideLookBehind || node.behind) };
    case 'group':
      return resolveCase(node.body, insideLookBehind);
    case 'repeat': {
      const body = resolveCase(node.body, insideLookBehind);
      return { ...node, body: singleSet(body) ?? body };
    }
    case 'atomic':
      return { ...node, body: resolveCase(node.body, insideLookBehind) };
    default:
      return node;
  }
}

function inSequence(items: readonly SyntaxNode[]): SyntaxNode {
  return items.length === 1 ? items[0]! : { type: 'sequence', items };
}

function choiceOf(branches: readonly SyntaxNode[]): SyntaxNode {
  const sets = branches.map(singleSet);
  if (sets.some((set) => set === undefined)) return { type: 'choice', branches };
  return { type: 'set', ranges: sets.map((set) => set!.ranges).reduce(unionOf) };
}

/** Returns the node as a set if it matches exactly one code point. */
function singleSet(node: SyntaxNode): SetNode | undefined {
  if (node.type === 'set') return node;
  if (node.type !== 'text' || node.codePoints.length !== 1) return undefined;
  return { type: 'set', ranges: rangesOf(node.codePoints) };
}
