/**
 * Builds the search index of a static site.
 * @module
 */
export { buildSiteIndex, type SiteIndexOptions, type SiteIndexReport } from './build/build-site-index.js';
export type { SitePage } from './build/passages.js';
export { SiteSearchError, type SiteSearchErrorCode } from './site-search-error.js';
