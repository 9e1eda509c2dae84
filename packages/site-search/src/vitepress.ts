/**
 * Indexes a VitePress site at the end of its build.
 * @module
 */
import { buildSiteIndex, type SiteIndexOptions } from './build/build-site-index.js';

/**
 * Returns VitePress' `buildEnd` hook that writes the index into `site-search` of the built site.
 *
 * @example
 * ```ts
 * // .vitepress/config.ts: export default defineConfig({ ...site })
 * import { indexVitePress } from '@model2vec-ts/site-search/vitepress';
 *
 * export const site = { buildEnd: indexVitePress() };
 * ```
 */
export function indexVitePress(
  options: Omit<SiteIndexOptions, 'pages' | 'out'> = {},
): (site: { readonly outDir: string }) => Promise<void> {
  return async ({ outDir }) => {
    await buildSiteIndex({ ...options, pages: outDir });
  };
}
