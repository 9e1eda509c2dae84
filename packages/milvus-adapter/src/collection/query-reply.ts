import type { Hit, Key, SearchMode, SearchResult, StoredRow } from '@model2vec-ts/search';
import type { TextLayout } from '../ingest/text-row.js';
import { type DecodedField, rowReader, wholeNumber } from '../wire/field-values.js';

/** The parts of `milvus.QueryResults` (milvus.proto) that are read. */
export interface QueryReply {
  readonly fields_data: readonly (DecodedField & {
    readonly scalars?: { readonly long_data?: { readonly data?: readonly string[] } } | null;
  })[];
}

/** The parts of `milvus.SearchResults` (milvus.proto) that are read. */
export interface SearchReply {
  readonly results: {
    readonly topks: readonly (string | number)[];
    readonly scores: readonly number[];
    readonly fields_data: readonly DecodedField[];
    readonly ids?: ReplyIds | null;
  } | null;
}

/** `schema.IDs` of schema.proto as the SDK decodes it. */
export interface ReplyIds {
  readonly int_id?: { readonly data: readonly string[] } | null;
  readonly str_id?: { readonly data: readonly string[] } | null;
}

/** Decodes keys. */
export function replyKeys(ids: ReplyIds | null | undefined): readonly Key[] {
  return ids?.str_id?.data ?? (ids?.int_id?.data ?? []).map((value) => wholeNumber(value)!);
}

/** Decodes rows of a query. */
export function storedRows(
  columns: readonly DecodedField[],
  layout: TextLayout,
  isWanted: (name: string) => boolean,
): StoredRow[] {
  const always = new Set([layout.key.name, layout.text.name]);
  const read = rowReader(columns, (name) => always.has(name) || isWanted(name));
  const keys = columns.find((column) => column.field_name === layout.key.name);
  const count = keys?.scalars?.data === undefined ? 0 : valuesOf(keys).length;
  return Array.from({ length: count }, (_, i) => {
    const { [layout.key.name]: id, [layout.text.name]: text = '', ...fields } = read(i);
    return { id: id as Key, text: text as string, fields };
  });
}

function valuesOf(column: DecodedField): readonly unknown[] {
  return (
    (column.scalars?.[column.scalars.data ?? ''] as { data?: readonly unknown[] } | undefined)?.data ?? []
  );
}

/** Decodes search results. Milvus Lite negates BM25's scores, which are never below zero. */
export function searchResults(
  reply: SearchReply,
  queries: number,
  mode: SearchMode,
  layout: TextLayout,
  isWanted: (name: string) => boolean,
): SearchResult[] {
  const { topks = [], scores = [], fields_data = [], ids } = reply.results ?? {};
  const keys = replyKeys(ids);
  const read = rowReader(fields_data, (name) => name === layout.text.name || isWanted(name));
  let at = 0;
  return Array.from({ length: queries }, (_, query) => {
    const hits: Hit[] = [];
    for (const end = at + Number(topks[query] ?? 0); at < end; at++) {
      const { [layout.text.name]: text = '', [layout.key.name]: _key, ...fields } = read(at);
      hits.push({
        id: keys[at]!,
        score: mode === 'fullText' ? Math.abs(scores[at]!) : scores[at]!,
        text: text as string,
        fields,
      });
    }
    return { mode, hits };
  });
}
