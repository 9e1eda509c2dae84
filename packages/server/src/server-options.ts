import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import type { RequestRecord } from './request-record.js';
import { ServerError } from './server-error.js';

/** A model under the names that requests call it by. */
export interface ServedModelOptions {
  /** Name that responses and lists give, such as `all-minilm-l6`. */
  readonly name: string;
  /** Loaded model. The server does not close it. */
  readonly embedder: Model2VecEmbeddingFunction;
  /** Other names, such as `text-embedding-3-small` for programs whose model is fixed. */
  readonly aliases?: readonly string[];
}

/** Bounds of what the server takes on. Requests beyond them are refused with the status that their dialect has. */
export interface ServerLimits {
  /**
   * Most bytes of a body.
   * @defaultValue 16 MiB
   */
  readonly bodyBytes: number;
  /**
   * Most texts of a request.
   * @defaultValue 2048, as OpenAI
   */
  readonly texts: number;
  /**
   * Most tokens of a request, after each text is cut to the model's limit.
   * @defaultValue 1,048,576
   */
  readonly tokens: number;
  /**
   * Most texts of a model that wait; further requests get status 429 and `Retry-After`.
   * @defaultValue 8192
   */
  readonly queuedTexts: number;
  /**
   * Most requests at once, from their head to their response; further ones get status 429.
   * @defaultValue 512
   */
  readonly activeRequests: number;
  /**
   * Longest time in milliseconds that a request waits to be embedded; after it the status is 503.
   * @defaultValue 30,000
   */
  readonly timeoutMs: number;
}

/** How {@link createEmbeddingServer} answers. */
export interface EmbeddingServerOptions {
  /** Models by name, one or more. Requests that name no model get the first. */
  readonly models: readonly ServedModelOptions[];
  /**
   * Whether the first model also answers to unknown names, for programs whose model is fixed.
   * @defaultValue `false`: requests for unknown models fail
   */
  readonly anyModel?: boolean;
  /**
   * Keys, one of which requests must carry as `Authorization: Bearer …` or `api-key`. Health checks and metrics need
   * none.
   * @defaultValue none: every request is answered
   */
  readonly apiKeys?: readonly string[];
  /** Limits that differ from their defaults. */
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
  /** Called after each request, with facts but no texts and no keys. */
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

/** For a wrong option: names it and says what it must be. */
export function invalidArgument(name: string, rule: string): ServerError {
  return new ServerError('invalid-argument', `${name} must be ${rule}`);
}
