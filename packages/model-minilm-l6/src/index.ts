/**
 * A small real Model2Vec model as data, for use without a network.
 * @module
 */
export { minilmL6 } from './minilm-l6.js';
