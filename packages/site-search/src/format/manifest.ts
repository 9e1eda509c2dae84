import type { BertNormalizerOptions } from '@model2vec-ts/tokenizer/bert-words';
import { SiteSearchError } from '../site-search-error.js';

/** Name of the only file that is always loaded; it names the folder of the others. */
export const MANIFEST = 'index.json';

/** Version of the format. */
export const FORMAT = 1;

/** Passages of one file of records. */
export const RECORDS_PER_SHARD = 8;

/** What a client needs to find every other file of an index. */
export interface Manifest {
  readonly format: typeof FORMAT;
  /** Folder of the other files; named by their content, so that they can be cached for ever. */
  readonly folder: string;
  readonly passages: number;
  readonly dim: number;
  readonly tokenizer: QueryTokenizer;
  /** First key of each shard of tokens and their rows. */
  readonly tokens: readonly string[];
  /** First key of each shard of words and their postings. */
  readonly words: readonly string[];
  /** Directions of the clusters, one shard of vectors each: their codes, in base64. */
  readonly centroids: string;
}

/** Settings of a WordPiece tokenizer. */
export interface QueryTokenizer {
  readonly normalizer: BertNormalizerOptions;
  readonly continuingSubwordPrefix: string;
  readonly maxCharactersPerWord: number;
}

/** Where a passage is and what it says. */
export interface PassageRecord {
  /** Address of the page, relative to the site's root. */
  readonly url: string;
  /** Identifier of the passage's heading in the page; empty for the page's beginning. */
  readonly anchor: string;
  /** Title of the page. */
  readonly title: string;
  /** Headings above the passage, the outermost first, without the page's title. */
  readonly headings: readonly string[];
  /** Beginning of the passage's text. */
  readonly excerpt: string;
}

/** Records of passages that follow each other; those of one page share its row. */
export interface RecordShard {
  readonly pages: readonly (readonly [url: string, title: string])[];
  readonly passages: readonly (readonly [
    page: number,
    anchor: string,
    headings: readonly string[],
    excerpt: string,
  ])[];
}

/** Checks the parts of a manifest that a client relies on. */
export function parseManifest(json: unknown, url: string): Manifest {
  const found = json as Partial<Manifest> | null;
  if (found?.format === FORMAT && typeof found.folder === 'string') return found as Manifest;
  const what = found?.format === undefined ? 'is not the manifest of a search index' : 'has another version';
  throw new SiteSearchError('malformed', `${url} ${what}: build the index with the version of this package`);
}
