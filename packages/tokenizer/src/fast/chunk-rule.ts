import type { Normalizer } from '../normalizers/normalizer.js';
import type { PipelineText } from '../pipeline-text.js';
import type { TokenFinder } from '../token-finder.js';
import type { TokenizerParts } from '../tokenizer-pipeline.js';
import { type BorderBehavior, borderBehaviorOfLiteral, bordersOf, spacesOf } from './pattern-border.js';

/*
 * The ids of a text are those of its chunks, one after the other, where a chunk is a word with the space before it.
 * That does not hold of every pipeline, nor at every space. This file says of which pipelines it holds, and why;
 * chunk-reader.ts looks at each chunk, once, and says where it does not hold; assembly/index.ts cuts.
 *
 * A *border* is where a text is cut: before a space (U+0020), behind a character that is no white space. To cut there
 * is right if each step of the pipeline gives for the two sides together what it gives for each of them:
 *
 * 1. Added tokens. A text with an occurrence of one is never read in chunks. One that lies within a chunk is found
 *    there; one that goes across a border has a space in it with something solid before, and a chunk that could be the
 *    rest of it is refused. What `single_word` or stripping would change does not matter then.
 * 2. Each normalizer gives for "A" + " B" what it gives for "A" and for " B", if what it is given for A does end with
 *    a character that is no white space, and what it is given for B does begin with a space. The reader checks both
 *    before the first normalizer, after the last and between them.
 *    - Lowercase, StripAccents and Nmt look at each character alone. None of them changes or removes a space.
 *    - NFC, NFD, NFKC and NFKD: a space has combining class 0 and no decomposition begins a composition with it at its
 *      end, so that nothing before it is reordered or composed with what is behind. It stays, whatever mark follows.
 *    - BertNormalizer is made of those: it removes, replaces and spaces single characters, decomposes to NFD, removes
 *      single characters, lowercases them.
 *    - Strip of the right end only: A does not end in white space, and B ends as the whole does.
 *    - Replace, by its pattern: see pattern-border.ts.
 *    - Precompiled looks at grapheme clusters. A space begins one, whatever is behind it, unless a character of the
 *      kind Prepend is before it, which the reader refuses; no rule of clusters looks back over a space.
 *    Prepend, Strip of the left end and ByteLevel do something else to a chunk than to the middle of a text.
 *    What `NormalizedText` keeps about the origin of characters decides only Metaspace's scheme "first", see below, as
 *    no normalizer of these inserts anything before the first character.
 * 3. The pre-tokenizer, or one of a sequence of them, cuts at every border by itself:
 *    - BertPreTokenizer, Whitespace, WhitespaceSplit and CharDelimiterSplit at spaces end a piece at every space,
 *      whatever is around it.
 *    - Metaspace that splits begins a piece at every space. A chunk begins with one, so that nothing is put in front of
 *      any but the first, which is treated as the text is; with the scheme "first" too, if Metaspace comes first.
 *    - ByteLevel with its regex, and Split: the pattern starts a match at every border and no match goes across one,
 *      so that a piece begins there if matches are isolated, removed, or joined to what follows. A prefix space is
 *      put only where there is none.
 *    In a sequence, pre-tokenizers before that one must leave each other's sides alone: Digits, Punctuation and
 *    CharDelimiterSplit at other characters look at each character alone, Split at a pattern that respects borders.
 *    They may then cut at the border or leave its sides in one piece; the one that cuts does not mind how much of the
 *    text is on either side. The ones after it see pieces that lie within chunks.
 * 4. The model sees one piece at a time.
 *
 * Where the pre-tokenizer cuts at every space and no normalizer reads more than characters or clusters, it does not
 * matter if what is given for A ends in white space: BertNormalizer makes it so behind an ideograph. The space at
 * which an added token goes on in the next chunk can then be any in it.
 *
 * With BertPreTokenizer and normalizers that leave ASCII as it is but for its case, a text can also be cut before ASCII
 * punctuation, and behind it where ASCII that is no white space comes next: each such character is a piece of its own,
 * and neither composes with what is before it. Characters that any added token has are not cut around, so that no
 * token goes across such a cut.
 *
 * Errors: a chunk that the pipeline fails on is refused, and reading the text as a whole fails as it must.
 */

/** How a pipeline can be run on parts of a text. */
export interface ChunkRule<Text> {
  /** What the normalizer is made of, in order. */
  readonly normalizers: readonly Normalizer<Text>[];
  /** Where a grapheme cluster ends, where one of these looks at clusters. */
  readonly clusterEnd: ClusterEnd | undefined;
  /** Whether it matters that what a chunk is normalized to does not end in white space. */
  readonly mindsSpaceBefore: boolean;
  /** ASCII characters to cut around as well. */
  readonly punctuation: string;
  /** Ends of added tokens, from a border in them on: no chunk may begin so. */
  readonly tokenRests: readonly string[];
  /**
   * What becomes of ASCII letters and digits, where such a chunk, with or without a space before it, is one piece for the
   * model whatever is around it.
   */
  readonly plainWords: 'kept' | 'lowercased' | undefined;
}

/** The parts of `tokenizer.json` that the rule is read from; they have been read before, and so are well-formed. */
export interface PipelineJson {
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: unknown;
}

/** Where the grapheme cluster ends that begins at a position. */
type ClusterEnd = (text: string, position: number) => number;

/** What the rule needs for some pipelines only, so that others can do without its code. */
export interface ChunkRuleParts {
  readonly borderBehaviorOfRegex: (source: string) => BorderBehavior;
  readonly clusterEnd: ClusterEnd;
}

interface Component {
  readonly type?: unknown;
  readonly [key: string]: unknown;
}

/** Without `<`, `=` and `>`: these compose with a stroke behind them (U+0338), and are no punctuation then. */
const PUNCTUATION = '!"#$%&\'()*+,-./:;?@[\\]^_`{|}~';

/** The rule of a pipeline, or `undefined` where its texts cannot be cut. */
export function chunkRuleOf<Text extends PipelineText<Text>>(
  file: PipelineJson,
  { textOf, addedTokens, normalizer }: TokenizerParts<Text>,
  { borderBehaviorOfRegex, clusterEnd }: ChunkRuleParts,
): ChunkRule<Text> | undefined {
  const descriptions = file.normalizer ? leavesOf(file.normalizer as Component, 'normalizers') : [];
  const preTokenizers = file.pre_tokenizer ? leavesOf(file.pre_tokenizer as Component, 'pretokenizers') : [];
  const normalizers = stepsOf(normalizer);
  const normalized = (raw: string): string => {
    const text = textOf(raw);
    for (const step of normalizers) step.normalize(text);
    return text.text;
  };
  // Not so where a description has no type and is told by its fields.
  if (normalizers.length !== descriptions.length) return undefined;
  const behaviorOf: BehaviorOf = ({ String: literal, Regex: regex }) =>
    regex === undefined ? borderBehaviorOfLiteral(literal!) : borderBehaviorOfRegex(regex);
  if (!descriptions.every((json) => respectsBorders(json, behaviorOf))) return undefined;
  if (!cutsAtBorders(preTokenizers, behaviorOf)) return undefined;
  const contents = contentsOf(addedTokens);
  const mindsSpaceBefore = !(
    descriptions.every((json) => keepsAscii(json) || json.type === 'Precompiled') &&
    preTokenizers.some(({ type }) => CUTS_AT_SPACES.has(type))
  );
  const tokenRests = contents.flatMap((content) =>
    (mindsSpaceBefore ? bordersOf(content) : spacesOf(content)).map((space) => content.slice(space)),
  );
  // Every chunk would be refused: the space goes, or it could end a token.
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

function leavesOf(json: Component, key: 'normalizers' | 'pretokenizers'): readonly Component[] {
  if (json.type !== 'Sequence') return [json];
  return (json[key] as readonly Component[]).flatMap((step) => leavesOf(step, key));
}

function stepsOf<Text>(normalizer: Normalizer<Text> | undefined): readonly Normalizer<Text>[] {
  if (normalizer === undefined) return [];
  return normalizer.steps?.flatMap((step) => stepsOf(step)) ?? [normalizer];
}

function contentsOf(addedTokens: TokenFinder): readonly string[] {
  return [...addedTokens.entries()].flatMap(([content, id]) => [
    content,
    addedTokens.idToToken(id) ?? content,
  ]);
}

/** Pre-tokenizers that cut at a space whatever comes before it. */
const CUTS_AT_SPACES: ReadonlySet<unknown> = new Set([
  'BertPreTokenizer',
  'Whitespace',
  'WhitespaceSplit',
  'Metaspace',
]);

const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Of normalizers that look at each ASCII character alone. */
function plainWordsOf(normalized: (raw: string) => string): ChunkRule<unknown>['plainWords'] {
  const text = normalized(PLAIN);
  if (text === PLAIN) return 'kept';
  return text === PLAIN.toLowerCase() ? 'lowercased' : undefined;
}

/** {@link BorderBehavior} of the pattern of a Replace or Split. */
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

/** Whether all that it does to ASCII is to change its case and to remove or replace control characters. */
function keepsAscii(json: Component): boolean {
  // The reference does not know this name, and goes by the fields.
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
  // Whether a piece begins where the text does is the same in a chunk only for the first piece.
  return preTokenizers.every(
    (json, i) => i === 0 || json.type !== 'Metaspace' || json.prepend_scheme !== 'first',
  );
}

/** What a pre-tokenizer does at borders: cut there always, or leave that to the next one, or something else. */
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
