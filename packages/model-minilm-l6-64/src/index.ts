/**
 * Addresses of the files of a static embedding model that is small enough for a web page.
 * @module
 */
export { minilmL6x64 } from './minilm-l6-64.js';
