/**
 * An embeddings server that speaks the interfaces of OpenAI, TEI, Ollama and Weaviate.
 * @module
 */
export { createEmbeddingServer, type EmbeddingServer } from './embedding-server.js';
export type { RequestRecord } from './request-record.js';
export { ServerError, type ServerErrorCode } from './server-error.js';
export type { EmbeddingServerOptions, ServedModelOptions, ServerLimits } from './server-options.js';
