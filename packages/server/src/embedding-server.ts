import { Hono } from 'hono';
import type { Dialect, Route, Service } from './dialects/dialect.js';
import { ollama } from './dialects/ollama.js';
import { openAi } from './dialects/openai.js';
import { tei } from './dialects/tei.js';
import { weaviate } from './dialects/weaviate.js';
import { ServerMetrics } from './metrics/server-metrics.js';
import { ModelRegistry } from './models/model-registry.js';
import { ServedModel } from './models/served-model.js';
import { serverRoutes } from './openapi/server-routes.js';
import { RequestExchange } from './request-exchange.js';
import { ApiKeys } from './requests/api-keys.js';
import { CorsRules } from './requests/cors-rules.js';
import { RequestError } from './requests/request-error.js';
import { checkedLimits, type EmbeddingServerOptions } from './server-options.js';

/** Answers requests for embeddings. */
export interface EmbeddingServer {
  /**
   * Answers one request; never rejects. The interface of Cloudflare Workers, Deno, Bun and Hono, and what the `fetch`
   * option of a client takes in process.
   */
  fetch(request: Request): Promise<Response>;
  /**
   * Makes health checks fail from now on, so that load balancers stop sending new clients; requests are still answered.
   */
  startShutdown(): void;
}

/** All interfaces. If two share a path, the first wins. */
const DIALECTS: readonly Dialect[] = [openAi, tei, ollama, weaviate, serverRoutes];

/**
 * Creates a server that answers in the interfaces of OpenAI, Hugging Face's text-embeddings-inference, Ollama and
 * Weaviate. It does not listen: pass its `fetch` to `@model2vec-ts/server/node` or to another HTTP server.
 *
 * @throws {@link ServerError} `invalid-argument`
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { createEmbeddingServer } from '@model2vec-ts/server';
 *
 * const embedder = await Model2VecEmbeddingFunction.create({ modelSource: 'minishlab/potion-base-8M' });
 * const server = createEmbeddingServer({ models: [{ name: 'potion', embedder, aliases: ['text-embedding-3-small'] }] });
 * const response = await server.fetch(
 *   new Request('http://localhost/v1/embeddings', { method: 'POST', body: JSON.stringify({ input: 'a text' }) }),
 * );
 * console.log(response.status, await response.json());
 * ```
 */
export function createEmbeddingServer(options: EmbeddingServerOptions): EmbeddingServer {
  const limits = checkedLimits(options.limits);
  const keys = new ApiKeys(options.apiKeys ?? []);
  const cors = new CorsRules(options.corsOrigins ?? []);
  const metrics = new ServerMetrics(
    () => registry.models,
    () => exchange.activeRequests,
  );
  const registry = new ModelRegistry(
    options.models.map(
      ({ name, aliases = [], embedder }) =>
        new ServedModel(name, aliases, embedder, limits, (piece) => metrics.addPiece(name, piece)),
    ),
    options.anyModel === true,
  );
  let isShuttingDown = false;
  const service: Service = {
    models: registry,
    limits,
    version: options.version ?? '0.0.0',
    needsKey: (options.apiKeys ?? []).length > 0,
    isHealthy: () => !isShuttingDown && registry.models.every((model) => model.isHealthy()),
    metrics: () => metrics.render(),
  };
  const exchange = new RequestExchange(service, keys, (facts) => {
    metrics.addRequest(facts);
    // The clock is read only for a listener, because reading it may take microseconds.
    options.onRequest?.({ time: new Date(Date.now() - facts.durationMs).toISOString(), ...facts });
  });
  const app = router(exchange);
  return {
    fetch: async (request) => {
      const preflight = cors.preflight(request);
      return cors.apply(request, preflight ?? (await app.fetch(request)));
    },
    startShutdown: () => {
      isShuttingDown = true;
    },
  };
}

function router(exchange: RequestExchange): Hono {
  const app = new Hono({ strict: false });
  const methods = new Map<string, { readonly dialect: Dialect; readonly allow: string[] }>();
  for (const dialect of DIALECTS) {
    for (const route of dialect.routes) {
      app.on(route.method, patternOf(route), (context) =>
        exchange.answer(dialect, route, context.req.raw, context.req.param('name') ?? ''),
      );
      const known = methods.get(route.path) ?? { dialect, allow: [] };
      known.allow.push(...(route.method === 'GET' ? ['GET', 'HEAD'] : ['POST']));
      methods.set(route.path, known);
    }
  }
  app.notFound((context) => {
    const { path } = context.req;
    // Looked up only here, because a second handler for a path would slow every request.
    const known = knownPath(path, methods.keys());
    if (known !== undefined) {
      const { dialect, allow } = methods.get(known)!;
      const list = allow.join(', ');
      const error = new RequestError('method-not-allowed', `${known} takes ${list}`, { allow: list });
      return exchange.refuse(dialect, known, context.req.raw, error);
    }
    const error = new RequestError(
      'not-found',
      'this server has no such path; GET /openapi.json lists its paths',
    );
    return exchange.refuse(dialectOf(path), 'other', context.req.raw, error);
  });
  return app;
}

/** Model names contain slashes, and clients may send any character. */
function patternOf({ path }: Pick<Route, 'path'>): string {
  return path.replace(/:\w+$/, ':name{[\\s\\S]+}');
}

/** Finds the path of a route, whatever its method. */
function knownPath(path: string, paths: Iterable<string>): string | undefined {
  for (const known of paths) {
    const [prefix, name] = known.split(':');
    const isKnown = name === undefined ? path === known || path === `${known}/` : path.startsWith(prefix!);
    if (isKnown) return known;
  }
  return undefined;
}

/** Guesses from an unknown path which client sent it. */
function dialectOf(path: string): Dialect {
  if (path.startsWith('/api/')) return ollama;
  return path.startsWith('/v1') ? openAi : tei;
}
