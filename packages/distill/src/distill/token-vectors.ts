import { loadTokenizer } from '@model2vec-ts/tokenizer';
import { specialTokenIds } from '../teacher/special-token-ids.js';
import type { Teacher, TeacherPassOptions, TokenPooling } from '../teacher/teacher.js';
import { isObject, parseObject } from '../teacher/teacher-files.js';
import { cachedVectors, textKey, VectorCache } from '../teacher/vector-cache.js';
import { cleanVocabulary } from '../vocabulary/clean-vocabulary.js';
import { boundaryTokens, TokenizerFile } from '../vocabulary/tokenizer-file.js';

/** Which tokens a static model has, and how the teacher encodes them. */
export interface TokenVectorOptions extends TeacherPassOptions {
  readonly words: readonly string[];
  readonly pattern: RegExp | undefined;
  readonly pooling: TokenPooling;
  /** Folder that caches the vectors. */
  readonly cacheDir?: string | undefined;
}

/** The vocabulary of a static model, before any reduction. */
export interface TokenVectors {
  readonly tokenizerJson: Uint8Array;
  /** Tokens × dim of the teacher. */
  readonly vectors: Float32Array;
}

/** Cleans the teacher's vocabulary and encodes each token with the teacher, between its special tokens. */
export async function tokenVectors(teacher: Teacher, options: TokenVectorOptions): Promise<TokenVectors> {
  const original = TokenizerFile.parse(teacher.tokenizerJson, teacher.specialTokens);
  const teacherIds = original.fileIds();
  original.pruneAdded();
  const cleaned = cleanVocabulary(original, options.words, options.pattern);
  const tokenizerJson = cleaned.toJson();
  const { first, last } = boundaryTokens(original.postProcessor);
  const idsOf = (tokens: readonly string[]): number[] => tokens.map((token) => teacherIds.get(token) ?? 0);
  const before = idsOf(first);
  const after = idsOf(last);
  let encodeNew: ((token: string) => number[]) | undefined;
  const sequences = Array.from(cleaned.tokens, (token) => {
    if (original.tokens.has(token)) return [...before, teacherIds.get(token)!, ...after];
    encodeNew ??= originalEncoder(original, teacherIds);
    return encodeNew(token);
  });
  const { pooling, cacheDir, signal, onProgress } = options;
  const cache =
    cacheDir === undefined
      ? undefined
      : await VectorCache.open(
          cacheDir,
          JSON.stringify([teacher.fingerprint, 'tokens', pooling]),
          teacher.dim,
        );
  const keys = sequences.map((sequence) => textKey(String(sequence)));
  let passed = 0;
  const { vectors } = await cachedVectors(cache, keys, teacher.dim, async (positions) => {
    const rows = await teacher.encodeTokens(
      Array.from(positions, (i) => sequences[i]!),
      pooling,
      { signal, onProgress: ({ done }) => onProgress?.({ done: passed + done, total: sequences.length }) },
    );
    passed += positions.length;
    return rows;
  });
  return { tokenizerJson, vectors };
}

/** Encodes words that are not tokens of the teacher. */
function originalEncoder(
  original: TokenizerFile,
  teacherIds: ReadonlyMap<string, number>,
): (word: string) => number[] {
  const json = original.toJson();
  const tokenizer = loadTokenizer(json);
  const file = parseObject(json, 'tokenizer.json');
  const { before, after } = specialTokenIds(file.post_processor);
  const tokens = [...original.tokens];
  const limit = isObject(file.truncation)
    ? Number(file.truncation.max_length) - before.length - after.length
    : null;
  return (word) =>
    [...before, ...tokenizer.encode(word, { maxTokens: limit }), ...after].map(
      (id) => teacherIds.get(tokens[id]!) ?? 0,
    );
}
