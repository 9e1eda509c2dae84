/**
 * The parts of full-text search and of rank fusion, for indexes that are stored in another way.
 * @module
 */
export { fusedRanks, fusionReach } from './text-index/rank-fusion.js';
export type { RankedRows } from './vectors/shortlist.js';
export { inverseFrequency, lengthFactor, termScore } from './words/bm25.js';
export { hasWords, type WordBreaker, wordsOf } from './words/word-breaking.js';
