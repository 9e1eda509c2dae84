/** Why an embedder uses fewer threads than requested, as data. */
export type ThreadLimit =
  /** The platform has no Web Workers. */
  | { readonly code: 'no-workers' }
  /**
   * The page is not cross-origin isolated, so that threads cannot share the model: its server must send
   * `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`.
   */
  | { readonly code: 'not-isolated' }
  /** The platform has no `SharedArrayBuffer`, even for isolated pages. */
  | { readonly code: 'no-shared-memory' }
  /** The kernel runs on one thread only. */
  | { readonly code: 'kernel'; readonly kernel: string }
  /**
   * `auto` measured that several threads embed the latest kind of call no faster than the calling one: their rate divided
   * by its rate is `gain`. It measures again from time to time.
   */
  | { readonly code: 'no-gain'; readonly gain: number }
  /** Threads ended before they embedded anything, for this reason. */
  | { readonly code: 'threads-ended'; readonly reason: string }
  /** The code for several threads could not be loaded, for this reason. */
  | { readonly code: 'not-loaded'; readonly reason: string };
