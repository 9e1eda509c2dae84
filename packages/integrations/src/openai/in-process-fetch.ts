/**
 * OpenAI's client without a server.
 * @module
 */
import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { createEmbeddingServer, type EmbeddingServerOptions } from '@model2vec-ts/server';

/**
 * A `fetch` for OpenAI's client that embeds in this process. Nothing is sent, whatever the client's address and key
 * are.
 *
 * @param models - one embedder, which answers for every model name, or the options of a server
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { inProcessFetch } from '@model2vec-ts/integrations/openai';
 *
 * const embedder = await Model2VecEmbeddingFunction.create();
 * const fetch = inProcessFetch(embedder);
 * // const client = new OpenAI({ apiKey: 'unused', fetch });
 * // await client.embeddings.create({ model: 'text-embedding-3-small', input: 'a text' });
 * const response = await fetch('https://api.openai.com/v1/embeddings', {
 *   method: 'POST',
 *   body: JSON.stringify({ model: 'text-embedding-3-small', input: 'a text' }),
 * });
 * console.log(response.status);
 * ```
 */
export function inProcessFetch(
  models: Model2VecEmbeddingFunction | EmbeddingServerOptions,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const options: EmbeddingServerOptions =
    'models' in models ? models : { models: [{ name: 'model2vec', embedder: models }], anyModel: true };
  const server = createEmbeddingServer(options);
  return (input, init) => server.fetch(new Request(input, init));
}
