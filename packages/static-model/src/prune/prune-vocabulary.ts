import { ModelError, UnsupportedModelError } from '../model-error.js';
import { derivedModel } from '../save/derived-model.js';
import type { StaticModel } from '../static-model.js';
import type { EmbeddingTable } from '../table/embedding-table.js';
import { MergeClosure } from './merge-closure.js';
import { namedIds, type PrunedTokenizer, pruneTokenizer } from './pruned-tokenizer.js';
import { TokenLengths, tokensForMedian } from './token-lengths.js';
import { readVocabulary, type TokenVocabulary, unigramEntries } from './token-vocabulary.js';
import { tokensToDeadEnds } from './unknown-words.js';

/** What the pruned vocabulary must support. Pass at least one; tokens that either needs are kept. */
export interface VocabularyUse {
  /** Texts. They are read several times, so pass an array or an object that can be iterated again. */
  readonly corpus?: Iterable<string> | AsyncIterable<string>;
  /** Tokens, spelled as in the vocabulary. */
  readonly tokens?: Iterable<string>;
}

/** The part of a tokenizer that pruning needs; `Tokenizer` of `@model2vec-ts/tokenizer` has it. */
export interface IdEncoder {
  encode(text: string): Uint32Array;
}

/** Options of {@link pruneVocabulary}. */
export interface PruneVocabularyOptions {
  /** Creates a tokenizer from a `tokenizer.json`: `loadTokenizer` of `@model2vec-ts/tokenizer`. */
  readonly loadTokenizer: (json: Uint8Array) => IdEncoder;
  /** Stops the work, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each batch of texts. */
  readonly onProgress?: (progress: PruneProgress) => void;
}

/** Progress of {@link pruneVocabulary}. */
export interface PruneProgress {
  /** `reading` finds the tokens of the texts; `checking` compares them with those of the pruned vocabulary. */
  readonly stage: 'reading' | 'checking';
  /** Texts finished in this stage. */
  readonly texts: number;
}

/** A model with fewer tokens, and how many were kept and why. */
export interface PrunedModel {
  readonly model: StaticModel;
  /** Number of tokens after pruning. */
  readonly tokens: number;
  /** Number of tokens before pruning. */
  readonly tokensBefore: number;
  /** Tokens kept only to preserve the median token length, which decides where long texts are cut. */
  readonly fillers: number;
}

/** The reference's default if a config has none. */
const DEFAULT_MAX_LENGTH = 512;
/** Texts between checks of the signal. */
const SLICE = 256;
/**
 * One round usually finds all words that must stay unknown; more are needed only if tokens for some make others known.
 */
const MOST_ROUNDS = 8;

/**
 * Removes the tokens that a corpus does not need.
 *
 * Every text of the corpus keeps its tokens, and so its embedding to the bit, here and in Python. This is checked for
 * each text before the model is returned, at the model's own `max_length` and without a limit. It also holds for any
 * other text whose tokens are all kept and known. A text with a removed token gets shorter tokens or an unknown one
 * instead.
 *
 * Also kept: the unknown token, all added tokens, tokens that a post-processor names, intermediate tokens of BPE
 * merges, tokens that lead to the dead ends of WordPiece's unknown words, Unigram's least likely token, and enough
 * others to preserve the median token length, which decides where long texts are cut.
 *
 * @throws {@link ModelError} with the code `invalid-argument` if nothing is to be kept, or a token does not exist
 * @throws {@link UnsupportedModelError} if the vocabulary cannot be pruned without changing a text of the corpus
 *
 * @example
 * ```ts
 * import { loadStaticModel, pruneVocabulary, saveStaticModel } from '@model2vec-ts/static-model';
 *
 * declare function loadTokenizer(json: Uint8Array): { encode(text: string): Uint32Array }; // of @model2vec-ts/tokenizer
 *
 * const model = await loadStaticModel('minishlab/potion-base-8M');
 * const corpus = ['The titles and the text of all pages', 'that a site lets its readers search'];
 * const pruned = await pruneVocabulary(model, { corpus }, { loadTokenizer });
 * console.log(`${pruned.tokensBefore} tokens became ${pruned.tokens}`);
 * await saveStaticModel(pruned.model, './site-model');
 * ```
 */
export async function pruneVocabulary(
  model: StaticModel,
  use: VocabularyUse,
  options: PruneVocabularyOptions,
): Promise<PrunedModel> {
  const { corpus, tokens } = use;
  if (corpus === undefined && tokens === undefined) {
    throw new ModelError(
      'invalid-argument',
      'pruneVocabulary needs a corpus or tokens to keep; neither is given',
    );
  }
  const original = options.loadTokenizer(model.tokenizerJson);
  const vocabulary = readVocabulary(model.tokenizerJson);
  const kept = indispensableTokens(vocabulary);
  for (const token of tokens ?? []) kept.add(known(token, vocabulary));
  const texts = asEmbedded(corpus ?? [], model.config.max_length, vocabulary);
  await eachText(texts, 'reading', options, (text) => {
    for (const id of original.encode(text)) kept.add(vocabulary.tokens.get(id)!);
  });

  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (vocabulary.family === 'BPE') keepWays(vocabulary, kept);
    const inOrder = [...vocabulary.ids.keys()].sort(
      (a, b) => vocabulary.ids.get(a)! - vocabulary.ids.get(b)!,
    );
    const fillers = tokensForMedian(inOrder, kept);
    const pruned = pruneTokenizer(vocabulary, new Set([...kept, ...fillers]));
    const before = kept.size;
    await check(texts, original, pruned, vocabulary, kept, options);
    if (kept.size > before) continue;
    const table = prunedTable(model.table, pruned.oldIds);
    return {
      model: derivedModel(model, { table, tokenizerJson: pruned.json }),
      tokens: pruned.oldIds.length,
      tokensBefore: vocabulary.ids.size,
      fillers: fillers.length,
    };
  }
  throw cannotKeep('unknown words become known ones again and again');
}

/** Yields each text, and its prefix if it is cut by characters before tokenization: the cut can split a word. */
function asEmbedded(
  corpus: Iterable<string> | AsyncIterable<string>,
  maxLength: number | null = DEFAULT_MAX_LENGTH,
  { ids }: TokenVocabulary,
): AsyncIterable<string> {
  const limit =
    maxLength === null ? Number.POSITIVE_INFINITY : maxLength * new TokenLengths(ids.keys()).median();
  return {
    async *[Symbol.asyncIterator]() {
      for await (const text of corpus) {
        yield text;
        if (text.length > limit)
          yield Array.from(text.slice(0, 2 * limit))
            .slice(0, limit)
            .join('');
      }
    },
  };
}

function cannotKeep(reason: string): UnsupportedModelError {
  return new UnsupportedModelError(
    `the vocabulary cannot be pruned without changing a text of the corpus: ${reason}`,
  );
}

function known(token: string, { ids }: TokenVocabulary): string {
  if (ids.has(token)) return token;
  throw new ModelError(
    'invalid-argument',
    `the vocabulary has no token ${JSON.stringify(token.slice(0, 80))}; tokens are named as tokenizer.json has them, with their prefixes and marks`,
  );
}

/** Tokens that every vocabulary needs. */
function indispensableTokens(vocabulary: TokenVocabulary): Set<string> {
  const { family, model, tokens, ids, added } = vocabulary;
  const kept = new Set(added.filter((content) => content !== ''));
  for (const id of namedIds(vocabulary)) {
    const token = tokens.get(id);
    if (token !== undefined) kept.add(token);
  }
  if (family === 'Unigram') {
    const entries = unigramEntries(model.vocab);
    if (typeof model.unk_id === 'number') kept.add(entries[model.unk_id]![0]);
    // An unknown character scores ten less than the least likely token.
    let least = entries[0];
    for (const entry of entries) if (entry[1] < least![1]) least = entry;
    if (least !== undefined) kept.add(least[0]);
  } else if (typeof model.unk_token === 'string' && ids.has(model.unk_token)) {
    kept.add(model.unk_token);
  }
  return kept;
}

/** Adds the tokens that merging passes through to reach the kept ones. */
function keepWays(vocabulary: TokenVocabulary, kept: Set<string>): void {
  const closure = new MergeClosure(vocabulary);
  for (const token of [...kept]) {
    for (const each of closure.waysTo(token)) if (vocabulary.modelIds.has(each)) kept.add(each);
  }
}

/** Compares the tokens of each text before and after, and keeps those found to be missing. */
async function check(
  corpus: Iterable<string> | AsyncIterable<string>,
  original: IdEncoder,
  pruned: PrunedTokenizer,
  vocabulary: TokenVocabulary,
  kept: Set<string>,
  options: PruneVocabularyOptions,
): Promise<void> {
  const smaller = options.loadTokenizer(pruned.json);
  await eachText(corpus, 'checking', options, (text) => {
    const expected = original.encode(text);
    const found = smaller.encode(text).map((id) => pruned.oldIds[id]!);
    if (found.length === expected.length && found.every((id, i) => id === expected[i])) return;
    const needed =
      vocabulary.family === 'WordPiece' ? tokensToDeadEnds(expected, found, vocabulary) : undefined;
    const before = kept.size;
    for (const token of needed ?? []) kept.add(token);
    if (kept.size === before && !needed)
      throw cannotKeep(`${JSON.stringify(text.slice(0, 80))} has other tokens then`);
  });
}

async function eachText(
  corpus: Iterable<string> | AsyncIterable<string>,
  stage: PruneProgress['stage'],
  { signal, onProgress }: PruneVocabularyOptions,
  visit: (text: string) => void,
): Promise<void> {
  let texts = 0;
  for await (const text of corpus) {
    visit(text);
    if (++texts % SLICE !== 0) continue;
    onProgress?.({ stage, texts });
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve));
  }
  signal?.throwIfAborted();
  onProgress?.({ stage, texts });
}

/** Keeps the rows, weights and mapping of the remaining ids; unreferenced rows are dropped. */
function prunedTable(table: EmbeddingTable, oldIds: Uint32Array): EmbeddingTable {
  const { mapping, weights, dim } = table;
  const rowsOfIds = mapping ? Uint32Array.from(oldIds, (id) => mapping[id]!) : oldIds;
  const used = mapping ? Uint32Array.from(new Set(rowsOfIds)).sort() : oldIds;
  const newRows = new Map(Array.from(used, (row, i) => [row, i]));
  const parts = {
    rows: used.length,
    dim,
    ...(mapping && { mapping: Int32Array.from(rowsOfIds, (row) => newRows.get(row)!) }),
    ...(weights && { weights: gathered(weights, oldIds, 1, emptyLike(weights, oldIds.length)) }),
  };
  const gather = <Data extends EmbeddingTable['data']>(data: Data): Data =>
    gathered(data, used, dim, emptyLike(data, used.length * dim));
  switch (table.dtype) {
    case 'float64':
      return { ...parts, dtype: table.dtype, data: gather(table.data) };
    case 'float32':
      return { ...parts, dtype: table.dtype, data: gather(table.data) };
    case 'float16':
    case 'bfloat16':
      return { ...parts, dtype: table.dtype, data: gather(table.data) };
    case 'int8':
      return { ...parts, dtype: table.dtype, data: gather(table.data) };
  }
}

type Elements = EmbeddingTable['data'];

function emptyLike<Data extends Elements>(data: Data, length: number): Data {
  return new (data.constructor as new (length: number) => Data)(length);
}

function gathered<Data extends Elements>(data: Data, rows: Uint32Array, dim: number, target: Data): Data {
  rows.forEach((row, i) => {
    target.set(data.subarray(row * dim, (row + 1) * dim) as Data & ArrayLike<number>, i * dim);
  });
  return target;
}
