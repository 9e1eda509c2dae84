/** Facts about one request, for logs. */
export interface RequestRecord {
  /** ISO 8601 time at which the request arrived. */
  readonly time: string;
  /** The client's `x-request-id`, or one of the server. */
  readonly requestId: string;
  readonly method: string;
  /** Path of the interface, such as `/v1/embeddings`; `other` for unknown ones, so that logs hold nothing of a client. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  /** Name of the model, where one was used. */
  readonly model?: string;
  readonly texts?: number;
  readonly tokens?: number;
  /** Why the request failed, such as `overloaded`. */
  readonly error?: string;
  /** What was thrown where the server is at fault. Its message may quote a text: log it for debugging only. */
  readonly fault?: unknown;
}
