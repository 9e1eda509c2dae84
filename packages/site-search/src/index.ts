/**
 * Builds the search index of a static site.
 * @module
 */
export { buildSiteIndex, type SiteIndexOptions, type SiteIndexReport } from './build/build-site-index.js';
export type { Passage, SitePage } from './build/passages.js';
export { type SitePages, sitePassages } from './build/site-pages.js';
export { SiteSearchError, type SiteSearchErrorCode } from './site-search-error.js';
