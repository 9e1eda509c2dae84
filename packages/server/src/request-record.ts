/** Facts about one request, for logs. */
export interface RequestRecord {
  /** ISO 8601 time at which the request arrived. */
  readonly time: string;
  /** The client's `x-request-id`, or one from the server. */
  readonly requestId: string;
  readonly method: string;
  /** Path of the route, such as `/v1/embeddings`; `other` for unknown ones, so that logs contain no client input. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  /** Name of the model, if one was used. */
  readonly model?: string;
  readonly texts?: number;
  readonly tokens?: number;
  /** Why the request failed, such as `overloaded`. */
  readonly error?: string;
  /** The thrown value if the server failed. Its message may quote a text, so log it only for debugging. */
  readonly fault?: unknown;
}

/** What is known of a request without a look at the clock. */
export type RequestFacts = Omit<RequestRecord, 'time'>;
