/** What BERT's tokenizer is read with, and what finds out that a tokenizer is none. */
export { fastTokenizerOf, parseTokenizerJson } from '#platform';
export { isBertJson } from './bert-json.js';
export { bertTokenizer } from './bert-tokenizer.js';
