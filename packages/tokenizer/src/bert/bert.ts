/** Code for BERT's tokenizer, and to recognise it. */
export { fastTokenizerOf, parseTokenizerJson } from '#platform';
export { checkDepth } from '../json/json-depth.js';
export { isBertJson } from './bert-json.js';
export { bertTokenizer } from './bert-tokenizer.js';
