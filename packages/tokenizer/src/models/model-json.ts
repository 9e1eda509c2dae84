import {
  type JsonObject,
  readArray,
  readBoolean,
  readCount,
  readNumber,
  readObject,
  readOptional,
  readString,
} from '../json/json-reader.js';
import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';
import { setValue, useType } from '../tokenizer-remedy.js';
import type { AnyModel } from './any-model.js';
import { BytePair } from './byte-pair.js';
import { readFloat } from './json-float.js';
import { MergeTable } from './merge-table.js';
import { Unigram, type UnigramSettings } from './unigram.js';
import { Vocabulary, vocabularyOf } from './vocabulary.js';
import { readText, readVocabulary } from './vocabulary-json.js';
import { WordLevel } from './word-level.js';
import { readWordPiece } from './word-piece-json.js';

/** In the order in which the reference tries them for a model without `type`. */
const READERS: Readonly<Record<string, (json: JsonObject, path: string) => AnyModel>> = {
  BPE: readBytePair,
  WordPiece: readWordPiece,
  WordLevel: readWordLevel,
  Unigram: readUnigram,
};

/**
 * Reads the `model` of `tokenizer.json` by the rules of tokenizers 0.23.3 (`models/mod.rs` and each model's
 * `serialization.rs`).
 *
 * @param value - the parsed JSON
 * @param path - its path in the file, for errors
 * @throws {@link MalformedTokenizerError} if the reference refuses the model as well
 * @throws {@link UnsupportedTokenizerError} for a type that the reference lacks, and for BPE with `dropout` between 0 and
 *   1, whose ids are random
 */
export function readModel(value: unknown, path: string): AnyModel {
  const json = readObject(value, path);
  if (!Object.hasOwn(json, 'type')) return readUntyped(json, path);
  const type = readString(json.type, `${path}.type`);
  if (!Object.hasOwn(READERS, type)) {
    throw new UnsupportedTokenizerError(
      path,
      type,
      'no model of the reference has this type',
      useType(path, Object.keys(READERS)),
    );
  }
  return READERS[type]!(json, path);
}

/** Reads a model of an older file without `type`: the first type that can read it. */
function readUntyped(json: JsonObject, path: string): AnyModel {
  const reasons: string[] = [];
  for (const [family, read] of Object.entries(READERS)) {
    try {
      return read(json, path);
    } catch (error) {
      if (!(error instanceof MalformedTokenizerError)) throw error;
      reasons.push(`${family}: ${error.message}`);
    }
  }
  throw new MalformedTokenizerError(path, `has no type and fits no model (${reasons.join('; ')})`);
}

function readWordLevel(json: JsonObject, path: string): AnyModel {
  return new WordLevel(
    readVocabulary(json.vocab, `${path}.vocab`),
    readText(json.unk_token, `${path}.unk_token`),
  );
}

function readUnigram(json: JsonObject, path: string): AnyModel {
  const tokens = readScoredTokens(json.vocab, `${path}.vocab`);
  const { length } = tokens.scores;
  const unknownId =
    readOptional(json.unk_id, `${path}.unk_id`, (id, at) => readCount(id, at, 2 ** 64)) ?? null;
  if (unknownId !== null && unknownId >= length) {
    throw new MalformedTokenizerError(
      `${path}.unk_id`,
      `must be below the vocabulary's size of ${length}, found ${unknownId}`,
    );
  }
  const byteFallback =
    json.byte_fallback === undefined ? false : readBoolean(json.byte_fallback, `${path}.byte_fallback`);
  return new Unigram({ ...tokens, unknownId, byteFallback });
}

/** Reads a list of pairs of tokens and scores, or returns one that was read already. */
function readScoredTokens(
  value: unknown,
  path: string,
): Pick<UnigramSettings, 'vocabulary' | 'tokens' | 'scores'> {
  // It was made directly from the bytes.
  if (value instanceof Vocabulary && value.packed.scores)
    return { vocabulary: value, scores: value.packed.scores };
  const list = readArray(value, path);
  const scores = new Float64Array(list.length);
  const tokens = list.map((entry, id) => {
    const entryPath = `${path}[${id}]`;
    const [token, score] = readPair(entry, entryPath);
    scores[id] = readFloat(score, entryPath);
    return readText(token, entryPath);
  });
  return { vocabulary: vocabularyOf(tokens, (id) => id), tokens, scores };
}

function readBytePair(json: JsonObject, path: string): AnyModel {
  const vocabulary = readVocabulary(json.vocab, `${path}.vocab`);
  const text = (key: string) => readOptional(json[key], `${path}.${key}`, readText);
  const flag = (key: string) => readOptional(json[key], `${path}.${key}`, readBoolean) ?? false;
  const settings = {
    unknownToken: text('unk_token') ?? null,
    continuingSubwordPrefix: text('continuing_subword_prefix') ?? '',
    endOfWordSuffix: text('end_of_word_suffix') ?? '',
    fuseUnknown: flag('fuse_unk'),
    byteFallback: flag('byte_fallback'),
    ignoreMerges: flag('ignore_merges'),
  };
  const dropout = readOptional(json.dropout, `${path}.dropout`, readDropout) ?? 0;
  // Last, as in the reference, which refuses a wrong setting before it can crash on a merge.
  const merges = readMerges(json.merges, `${path}.merges`, vocabulary, settings.continuingSubwordPrefix);
  if (dropout === 0) return new BytePair(vocabulary, { ...settings, merges });
  if (dropout < 1) {
    throw new UnsupportedTokenizerError(
      `${path}.dropout`,
      'BPE',
      `a dropout of ${dropout} makes ids random`,
      setValue(`${path}.dropout`, 'null'),
    );
  }
  // Every merge is dropped, and the reference then does not search whole words either.
  const nothing = new Uint32Array(0);
  const noMerges = new MergeTable(nothing, nothing, nothing);
  return new BytePair(vocabulary, { ...settings, merges: noMerges, ignoreMerges: false });
}

/** Reads a 32-bit float, as the reference does. */
function readDropout(value: unknown, path: string): number {
  const dropout = Math.fround(readNumber(value, path));
  if (dropout >= 0 && dropout <= 1) return dropout;
  throw new MalformedTokenizerError(path, `must be from 0 to 1, found ${dropout}`);
}

function readMerges(value: unknown, path: string, vocabulary: Vocabulary, prefix: string): MergeTable {
  const pairs = readMergePairs(readArray(value, path), path);
  const lefts = new Uint32Array(pairs.length);
  const rights = new Uint32Array(pairs.length);
  const results = new Uint32Array(pairs.length);
  const idOf = (token: string, rank: number) => {
    const id = vocabulary.idOf(token);
    if (id !== undefined) return id;
    const problem = `needs the token ${JSON.stringify(token)}, which the vocabulary lacks`;
    throw new MalformedTokenizerError(`${path}[${rank}]`, problem);
  };
  const prefixBytes = utf8Length(prefix);
  pairs.forEach(([left, right], rank) => {
    lefts[rank] = idOf(left, rank);
    rights[rank] = idOf(right, rank);
    const merged = left + withoutFirstBytes(right, prefixBytes, `${path}[${rank}]`);
    if (vocabulary.idOf(merged) === undefined) refuseOverlong(merged, vocabulary, `${path}[${rank}]`);
    results[rank] = idOf(merged, rank);
  });
  return new MergeTable(lefts, rights, results);
}

/** Reads merges, which are all pairs `["a", "b"]` or, in older files, all lines `"a b"`. */
function readMergePairs(list: readonly unknown[], path: string): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  const lines = typeof list[0] === 'string';
  list.forEach((entry, index) => {
    const entryPath = `${path}[${index}]`;
    if (!lines) {
      const [left, right] = readPair(entry, entryPath);
      pairs.push([readString(left, entryPath), readString(right, entryPath)]);
      return;
    }
    const line = readString(entry, entryPath);
    if (line.startsWith('#version')) return;
    const [left, right, ...rest] = line.split(' ');
    if (left === undefined || right === undefined || rest.length > 0) {
      throw new MalformedTokenizerError(
        entryPath,
        `must be two tokens with one space between, found ${line}`,
      );
    }
    pairs.push([left, right]);
  });
  return pairs;
}

/** Removes as many bytes as the prefix has from the right token, whether or not it begins with the prefix, as the reference does. */
function withoutFirstBytes(token: string, bytes: number, path: string): string {
  let cut = 0;
  let position = 0;
  for (const character of token) {
    if (cut >= bytes) break;
    cut += utf8Length(character);
    position += character.length;
  }
  if (cut < bytes) throw crash(path, `the right token is shorter than continuing_subword_prefix: ${token}`);
  if (cut > bytes) {
    const problem = `has a right token that continuing_subword_prefix cannot be cut off: ${token}`;
    throw new MalformedTokenizerError(path, problem);
  }
  return token.slice(position);
}

/** The reference allocates memory for the longest token only. */
function refuseOverlong(merged: string, vocabulary: Vocabulary, path: string): void {
  const length = utf8Length(merged);
  for (const [token] of vocabulary.entries()) {
    if (utf8Length(token) >= length) return;
  }
  throw crash(path, `the merged token is longer than every token of the vocabulary: ${merged}`);
}

/** The error of a model that crashes the reference. Unlike a refused one, it is not tried as another type. */
function crash(path: string, problem: string): UnsupportedTokenizerError {
  return new UnsupportedTokenizerError(path, 'BPE', `the reference crashes where ${problem}`);
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function readPair(value: unknown, path: string): readonly unknown[] {
  const pair = readArray(value, path);
  if (pair.length !== 2) {
    throw new MalformedTokenizerError(path, `must have two elements, found ${pair.length}`);
  }
  return pair;
}
