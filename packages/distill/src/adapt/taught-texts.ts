import { loadTokenizer } from '@model2vec-ts/tokenizer';
import { CachedTeacher } from '../teacher/cached-teacher.js';
import type { Teacher } from '../teacher/teacher.js';
import { textKey } from '../teacher/vector-cache.js';
import { type Corpus, weightedTexts } from './text-source.js';
import { TokenCounter, type TokenCounts } from './token-counts.js';
import { MemoryVectors, type VectorStore } from './vector-store.js';

/** Texts with a student's tokens and a teacher's vectors. */
export interface TaughtTexts {
  readonly counts: TokenCounts;
  readonly vectors: VectorStore;
  readonly weights: Float32Array;
  /** 1 for each text of the collection that will be searched. */
  readonly own: Uint8Array;
  /** Texts whose vector was in the cache. */
  readonly cached: number;
}

/** Options for reading and encoding texts. */
export interface TeachingOptions {
  readonly tokenizerJson: Uint8Array;
  readonly prompt: string | null | undefined;
  readonly cacheDir: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called after each batch with the number of encoded texts. */
  readonly onTexts: (done: number) => void;
}

/** Texts that the teacher encodes at once. */
const BATCH = 1024;

/** Reads a corpus, counts its tokens and encodes it with the teacher. Duplicates are skipped. */
export async function teachTexts(
  teacher: Teacher,
  corpus: Corpus,
  options: TeachingOptions,
): Promise<TaughtTexts> {
  const { signal, cacheDir, prompt, onTexts } = options;
  const tokenizer = loadTokenizer(options.tokenizerJson);
  const encoder = await CachedTeacher.open(teacher, { cacheDir, prompt });
  const counter = new TokenCounter();
  const vectors = new MemoryVectors(teacher.dim);
  const weights: number[] = [];
  const own: number[] = [];
  const seen = new Set<string>();
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    vectors.append(await encoder.encode(batch, { signal }));
    batch = [];
    onTexts(vectors.rows);
  };
  for await (const { text, weight, own: isOwn } of weightedTexts(corpus)) {
    signal?.throwIfAborted();
    const key = textKey(text);
    if (seen.has(key)) continue;
    seen.add(key);
    // As many tokens as the teacher reads.
    const ids = tokenizer.encode(text, { dropUnknown: true, maxTokens: teacher.maxTokens });
    if (ids.length === 0) continue;
    counter.add(ids);
    weights.push(weight);
    own.push(isOwn ? 1 : 0);
    batch.push(text);
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return {
    counts: counter.counts(),
    vectors,
    weights: Float32Array.from(weights),
    own: Uint8Array.from(own),
    cached: encoder.cachedTexts,
  };
}
