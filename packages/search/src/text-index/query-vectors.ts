import { invalidArgument, SearchError } from '../search-error.js';
import type { EmbeddingFunction } from '../store/embedding-function.js';
import { isFloat32Array } from '../vectors/float32-array.js';
import { vectorProblem } from './row-check.js';

/** The vectors of queries; texts are embedded in one call. */
export async function queryVectors(
  embedder: EmbeddingFunction,
  queries: readonly (string | Float32Array)[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  for (const query of queries) {
    if (typeof query === 'string') continue;
    if (!isFloat32Array(query)) throw invalidArgument('a query', 'a text or a Float32Array', query);
    const problem = vectorProblem('a query', embedder.dim, query);
    if (problem !== undefined) throw new SearchError('invalid-argument', problem);
  }
  const texts = queries.filter((query) => typeof query === 'string');
  const vectors = texts.length === 0 ? [] : await embedded(embedder, 'encodeQueries', texts, signal);
  let next = 0;
  return queries.map((query) => (typeof query === 'string' ? vectors[next++]! : query));
}

/**
 * Embeds texts and checks what the embedder returns.
 *
 * @param out - memory that the embeddings may use
 */
export async function embedded(
  embedder: EmbeddingFunction,
  verb: 'encodeQueries' | 'encodeDocuments',
  texts: readonly string[],
  signal: AbortSignal | undefined,
  out?: Float32Array,
): Promise<readonly Float32Array[]> {
  const abortError = (): SearchError =>
    new SearchError('aborted', `embedding ${texts.length} texts was aborted by its signal`, {
      cause: signal?.reason,
    });
  if (signal?.aborted) throw abortError();
  let vectors: readonly Float32Array[];
  try {
    vectors = await embedder[verb](texts, { ...(signal && { signal }), ...(out && { out }) });
  } catch (error) {
    if (signal?.aborted) throw abortError();
    throw new SearchError('embedder', `embedding ${texts.length} texts failed: ${String(error)}`, {
      cause: error,
    });
  }
  if (vectors.length !== texts.length) {
    const problem = `the embedder returned ${vectors.length} embeddings for ${texts.length} texts`;
    throw new SearchError('embedder', problem);
  }
  for (const vector of vectors) {
    const problem = vectorProblem('an embedding', embedder.dim, vector);
    if (problem !== undefined) throw new SearchError('embedder', problem);
  }
  return vectors;
}
