/**
 * Embeddings and a retriever for LangChain.
 * @module
 */
export { Model2VecEmbeddings } from './model2vec-embeddings.js';
export { TextStoreRetriever, type TextStoreRetrieverFields } from './text-store-retriever.js';
