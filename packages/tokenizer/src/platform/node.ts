/** Node: what makes loading and encoding fast is at hand, and costs nothing to have. */
export { fastTokenizerOf } from '../fast/fast-path.js';
export { parseTokenizerJson } from '../json/tokenizer-json.js';
