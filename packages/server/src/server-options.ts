import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import type { RequestRecord } from './request-record.js';
import { ServerError } from './server-error.js';

/** A model and the names that requests use for it. */
export interface ServedModelOptions {
  /** Name in responses and lists, such as `all-minilm-l6`. */
  readonly name: string;
  /** Loaded model. The server does not close it. */
  readonly embedder: Model2VecEmbeddingFunction;
  /** Other names, such as `text-embedding-3-small` for programs with a hard-coded model. */
  readonly aliases?: readonly string[];
}

/** Limits of the server. Requests beyond them are refused with the dialect's status. */
export interface ServerLimits {
  /**
   * Limit on the bytes of a body.
   * @defaultValue 16 MiB
   */
  readonly bodyBytes: number;
  /**
   * Limit on the texts of a request.
   * @defaultValue 2048, like OpenAI
   */
  readonly texts: number;
  /**
   * Limit on the tokens of a request, after each text is cut to the model's limit.
   * @defaultValue 1,048,576
   */
  readonly tokens: number;
  /**
   * Limit on the waiting texts of a model; further requests get status 429 and `Retry-After`.
   * @defaultValue 8192
   */
  readonly queuedTexts: number;
  /**
   * Limit on simultaneous requests, from head to response; further ones get status 429.
   * @defaultValue 512
   */
  readonly activeRequests: number;
  /**
   * Longest time in milliseconds that a request waits to be embedded; then the status is 503.
   * @defaultValue 30,000
   */
  readonly timeoutMs: number;
}

/** Options of {@link createEmbeddingServer}. */
export interface EmbeddingServerOptions {
  /** Models by name, at least one. Requests without a model name get the first. */
  readonly models: readonly ServedModelOptions[];
  /**
   * Whether the first model also answers for unknown names, for programs with a hard-coded model.
   * @defaultValue `false`: requests for unknown models fail
   */
  readonly anyModel?: boolean;
  /**
   * API keys. Requests must carry one as `Authorization: Bearer …` or `api-key`, except health checks and metrics.
   * @defaultValue no keys: every request is answered
   */
  readonly apiKeys?: readonly string[];
  /** Limits that override the defaults. */
  readonly limits?: Partial<ServerLimits>;
  /**
   * Origins whose pages may call the server, such as `https://example.com`; `*` for all.
   * @defaultValue none
   */
  readonly corsOrigins?: readonly string[];
  /**
   * Version that `/info` reports.
   * @defaultValue `0.0.0`
   */
  readonly version?: string;
  /** Called after each request, with facts but without texts or keys. */
  readonly onRequest?: (record: RequestRecord) => void;
}

const DEFAULT_LIMITS: ServerLimits = {
  bodyBytes: 16 * 1024 * 1024,
  texts: 2048,
  tokens: 1 << 20,
  queuedTexts: 8192,
  activeRequests: 512,
  timeoutMs: 30_000,
};

/** @throws {@link ServerError} `invalid-argument` */
export function checkedLimits(limits: Partial<ServerLimits> = {}): ServerLimits {
  for (const [name, value] of Object.entries(limits)) {
    if (!(name in DEFAULT_LIMITS))
      throw invalidArgument(`limits.${name}`, `one of ${Object.keys(DEFAULT_LIMITS).join(', ')}`);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw invalidArgument(`limits.${name}`, `a whole number from 1 on; found ${String(value)}`);
    }
  }
  return { ...DEFAULT_LIMITS, ...limits };
}

/** Creates the error for a wrong option, naming it and its rule. */
export function invalidArgument(name: string, rule: string): ServerError {
  return new ServerError('invalid-argument', `${name} must be ${rule}`);
}
