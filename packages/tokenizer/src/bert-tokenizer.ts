/** What a tokenizer like BERT's is read with; all of it but the components is for every other tokenizer, too. */
export { BERT_COMPONENTS, isBertLike } from './bert-components.js';
export { fastTokenizerOf } from './fast/fast-path.js';
export { checkJson } from './json-check.js';
export { assembleTokenizer } from './tokenizer-assembly.js';
export { parseTokenizerJson } from './tokenizer-json.js';
