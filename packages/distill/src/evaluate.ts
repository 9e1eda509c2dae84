/**
 * Measures models: how much of a teacher's ranking they keep, similarity, retrieval. For Node.
 * @module
 */
export { DistillError, type DistillErrorCode, type DistillErrorOptions } from './distill-error.js';
export type { Evaluated, TextVectors } from './evaluate/embedder.js';
export { readRetentionSets, readRetrievalSet, readScoredPairs } from './evaluate/evaluation-files.js';
export {
  type EvaluateOptions,
  evaluateRetention,
  type RetentionSet,
  retentionSet,
} from './evaluate/retention.js';
export { evaluateRetrieval, type RetrievalSet } from './evaluate/retrieval.js';
export type { Score } from './evaluate/score.js';
export { evaluateSimilarity, type ScoredPair } from './evaluate/similarity.js';
export type { DistillRemedy, TeacherOption } from './remedy.js';
