import type { ThreadLimit } from './thread-limit.js';

/** What a platform offers to threads. */
export interface ThreadHost {
  /** Number of threads that can run at the same time. */
  cores(): number;
  /** Why the platform has no threads; `undefined` if it has. */
  limit(): ThreadLimit | undefined;
}
