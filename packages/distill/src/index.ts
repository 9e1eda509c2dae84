/**
 * Makes Model2Vec models: distils a sentence transformer, adapts the result to texts, measures it. For Node.
 * @module
 */
export * from './adapt.js';
export * from './distill.js';
export * from './evaluate.js';
