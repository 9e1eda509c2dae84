/**
 * An accessible search box for pages, without a framework.
 * @module
 */
export {
  attachSearchBox,
  type SearchBox,
  type SearchBoxLabels,
  type SearchBoxOptions,
} from './box/search-box.js';
