import { LAYOUTS } from '../source/layout.js';
import type { HubListing } from './hub-listing.js';

/** Paths to fetch, as in the reference: the files of every layout, and the README. */
export function modelPaths(prefix: string): readonly string[] {
  const paths = LAYOUTS.flatMap(({ config, table, tokenizer }) => [config, table, tokenizer]);
  return [...new Set([...paths, 'README.md'])].map((path) => prefix + path);
}

/** Whether a model can be in the folder at all. */
export function hasLayout(listing: HubListing, prefix: string): boolean {
  return LAYOUTS.some(({ config, table, tokenizer }) =>
    [config, table, tokenizer].every((path) => listing.has(prefix + path)),
  );
}
