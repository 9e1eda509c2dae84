/**
 * A small real Model2Vec model as data, so that everything works with no network.
 * @module
 */
export { minilmL6 } from './minilm-l6.js';
