/**
 * Finds, reads, checks and quantises Model2Vec static models.
 * @module
 */
export type { EmbeddingTable, TableArrays, TableDtype } from './embedding-table.js';
export type { ModelConfig, ModelFile, ModelFiles, ModelSource, StaticModel } from './static-model.js';
