import { protobufMessage } from './protobuf-message.js';
import { writeVectors } from './vector-bytes.js';
import { VECTOR_TYPES, type VectorType } from './vector-type.js';

/** The query of one field. */
export type SearchInput =
  | {
      readonly kind: 'vectors';
      readonly type: VectorType;
      readonly dim: number;
      readonly vectors: readonly Float32Array[];
    }
  | { readonly kind: 'texts'; readonly texts: readonly string[] };

/** One search of one field. */
export interface FieldSearch {
  readonly collection: string;
  readonly field: string;
  readonly metric: string;
  readonly input: SearchInput;
  readonly limit: number;
  readonly offset: number;
  readonly filter: string | undefined;
  readonly outputFields: readonly string[];
  /** Parameters of the index type, such as `{ ef: 128 }`. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** `common.PlaceholderType.VarChar` of common.proto: a text that the server embeds. */
const TEXT_PLACEHOLDER = 21;
/** `common.DslType.BoolExprV1` of common.proto. */
const BOOLEAN_EXPRESSION = 1;

/** Required freshness of a read, as fields of a request. */
export interface Freshness {
  readonly consistency_level: number;
  readonly use_default_consistency: false;
  readonly guarantee_timestamp: string;
}

/** The fields of `milvus.SearchRequest` (milvus.proto). */
export function searchRequest(search: FieldSearch, freshness: Freshness): object {
  const parameters: Record<string, string> = {
    anns_field: search.field,
    topk: String(search.limit),
    offset: String(search.offset),
    metric_type: search.metric,
    params: JSON.stringify(search.params),
    round_decimal: '-1',
  };
  return {
    collection_name: search.collection,
    dsl: search.filter ?? '',
    dsl_type: BOOLEAN_EXPRESSION,
    placeholder_group: placeholderGroup(search.input),
    output_fields: search.outputFields,
    search_params: Object.entries(parameters).map(([key, value]) => ({ key, value })),
    nq: search.input.kind === 'vectors' ? search.input.vectors.length : search.input.texts.length,
    ...freshness,
  };
}

/**
 * The bytes of `common.PlaceholderGroup` { placeholders 1 } with one `PlaceholderValue` { tag 1, type 2, values 3 } of
 * common.proto.
 */
export function placeholderGroup(input: SearchInput): Buffer {
  const values = input.kind === 'texts' ? input.texts.map((text) => Buffer.from(text)) : vectorValues(input);
  const type = input.kind === 'texts' ? TEXT_PLACEHOLDER : VECTOR_TYPES[input.type].dataType;
  const placeholder = protobufMessage([[1, '$0'], [2, type], ...values.map((value) => [3, value] as const)]);
  return protobufMessage([[1, placeholder]]);
}

function vectorValues({ type, dim, vectors }: Extract<SearchInput, { kind: 'vectors' }>): readonly Buffer[] {
  return vectors.map((vector) => {
    const bytes = Buffer.alloc(VECTOR_TYPES[type].byteLength(dim));
    writeVectors(type, [vector], dim, bytes, 0);
    return bytes;
  });
}

/**
 * Constant of reciprocal rank fusion: a hit at rank r counts 1 / (k + r). 60 is the default of its authors and of
 * Milvus.
 */
const RANK_CONSTANT = 60;

/** The fields of `milvus.HybridSearchRequest` (milvus.proto): searches whose ranks are fused. */
export function hybridRequest(
  searches: readonly FieldSearch[],
  page: { readonly limit: number; readonly offset: number },
  freshness: Freshness,
): object {
  const [first] = searches;
  const parameters: Record<string, string> = {
    strategy: 'rrf',
    params: JSON.stringify({ k: RANK_CONSTANT }),
    limit: String(page.limit),
    offset: String(page.offset),
    round_decimal: '-1',
  };
  return {
    collection_name: first?.collection,
    requests: searches.map((search) => searchRequest(search, freshness)),
    rank_params: Object.entries(parameters).map(([key, value]) => ({ key, value })),
    output_fields: first?.outputFields,
    ...freshness,
  };
}
