import type { ModelRegistry } from '../models/model-registry.js';
import type { ServedModel } from '../models/served-model.js';
import type { RequestError } from '../requests/request-error.js';
import type { ServerLimits } from '../server-options.js';

/** Shared by all routes. */
export interface Service {
  readonly models: ModelRegistry;
  readonly limits: ServerLimits;
  /** Version that the server reports. */
  readonly version: string;
  /** Whether requests need an API key. */
  readonly needsKey: boolean;
  /** Whether every model embeds as it did at the start, and the server is not shutting down. */
  isHealthy(): boolean;
  /** All metrics in Prometheus' text format. */
  metrics(): string;
}

/** One request being handled by a route. */
export interface Call {
  readonly service: Service;
  readonly request: Request;
  /** The variable part of the path, decoded; empty without one. */
  readonly param: string;
  /** Reports the model and the amount of work, for the log. */
  report(model: ServedModel, texts: number, tokens: number): void;
}

/** A path and its handler. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** May end in `/:name`; the name may contain slashes. */
  readonly path: string;
  /** Whether requests need no API key, for probes that have none. */
  readonly open?: boolean;
  handle(call: Call): Response | Promise<Response>;
}

/** Routes of one interface, which share an error format. */
export interface Dialect {
  readonly name: 'openai' | 'tei' | 'ollama' | 'weaviate' | 'server';
  readonly routes: readonly Route[];
  /** Formats an error. */
  failure(error: RequestError): Response;
}
