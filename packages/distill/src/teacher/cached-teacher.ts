import type { Teacher } from './teacher.js';
import { cachedVectors, textKey, VectorCache } from './vector-cache.js';

/** Options of a {@link CachedTeacher}. */
export interface CachedTeacherOptions {
  /** Folder of the cache. @defaultValue no cache */
  readonly cacheDir?: string | undefined;
  /** Name of a prompt of the teacher, as in {@link Teacher.encode}. */
  readonly prompt?: string | null | undefined;
}

/**
 * A teacher whose vectors of texts are cached on disk, in the cache that `adapt` uses. The functions that evaluate
 * take it in place of the teacher. Closing the teacher is left to the caller.
 *
 * @example
 * ```ts
 * import { CachedTeacher, loadTeacher, retentionSet } from '@model2vec-ts/distill';
 *
 * const teacher = await loadTeacher('./all-MiniLM-L6-v2');
 * const cached = await CachedTeacher.open(teacher, { cacheDir: './vectors' });
 * const set = await retentionSet(cached, ['a document', 'another one'], ['a query'], { count: 1 });
 * await teacher.close();
 * ```
 */
export class CachedTeacher {
  readonly #teacher: Teacher;
  readonly #cache: VectorCache | undefined;
  readonly #prompt: string | null | undefined;
  #cached = 0;

  private constructor(teacher: Teacher, cache: VectorCache | undefined, prompt: string | null | undefined) {
    this.#teacher = teacher;
    this.#cache = cache;
    this.#prompt = prompt;
  }

  /**
   * Opens the cache, creating it if needed.
   *
   * @throws {@link DistillError} with the code `cache-failure`
   */
  static async open(
    teacher: Teacher,
    { cacheDir, prompt }: CachedTeacherOptions = {},
  ): Promise<CachedTeacher> {
    const identity = JSON.stringify([teacher.fingerprint, teacher.maxTokens, prompt]);
    const cache =
      cacheDir === undefined ? undefined : await VectorCache.open(cacheDir, identity, teacher.dim);
    return new CachedTeacher(teacher, cache, prompt);
  }

  /** Number of texts so far whose vector was in the cache. */
  get cachedTexts(): number {
    return this.#cached;
  }

  /**
   * Embeds texts as {@link Teacher.encode} does, with the teacher only those that are not in the cache.
   *
   * @throws {@link DistillError} with the code `unusable-vectors` or `cache-failure`
   */
  async encode(
    texts: readonly string[],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Float32Array> {
    const { vectors, cached } = await cachedVectors(
      this.#cache,
      this.#cache === undefined ? texts : texts.map(textKey),
      this.#teacher.dim,
      (positions) =>
        this.#teacher.encode(
          Array.from(positions, (i) => texts[i]!),
          { prompt: this.#prompt, signal },
        ),
    );
    this.#cached += cached;
    return vectors;
  }
}
