import type { EmbeddingFunction, SearchMode } from '@model2vec-ts/search';
import { lackedBy } from '../connection/capabilities.js';
import type { MilvusConnection } from '../connection/milvus-connection.js';
import type { TextLayout } from '../ingest/text-row.js';
import { invalidArgument, MilvusError, messageOf } from '../milvus-error.js';
import { vectorProblem } from '../wire/field-value.js';
import { isFloat32Array } from '../wire/float32-array.js';
import { isWellFormed } from '../wire/json-value.js';
import type { FieldSearch } from '../wire/search-request.js';
import type { VectorType } from '../wire/vector-type.js';
import type { SearchOptions } from './text-collection-options.js';

/** Milvus' limit on the rows of a page plus those before it. */
export const MAX_WINDOW = 16_384;
/** Rows of each ranking that are fused, at least; `TextIndex` fuses as many. */
const FUSED_DEPTH = 100;

/** The part of a `TextCollection` that a search needs. */
interface SearchedCollection {
  readonly name: string;
  readonly embedder: EmbeddingFunction;
  readonly layout: TextLayout;
  readonly metric: string;
  readonly connection: Pick<MilvusConnection, 'capabilities' | 'server'>;
}

/** A search whose mode is decided and whose filter is complete. */
interface PreparedSearch extends Pick<SearchOptions, 'indexParams' | 'signal'> {
  readonly mode: SearchMode;
  readonly limit: number;
  readonly offset: number;
  readonly filter: string | undefined;
  readonly outputFields: readonly string[];
}

/** Throws unless a server can return this page of hits. */
export function requireWindow(limit: number, offset: number): void {
  if (!(Number.isSafeInteger(limit) && limit > 0))
    throw invalidArgument('option limit', 'a whole number above 0', limit);
  if (!(Number.isSafeInteger(offset) && offset >= 0))
    throw invalidArgument('option offset', 'a whole number from 0 on', offset);
  if (limit + offset > MAX_WINDOW) {
    throw new MilvusError(
      'limit',
      `limit and offset must add up to at most ${MAX_WINDOW}, which is Milvus' limit; found ${limit} and ${offset}`,
    );
  }
}

/** Throws unless each query is a text, or a vector of the embedder. */
export function requireQueries(queries: readonly unknown[], dim: number): void {
  for (const query of queries) {
    if (typeof query === 'string') {
      if (query.trim() === '') throw invalidArgument('a query', 'a text that is not empty', query);
      if (!isWellFormed(query)) throw invalidArgument('a query', 'well-formed Unicode', query);
      continue;
    }
    if (!isFloat32Array(query)) throw invalidArgument('a query', 'a text or a Float32Array', query);
    const problem = vectorProblem('a query', dim, query);
    if (problem !== undefined) throw new MilvusError('invalid-argument', problem);
  }
}

/** The mode of a search: the wanted one, or the best that the collection and the queries support. */
export function searchMode(
  { name, layout, connection }: SearchedCollection,
  queries: readonly (string | Float32Array)[],
  wanted: SearchMode | undefined,
): SearchMode {
  const { hybridSearch, fullText } = connection.capabilities;
  const hasFullText = layout.sparse !== undefined && fullText;
  const areTexts = queries.every((query) => typeof query === 'string');
  if (wanted === undefined) {
    // A query without a letter or digit has no words.
    const haveWords = queries.every((query) => typeof query === 'string' && /[\p{L}\p{N}]/u.test(query));
    return hasFullText && hybridSearch && haveWords ? 'hybrid' : 'dense';
  }
  if (wanted !== 'hybrid' && wanted !== 'dense' && wanted !== 'fullText') {
    throw invalidArgument('option mode', "'hybrid', 'dense' or 'fullText'", wanted);
  }
  if (wanted === 'dense') return wanted;
  if (!areTexts)
    throw invalidArgument(
      'a query',
      `a text for mode ${wanted}`,
      queries.find((q) => typeof q !== 'string'),
    );
  if (!hasFullText || (wanted === 'hybrid' && !hybridSearch)) {
    const why = fullText ? 'the collection was created without it' : lackedBy(connection.server);
    throw new MilvusError('unsupported', `mode ${wanted} needs full-text search in ${name}: ${why}`, {
      remedy: { code: 'pass-option', option: 'mode', values: ['dense'] },
    });
  }
  return wanted;
}

/** The searches of single fields that a mode consists of: by vectors, by full text, or both. */
export async function fieldSearches(
  { name, embedder, layout, metric }: SearchedCollection,
  queries: readonly (string | Float32Array)[],
  { mode, limit, offset, filter, outputFields, indexParams = {}, signal }: PreparedSearch,
): Promise<FieldSearch[]> {
  // Both rankings must include the whole page of the fused one, and rows that both rank just below it.
  const depth = Math.min(MAX_WINDOW, Math.max(FUSED_DEPTH, limit + offset));
  const page = mode === 'hybrid' ? { limit: depth, offset: 0 } : { limit, offset };
  const common = { collection: name, filter, outputFields, ...page };
  const searches: FieldSearch[] = [];
  if (mode !== 'fullText') {
    searches.push({
      ...common,
      field: layout.vector.name,
      metric,
      input: {
        kind: 'vectors',
        type: layout.vector.type as VectorType,
        dim: embedder.dim,
        vectors: await queryVectors(embedder, queries, signal),
      },
      params: indexParams,
    });
  }
  if (mode !== 'dense') {
    searches.push({
      ...common,
      field: layout.sparse!,
      metric: 'BM25',
      input: { kind: 'texts', texts: queries as readonly string[] },
      params: {},
    });
  }
  return searches;
}

async function queryVectors(
  embedder: EmbeddingFunction,
  queries: readonly (string | Float32Array)[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const texts = queries.filter((query) => typeof query === 'string');
  let made: readonly Float32Array[] = [];
  if (texts.length > 0) {
    try {
      made = await embedder.encodeQueries(texts, signal ? { signal } : {});
    } catch (error) {
      throw new MilvusError('embedder', `embedding ${texts.length} queries failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
  let next = 0;
  return queries.map((query) => {
    if (typeof query !== 'string') return query;
    const vector = made[next++];
    const problem = vectorProblem('the embedding of a query', embedder.dim, vector);
    if (problem !== undefined) throw new MilvusError('embedder', problem);
    return vector!;
  });
}
