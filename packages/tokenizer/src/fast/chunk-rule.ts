import type { Normalizer } from '../normalizers/normalizer.js';
import type { PipelineText } from '../pipeline-text.js';
import type { TokenFinder } from '../token-finder.js';
import type { TokenizerParts } from '../tokenizer-pipeline.js';
import { type BorderBehavior, borderBehaviorOfLiteral, bordersOf, spacesOf } from './pattern-border.js';

/*
 * The ids of a text are the ids of its chunks, end to end; a chunk is a word with the space before it. This is true for
 * some pipelines only, and not at every space. This file says for which pipelines, and why; chunk-reader.ts checks each
 * chunk once and finds the exceptions; assembly/index.ts cuts.
 *
 * A *border* is a position where a text is cut: before a space (U+0020) and after a character that is not white space.
 * Cutting there is right if each step of the pipeline gives the same result for both sides together as for each alone:
 *
 * 1. Added tokens. A text that contains one is never read in chunks. A token within a chunk is found there. A token
 *    across a border contains a space after a character that is not white space, so a chunk that could be the rest of a
 *    token is refused. `single_word` and stripping then make no difference.
 * 2. Each normalizer gives for "A" + " B" the results of "A" and " B", if its input for A ends with a character that is
 *    not white space and its input for B begins with a space. The reader checks both before the first normalizer, between
 *    normalizers, and after the last one.
 *    - Lowercase, StripAccents and Nmt treat each character alone. None of them changes or removes a space.
 *    - NFC, NFD, NFKC and NFKD: a space has combining class 0, and no composition begins with a space at the end of a
 *      decomposition, so nothing before a space is reordered or composed with what follows. The space stays, whatever
 *      mark follows.
 *    - BertNormalizer consists of such steps: it removes, replaces and spaces single characters, decomposes to NFD,
 *      removes single characters, and lowercases them.
 *    - Strip of the right end only: A does not end with white space, and B has the end of the whole text.
 *    - Replace depends on its pattern: see pattern-border.ts.
 *    - Precompiled reads grapheme clusters. A space begins a cluster, whatever follows, unless a character of kind Prepend
 *      precedes it, which the reader refuses. No cluster rule looks back over a space.
 *    Prepend, Strip of the left end and ByteLevel treat a chunk in another way than the middle of a text.
 *    The alignments of `NormalizedText` only decide Metaspace's scheme "first", see below, because none of these
 *    normalizers inserts anything before the first character.
 * 3. The pre-tokenizer, or one of a sequence, cuts at every border:
 *    - BertPreTokenizer, Whitespace, WhitespaceSplit and CharDelimiterSplit at spaces end a piece at every space.
 *    - Metaspace with `split` begins a piece at every space. Every chunk but the first begins with a space, so nothing is
 *      inserted before it; the first is treated like the text. This includes the scheme "first" if Metaspace comes first.
 *    - ByteLevel with its regex, and Split: the pattern starts a match at every border and no match crosses one, so a
 *      piece begins there if matches are isolated, removed, or joined to the text after them. A prefix space is inserted
 *      only if there is none.
 *    In a sequence, the pre-tokenizers before that one must not look across a border: Digits, Punctuation and
 *    CharDelimiterSplit at other characters treat each character alone, and Split needs a pattern that respects borders.
 *    They may cut at the border or not; the one that cuts there does not depend on it. Later ones see pieces within chunks.
 * 4. The model sees one piece at a time.
 *
 * The input for A may end with white space, as BertNormalizer makes it after an ideograph, if all normalizers only read
 * characters or clusters, and the first pre-tokenizer that reads more than one character cuts at every space. A pattern
 * before that one could match the spaces of both sides together. An added token may then continue at any space of the next
 * chunk.
 *
 * With BertPreTokenizer and normalizers that change only the case of ASCII, a text can also be cut before ASCII
 * punctuation, and after it if ASCII other than white space follows: each such character is a piece, and neither composes
 * with the text before it. Characters of added tokens are excluded, so that no token crosses such a cut.
 *
 * Errors: a chunk on which the pipeline fails is refused; then reading the whole text fails as it must.
 */

/** How to run a pipeline on parts of a text. */
export interface ChunkRule<Text> {
  /** The normalizers, in order. */
  readonly normalizers: readonly Normalizer<Text>[];
  /** Finds the end of a grapheme cluster; absent if no normalizer reads clusters. */
  readonly clusterEnd: ClusterEnd | undefined;
  /** Whether a normalized chunk must not end with white space. */
  readonly mindsSpaceBefore: boolean;
  /** ASCII characters to cut around, too. */
  readonly punctuation: string;
  /** Rests of added tokens after a border. No chunk may start with one. */
  readonly tokenRests: readonly string[];
  /**
   * Normalizes ASCII letters and digits; absent unless a chunk of them, with or without a space before it, is always one
   * piece for the model.
   */
  readonly plainWords: 'kept' | 'lowercased' | undefined;
}

/** The parts of `tokenizer.json` that decide the rule. They were read before, so they are well-formed. */
export interface PipelineJson {
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: unknown;
}

/** Returns the end of the grapheme cluster at a position. */
type ClusterEnd = (text: string, position: number) => number;

/** Code that the rule needs for some pipelines only. */
export interface ChunkRuleParts {
  readonly borderBehaviorOfRegex: (source: string) => BorderBehavior;
  readonly clusterEnd: ClusterEnd;
}

/** A step of a pipeline, as the file describes it. */
export interface Component {
  readonly type?: unknown;
  readonly [key: string]: unknown;
}

/** Without `<`, `=` and `>`, which compose with a following stroke (U+0338) and then are not punctuation. */
const PUNCTUATION = '!"#$%&\'()*+,-./:;?@[\\]^_`{|}~';

/** Returns the rule of a pipeline, or `undefined` if its texts cannot be cut. */
export function chunkRuleOf<Text extends PipelineText<Text>>(
  file: PipelineJson,
  { textOf, addedTokens, normalizer }: TokenizerParts<Text>,
  { borderBehaviorOfRegex, clusterEnd }: ChunkRuleParts,
): ChunkRule<Text> | undefined {
  const descriptions = leavesOf(file.normalizer, 'normalizers');
  const preTokenizers = leavesOf(file.pre_tokenizer, 'pretokenizers');
  const normalizers = stepsOf(normalizer);
  const normalized = (raw: string): string => {
    const text = textOf(raw);
    for (const step of normalizers) step.normalize(text);
    return text.text;
  };
  // Only with a type; without one the fields decide.
  if (normalizers.length !== descriptions.length) return undefined;
  const behaviorOf: BehaviorOf = ({ String: literal, Regex: regex }) =>
    regex === undefined ? borderBehaviorOfLiteral(literal!) : borderBehaviorOfRegex(regex);
  if (!descriptions.every((json) => respectsBorders(json, behaviorOf))) return undefined;
  if (!cutsAtBorders(preTokenizers, behaviorOf)) return undefined;
  const contents = contentsOf(addedTokens);
  const mindsSpaceBefore = !(
    descriptions.every((json) => keepsAscii(json) || json.type === 'Precompiled') &&
    CUTS_AT_SPACES.has(preTokenizers.find(({ type }) => !READ_CHARACTERS.has(type))?.type)
  );
  const tokenRests = contents.flatMap((content) =>
    (mindsSpaceBefore ? bordersOf(content) : spacesOf(content)).map((space) => content.slice(space)),
  );
  // Every chunk would be refused: the space disappears, or could end a token.
  if (!normalized(' a').startsWith(' ') || tokenRests.includes(' ')) return undefined;
  const cutsPunctuation = preTokenizers[0]?.type === 'BertPreTokenizer' && descriptions.every(keepsAscii);
  const characters = new Set(contents.join(''));
  const canHoldToken = tokenRests.length > 0 || contents.some((content) => /^[ \da-z]*$/i.test(content));
  return {
    normalizers,
    clusterEnd: descriptions.some(({ type }) => type === 'Precompiled') ? clusterEnd : undefined,
    mindsSpaceBefore,
    punctuation: cutsPunctuation ? [...PUNCTUATION].filter((each) => !characters.has(each)).join('') : '',
    tokenRests,
    plainWords:
      cutsPunctuation && preTokenizers.length === 1 && !canHoldToken ? plainWordsOf(normalized) : undefined,
  };
}

/** Returns the steps of `normalizer` or `pre_tokenizer`, those of sequences one by one. */
export function leavesOf(json: unknown, key: 'normalizers' | 'pretokenizers'): readonly Component[] {
  if (!json) return [];
  const component = json as Component;
  if (component.type !== 'Sequence') return [component];
  return (component[key] as readonly unknown[]).flatMap((step) => leavesOf(step, key));
}

function stepsOf<Text>(normalizer: Normalizer<Text> | undefined): readonly Normalizer<Text>[] {
  if (normalizer === undefined) return [];
  return normalizer.steps?.flatMap((step) => stepsOf(step)) ?? [normalizer];
}

/** Returns the texts of added tokens, before and after normalization. */
export function contentsOf(addedTokens: TokenFinder): readonly string[] {
  return [...addedTokens.entries()].flatMap(([content, id]) => [
    content,
    addedTokens.idToToken(id) ?? content,
  ]);
}

/** Pre-tokenizers that treat each character alone. */
const READ_CHARACTERS: ReadonlySet<unknown> = new Set(['CharDelimiterSplit', 'Digits', 'Punctuation']);

/** Pre-tokenizers that cut at every space. */
const CUTS_AT_SPACES: ReadonlySet<unknown> = new Set([
  'BertPreTokenizer',
  'Whitespace',
  'WhitespaceSplit',
  'Metaspace',
]);

const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Normalizers that treat each ASCII character alone. */
function plainWordsOf(normalized: (raw: string) => string): ChunkRule<unknown>['plainWords'] {
  const text = normalized(PLAIN);
  if (text === PLAIN) return 'kept';
  return text === PLAIN.toLowerCase() ? 'lowercased' : undefined;
}

/** Returns the {@link BorderBehavior} of a pattern of Replace or Split. */
type BehaviorOf = (pattern: { readonly String?: string; readonly Regex?: string }) => BorderBehavior;

const KEEP_ASCII: ReadonlySet<unknown> = new Set([
  'Bert',
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'Lowercase',
  'StripAccents',
  'Nmt',
]);

/** Whether it only changes the case of ASCII, and removes or replaces control characters. */
function keepsAscii(json: Component): boolean {
  // The reference does not know this name and uses the fields.
  return KEEP_ASCII.has(json.type) || (json.type === 'BertNormalizer' && json.clean_text !== undefined);
}

function respectsBorders(json: Component, behaviorOf: BehaviorOf): boolean {
  if (keepsAscii(json) || json.type === 'Precompiled') return true;
  if (json.type === 'Strip') return json.strip_left === false;
  return json.type === 'Replace' && behaviorOf(json.pattern as object) !== 'crosses';
}

function cutsAtBorders(preTokenizers: readonly Component[], behaviorOf: BehaviorOf): boolean {
  const effects = preTokenizers.map((json) => effectOf(json, behaviorOf));
  const first = effects.indexOf('cuts');
  if (first === -1 || effects.slice(0, first).some((effect) => effect !== 'none')) return false;
  // Only the first piece begins at the start of the text, in a chunk as in the text.
  return preTokenizers.every(
    (json, i) => i === 0 || json.type !== 'Metaspace' || json.prepend_scheme !== 'first',
  );
}

/** What a pre-tokenizer does at borders: always cuts, leaves it to the next one, or neither. */
function effectOf(json: Component, behaviorOf: BehaviorOf): 'cuts' | 'none' | 'other' {
  switch (json.type) {
    case 'BertPreTokenizer':
    case 'Whitespace':
    case 'WhitespaceSplit':
      return 'cuts';
    case 'CharDelimiterSplit':
      return json.delimiter === ' ' ? 'cuts' : 'none';
    case 'Digits':
    case 'Punctuation':
      return 'none';
    case 'Metaspace':
      return json.split === false ? 'other' : 'cuts';
    case 'ByteLevel':
      return json.use_regex === false ? 'other' : 'cuts';
    case 'Split':
      return effectOfSplit(json, behaviorOf);
    default:
      return 'other';
  }
}

function effectOfSplit(
  { pattern, behavior, invert }: Component,
  behaviorOf: BehaviorOf,
): 'cuts' | 'none' | 'other' {
  const atBorders = behaviorOf(pattern as object);
  if (atBorders === 'crosses') return 'other';
  const keepsMatchesApart = behavior === 'Isolated' || behavior === 'Removed';
  if (atBorders === 'starts' && (keepsMatchesApart || (behavior === 'MergedWithNext' && invert === false))) {
    return 'cuts';
  }
  return keepsMatchesApart ? 'none' : 'other';
}
