/**
 * Searches an index in a page.
 * @module
 */

export type { FetchOptions } from './query/shard-store.js';
export {
  type OpenOptions,
  openSiteSearch,
  type SiteHit,
  type SiteSearch,
  type SiteSearchMode,
  type SiteSearchOptions,
} from './query/site-search.js';
export { SiteSearchError, type SiteSearchErrorCode } from './site-search-error.js';
