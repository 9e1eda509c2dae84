import type { ModelRegistry } from '../models/model-registry.js';
import type { ServedModel } from '../models/served-model.js';
import type { RequestError } from '../requests/request-error.js';
import type { ServerLimits } from '../server-options.js';

/** What all routes share. */
export interface Service {
  readonly models: ModelRegistry;
  readonly limits: ServerLimits;
  /** Version that the server reports. */
  readonly version: string;
  /** Whether requests must carry an API key. */
  readonly needsKey: boolean;
  /** Whether every model embeds as it did at the start, and the server is not about to stop. */
  isHealthy(): boolean;
  /** All metrics in Prometheus' text format. */
  metrics(): string;
}

/** One request on its way through a route. */
export interface Call {
  readonly service: Service;
  readonly request: Request;
  /** The variable part of the path, decoded; empty where there is none. */
  readonly param: string;
  /** For the log: the model, and how much was embedded. */
  report(model: ServedModel, texts: number, tokens: number): void;
}

/** A path and what answers it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** May end in `/:name`, where name may hold slashes. */
  readonly path: string;
  /** Whether requests need no API key, as probes have none. */
  readonly open?: boolean;
  handle(call: Call): Response | Promise<Response>;
}

/** Routes of one interface, which all fail in the same shape. */
export interface Dialect {
  readonly name: 'openai' | 'tei' | 'ollama' | 'weaviate' | 'server';
  readonly routes: readonly Route[];
  /** Writes an error. */
  failure(error: RequestError): Response;
}
